"""The local engine: a worker is a process of this machine that listens on a unix socket."""

import asyncio
import shutil
from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import cast
from uuid import uuid4

import msgspec
import psutil  # type: ignore[import-untyped]  # it has no types of its own

from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.serving.backend import Backend, Cut, Forward, Unreachable
from jupyter_modelmgmt.serving.commands import Command
from jupyter_modelmgmt.serving.engines.tied import TiedProcess
from jupyter_modelmgmt.serving.environments import Python
from jupyter_modelmgmt.serving.order import Order, Site, WorkerEnded
from jupyter_modelmgmt.serving.spec import WorkerSpec, worker_spec

_CONNECT_EVERY_S = 0.03
_LIVE_ANSWER_S = 1.0
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_LIVE = Forward(method="GET", path="/v2/health/live")


class Local:
    """Starts workers of one version in the environment that its deployment asks for."""

    def __init__(self, order: Order, site: Site) -> None:
        self._order = order
        self._site = site
        self._folder = site.work / f"{order.name}-{order.revision}-{order.version}"
        self._python = Python()
        self._record: ModelVersion | None = None

    def prepare(self, command: Command) -> None:
        """Copy the version's files and find its Python, building what is missing."""
        self._record = self._site.versions.prepare(self._order.version_id, self._folder)
        self._python = self._site.environments.python(self._order.spec.environment, self._record, command)

    async def start(self, log: Path) -> "Worker":
        spec, version = self._order.spec, cast("ModelVersion", self._record)
        told = worker_spec(
            version, deployment=self._order.name, answer_s=self._order.limits.answer_s, folder=str(self._folder),
            max_batch=spec.max_batch, memory_mb=spec.resources.memory_mb,
            socket=str(self._site.sockets / f"{uuid4().hex[:12]}.sock"),
        )  # fmt: skip
        variables = {**_threads(spec.resources.cpu), **spec.variables, **spec.secrets}
        return await Worker.start(
            told, log, environ={**self._python.environ(), **variables}, python=self._python.executable
        )

    def forget(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


class Worker:
    """One running worker."""

    def __init__(self, spec: WorkerSpec, process: TiedProcess) -> None:
        self.pid = process.pid
        self.backend = Backend(spec.socket, spec.version)
        self._process = process
        self._memory_mb = spec.memory_mb
        self._most_mb = 0.0

    @classmethod
    async def start(cls, spec: WorkerSpec, log: Path, *, environ: Mapping[str, str], python: str) -> "Worker":
        """Start a worker; what it writes is appended to `log`."""
        words = [python, "-P", "-m", "jupyter_modelmgmt.serving.worker", str(_told(spec))]
        return cls(spec, await TiedProcess.start(words, log, environ))

    async def ready(self, within_s: float) -> None:
        """Return once the worker answers. Raises WorkerEnded, TimeoutError."""
        async with asyncio.timeout(within_s):
            while self.complaint or not await self._answers():
                if self.exit_code is not None:
                    raise WorkerEnded(self.exit_code)
                if self.complaint:
                    raise TimeoutError  # it will not get ready; the complaint says why
                await asyncio.sleep(_CONNECT_EVERY_S)

    async def ended(self, within_s: float) -> bool:
        """Wait for the process to end, at most `within_s`, and tell whether it did."""
        return await self._process.ended(within_s)

    @property
    def exit_code(self) -> int | None:
        return self._process.exit_code

    @property
    def complaint(self) -> str:
        """Why it may not go on: it uses more memory than it may.

        It is looked at; the kernel bounds it far above (see `memory`), and a cgroup takes rights that users of a shared
        machine lack.
        """
        if not self._memory_mb:
            return ""
        self._most_mb = max(self._most_mb, self._memory())
        if self._most_mb <= self._memory_mb:
            return ""
        return (
            f"The worker used {self._most_mb:.0f} MiB of memory, more than the {self._memory_mb} MiB that it may. "
            "It was killed."
        )

    async def live(self) -> bool | None:
        """Tell whether the worker calls itself live; None when it does not answer at all."""
        if self.complaint:
            return False
        try:
            async with asyncio.timeout(_LIVE_ANSWER_S):
                answer = await self.backend.send(_LIVE)
        except (TimeoutError, Unreachable, Cut):
            return None
        return answer.status == 200  # noqa: PLR2004  # HTTP's OK

    async def stop(self, grace_s: float) -> None:
        """End the worker: politely, then, after `grace_s`, with all its children."""
        self.backend.close()
        self._process.terminate()
        await self.ended(grace_s)
        await self.kill()

    async def kill(self) -> None:
        """End the worker and all processes of its session at once."""
        self.backend.close()
        await self._process.kill()
        _forget(str(self.backend.address))

    def _memory(self) -> float:
        """Return the MiB that the worker holds, without what it started."""
        try:
            return float(psutil.Process(self.pid).memory_info().rss) / 2**20
        except psutil.Error:
            return 0.0

    async def _answers(self) -> bool:
        return await self.live() is not None


def _told(spec: WorkerSpec) -> Path:
    """Write the file that tells a worker its `spec`, beside the place of its socket."""
    _forget(spec.socket)
    file = Path(spec.socket).with_suffix(".json")
    file.write_bytes(msgspec.json.encode(spec))
    return file


def _forget(socket: str) -> None:
    Path(socket).unlink(missing_ok=True)
    Path(socket).with_suffix(".json").unlink(missing_ok=True)


def _threads(cores: float) -> dict[str, str]:
    """Return what keeps numerical libraries to `cores` threads; 0 leaves the choice to them."""
    return dict.fromkeys(_THREADS, str(ceil(cores))) if cores else {}
