"""Routes of artifacts: bytes out, with Range, and a whole version as a zip that is made while it goes."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from tornado.iostream import StreamClosedError

from jupyter_modelmgmt.domain.records import Artifact, ModelVersion
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers

CHUNK = 1 << 20
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


class ArtifactsHandler(RegistryHandler):
    @answers("List the files of a version", answer=wire.Items[Artifact])
    async def get(self, model: str, version: str) -> None:
        found = await self.call(self.registry.get, f"{model}@{version}")
        self.send(wire.Items(items=found.artifacts))


class ArtifactHandler(RegistryHandler):
    @answers("Read a file of a version", media="application/octet-stream")
    async def get(self, model: str, version: str, path: str) -> None:
        file = await self.call(self.registry.file, f"{model}@{version}", path)
        size = file.stat().st_size
        start, end = self._range(size)
        _download_headers(self, Path(path).name)
        self.set_header("Content-Length", str(end - start))
        if self.get_status() != 416:  # noqa: PLR2004 - HTTP
            await self._give(file, start, end)
        self.finish(set_content_type="application/octet-stream")

    async def _give(self, file: Path, start: int, end: int) -> None:
        with file.open("rb") as source:
            source.seek(start)
            while start < end:
                chunk = await self.call(source.read, min(CHUNK, end - start))
                start += len(chunk)
                if not await _sent(self, chunk):
                    return

    def _range(self, size: int) -> tuple[int, int]:
        """Return the wanted bytes as start and end; sets 206 or 416. Source: RFC 9110, 14.2."""
        self.set_header("Accept-Ranges", "bytes")
        match = _RANGE.fullmatch(self.request.headers.get("Range", ""))
        if not match or match.group() == "bytes=-":
            return 0, size
        first, last = match.groups()
        start = int(first) if first else max(0, size - int(last))
        end = min(size, int(last) + 1) if first and last else size
        if start >= end:
            self.set_status(416)
            self.set_header("Content-Range", f"bytes */{size}")
            return 0, 0
        self.set_status(206)
        self.set_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        return start, end


class ArchiveHandler(RegistryHandler):
    @answers("Read all files of a version as a zip", media="application/zip")
    async def get(self, model: str, version: str) -> None:
        registry = self.registry
        found = await self.call(registry.get, f"{model}@{version}")
        _download_headers(self, f"{found.model}-{found.version}.zip")
        self.set_header("Content-Type", "application/zip")
        chunks = _zipped(registry, found)
        while (chunk := await self.call(next, chunks, None)) is not None:
            if not await _sent(self, chunk):
                return
        self.finish(set_content_type="application/zip")


class _Outlet:
    """A file that only takes bytes and hands them on; zipfile needs no more."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        return len(data)

    def flush(self) -> None:
        """Keep what waits: `take` gives it out."""

    def take(self) -> bytes:
        data, self.waiting = bytes(self.waiting), bytearray()
        return data


def _zipped(registry: Registry, version: ModelVersion) -> Iterator[bytes]:
    """Give a zip of the version's files, stored, piece by piece."""
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]  # unseekable streams are fine
        for artifact in version.artifacts:
            file = registry.artifacts.verified(artifact)
            with file.open("rb") as source, archive.open(artifact.path, "w", force_zip64=True) as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
                    yield outlet.take()
    yield outlet.take()


def _download_headers(handler: RegistryHandler, name: str) -> None:
    # Never shown inline: an artifact may be a page with scripts.
    handler.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(name)}")
    handler.set_header("X-Content-Type-Options", "nosniff")
    handler.set_header("Content-Type", "application/octet-stream")


async def _sent(handler: RegistryHandler, chunk: bytes) -> bool:
    """Tell whether the client is still there after taking `chunk`."""
    handler.write(chunk)
    try:
        await handler.flush()
    except StreamClosedError:
        return False
    return True
