"""Uploads: a file comes in parts, is checked at the end, and becomes a blob.

The state of a session is the length of its file, so a broken connection continues where it ended.
"""

import os
import re
import secrets
import time
from pathlib import Path

from blake3 import blake3

from jupyter_modelmgmt.artifacts.blobs import CHUNK, Blobs, told_when_full
from jupyter_modelmgmt.domain.errors import BadFile, NotFound, TooLarge, WrongOffset
from jupyter_modelmgmt.domain.records import Artifact, UploadSession

EXPIRES_S = 24 * 3600
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Uploads:
    """Sessions in `uploads/` beside the blobs; a file may have at most `limit` bytes."""

    def __init__(self, blobs: Blobs, limit: int) -> None:
        self.blobs = blobs
        self.limit = limit
        self.folder = blobs.folder / "uploads"

    def start(self) -> UploadSession:
        """Open a session; sessions older than a day are forgotten."""
        with told_when_full():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._expire()
            session = secrets.token_hex(16)
            (self.folder / session).touch(mode=0o600)
        return UploadSession(id=session, offset=0, limit=self.limit)

    def get(self, session: str) -> UploadSession:
        return UploadSession(id=session, offset=self._path(session).stat().st_size, limit=self.limit)

    def append(self, session: str, offset: int, chunk: bytes) -> int:
        """Write `chunk` at `offset`, which must be the session's; return the new offset.

        Raises WrongOffset, TooLarge.
        """
        path = self._path(session)
        if offset != path.stat().st_size:
            raise WrongOffset(f"The upload continues at byte {path.stat().st_size}, not at {offset}.")
        if offset + len(chunk) > self.limit:
            raise TooLarge(f"The file is larger than the limit of {self.limit} bytes.")
        with told_when_full(), path.open("ab") as file:
            file.write(chunk)
        return offset + len(chunk)

    def finish(self, session: str, digest: str, name: str) -> Artifact:
        """Make the upload a blob if its bytes have `digest`. Raises BadFile otherwise."""
        path = self._path(session)
        self.blobs.path(digest)
        hasher = blake3()
        with path.open("rb+") as file:
            while chunk := file.read(CHUNK):
                hasher.update(chunk)
            os.fsync(file.fileno())
            size = file.tell()
        found = "blake3:" + hasher.hexdigest()
        if found != digest:
            raise BadFile(f"The uploaded bytes have the digest {found}, not {digest}. Upload the file again.")
        self.blobs.publish(path, digest)
        return Artifact(path=name, digest=digest, size=size)

    def cancel(self, session: str) -> None:
        self._path(session).unlink()

    def _path(self, session: str) -> Path:
        path = self.folder / session
        if not _ID.fullmatch(session) or not path.exists():
            raise NotFound(
                "There is no such upload; it was finished, cancelled or is older than a day. Start a new one."
            )
        return path

    def _expire(self) -> None:
        for path in self.folder.iterdir():
            if path.stat().st_mtime < time.time() - EXPIRES_S:
                path.unlink(missing_ok=True)
