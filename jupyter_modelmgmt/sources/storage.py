"""Files of a model package from where they are stored: a folder, a file, an archive, an object store. Source: M13."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from jupyter_modelmgmt.artifacts.blobs import MAX_FILES, told_when_full
from jupyter_modelmgmt.domain.errors import BadFile, BadPath, NotFound, SourceFailed, StoreUnavailable, TooLarge
from jupyter_modelmgmt.domain.fields import claim_path
from jupyter_modelmgmt.sources.unpacking import is_archive, unpack

if TYPE_CHECKING:
    from obstore.store import ObjectStore

LIMIT = 20 * 2**30  # Source: M20b, 3044
SCHEMES = ("s3", "gs", "az", "abfs", "abfss")
_MODEL_FOLDER = "model"


@contextmanager
def laid_out(path: str, limit: int = LIMIT) -> Iterator[Path]:
    """Give the folder, or the one file, that lies at `path`; an archive is unpacked, an object store read.

    Raises NotFound, BadFile, BadPath, BadArchive, TooLarge, SourceFailed, StorageFull.
    """
    with told_when_full(), TemporaryDirectory() as scratch:
        place = Path(scratch) / "files"
        place.mkdir()
        if not path or "\x00" in path:
            raise BadPath("The path is empty or no path. Give the path of a folder, a file or an archive.")
        if path.partition("://")[0] in SCHEMES and "://" in path:
            found = _downloaded(path, place, limit)
        else:
            found = Path(path).expanduser()
        if not found.exists():
            raise NotFound(f"There is nothing at {path[:300]!r}. Give the path of a folder, a file or an archive.")
        if found.is_file() and is_archive(found.name):
            unpacked = Path(scratch) / "unpacked"
            unpacked.mkdir()
            unpack(found, unpacked, limit)
            found = unpacked
        yield _checked(found, limit) if found.is_file() else _root(_checked(found, limit))


def _checked(found: Path, limit: int) -> Path:
    """Return what holds plain files alone, not too many and not too much."""
    count, size = 0, 0
    for path in [found] if found.is_file() else found.rglob("*"):
        status = path.lstat()
        if stat.S_ISDIR(status.st_mode):
            continue
        if not stat.S_ISREG(status.st_mode):
            raise BadFile(f"{path.name[:120]!r} is a link or a special file. Import plain files only.")
        count, size = count + 1, size + status.st_size
        if count > MAX_FILES or size > limit:
            raise TooLarge(
                f"{found.name!r} holds more than {MAX_FILES:,} files or {limit:,} bytes. Import what belongs to the model."
            )
    if not count:
        raise NotFound(f"{found.name!r} holds no files. Give the folder of a model.")
    return found


def _root(folder: Path) -> Path:
    """Return the folder `model` where it is all there is. Source: M16."""
    inner = list(folder.iterdir())
    if len(inner) == 1 and inner[0].is_dir():
        return _root(inner[0])
    return folder / _MODEL_FOLDER if (folder / _MODEL_FOLDER / "config.json").is_file() else folder


def _downloaded(url: str, folder: Path, limit: int) -> Path:
    """Return a folder with the objects below `url`, or the one file that it names."""
    import obstore

    from jupyter_modelmgmt.artifacts.objects import object_store

    if " " in url:
        raise BadPath(f"{url[:300]!r} has a space in it. Objects of a model package lie at a path without spaces.")
    parent, _, name = url.rstrip("/").rpartition("/")
    try:
        store = object_store(url.rstrip("/"))
        found = list(islice((meta for page in obstore.list(store) for meta in page), MAX_FILES + 1))
        if not found and "/" in parent.partition("://")[2]:  # no folder, so perhaps a file in one
            store = object_store(parent)
            found = [obstore.head(store, name)]
        _write_all(store, [(each["path"], each["size"]) for each in found], folder, limit)
    except FileNotFoundError:
        found = []
    except (StoreUnavailable, obstore.exceptions.BaseError) as error:
        reason = str(error).partition("\n")[0][:300]
        raise SourceFailed(f"{url[:300]} was not read: {reason} Check endpoint, credentials and path.") from error
    if not found:
        raise NotFound(f"There is nothing at {url[:300]!r}. Check bucket and path.")
    files = [path for path in folder.iterdir() if path.is_file()]
    return files[0] if len(files) == len(found) == 1 and files[0].name == name else folder


def _write_all(store: "ObjectStore", objects: list[tuple[str, int]], folder: Path, limit: int) -> None:
    from jupyter_modelmgmt.artifacts.objects import pieces

    if len(objects) > MAX_FILES or sum(size for _, size in objects) > limit:
        raise TooLarge(f"There are more than {MAX_FILES:,} objects or {limit:,} bytes. Import a folder with fewer.")
    seen: dict[str, bool] = {}
    for path, size in objects:
        claim_path(path, seen)  # a store knows no folders, so `a` may lie beside `a/b` there
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            file.writelines(pieces(store, path, size))
