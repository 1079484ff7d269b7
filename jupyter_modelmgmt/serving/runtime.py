"""The host's file: how processes of one user find the host of a registry, and that there is one only.

`modelmgmt-host-<hash>.json` lies in Jupyter's runtime directory, readable by its owner alone. The
host holds a lock for its whole life, so a file without a holder is known to be stale.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFile:
    """What a client needs to reach a host. `sockets` is its folder of workers' sockets."""

    pid: int
    port: int
    token: str
    version: str
    started_at: float
    sockets: str


class Runtime:
    """The places of the host of one registry below `directory`."""

    def __init__(self, directory: Path, store_url: str) -> None:
        name = f"modelmgmt-host-{hashlib.sha256(store_url.encode()).hexdigest()[:16]}"
        self.directory = directory
        self.file = directory / f"{name}.json"
        self.folder = directory / name
        self.logs = self.folder / "logs"
        self._port = self.folder / "port"
        self._lock = directory / f"{name}.lock"

    @property
    def port(self) -> int:
        """The port of the last host of this registry, 0 when nobody knows: endpoints stay when a host starts again."""
        try:
            return int(self._port.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return 0

    @port.setter
    def port(self, number: int) -> None:
        self._port.write_text(str(number), encoding="ascii")

    def read(self) -> HostFile | None:
        """Return what the file says, None when there is no file or it is no such file."""
        try:
            return msgspec.json.decode(self.file.read_bytes(), type=HostFile)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    def write(self, host: HostFile) -> None:
        """Write the file in one step, mode 0600."""
        descriptor, name = tempfile.mkstemp(dir=self.directory, prefix=f".{self.file.name}-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(host))
        Path(name).replace(self.file)

    def remove(self) -> None:
        self.file.unlink(missing_ok=True)

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Hold the lock of the one host; gives False at once when another process holds it."""
        import fcntl  # noqa: PLC0415  # clients import this module also where there is no fcntl

        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
