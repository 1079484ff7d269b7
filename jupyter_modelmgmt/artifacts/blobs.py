"""Content-addressed files in a folder: `blobs/blake3/ab/abcd...`.

A blob is written under a temporary name, synced, renamed, and its folder synced: a digest in the
store always has its bytes. Blobs that no version names are left for a later collection.
"""

import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from blake3 import blake3

from jupyter_modelmgmt.domain.errors import BadFile, BadPath, Damaged, NotFound, StorageFull
from jupyter_modelmgmt.domain.fields import checked_path
from jupyter_modelmgmt.domain.records import Artifact

CHUNK = 1 << 20
MAX_FILES = 10_000
_DIGEST_LENGTH = len("blake3:") + 64


class Blobs:
    """The blobs below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def open(cls, location: str | Path) -> "Blobs":
        """Return the blobs at a folder or a `file:` URL; the folder is made when missing."""
        text = str(location)
        folder = Path(unquote(urlsplit(text).path)) if text.startswith("file:") else Path(text)
        with told_when_full():
            (folder / "tmp").mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(folder)

    def add(self, file: BinaryIO) -> tuple[str, int]:
        """Return digest and size of `file`, read to its end and stored."""
        temporary = self.folder / "tmp" / secrets.token_hex(16)
        hasher, size = blake3(), 0
        with told_when_full(), _removed_on_failure(temporary):
            with temporary.open("xb") as target:
                while chunk := file.read(CHUNK):
                    hasher.update(chunk)
                    target.write(chunk)
                    size += len(chunk)
                target.flush()
                os.fsync(target.fileno())
            digest = "blake3:" + hasher.hexdigest()
            self._publish(temporary, digest)
        return digest, size

    def add_file(self, path: Path, name: str) -> Artifact:
        """Return the file at `path`, stored, as the artifact `name`."""
        with path.open("rb") as file:
            digest, size = self.add(file)
        return Artifact(path=checked_path(name), digest=digest, size=size)

    def add_folder(self, folder: Path) -> tuple[Artifact, ...]:
        """Return all files below `folder`, stored. Raises BadFile for anything that is no plain file."""
        return tuple(self.add_file(path, path.relative_to(folder).as_posix()) for path in _files(folder))

    def publish(self, temporary: Path, digest: str) -> None:
        """Make the file `temporary`, whose bytes have `digest`, a blob."""
        with told_when_full():
            self._publish(temporary, digest)

    def has(self, artifact: Artifact) -> bool:
        """Tell whether a blob with the digest and size of `artifact` is stored."""
        try:
            return self.path(artifact.digest).stat().st_size == artifact.size
        except FileNotFoundError:
            return False

    def path(self, digest: str) -> Path:
        """Return where the blob of `digest` lies. Raises BadPath for what is no digest."""
        algorithm, _, text = digest.partition(":")
        if algorithm != "blake3" or len(digest) != _DIGEST_LENGTH or not set(text) <= set("0123456789abcdef"):
            raise BadPath(f"{digest[:80]!r} is not a digest. It is 'blake3:' and 64 hexadecimal digits.")
        return self.folder / "blobs" / algorithm / text[:2] / text

    def verified(self, artifact: Artifact) -> Path:
        """Return the path of the artifact's bytes after reading them once. Raises Damaged, NotFound."""
        path = self.path(artifact.digest)
        for _ in _checked(path, artifact):
            pass
        return path

    def materialise(self, artifacts: Sequence[Artifact], folder: Path) -> None:
        """Copy artifacts into `folder` under their paths, each verified while it is copied."""
        for artifact in artifacts:
            target = folder / checked_path(artifact.path)
            with told_when_full(), _removed_on_failure(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as file:
                    for chunk in _checked(self.path(artifact.digest), artifact):
                        file.write(chunk)

    @contextmanager
    def laid_out(self, artifacts: Sequence[Artifact]) -> Iterator[Path]:
        """Give a folder with the artifacts under their paths, for reading alone and without a copy."""
        with TemporaryDirectory(dir=self.folder / "tmp") as name:
            folder = Path(name)
            for artifact in artifacts:
                path = folder / checked_path(artifact.path)
                path.parent.mkdir(parents=True, exist_ok=True)
                os.link(self.path(artifact.digest), path)
            yield folder

    def _publish(self, temporary: Path, digest: str) -> None:
        target = self.path(digest)
        if target.exists() and target.stat().st_size == temporary.stat().st_size:
            temporary.unlink()
            return
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary.chmod(stat.S_IRUSR)  # a blob never changes again
        temporary.replace(target)
        for parent in (target.parent, target.parent.parent):
            _sync_folder(parent)


def _checked(path: Path, artifact: Artifact) -> Iterator[bytes]:
    """Give the bytes of `path` and raise Damaged at their end unless they are those of `artifact`."""
    hasher = blake3()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                hasher.update(chunk)
                yield chunk
    except FileNotFoundError:
        raise Damaged(
            f"The bytes of {artifact.path!r} ({artifact.digest[:19]}) are missing from the registry."
        ) from None
    if "blake3:" + hasher.hexdigest() != artifact.digest:
        raise Damaged(
            f"The stored bytes of {artifact.path!r} ({artifact.digest[:19]}) are damaged; "
            "nothing was given out. Restore the file from a backup or register the version again."
        )


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
        raise NotFound(f"{folder.name!r} holds no files.")
    return found


@contextmanager
def told_when_full() -> Iterator[None]:
    """Turn the system's "no space left" into StorageFull."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(
                "The disk of the registry is full; nothing was registered. Free some space and try again."
            ) from error
        raise


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
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
