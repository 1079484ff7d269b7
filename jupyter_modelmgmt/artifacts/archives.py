"""Zips of versions, written and read as streams. What is read is trusted in nothing."""

import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedReader, FileIO
from pathlib import Path
from typing import IO, Any

from jupyter_modelmgmt.artifacts.blobs import CHUNK, MAX_FILES
from jupyter_modelmgmt.domain.errors import BadArchive, NotFound, TooLarge

MAX_MEMBERS = 2 * MAX_FILES
MAX_RATIO = 100
_PADDING = 1 << 20  # a small file may shrink to nothing
_LONGEST_READ = 12 << 20  # the directory of MAX_MEMBERS long names; zipfile reads it at once
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)
_PLAIN = (0, stat.S_IFREG)


def written(target: IO[bytes], members: Iterable[tuple[str, int, Iterable[bytes]]]) -> Iterator[int]:
    """Write members (name, size, pieces) into a zip, stored, and give the bytes of each piece once it is written.

    `target` need not seek. Times are left out: the same members are the same zip.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, size, pieces in members:
            member = zipfile.ZipInfo(name)
            member.file_size = size
            member.external_attr = (stat.S_IFREG | 0o644) << 16
            with archive.open(member, "w") as file:
                for piece in pieces:
                    file.write(piece)
                    yield len(piece)


class Outlet:
    """A file that only takes bytes and hands them on."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        """Keep what waits: `take` gives it out."""

    def take(self) -> bytes:
        """Return what was written since the last time."""
        data, self._waiting = bytes(self._waiting), bytearray()
        return data


def streamed(members: Iterable[tuple[str, int, Iterable[bytes]]]) -> Iterator[bytes]:
    """Give a zip of `members` piece by piece; see `written`."""
    outlet: Any = Outlet()
    for _ in written(outlet, members):
        yield outlet.take()
    yield outlet.take()


class Archive:
    """A zip whose directory was checked: plain files with names that differ, of bounded number and size."""

    def __init__(self, archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._members = members

    @classmethod
    @contextmanager
    def open(cls, path: Path, limit: int) -> "Iterator[Archive]":
        """Give the zip at `path`, whose members have at most `limit` bytes in all.

        Raises NotFound, BadArchive, TooLarge.
        """
        try:
            file = _Bounded(path)
        except (FileNotFoundError, IsADirectoryError):
            raise NotFound(f"There is no file {str(path)!r}. Give the path of an exported archive.") from None
        with file:
            with _told():
                archive = zipfile.ZipFile(file)
            with archive:
                yield cls(archive, _checked(archive.infolist(), path.stat().st_size, limit))

    @property
    def names(self) -> Sequence[str]:
        return tuple(self._members)

    def size(self, name: str) -> int:
        return self._members[name].file_size

    def read(self, name: str, limit: int) -> bytes:
        """Return a small member as a whole. Raises BadArchive for one above `limit` bytes."""
        if name not in self._members:
            raise BadArchive(f"The archive has no {name}: it is no export of this package. Export the version again.")
        if self.size(name) > limit:
            raise BadArchive(
                f"{name} is larger than {limit} bytes: no export of this package. Export the version again."
            )
        with self.file(name) as file:
            return b"".join(iter(lambda: file.read(CHUNK), b""))

    @contextmanager
    def file(self, name: str) -> "Iterator[Member]":
        """Give a member for reading."""
        with _told():
            file = self._archive.open(self._members[name])
        with file:
            yield Member(file)


class Member:
    """A member of a zip; what breaks while it is read is a BadArchive."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = CHUNK) -> bytes:
        with _told():
            return self._file.read(size)


class _Bounded(BufferedReader):
    """A file that is never read in one piece longer than a directory needs."""

    def __init__(self, path: Path) -> None:
        super().__init__(FileIO(path))

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LONGEST_READ:
            raise zipfile.BadZipFile("its directory is too long")
        return super().read(size)


def _checked(members: Sequence[zipfile.ZipInfo], size: int, limit: int) -> dict[str, zipfile.ZipInfo]:
    """Return plain members by name. Raises BadArchive, TooLarge."""
    files = [member for member in members if not member.is_dir()]
    if len(members) > MAX_MEMBERS:
        raise BadArchive(f"The archive has more than {MAX_MEMBERS} files. Export the version again.")
    if len({member.filename.casefold() for member in files}) < len(files):
        raise BadArchive("The archive has two files of one name. Export the version again.")
    for member in files:
        _refuse_special(member)
    unpacked = sum(member.file_size for member in files)
    if unpacked > MAX_RATIO * size + _PADDING or _overlap(files, size):
        raise BadArchive(
            f"The archive unpacks to more than {MAX_RATIO} times its size: a bomb. Export the version again."
        )
    if unpacked > limit:
        raise TooLarge(f"The archive unpacks to {unpacked} bytes, above the limit of {limit}. Raise the limit.")
    return {member.filename: member for member in files}


def _refuse_special(member: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(member.external_attr >> 16)
    packed = member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if kind not in _PLAIN or packed or member.flag_bits & 1:
        raise BadArchive(
            f"{member.filename[:120]!r} in the archive is a link, encrypted or strangely packed. Export the version again."
        )


def _overlap(members: Sequence[zipfile.ZipInfo], size: int) -> bool:
    """Tell whether members share bytes: that is how a bomb hides its ratio. Source: bamsoftware.com, "zipbomb"."""
    places = sorted((member.header_offset, member.compress_size) for member in members)
    ends = [start for start, _ in places[1:]] + [size]
    return any(start + length > end for (start, length), end in zip(places, ends, strict=True))


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise BadArchive(f"The archive is damaged or no zip: {error}. Export the version again.") from error
