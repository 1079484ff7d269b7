"""The container engine: a worker is a container of this machine, run by podman or docker."""

import asyncio
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from uuid import uuid4

from jupyter_modelmgmt.domain.containers import CONTAINER, Container, HealthKind, container
from jupyter_modelmgmt.domain.errors import ServingFailed
from jupyter_modelmgmt.serving.backend import Backend, Cut, Forward, Unreachable
from jupyter_modelmgmt.serving.commands import Command, Failed
from jupyter_modelmgmt.serving.container_images import copy_name, tool
from jupyter_modelmgmt.serving.engines.tied import TiedProcess
from jupyter_modelmgmt.serving.order import Order, Site, WorkerEnded

_CHECK_S = 5.0
_END_S = 30.0  # given up earlier, the container would stay
_LOOK_S = 0.1


class Containers:
    """Starts containers of the image that a version names."""

    def __init__(self, order: Order, site: Site) -> None:
        self._order = order
        self._site = site
        self._tool = ""
        self._image = ""
        self._container: Container | None = None

    def prepare(self, command: Command) -> None:
        """Find the tool and the image, fetching it and keeping a copy where that is wanted."""
        version = self._site.versions.record(self._order.version_id)
        if version.flavor != CONTAINER:
            raise ServingFailed(f"{version.selector} is no container image. Deploy it with engine='local' or 'ray'.")
        self._container = container(version.config)
        self._tool = tool(command)
        self._image = self._container.image
        if self._container.replicate:
            self._image = copy_name(version.model, version.version, self._site.versions.location)
            if self._has(command, self._image):
                return
        if not self._has(command, self._container.image):
            command.say(f"Fetching the image {self._container.image}")
            self._do(command, "pull", self._container.image)
        if self._container.replicate:
            self._do(command, "tag", self._container.image, self._image)

    async def start(self, log: Path) -> "ContainerWorker":
        """Start a container on a free port of this machine."""
        kept, order = self._container, self._order
        assert kept  # noqa: S101  # prepared before any start
        port = _free_port()
        name = f"modelmgmt-{order.name}-{uuid4().hex[:8]}"
        variables = {**kept.environment, **order.spec.variables, **order.spec.secrets}
        resources = order.spec.resources
        limits = {"--cpus": resources.cpu, "--memory": f"{resources.memory_mb}m" if resources.memory_mb else 0,
                  "--gpus": resources.gpus}  # fmt: skip
        words = [
            self._tool, "run", "--rm", "--name", name, "--pull", "never", "--label", f"modelmgmt={order.name}",
            "--publish", f"127.0.0.1:{port}:{kept.port}",
            # By name alone: every user of the machine reads the values that a command line holds.
            *(word for variable in variables for word in ("--env", variable)),
            *(word for option, value in limits.items() if value for word in (option, str(value))),
            self._image, *kept.command,
        ]  # fmt: skip
        backend = Backend(("127.0.0.1", port), order.version)
        return await ContainerWorker.start(kept, name, words, log, {**os.environ, **variables}, backend)

    def forget(self) -> None:
        """Leave the copy of the image: it belongs to the version."""

    def _has(self, command: Command, image: str) -> bool:
        try:
            command.output(self._tool, "image", "inspect", "--format", "{{.Id}}", image)
        except Failed:
            return False
        return True

    def _do(self, command: Command, *words: str) -> None:
        try:
            command.run(self._tool, *words)
        except Failed as error:
            raise ServingFailed(f"{Path(self._tool).name} {words[0]} failed: {error}") from None


class ContainerWorker:
    """One running container. Its keeper, a process of ours, ends with it and it with its keeper's host."""

    def __init__(self, kept: Container, name: str, tool_: str, process: TiedProcess, backend: Backend) -> None:
        self.pid = process.pid
        self.backend = backend
        self._health = kept.health
        self._name = name
        self._tool = tool_
        self._process = process
        self._failures = 0
        self._checked_at = 0.0

    @classmethod
    async def start(
        cls, kept: Container, name: str, words: Sequence[str], log: Path, environ: dict[str, str], backend: Backend
    ) -> "ContainerWorker":
        """Start the keeper of the container `name` that `words` make; what that writes is appended to `log`."""
        keeper = [sys.executable, "-P", "-m", "jupyter_modelmgmt.serving.keeper", name, *words]
        return cls(kept, name, words[0], await TiedProcess.start(keeper, log, environ), backend)

    @property
    def exit_code(self) -> int | None:
        return self._process.exit_code

    @property
    def complaint(self) -> str:
        """Why the container may not go on."""
        if self._failures < self._health.max_failures:
            return ""
        return f"Its health check failed {self._failures} times in a row, so the container was ended."

    async def ready(self, within_s: float) -> None:
        """Return with the first health check that is passed. Raises WorkerEnded, TimeoutError. Source: M12."""
        async with asyncio.timeout(within_s):
            await self._unless_ended(self._health.delay_s)
            while not await self._is_well():
                self._failures += 1
                if self._failures >= self._health.max_failures:
                    raise TimeoutError
                await self._unless_ended(self._health.period_s)
        self._failures, self._checked_at = 0, monotonic()

    async def ended(self, within_s: float) -> bool:
        """Wait for the container to end, at most `within_s`, and tell whether it did."""
        return await self._process.ended(within_s)

    async def live(self) -> bool | None:
        """Tell whether the last health checks were passed; False after too many that were not. Source: M12."""
        if monotonic() - self._checked_at < self._health.period_s:
            return not self._failures or None
        self._checked_at = monotonic()
        self._failures = 0 if await self._is_well() else self._failures + 1
        return self._failures < self._health.max_failures

    async def stop(self, grace_s: float) -> None:
        """End the container: politely, then, after `grace_s`, at once."""
        self.backend.close()
        await self._done("stop", "--time", str(int(grace_s)), self._name, within_s=grace_s + _END_S)
        await self.kill()

    async def kill(self) -> None:
        """End and remove the container at once, also one that is only being made."""
        self.backend.close()
        self._process.let_go()  # the keeper ends the tool, then the container, then itself
        await self.ended(_END_S)
        await self._process.kill()  # a keeper that hangs, or was killed, leaves tool and container
        await self._done("rm", "--force", self._name, within_s=_END_S)

    async def _unless_ended(self, pause_s: float) -> None:
        if await self.ended(pause_s):
            raise WorkerEnded(self.exit_code or 0)

    async def _is_well(self) -> bool:
        if self._health.kind is HealthKind.COMMAND:
            return await self._done("exec", self._name, *self._health.command)
        try:
            async with asyncio.timeout(_CHECK_S):
                answer = await self.backend.send(Forward(method="GET", path=self._health.path))
        except (TimeoutError, Unreachable, Cut):
            return False
        return answer.status < 400  # noqa: PLR2004  # HTTP's first error

    async def _done(self, *words: str, within_s: float = _CHECK_S) -> bool:
        """Run the tool and tell whether it succeeded."""
        quiet = asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(self._tool, *words, stdin=quiet, stdout=quiet, stderr=quiet)
        try:
            return await asyncio.wait_for(process.wait(), within_s) == 0
        except TimeoutError:
            process.kill()
            await process.wait()
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
