"""Content-addressed files in a folder: `blobs/blake3/ab/abcd...`.

A blob is written under a temporary name, synced, renamed, and its folder synced: a digest in the
store always has its bytes. Blobs that no version names are left for a later collection.
"""

import errno
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from io import FileIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from blake3 import blake3

from jupyter_modelmgmt.artifacts.disk import State, disk_time, has_no_room, verify_once
from jupyter_modelmgmt.artifacts.leftovers import ShortLived, swept
from jupyter_modelmgmt.domain.errors import BadFile, BadPath, NotFound, StorageFull
from jupyter_modelmgmt.domain.fields import checked_path
from jupyter_modelmgmt.domain.files import damaged, missing
from jupyter_modelmgmt.domain.records import Artifact

CHUNK, _SHARED = 1 << 20, 8 << 20  # threads share what is hashed: 256 MiB take 41 ms by 8 MiB, 61 by 1
MAX_FILES = 10_000
_DIGEST = re.compile("blake3:[0-9a-f]{64}")
Told = Callable[[int], None]


class Readable(Protocol):
    """What bytes come from: an open file, a member of a zip."""

    def read(self, size: int, /) -> bytes: ...


def unheard(_count: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A blob as it lies there. `age_s` counts from the last time that its bytes were registered."""

    digest: str
    size: int
    age_s: float


class Blobs:
    """The blobs below `folder`; `location` is the text at which `blobs_at` finds them again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.location = str(folder)
        self._seen: dict[Path, State] = {}
        self._short_lived = ShortLived(folder / "tmp")

    def add(self, file: Readable, told: Told = unheard) -> tuple[str, int]:
        """Return digest and size of `file`, read to its end and stored; `told` is called with the bytes of each piece."""
        temporary = self._temporary() / secrets.token_hex(16)
        hasher, size = blake3(), 0
        with told_when_full(), _removed_on_failure(temporary):
            with temporary.open("xb") as target:
                while chunk := file.read(CHUNK):
                    hasher.update(chunk)
                    target.write(chunk)
                    size += len(chunk)
                    told(len(chunk))
                target.flush()
                os.fsync(target.fileno())
            digest = "blake3:" + hasher.hexdigest()
            self._publish(temporary, digest)
        return digest, size

    def add_file(self, path: Path, name: str, told: Told = unheard) -> Artifact:
        """Return the file at `path`, stored, as the artifact `name`."""
        with path.open("rb") as file:
            digest, size = self.add(file, told)
        return Artifact(path=checked_path(name), digest=digest, size=size)

    def add_folder(self, folder: Path) -> tuple[Artifact, ...]:
        """Return all files below `folder`, stored. Raises BadFile for anything that is no plain file."""
        return tuple(self.add_file(path, path.relative_to(folder).as_posix()) for path in _files(folder))

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """Give an empty folder, read by its owner alone, whose files `publish_folder` makes blobs without a copy."""
        with told_when_full(), TemporaryDirectory(dir=self._temporary()) as name, told_when_full(Path(name)):
            yield Path(name)

    def publish_folder(self, folder: Path) -> tuple[Artifact, ...]:
        """Make all files below a draft that nobody writes into any more blobs; they leave it. Raises BadFile."""
        return tuple(self._publish_file(path, path.relative_to(folder).as_posix()) for path in _files(folder))

    def publish(self, temporary: Path, digest: str) -> None:
        """Make the file `temporary`, whose bytes have `digest`, a blob."""
        with told_when_full():
            self._publish(temporary, digest)

    def keep(self, artifact: Artifact) -> bool:
        """Tell whether the bytes of `artifact` are stored; if so they count as registered now."""
        path = self.path(artifact.digest)
        try:
            with _collection_waits(self.folder):
                os.utime(path)
                return path.stat().st_size == artifact.size
        except FileNotFoundError:
            return False

    def has(self, digest: str) -> bool:
        """Tell whether there is a blob of `digest`, whole or not."""
        return self.path(digest).exists()

    def digests(self) -> Iterator[Stored]:
        """Give every blob, in no order."""
        now = disk_time(self.folder)
        for path in (self.folder / "blobs").glob("blake3/??/*"):
            with suppress(FileNotFoundError):  # collected by somebody else
                found = path.stat()
                yield Stored(digest=f"blake3:{path.name}", size=found.st_size, age_s=now - found.st_mtime)

    def remove(self, digest: str, *, older_s: float) -> bool:
        """Remove the blob unless it was registered within `older_s` seconds; tell whether it went."""
        path = self.path(digest)
        with _collection_waits(self.folder, alone=True):
            try:
                if disk_time(self.folder) - path.stat().st_mtime < older_s:
                    return False
                path.unlink()
            except FileNotFoundError:
                return False
        return True

    def sweep(self, older_s: float) -> tuple[int, int]:
        """Remove what writers that were killed left in `tmp`; return how many files and bytes."""
        return swept(self.folder / "tmp", older_s)

    def path(self, digest: str) -> Path:
        """Return where the blob of `digest` lies. Raises BadPath for what is no digest."""
        if not _DIGEST.fullmatch(digest):
            raise BadPath(f"{digest[:80]!r} is not a digest. It is 'blake3:' and 64 hexadecimal digits.")
        _, _, text = digest.partition(":")
        return self.folder / f"blobs/blake3/{text[:2]}/{text}"

    def chunks(self, artifact: Artifact) -> Iterator[bytes]:
        """Give the stored bytes of `artifact`. Raises Damaged, at their end, unless they have its digest."""
        return self._near(artifact)

    def verified(self, artifact: Artifact) -> Path:
        """Return the path of the artifact's bytes after reading them once. Raises Damaged."""
        path = self.path(artifact.digest)
        try:
            with path.open("rb", buffering=0) as file:
                found, _ = _hashed(file)
        except FileNotFoundError:
            raise missing(artifact) from None
        if found != artifact.digest:
            raise damaged(artifact)
        return path

    def materialise(self, artifacts: Sequence[Artifact], folder: Path, told: Told = unheard) -> None:
        """Copy artifacts into `folder` under their paths, each verified while it is copied; `told` as in `add`."""
        for artifact in artifacts:
            target = folder / checked_path(artifact.path)
            with told_when_full(), _removed_on_failure(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as file:
                    for chunk in self._near(artifact):
                        file.write(chunk)
                        told(len(chunk))

    @contextmanager
    def laid_out(self, artifacts: Sequence[Artifact]) -> Iterator[Path]:
        """Give a folder with the artifacts under their paths, for reading alone and without a copy."""
        with self._short_lived.folder() as folder:
            for artifact in artifacts:
                path = folder / checked_path(artifact.path)
                if path.parent != folder:
                    path.parent.mkdir(parents=True, exist_ok=True)
                os.link(self.path(artifact.digest), path)
            yield folder

    @contextmanager
    def lent(self, artifacts: Sequence[Artifact]) -> Iterator[Path]:
        """Give a folder with the artifacts, verified here since they were written; see `laid_out`. Raises Damaged."""
        for artifact in artifacts:
            verify_once(self._seen, self.path(artifact.digest), partial(self.verified, artifact))
        with self.laid_out(artifacts) as folder:
            yield folder

    def _temporary(self) -> Path:
        """Return the folder for files that are being written, made again where somebody cleared it away with its cache."""
        folder = self.folder / "tmp"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def _near(self, artifact: Artifact) -> Iterator[bytes]:
        return checked(_read(self.path(artifact.digest), artifact), artifact)

    def _publish_file(self, path: Path, name: str) -> Artifact:
        if path.stat().st_nlink > 1:  # under its other name somebody may still change it
            return self.add_file(path, name)
        path.chmod(stat.S_IRUSR | stat.S_IWUSR)
        with told_when_full():
            digest, size = _synced(path)
            self._publish(path, digest)
        return Artifact(path=checked_path(name), digest=digest, size=size)

    def _publish(self, temporary: Path, digest: str) -> None:
        target = self.path(digest)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary.chmod(stat.S_IRUSR)  # a blob never changes again
        # Also over a blob that is there: it heals one that was damaged, and makes it young for collection.
        with _collection_waits(self.folder):
            os.utime(temporary)
            temporary.replace(target)
        for parent in (target.parent, target.parent.parent):
            _sync_folder(parent)


def checked(chunks: Iterable[bytes], artifact: Artifact) -> Iterator[bytes]:
    """Give `chunks` and raise Damaged at their end unless they are the bytes of `artifact`."""
    hasher = blake3()
    for chunk in chunks:
        hasher.update(chunk)
        yield chunk
    if "blake3:" + hasher.hexdigest() != artifact.digest:
        raise damaged(artifact)


def _read(path: Path, artifact: Artifact) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except FileNotFoundError:
        raise missing(artifact) from None


def _files(folder: Path) -> Iterable[Path]:
    found = []
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            continue
        if not stat.S_ISREG(mode):
            raise BadFile(f"{path.name!r} is a link or a special file. Register plain files only.")
        found.append(path)
        if len(found) > MAX_FILES:
            raise BadFile(f"More than {MAX_FILES} files. Pack them into archives first.")
    if not found:
        raise NotFound(f"{folder.name!r} holds no files. Give a folder that has some.")
    return found


def _synced(path: Path) -> tuple[str, int]:
    """Return digest and size of a file once its bytes are on the disk, where they go while they are read."""
    with path.open("rb+", buffering=0) as file, ThreadPoolExecutor(1) as beside:
        synced = beside.submit(os.fsync, file.fileno())
        found = _hashed(file)
        synced.result()
    return found


def _hashed(file: FileIO) -> tuple[str, int]:
    """Return digest and size of what is left of a file, read into the same memory again and again."""
    hasher, size = blake3(max_threads=blake3.AUTO), 0
    room = memoryview(bytearray(min(_SHARED, os.fstat(file.fileno()).st_size + 1)))
    while count := file.readinto(room):
        hasher.update(room[:count])
        size += count
    return "blake3:" + hasher.hexdigest(), size


@contextmanager
def told_when_full(folder: Path | None = None) -> Iterator[None]:
    """Turn the system's "no space left" into StorageFull; any error, where the disk of `folder` has no room left.

    Frameworks that write files themselves have errors of their own for it.
    """
    try:
        yield
    except Exception as error:
        if getattr(error, "errno", 0) in (errno.ENOSPC, errno.EDQUOT) or (folder and has_no_room(folder)):
            raise StorageFull(
                "The disk of the registry is full; nothing was registered. Free some space and try again."
            ) from error
        raise


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:  # interrupted too: half a file is nobody's
        path.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _collection_waits(folder: Path, *, alone: bool = False) -> Iterator[None]:
    """Hold back collection while a blob becomes young; `alone` is collection's own turn."""
    try:
        import fcntl  # noqa: PLC0415 - POSIX has it
    except ModuleNotFoundError:
        yield
        return
    with (folder / "collect.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield
