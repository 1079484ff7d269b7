"""Uploads: a file comes in parts, is checked at the end, and becomes a blob.

The state of a session is the length of its file, so a broken connection continues where it ended.
The digest grows with the parts; it is only read again from the file after a restart or a broken part.
"""

import os
import re
import secrets
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BufferedRandom, FileIO
from pathlib import Path
from typing import TypeVar

from blake3 import blake3

from jupyter_modelmgmt.artifacts.blobs import CHUNK, Blobs, told_when_full
from jupyter_modelmgmt.artifacts.leftovers import swept
from jupyter_modelmgmt.domain.errors import BadFile, NotFound, TooLarge, WrongOffset
from jupyter_modelmgmt.domain.records import Artifact, UploadSession

EXPIRES_S = 24 * 3600.0
_REMEMBERED = 1000  # sessions whose digest is known without reading, and as many finished ones
K = TypeVar("K")
V = TypeVar("V")
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(slots=True)
class _State:
    """The digest of the first `hashed` bytes of a session; `turn` lets one client in at a time."""

    hasher: blake3 = field(default_factory=blake3)
    hashed: int = 0
    turn: threading.Lock = field(default_factory=threading.Lock)


class Uploads:
    """Sessions in `uploads/` beside the blobs; a file may have at most `limit` bytes. Safe between threads."""

    def __init__(self, blobs: Blobs, limit: int) -> None:
        self.blobs = blobs
        self.limit = limit
        self.folder = blobs.folder / "uploads"
        self._states: OrderedDict[str, _State] = OrderedDict()
        self._finished: OrderedDict[tuple[str, str], Artifact] = OrderedDict()
        self._remembering = threading.Lock()

    def start(self) -> UploadSession:
        """Open a session; sessions older than a day are forgotten."""
        with told_when_full():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.sweep(EXPIRES_S)
            session = secrets.token_hex(16)
            (self.folder / session).touch(mode=0o600)
        return UploadSession(id=session, offset=0, limit=self.limit)

    def get(self, session: str) -> UploadSession:
        return UploadSession(id=session, offset=self._size(session), limit=self.limit)

    def append(self, session: str, offset: int, chunk: bytes | bytearray) -> int:
        """Write `chunk` at `offset`, which must be the session's; return the new offset.

        Raises WrongOffset, TooLarge.
        """
        state = self._state(session)
        with state.turn:
            size = self._size(session)
            if offset != size:
                raise WrongOffset(f"The upload continues at byte {size}, not at {offset}.")
            if offset + len(chunk) > self.limit:
                raise too_large(self.limit)
            with told_when_full(), self._path(session).open("ab", buffering=0) as file:
                _write_all(file, chunk)
            if state.hashed == offset:
                state.hasher.update(chunk)
                state.hashed += len(chunk)
        return offset + len(chunk)

    def finish(self, session: str, digest: str, name: str, *, size: int | None = None) -> Artifact:
        """Make the upload a blob if its bytes have `digest` ("" for any) and `size` (None for any).

        Raises BadFile otherwise; a session that lacks bytes can go on.

        The same call again gives the same answer: the first may have been lost on its way.
        """
        if known := self._finished.get((session, digest)):
            return replace(known, path=name)
        if digest:
            self.blobs.path(digest)
        state = self._state(session)
        with state.turn:
            path, came = self._path(session), self._size(session)
            if size is not None and size != came:
                raise BadFile(f"{came} of {size} bytes were uploaded. Send the rest from byte {came} on.")
            with path.open("rb+") as file:
                if state.hashed != came:
                    state.hasher, state.hashed = _hashed(file), came
                os.fsync(file.fileno())
            found = "blake3:" + state.hasher.hexdigest()
            if digest and found != digest:
                raise BadFile(f"The uploaded bytes have the digest {found}, not {digest}. Upload the file again.")
            self.blobs.publish(path, found)
        artifact = Artifact(path=name, digest=found, size=came)
        with self._remembering:
            _remember(self._finished, (session, digest), artifact)
            self._states.pop(session, None)
        return artifact

    def file(self, session: str) -> Path:
        """Return where the bytes of an upload lie; for reading alone. Raises NotFound."""
        return self._path(session)

    def cancel(self, session: str) -> None:
        self._path(session).unlink(missing_ok=True)
        with self._remembering:
            self._states.pop(session, None)

    def sweep(self, older_s: float) -> tuple[int, int]:
        """Forget sessions that nothing was added to for `older_s` seconds; return how many and their bytes."""
        return swept(self.folder, older_s)

    def _size(self, session: str) -> int:
        with suppress(FileNotFoundError):
            return self._path(session).stat().st_size
        raise _unknown()

    def _path(self, session: str) -> Path:
        path = self.folder / session
        if not _ID.fullmatch(session) or not path.exists():
            raise _unknown()
        return path

    def _state(self, session: str) -> _State:
        self._path(session)
        with self._remembering:  # two clients at once would have a turn each
            return _remember(self._states, session, self._states.get(session) or _State())


def too_large(limit: int) -> TooLarge:
    """Return the error for a file of more than `limit` bytes."""
    return TooLarge(
        f"The file is larger than the limit of {limit} bytes. Raise ModelManagement.upload_limit of the server, "
        "or register the file from a cell or a terminal."
    )


def _unknown() -> NotFound:
    return NotFound("There is no such upload; it was finished, cancelled or is older than a day. Start a new one.")


def _remember(known: OrderedDict[K, V], key: K, value: V) -> V:
    known[key] = value
    known.move_to_end(key)
    while len(known) > _REMEMBERED:
        known.popitem(last=False)
    return value


def _write_all(file: FileIO, chunk: bytes | bytearray) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[file.write(rest) :]


def _hashed(file: BufferedRandom) -> blake3:
    hasher = blake3()
    while chunk := file.read(CHUNK):
        hasher.update(chunk)
    return hasher
