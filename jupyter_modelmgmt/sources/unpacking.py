"""Archives of model packages, unpacked with bounds; what is in them is trusted in nothing."""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from jupyter_modelmgmt.artifacts.blobs import CHUNK, MAX_FILES
from jupyter_modelmgmt.domain.errors import BadArchive, TooLarge
from jupyter_modelmgmt.domain.fields import claim_path

MAX_RATIO = 100
SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_PADDING = 1 << 20  # a small file may shrink to nothing; a tar is padded
_OPENERS: dict[str, Callable[[Path], Any]] = {
    ".gz": gzip.open,
    ".tgz": gzip.open,
    ".bz2": bz2.open,
    ".xz": lzma.open,
    ".tar": lambda path: path.open("rb"),
}
_BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, RuntimeError, NotImplementedError,
    ValueError, gzip.BadGzipFile,
)  # fmt: skip
Member = tuple[str, int, IO[bytes]]


def is_archive(name: str) -> bool:
    """Tell whether a file of this name is unpacked."""
    return name.lower().endswith(SUFFIXES)


def unpack(archive: Path, folder: Path, limit: int) -> None:
    """Write all files of a zip or tar below `folder`, at most `limit` bytes. Raises BadArchive, BadPath, TooLarge.

    Links and special files are refused, not followed.
    """
    most = min(limit, MAX_RATIO * archive.stat().st_size + _PADDING)
    seen: dict[str, bool] = {}
    left = most
    try:
        with _members(archive, most) as members:
            for count, (name, size, file) in enumerate(members, 1):
                if count > MAX_FILES:
                    raise BadArchive(f"The archive has more than {MAX_FILES} files. Pack it again with fewer.")
                left -= size
                if left < 0:
                    raise _too_large(most, limit)
                _write(file, size, folder / _fresh(name, seen))
    except _BROKEN as error:
        raise BadArchive(f"{archive.name} is damaged or no archive: {error}. Pack it again.") from error
    if not seen:
        raise BadArchive(f"{archive.name} holds no files. Pack it again.")


def _fresh(name: str, seen: dict[str, bool]) -> str:
    """Return a path that can lie beside those that are there. Raises BadPath."""
    path = name.removeprefix("./")
    claim_path(path, seen)
    return path


def _write(file: IO[bytes], size: int, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as out:
        while data := file.read(min(CHUNK, size + 1)):
            size -= len(data)
            if size < 0:
                raise zipfile.BadZipFile("a file is longer than announced")
            out.write(data)
    if size:
        raise zipfile.BadZipFile("a file is shorter than announced")


def _too_large(most: int, limit: int) -> Exception:
    if most < limit:
        return BadArchive(f"The archive unpacks to more than {MAX_RATIO} times its size: a bomb. Pack it again.")
    return TooLarge(f"The archive unpacks to more than the limit of {limit:,} bytes. Import fewer files at once.")


@contextmanager
def _members(archive: Path, most: int) -> Iterator[Iterator[Member]]:
    if archive.name.lower().endswith(".zip"):
        with zipfile.ZipFile(archive) as opened:
            yield _of_zip(opened)
        return
    with (
        _OPENERS[archive.suffix.lower()](archive) as raw,
        tarfile.open(fileobj=_Bounded(raw, 2 * most + _PADDING), mode="r|") as tar,
    ):
        yield _of_tar(tar)


def _of_zip(opened: zipfile.ZipFile) -> Iterator[Member]:
    for member in opened.infolist():
        kind = stat.S_IFMT(member.external_attr >> 16)
        if member.is_dir():
            continue
        if kind not in (0, stat.S_IFREG) or member.flag_bits & 1:
            raise BadArchive(f"{member.filename[:120]!r} in the archive is a link or encrypted. Pack it again.")
        with opened.open(member) as file:
            yield member.filename, member.file_size, file


def _of_tar(opened: tarfile.TarFile) -> Iterator[Member]:
    for member in opened:
        if member.isdir():
            continue
        file = opened.extractfile(member) if member.isreg() else None
        if file is None:
            raise BadArchive(f"{member.name[:120]!r} in the archive is a link or a special file. Pack it again.")
        yield member.name, member.size, file


class _Bounded(io.RawIOBase):
    """A stream that ends in an error once it has given more than `limit` bytes."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream = stream
        self._left = limit

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise zipfile.BadZipFile(f"it unpacks to more than {MAX_RATIO} times its size")
        return data
