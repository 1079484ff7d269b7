"""A generation: the replicas of one version in one deployment, on this machine."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.serving import logs
from jupyter_modelmgmt.serving.backend import Backend
from jupyter_modelmgmt.serving.commands import Command, Failed
from jupyter_modelmgmt.serving.order import Launch, Order, Site
from jupyter_modelmgmt.serving.replica import Replica


class ReplicaStatus(Protocol):
    """What people see of one replica; `pid` is None where the process runs on another machine."""

    @property
    def index(self) -> int: ...

    @property
    def pid(self) -> int | None: ...

    @property
    def state(self) -> str: ...

    @property
    def restarts(self) -> int: ...


class Running(Protocol):
    """One version that an engine runs, from its making until `retire`. All engines give this."""

    version_id: int
    version: str

    @property
    def replicas(self) -> Sequence[ReplicaStatus]: ...

    @property
    def backends(self) -> list[Backend]:
        """Where requests may be sent now."""
        ...

    @property
    def available(self) -> int:
        """How many replicas answer."""
        ...

    @property
    def is_ready(self) -> bool: ...

    @property
    def failure(self) -> str:
        """Why this version, or one of its replicas, does not come up."""
        ...

    @property
    def message(self) -> str:
        """What goes on, or happened last to a replica that is not ready."""
        ...

    def scale(self, size: int) -> None:
        """Run `size` replicas from now on."""
        ...

    def renew(self) -> None:
        """Let go of what gave up, so that `scale` begins it anew."""
        ...

    async def retire(self) -> None:
        """End all replicas after the requests that are in them, and remove what was made for them."""
        ...


class Generation:
    """Runs `spec.replicas` workers that `launch` starts, and starts those anew that end."""

    def __init__(self, order: Order, site: Site, launch: Launch, changed: Callable[[], None]) -> None:
        self.version_id = order.version_id
        self.version = order.version
        self.replicas: list[Replica] = []
        self._order = order
        self._size = order.spec.replicas
        self._site = site
        self._launch = launch
        self._changed = changed
        self._prepared = False
        self._doing = ""
        self._failure = ""
        self._leaving: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._command = Command(self._log(0), self._say_from_thread)
        self._started = asyncio.create_task(self._start())

    @property
    def backends(self) -> list[Backend]:
        return [replica.backend for replica in self.replicas if replica.backend]

    @property
    def available(self) -> int:
        return len(self.backends)

    @property
    def is_ready(self) -> bool:
        return len(self.backends) == self._size

    @property
    def failure(self) -> str:
        """Why this version, or one of its replicas, does not come up."""
        return self._failure or next((replica.failure for replica in self.replicas if replica.failure), "")

    @property
    def message(self) -> str:
        """What goes on before the workers start, then what happened last to a replica that is not ready."""
        last = (replica.message for replica in self.replicas if not replica.backend and replica.message)
        return self._doing or next(last, "")

    def scale(self, size: int) -> None:
        """Run `size` replicas from now on."""
        self._size = size
        if not self._prepared:
            return
        self._leave(self.replicas[size:])
        self.replicas = self.replicas[:size]
        free = sorted(set(range(size)) - {replica.index for replica in self.replicas})
        self.replicas += [self._replica(index) for index in free]

    def renew(self) -> None:
        """Let go of the replicas that gave up, so that `scale` begins them anew."""
        self._leave([replica for replica in self.replicas if replica.failure])
        self.replicas = [replica for replica in self.replicas if not replica.failure]

    async def retire(self) -> None:
        """End all replicas after the requests that are in them, and remove the artifacts."""
        self._size = 0
        self._command.stop()
        await asyncio.wait([self._started])
        self._leave(self.replicas)
        await asyncio.gather(*self._leaving)
        await asyncio.to_thread(self._launch.forget)

    async def _start(self) -> None:
        try:
            await asyncio.to_thread(self._launch.prepare, self._command)
        except (ModelManagementError, OSError, Failed) as error:
            self._failure = str(error)
        else:
            self._prepared = True
            self.scale(self._size)
        self._say("")

    def _say_from_thread(self, doing: str) -> None:
        self._loop.call_soon_threadsafe(self._say, doing)

    def _say(self, doing: str) -> None:
        self._doing = doing
        self._changed()

    def _log(self, index: int) -> Path:
        return logs.path(self._site.logs, self._order.name, logs.replica_name(self.version, index))

    def _replica(self, index: int) -> Replica:
        return Replica(index, self._launch, self._log(index), self._order.limits, self._changed)

    def _leave(self, replicas: list[Replica]) -> None:
        for replica in replicas:
            task = asyncio.create_task(replica.stop())
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
