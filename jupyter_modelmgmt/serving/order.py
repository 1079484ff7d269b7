"""What a host gives an engine to run, and what an engine gives back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from jupyter_modelmgmt.domain.deployments import DeploymentSpec
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.serving.backend import Backend
from jupyter_modelmgmt.serving.commands import Command
from jupyter_modelmgmt.serving.environments import Environments
from jupyter_modelmgmt.serving.limits import Limits


class Versions(Protocol):
    """How an engine gets at a version. Both block; they raise NotFound, `prepare` also Damaged and StorageFull."""

    location: str

    def record(self, version_id: int) -> ModelVersion: ...

    def prepare(self, version_id: int, folder: Path) -> ModelVersion:
        """Copy the artifacts into `folder`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a host puts things, and what it has."""

    work: Path
    logs: Path
    sockets: Path
    limits: Limits
    versions: Versions
    environments: Environments


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One version of a deployment, to be run as `spec` wants it, within `limits`."""

    name: str
    revision: int
    version_id: int
    version: str
    spec: DeploymentSpec
    limits: Limits


class WorkerEnded(Exception):
    """The worker ended before it was ready, with `code`."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(f"exit code {code}")


class Worker(Protocol):
    """One running worker. `exit_code` is None while it runs, `pid` that of its process on this machine."""

    @property
    def pid(self) -> int: ...

    @property
    def backend(self) -> Backend: ...

    @property
    def exit_code(self) -> int | None: ...

    @property
    def complaint(self) -> str:
        """Why a worker that is not live may not go on, "" where it hangs in a call."""
        ...

    async def ready(self, within_s: float) -> None:
        """Return once the worker answers. Raises WorkerEnded, TimeoutError."""
        ...

    async def ended(self, within_s: float) -> bool:
        """Wait for it to end, at most `within_s`, and tell whether it did."""
        ...

    async def live(self) -> bool | None:
        """Tell whether the worker calls itself live; None when it does not answer at all."""
        ...

    async def stop(self, grace_s: float) -> None:
        """End it politely, and after `grace_s` at once."""
        ...

    async def kill(self) -> None:
        """End it, with all that it started, at once."""
        ...


class Launch(Protocol):
    """How an engine makes one version ready, and starts its workers."""

    def prepare(self, command: Command) -> None:
        """Do all that is needed once. It blocks. Raises ModelManagementError, OSError."""
        ...

    async def start(self, log: Path) -> Worker:
        """Start a worker that writes to `log`."""
        ...

    def forget(self) -> None:
        """Remove what `prepare` made. It blocks."""
        ...
