"""The Ray engine: one Ray Serve application for each version, whose replicas the cluster keeps running.

The host's router sends to the cluster's proxy, so splits, shadows and updates work as they do for
workers on this machine. Applications that a killed host left are ended by the next one.
"""

import asyncio
import hashlib
import os
import platform
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from jupyter_modelmgmt.domain.errors import ModelManagementError, ServingFailed
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.serving import logs, packages
from jupyter_modelmgmt.serving.backend import Backend, Cut, Forward, Unreachable
from jupyter_modelmgmt.serving.engines import ray_logs
from jupyter_modelmgmt.serving.engines.ray_cluster import Cluster, Told
from jupyter_modelmgmt.serving.environments import ISOLATED, OWN
from jupyter_modelmgmt.serving.order import Order, Site
from jupyter_modelmgmt.serving.spec import worker_spec

_IMPORT_PATH = "jupyter_modelmgmt.serving.ray_app:build"
_FAILED = ("DEPLOY_FAILED",)
_ONGOING = 256  # requests that a replica takes at once: what queues in it is its next batch
_POLL_S = 1.0
_GONE_S = 60.0
_running: set[str] = set()  # names of applications that this host runs
_READY = Forward(method="GET", path="/v2/health/ready")


@dataclass(frozen=True, slots=True, kw_only=True)
class RayReplica:
    """One replica on the cluster; its process is none of this machine's."""

    index: int
    state: str
    pid: int | None = None
    restarts: int = 0


class RayGeneration:
    """Runs one version as an application of a cluster from its making until `retire`."""

    def __init__(self, order: Order, site: Site, changed: Callable[[], None]) -> None:
        self.version_id = order.version_id
        self.version = order.version
        self.replicas: list[RayReplica] = []
        self.backends: list[Backend] = []
        self.failure = ""
        self.message = "Asking the Ray cluster"
        self._order = order
        self._site = site
        self._size = order.spec.replicas
        self._changed = changed
        self._attempt = 0
        mine = prefix(site)
        self._cluster = Cluster(order.spec.engine_address, lambda name: name.startswith(mine) and name not in _running)
        self._name = f"{mine}{order.name}-{order.revision}-{re.sub('[^A-Za-z0-9]', '-', order.version)}"
        _running.add(self._name)  # all of this host are, before the first of them writes
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    @property
    def available(self) -> int:
        return sum(replica.state == "ready" for replica in self.replicas) if self.backends else 0

    @property
    def is_ready(self) -> bool:
        wanted = self._order.spec.autoscale.min if self._order.spec.autoscale else self._size
        return bool(self.backends) and self.available >= wanted

    def scale(self, size: int) -> None:
        """Let the cluster run `size` replicas from now on."""
        if size != self._size:
            self._size = size
            self._wake.set()

    def renew(self) -> None:
        """Begin anew after a failure."""
        if self.failure:
            self.failure = ""
            self._attempt += 1
            self._wake.set()

    async def retire(self) -> None:
        """End the application after the requests that are in it."""
        self._task.cancel()
        await asyncio.wait([self._task])
        _running.discard(self._name)
        limits = self._order.limits
        await asyncio.gather(*(backend.drained(limits.drain_s) for backend in self.backends))
        for backend in self.backends:
            backend.close()
        try:
            async with asyncio.timeout(_GONE_S):
                await asyncio.to_thread(self._cluster.remove, self._name)
                while (await asyncio.to_thread(self._cluster.told, self._name)).status:  # noqa: ASYNC110  # the cluster is asked
                    await asyncio.sleep(_POLL_S)
        except (ServingFailed, TimeoutError) as error:
            ray_logs.append(self._log(0), [f"The application {self._name} may still be on the cluster: {error}"])

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                record = await asyncio.to_thread(self._site.versions.record, self.version_id)
                await asyncio.to_thread(self._cluster.put, self._application(record))
                await self._watch()
            except (ModelManagementError, OSError) as error:
                self._fail(str(error))
                await self._wake.wait()

    async def _watch(self) -> None:
        """Follow the application until something else is wanted of it."""
        while not self._wake.is_set():
            told = await asyncio.to_thread(self._cluster.told, self._name)
            await self._take(told)
            await asyncio.to_thread(ray_logs.follow, self._cluster, told, self._log)
            try:
                await asyncio.wait_for(self._wake.wait(), _POLL_S)
            except TimeoutError:
                continue

    async def _take(self, told: Told) -> None:
        before = (self.replicas, self.message, bool(self.backends))
        self.replicas = [RayReplica(index=i, state=_state(each["state"])) for i, each in enumerate(told.replicas)]
        self.message = told.message.strip()
        if told.status in _FAILED:
            self._fail(told.message)
        elif any(replica.state == "ready" for replica in self.replicas):
            await self._reach(told.port)
        else:
            self.backends = []
        if (self.replicas, self.message, bool(self.backends)) != before:
            self._changed()

    async def _reach(self, port: int) -> None:
        """Send requests to the cluster's proxy once the application answers there."""
        if self.backends:
            self.backends[0].suspected = False
            return
        backend = Backend((self._cluster.host, port), self.version, lambda path: f"/{self._name}{path}")
        try:
            async with asyncio.timeout(_POLL_S * 5):
                answer = await backend.send(_READY)
        except (Unreachable, Cut, TimeoutError):
            self.message = f"Waits for Ray Serve's proxy to answer at {self._cluster.host}:{port}."
            return
        if answer.status == 200:  # noqa: PLR2004  # HTTP's OK
            self.backends = [backend]

    def _fail(self, reason: str) -> None:
        self.failure, self.backends = reason.strip(), []
        self._changed()

    def _application(self, version: ModelVersion) -> dict[str, Any]:
        order = self._order
        told = worker_spec(
            version, deployment=order.name, answer_s=order.limits.answer_s, max_batch=order.spec.max_batch
        )
        return {
            "name": self._name,
            "route_prefix": f"/{self._name}",
            "import_path": _IMPORT_PATH,
            "args": {
                "spec": msgspec.json.encode(told).decode(),
                "files": msgspec.json.encode(version.artifacts).decode(),
                "artifacts": self._site.versions.location,
                "attempt": str(self._attempt),
            },
            "runtime_env": self._runtime_env(version),
            "deployments": [self._deployment()],
        }

    def _deployment(self) -> dict[str, Any]:
        spec, resources = self._order.spec, self._order.spec.resources
        asked = {"num_cpus": resources.cpu, "memory": resources.memory_mb * 2**20, "num_gpus": resources.gpus}
        size: dict[str, Any] = {"num_replicas": self._size}
        if scaled := spec.autoscale:
            size = {"autoscaling_config": {
                "min_replicas": scaled.min, "max_replicas": scaled.max, "target_ongoing_requests": scaled.target_ongoing,
            }}  # fmt: skip
        return {
            **size, "name": "model", "max_ongoing_requests": _ONGOING, "max_surge_percent": 100,
            "graceful_shutdown_timeout_s": self._order.limits.drain_s,
            "ray_actor_options": {name: value for name, value in asked.items() if value},
        }  # fmt: skip

    def _runtime_env(self, version: ModelVersion) -> dict[str, Any]:
        spec = self._order.spec
        made: dict[str, Any] = {"env_vars": {**spec.variables, **spec.secrets}}
        if spec.environment == ISOLATED:
            made["uv"] = packages.lines(version).split()
        elif spec.environment != OWN:
            made["py_executable"] = spec.environment
        return made

    def _log(self, index: int) -> Path:
        return logs.path(self._site.logs, self._order.name, logs.replica_name(self.version, index))


def prefix(site: Site) -> str:
    """Return what the names of this host's applications begin with, the same for its successor."""
    here = f"{platform.node()} {os.getuid()} {site.work}"
    return f"modelmgmt-{hashlib.sha256(here.encode()).hexdigest()[:8]}-"


def _state(told: str) -> str:
    return {"RUNNING": "ready", "STARTING": "starting", "STOPPING": "stopping"}.get(told, "starting")
