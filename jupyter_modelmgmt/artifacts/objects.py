"""Content-addressed objects in an object store: `<location>/blobs/blake3/ab/abcd...`, kept near in a folder.

An object appears whole or not at all, and is never written over with other bytes. What was written
or read stays in a folder of the user's cache, bounded in size, so that it is fetched once. Parts of
uploads that were cut off are left to the bucket's lifecycle rule for incomplete multipart uploads.
"""

import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url
from platformdirs import user_cache_path

from jupyter_modelmgmt.artifacts.blobs import Blobs, Stored, Told, checked, told_when_full, unheard
from jupyter_modelmgmt.domain.errors import Damaged, StoreUnavailable
from jupyter_modelmgmt.domain.files import missing
from jupyter_modelmgmt.domain.records import Artifact

if TYPE_CHECKING:
    from obstore.store import ObjectStore

PIECE = 16 << 20  # bytes of one request: each has its own timeout and retries
RETRIES = 4
CACHE_LIMIT = 20 << 30
_CACHE_STEP = 1 << 30  # bytes brought near between two looks at the limit
_IN_USE_S = 600  # whoever got a path of the cache may still be about to open it
_REFRESH_S = 12 * 3600  # half of collection's grace: an older object is written again when it is registered again
_MOST_PARTS = 9_000  # S3 takes 10,000


class ObjectBlobs(Blobs):
    """The blobs at `location`; `folder` is where they are kept near."""

    def __init__(self, location: str, store: "ObjectStore", folder: Path) -> None:
        super().__init__(folder)
        self.location = location
        self._store = store
        self._brought = _CACHE_STEP
        self._ahead_s: float | None = None

    @classmethod
    def at(cls, location: str) -> "ObjectBlobs":
        """Return the blobs at `location`; credentials come from the store's usual environment variables."""
        folder = user_cache_path("jupyter_modelmgmt") / "blobs"
        with told_when_full():
            (folder / "tmp").mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(location, object_store(location), folder)

    def keep(self, artifact: Artifact) -> bool:
        found = self._head(artifact.digest)
        if found is None or found.size != artifact.size:
            return False
        if found.age_s > _REFRESH_S:
            self._put(self.verified(artifact), artifact.digest)
        return True

    def has(self, digest: str) -> bool:
        return self._head(digest) is not None

    def digests(self) -> Iterator[Stored]:
        with self._told():
            now = self._server_time()
            for page in obstore.list(self._store, "blobs/blake3"):
                for found in page:
                    digest = f"blake3:{found['path'].rpartition('/')[2]}"
                    yield Stored(digest=digest, size=found["size"], age_s=now - found["last_modified"].timestamp())

    def remove(self, digest: str, *, older_s: float) -> bool:
        found = self._head(digest)
        if found is None or found.age_s < older_s:
            return False
        with self._told():
            obstore.delete(self._store, self._key(digest))
        return True

    def chunks(self, artifact: Artifact) -> Iterator[bytes]:
        return checked(self._pieces(artifact), artifact)

    def verified(self, artifact: Artifact) -> Path:
        try:
            path = super().verified(artifact)
        except Damaged:  # not near, or spoilt there: the store knows
            return self._bring(artifact)
        os.utime(path)
        return path

    def materialise(self, artifacts: Sequence[Artifact], folder: Path, told: Told = unheard) -> None:
        for artifact in artifacts:
            self.verified(artifact)
            super().materialise([artifact], folder, told)

    @contextmanager
    def laid_out(self, artifacts: Sequence[Artifact]) -> Iterator[Path]:
        for artifact in artifacts:
            self.verified(artifact)
        with super().laid_out(artifacts) as folder:
            yield folder

    @contextmanager
    def lent(self, artifacts: Sequence[Artifact]) -> Iterator[Path]:
        with self.laid_out(artifacts) as folder:
            yield folder

    def _publish(self, temporary: Path, digest: str) -> None:
        found, size = self._head(digest), temporary.stat().st_size
        if found is None or found.size != size or found.age_s > _REFRESH_S:
            self._put(temporary, digest)
        self._keep_near(temporary, digest)

    def _put(self, path: Path, digest: str) -> None:
        part = max(PIECE, path.stat().st_size // _MOST_PARTS)
        with self._told():
            obstore.put(self._store, self._key(digest), path, chunk_size=part, max_concurrency=4)

    def _pieces(self, artifact: Artifact) -> Iterator[bytes]:
        key, found = self._key(artifact.digest), self._head(artifact.digest)
        if found is None:
            raise missing(artifact)
        with self._told():
            yield from pieces(self._store, key, found.size)

    def _bring(self, artifact: Artifact) -> Path:
        temporary = self._temporary() / secrets.token_hex(16)
        try:
            with told_when_full(), temporary.open("xb") as file:
                for chunk in self.chunks(artifact):
                    file.write(chunk)
            self._keep_near(temporary, artifact.digest)
        finally:
            temporary.unlink(missing_ok=True)
        return self.path(artifact.digest)

    def _keep_near(self, temporary: Path, digest: str) -> None:
        self._brought += temporary.stat().st_size
        with told_when_full():
            super()._publish(temporary, digest)
        if self._brought >= _CACHE_STEP:
            self._brought = 0
            self._trim()

    def _trim(self) -> None:
        """Remove what was not used for longest until the cache is within its limit."""
        near = sorted(super().digests(), key=lambda stored: stored.age_s)
        total = 0
        for stored in near:
            total += stored.size
            if total > CACHE_LIMIT:
                super().remove(stored.digest, older_s=_IN_USE_S)

    def _head(self, digest: str) -> Stored | None:
        key = self._key(digest)
        with self._told():
            try:
                found = obstore.head(self._store, key)
            except FileNotFoundError:
                return None
            age_s = self._server_time() - found["last_modified"].timestamp()
        return Stored(digest=digest, size=found["size"], age_s=age_s)

    def _server_time(self) -> float:
        """Return the time by the clock that dates objects, asked once: the clock here may be wrong."""
        if self._ahead_s is None:
            try:
                obstore.put(self._store, "clock", b"")
                dated = obstore.head(self._store, "clock")["last_modified"].timestamp() + 1  # dates are cut to seconds
            except BaseError:  # whoever may only read
                dated = time.time()
            self._ahead_s = dated - time.monotonic()
        return time.monotonic() + self._ahead_s

    def _key(self, digest: str) -> str:
        return self.path(digest).relative_to(self.folder).as_posix()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as error:
            raise _unavailable(self.location, error) from error


def object_store(location: str) -> "ObjectStore":
    """Return the store at `location`, with the usual environment's credentials. Raises StoreUnavailable."""
    try:
        return from_url(
            location,
            client_options={"allow_http": _is_plain(), "connect_timeout": "5s", "timeout": "120s"},
            retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(seconds=60)},
        )
    except (BaseError, ValueError) as error:
        raise _unavailable(location, error) from error


def pieces(store: "ObjectStore", key: str, size: int) -> Iterator[bytes]:
    """Give the bytes of an object of `size`, read by so many at a time that a failure costs one piece."""
    for start in range(0, size, PIECE):
        yield obstore.get_range(store, key, start=start, end=min(start + PIECE, size)).to_bytes()


def _unavailable(location: str, error: Exception) -> StoreUnavailable:
    # The first line says it; the rest is the library's own state.
    reason = str(error).partition("\n")[0][:300].strip(" :")
    return StoreUnavailable(
        f"The object store at {location} does not answer: {reason}. "
        "Check that it runs, its endpoint and its credentials; then try again."
    )


def _is_plain() -> bool:
    """Tell whether the environment names an endpoint without TLS: then it is meant."""
    names = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT", "AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT")
    return any(os.environ.get(name, "").startswith("http://") for name in names)
