"""Verbs on archives: a version as one file, out of this registry and into another one."""

import errno
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.artifacts.archives import Archive, streamed, written
from jupyter_modelmgmt.domain import archives as rules
from jupyter_modelmgmt.domain.archives import FILES, FORMAT, MANIFEST, MAX_SERIES_BYTES, SERIES, Manifest
from jupyter_modelmgmt.domain.errors import BadArchive, BadFile, StorageFull, TooLarge
from jupyter_modelmgmt.domain.files import given_out
from jupyter_modelmgmt.domain.records import Artifact, ModelVersion
from jupyter_modelmgmt.flavors import safety
from jupyter_modelmgmt.registry.handles import Version
from jupyter_modelmgmt.registry.opened import Opened
from jupyter_modelmgmt.registry.progress import Progress, counted
from jupyter_modelmgmt.store import archives, arrivals, versions

ARCHIVE_LIMIT = 50 * 2**30
_MAX_MANIFEST = 64 << 20
Member = tuple[str, int, Iterable[bytes]]


class Archives(Opened):
    """Export and import."""

    def export(
        self, selector: str, file: str | Path, *, overwrite: bool = False, progress: Progress | None = None
    ) -> Path:
        """Write a version with all that hangs on it into one zip, and return its path.

        In it: files, record, aliases, stage, log of statuses, run with its metric series, datasets,
        evaluations, events. `file` may be a folder. `progress` is called with bytes done and bytes in
        all. Raises NotFound, DeployOnly, Damaged, and BadFile for a file that is there already.
        """
        version, members = self._exported(selector)
        path = Path(file).expanduser()
        path = path / archive_name(version) if path.is_dir() else path
        if path.exists() and not overwrite:
            raise BadFile(f"{str(path)!r} is there already. Choose another name, or overwrite it with overwrite=True.")
        told = counted(progress, sum(size for _, size, _ in members))
        with _beside(path) as temporary:
            with temporary.open("xb") as target:
                for count in written(target, members):
                    told(count)
                target.flush()
                os.fsync(target.fileno())
            temporary.replace(path)
        return path

    def exported(self, selector: str) -> tuple[str, Iterator[bytes]]:
        """Return the name and the bytes of an archive, made while they are read; see `export`."""
        version, members = self._exported(selector)
        self._verify(version.artifacts)
        return archive_name(version), streamed(members)

    def zipped(self, selector: str, files: Iterable[str] = ()) -> tuple[str, Iterator[bytes]]:
        """Return the name and the bytes of a zip with files of a version, made while they are read.

        `files` as in `Version.download`. Raises NotFound, DeployOnly, Damaged.
        """
        version = versions.get(self.store, selector)
        chosen = given_out(version, tuple(files))
        self._verify(chosen)
        return archive_name(version), streamed((a.path, a.size, self.artifacts.chunks(a)) for a in chosen)

    def import_archive(
        self,
        file: str | Path,
        *,
        name: str | None = None,
        version: str | None = None,
        limit: int = ARCHIVE_LIMIT,
        progress: Progress | None = None,
    ) -> Version:
        """Add the version that `export` wrote into `file`, and return it.

        Under its own name and number, unless `name` or `version` say others. All is checked before
        anything is visible. `notice` tells what the rules of this registry forbid to take over: a
        stage or an alias that another version has, a stage that needs an approval.

        Raises NotFound, BadArchive, TooLarge, VersionTaken.
        """
        with Archive.open(Path(file).expanduser(), limit) as archive:
            manifest = _decoded(archive.read(MANIFEST, _MAX_MANIFEST))
            rules.refuse_strange(manifest, archive.names)
            new = rules.arriving(manifest, name, version)
            versions.refuse_taken(self.store, new.model, new.version)
            points = [archive.read(f"{SERIES}{i}", MAX_SERIES_BYTES) for i in range(len(manifest.series))]
            arrival = arrivals.checked(manifest, new, points)
            told = counted(progress, sum(artifact.size for artifact in new.artifacts))
            for artifact in new.artifacts:
                with archive.file(FILES + artifact.path) as member:
                    digest, size = self.artifacts.add(member, told)
                if broken := rules.differs(artifact, digest, size):
                    raise broken
        with self.artifacts.laid_out(new.artifacts) as folder:
            for artifact in new.artifacts:
                flavors.flavor_of_file(folder / artifact.path)  # raises BadFile for what breaks its format
            # What an archive says of its own files is only believed where it is the worse.
            judged = safety.verdicts((artifact.path, folder / artifact.path) for artifact in new.artifacts)
        arrival = replace(arrival, new=replace(arrival.new, safety=safety.stricter(new.safety, judged)))
        return Version.of(arrivals.put(self.store, arrival, actor=self.actor), self)

    def _exported(self, selector: str) -> tuple[ModelVersion, list[Member]]:
        found = archives.collect(self.store, selector, actor=self.actor, package=_package())
        version = found.manifest.version
        artifacts = given_out(version)
        manifest = msgspec.json.encode(found.manifest)
        if len(manifest) > _MAX_MANIFEST:
            raise TooLarge(
                f"{version.selector} has more than {_MAX_MANIFEST >> 20} MB of facts. Register it with fewer."
            )
        members: list[Member] = [(MANIFEST, len(manifest), [manifest])]
        members += [(f"{SERIES}{i}", len(data), [data]) for i, data in enumerate(found.points)]
        members += [(FILES + a.path, a.size, self.artifacts.chunks(a)) for a in artifacts]
        return version, members

    def _verify(self, artifacts: Iterable[Artifact]) -> None:
        """Raise Damaged before a stream begins: in its middle nobody could be told."""
        for artifact in artifacts:
            for _ in self.artifacts.chunks(artifact):
                pass


def archive_name(version: ModelVersion) -> str:
    """Return what an archive is called when nobody names it."""
    return f"{version.model}-{version.version}.zip"


def _decoded(data: bytes) -> Manifest:
    try:
        # Not msgspec's own reader: it makes floats of integers beyond 64 bits.
        told = json.loads(data)
        said = msgspec.convert(told, _Head).format
        if not 1 <= said <= FORMAT:
            raise BadArchive(
                f"The archive has the format {said}; this release reads up to {FORMAT}. Update jupyter_modelmgmt."
            )
        return msgspec.convert(told, Manifest)
    except (ValueError, RecursionError) as error:
        raise BadArchive(f"{MANIFEST} in the archive is not understood: {error}. Export the version again.") from error


class _Head(msgspec.Struct):
    format: int


def _package() -> str:
    from importlib.metadata import version  # noqa: PLC0415 - 0.03 s, only here

    return version("jupyter_modelmgmt")


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a name beside `path` for what is not complete; nothing stays under it."""
    temporary = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.part")
    try:
        yield temporary
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(f"The disk of {str(path.parent)!r} is full. Free some space and try again.") from error
        raise BadFile(f"{str(path)!r} cannot be written: {error.strerror}. Choose another place.") from error
    finally:
        temporary.unlink(missing_ok=True)
