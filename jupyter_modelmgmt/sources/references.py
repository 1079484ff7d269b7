"""References: files that stay where they are; the registry keeps their names, sizes and checksums. Source: W9.

A version keeps them in `references.jsonl`: a line that says of what place, then a line for each object.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

import msgspec
from blake3 import blake3

from jupyter_modelmgmt.artifacts.blobs import CHUNK, told_when_full
from jupyter_modelmgmt.domain.errors import (
    BadField,
    BadFile,
    BadPath,
    Damaged,
    NotFound,
    SourceFailed,
    StoreUnavailable,
    TooLarge,
)
from jupyter_modelmgmt.domain.fields import checked_path
from jupyter_modelmgmt.domain.sources import MAX_OBJECTS, Reference, ReferenceCheck, ReferencePlace, ReferenceSource

if TYPE_CHECKING:
    from obstore.store import ObjectStore

FILE = "references.jsonl"
SCHEMES = ("file", "s3", "gs", "az", "abfs", "abfss", "http", "https")
T = TypeVar("T")


def write(source: ReferenceSource, target: IO[bytes]) -> int:
    """Write what lies at a place into `target` and return how many objects there are.

    Files are named by the blake3 digest of their bytes, objects elsewhere by the etag that their server
    gives. Raises BadPath, BadField, NotFound, TooLarge, SourceFailed.
    """
    if not 1 <= source.max_objects <= MAX_OBJECTS:
        raise BadField(f"max_objects is 1 to {MAX_OBJECTS:,}.")
    place, count = ReferencePlace(uri=_checked(source.uri), checksum=source.checksum), 0
    target.write(msgspec.json.encode(place) + b"\n")
    for reference in _lying(place):
        count += 1
        if count > source.max_objects:
            raise TooLarge(
                f"More than {source.max_objects:,} objects lie at {source.uri[:300]!r}. "
                "Refer to a folder with fewer, or raise max_objects."
            )
        target.write(msgspec.json.encode(reference) + b"\n")
    if not count:
        raise NotFound(f"There is nothing at {source.uri[:300]!r}. Check the place.")
    return count


def read(file: Path) -> tuple[ReferencePlace, Iterator[Reference]]:
    """Return what `write` wrote. Raises BadFile."""
    with file.open("rb") as lines:
        place = _line(next(lines, b""), ReferencePlace)
    return place, _references(file)


def check(file: Path) -> ReferenceCheck:
    """Compare what lies at the place now with what was referred to. Raises BadFile, SourceFailed."""
    place, references = read(file)
    lying: Mapping[str, Reference] = {found.path: found for found in _lying(place)}
    changed, missing, known = [], [], set[str]()
    for reference in references:
        known.add(reference.path)
        if reference.path not in lying:
            missing.append(reference.path)
        elif lying[reference.path] != reference:
            changed.append(reference.path)
    extra = sorted(lying.keys() - known)
    return ReferenceCheck(
        uri=place.uri, checked=len(known), changed=tuple(changed), missing=tuple(missing), extra=tuple(extra)
    )


def fetch(file: Path, folder: Path) -> int:
    """Copy the referred files into `folder`, and return how many. Raises Damaged for one that changed since."""
    place, references = read(file)
    lying, count = {found.path: found for found in _lying(place)}, 0
    for reference in references:
        if lying.get(reference.path) != reference:
            raise Damaged(
                f"{reference.path!r} at {place.uri} is no longer what the version refers to. "
                "Bring the file back, or register the version again."
            )
        target = folder / checked_path(reference.path)
        with told_when_full():
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as copy:
                for piece in _bytes(place.uri, reference):
                    copy.write(piece)
        count += 1
    return count


def _checked(uri: str) -> str:
    scheme = uri.partition("://")[0] if "://" in uri else "file"
    if scheme not in SCHEMES or "\x00" in uri or not uri:
        raise BadPath(
            f"{uri[:300]!r} is no place. Give the path of a folder or file, or s3://, gs://, az://, https://."
        )
    return uri.rstrip("/") if "://" in uri else str(Path(uri).expanduser().absolute())


def _lying(place: ReferencePlace) -> Iterator[Reference]:
    """Give what lies at a place now, in the order of the paths there."""
    scheme = place.uri.partition("://")[0]
    if scheme not in SCHEMES or "://" not in place.uri or scheme == "file":
        yield from _files(Path(place.uri.removeprefix("file://")), checksum=place.checksum)
        return
    import obstore

    try:
        for path, size, etag in _objects(place.uri):
            yield Reference(path=path, size=size, checksum=f"etag:{etag}" if place.checksum else "")
    except FileNotFoundError:
        return
    except (StoreUnavailable, obstore.exceptions.BaseError) as error:
        raise _unread(place.uri, error) from error


def _files(root: Path, *, checksum: bool) -> Iterator[Reference]:
    for path in [root] if root.is_file() else sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        inside = root.name if path == root else path.relative_to(root).as_posix()
        yield Reference(path=inside, size=path.stat().st_size, checksum=_digest(path) if checksum else "")


def _digest(path: Path) -> str:
    hasher = blake3()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            hasher.update(chunk)
    return "blake3:" + hasher.hexdigest()


def _objects(uri: str) -> Iterator[tuple[str, int, str]]:
    """Give path, size and etag of the objects below `uri`, or of the one that it names."""
    import obstore

    found = False
    if not uri.startswith("http"):  # a web server lists nothing
        for page in obstore.list(_store(uri)):
            for each in page:
                found = True
                yield each["path"], each["size"], each["e_tag"] or ""
    if not found:
        parent, _, name = uri.rpartition("/")
        each = obstore.head(_store(parent), name)
        yield name, each["size"], each["e_tag"] or str(each["last_modified"])


def _bytes(uri: str, reference: Reference) -> Iterator[bytes]:
    scheme = uri.partition("://")[0]
    if "://" not in uri or scheme == "file":
        root = Path(uri.removeprefix("file://"))
        with (root if root.is_file() else root / reference.path).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
        return
    import obstore

    from jupyter_modelmgmt.artifacts.objects import pieces

    alone = uri.endswith("/" + reference.path) and "/" not in reference.path
    store = _store(uri.rpartition("/")[0] if alone else uri)
    try:
        yield from pieces(store, reference.path, reference.size)
    except (FileNotFoundError, obstore.exceptions.BaseError) as error:
        raise _unread(uri, error) from error


def _store(uri: str) -> "ObjectStore":
    from jupyter_modelmgmt.artifacts.objects import object_store

    return object_store(uri)


def _unread(uri: str, error: Exception) -> SourceFailed:
    reason = str(error).partition("\n")[0][:300]
    return SourceFailed(f"{uri[:300]} was not read: {reason} Check endpoint, credentials and path.")


def _references(file: Path) -> Iterator[Reference]:
    with file.open("rb") as lines:
        next(lines)
        for line in lines:
            yield _line(line, Reference)


def _line(line: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.DecodeError as error:
        raise BadFile(f"{FILE} is damaged: {error}. Register the references again.") from error
