"""Routes of artifacts: bytes out, with Range, and a whole version as a zip that is made while it goes."""

import re
from pathlib import Path

from jupyter_modelmgmt.domain.previews import Preview
from jupyter_modelmgmt.domain.records import Artifact
from jupyter_modelmgmt.server import streams, wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers

CHUNK = 1 << 20
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


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
        streams.say_download(self, Path(path).name)
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
                if not await streams.sent(self, chunk):
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


class PreviewHandler(RegistryHandler):
    @answers("See the beginning of a file of a version, nothing of which is loaded", answer=Preview)
    async def get(self, model: str, version: str, path: str) -> None:
        self.send(await self.call(self.registry.preview, f"{model}@{version}", path))


class ArchiveHandler(RegistryHandler):
    @answers(
        "Read the files of a version as a zip: all, or those that `file` (repeated) names", media="application/zip"
    )
    async def get(self, model: str, version: str) -> None:
        wanted = self.get_query_arguments("file")
        name, chunks = await self.call(self.registry.zipped, f"{model}@{version}", wanted)
        await streams.give(self, name, chunks)
