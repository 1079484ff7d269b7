"""A generation: the replicas of one version in one deployment."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.serving import logs
from jupyter_modelmgmt.serving.backend import Backend
from jupyter_modelmgmt.serving.limits import Limits
from jupyter_modelmgmt.serving.replica import Replica
from jupyter_modelmgmt.serving.spec import WorkerSpec
from jupyter_modelmgmt.store.deployments import WantedDeployment


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where a host puts things, and how it gets at a version.

    `prepare(version_id, folder)` copies the artifacts into `folder`; it blocks.
    """

    work: Path
    logs: Path
    sockets: Path
    limits: Limits
    prepare: Callable[[int, Path], ModelVersion]


class Generation:
    """Runs `replicas` workers of one version from its making until `retire`."""

    def __init__(self, wanted: WantedDeployment, site: Site, changed: Callable[[], None]) -> None:
        self.version_id = wanted.version_id
        self.version = wanted.version
        self.replicas: list[Replica] = []
        self._name = wanted.name
        self._folder = site.work / f"{wanted.name}-{wanted.revision}"
        self._size = wanted.replicas
        self._site = site
        self._changed = changed
        self._record: ModelVersion | None = None
        self._failure = ""
        self._leaving: set[asyncio.Task[None]] = set()
        self._started = asyncio.create_task(self._start())

    @property
    def backends(self) -> list[Backend]:
        return [replica.backend for replica in self.replicas if replica.backend]

    @property
    def is_ready(self) -> bool:
        return len(self.backends) == self._size

    @property
    def failure(self) -> str:
        """Why this version, or one of its replicas, does not come up."""
        return self._failure or next((replica.failure for replica in self.replicas if replica.failure), "")

    @property
    def message(self) -> str:
        """What happened last to a replica that is not ready."""
        return next((replica.message for replica in self.replicas if not replica.backend and replica.message), "")

    def scale(self, size: int) -> None:
        """Run `size` replicas from now on."""
        self._size = size
        if self._record is None:
            return
        self._leave(self.replicas[size:])
        self.replicas = self.replicas[:size]
        free = sorted(set(range(size)) - {replica.index for replica in self.replicas})
        self.replicas += [self._replica(self._record, index) for index in free]

    def renew(self) -> None:
        """Let go of the replicas that gave up, so that `scale` begins them anew."""
        self._leave([replica for replica in self.replicas if replica.failure])
        self.replicas = [replica for replica in self.replicas if not replica.failure]

    async def retire(self) -> None:
        """End all replicas after the requests that are in them, and remove the artifacts."""
        self._size = 0
        await asyncio.wait([self._started])
        self._leave(self.replicas)
        await asyncio.gather(*self._leaving)
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def _start(self) -> None:
        try:
            self._record = await asyncio.to_thread(self._site.prepare, self.version_id, self._folder)
        except (ModelManagementError, OSError) as error:
            self._failure = str(error)
        else:
            self.scale(self._size)
        self._changed()

    def _replica(self, version: ModelVersion, index: int) -> Replica:
        site = self._site
        spec = WorkerSpec(
            deployment=self._name, model=version.model, version=version.version, folder=str(self._folder),
            flavor=version.flavor, adapter=version.adapter, config=version.config, labels=version.labels,
            task=version.task, socket=str(site.sockets / f"{uuid4().hex[:12]}.sock"), answer_s=site.limits.answer_s,
        )  # fmt: skip
        return Replica(index, spec, logs.path(site.logs, self._name, index), site.limits, self._changed)

    def _leave(self, replicas: list[Replica]) -> None:
        for replica in replicas:
            task = asyncio.create_task(replica.stop())
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)
