"""The digest of data in a file or a folder, read once, piece by piece."""

from pathlib import Path

from blake3 import blake3

from jupyter_modelmgmt.domain.errors import BadField, BadFile

_PIECE = 1 << 20


def digest_of(data: object) -> tuple[str, int]:
    """Return digest and size in bytes of the file or folder at the path `data`.

    A file's is that of its bytes. A folder's covers the relative names and the bytes of all files in it.
    Raises BadField for anything that is no path, BadFile for what cannot be read as files.
    """
    if not isinstance(data, str | Path):
        raise BadField(
            f"A {type(data).__name__} in memory has no digest here. Give data='a file or folder', or digest='...'."
        )
    path = Path(data)
    if path.is_dir():
        return _of_folder(path)
    hasher = blake3()
    size = _hashed(path, hasher)
    return f"blake3:{hasher.hexdigest()}", size


def _of_folder(folder: Path) -> tuple[str, int]:
    hasher, size = blake3(), 0
    names = sorted((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if not path.is_dir())
    for name, path in names:
        inner = blake3()
        count = _hashed(path, inner)
        # Lengths in front: no two folders say the same bytes.
        text = name.encode("utf-8", "surrogateescape")
        hasher.update(len(text).to_bytes(8, "little") + text + count.to_bytes(8, "little") + inner.digest())
        size += count
    return f"blake3:{hasher.hexdigest()}", size


def _hashed(path: Path, hasher: blake3) -> int:
    """Feed the bytes of a file to `hasher` and return how many there are. Raises BadFile."""
    if not path.is_file():
        raise BadFile(f"There is no file {str(path)!r} to read the data from.")
    size = 0
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                hasher.update(piece)
                size += len(piece)
    except OSError as error:
        raise BadFile(f"{str(path)!r} cannot be read: {error.strerror}.") from None
    return size
