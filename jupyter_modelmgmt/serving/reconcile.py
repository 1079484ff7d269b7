"""Brings what runs to what the store wants, and writes into the store what runs."""

import asyncio
import logging
from pathlib import Path
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from jupyter_modelmgmt.artifacts import Blobs
from jupyter_modelmgmt.domain.errors import ModelManagementError, StorageFull, StoreUnavailable
from jupyter_modelmgmt.domain.records import DeploymentState, ModelVersion
from jupyter_modelmgmt.places import host_name
from jupyter_modelmgmt.serving.order import Site
from jupyter_modelmgmt.serving.rollout import Rollout, Status
from jupyter_modelmgmt.serving.router import Router
from jupyter_modelmgmt.store import Store, deployments, revisions, versions
from jupyter_modelmgmt.store.deployments import WantedDeployment

_RETRY_S = 1.0
_log = logging.getLogger(__name__)


class Versions:
    """Versions of a registry, with their artifacts, which lie at `location`."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self.location = blobs.location
        self._store = store
        self._blobs = blobs

    def record(self, version_id: int) -> ModelVersion:
        """Return a version. Raises NotFound."""
        return versions.get_by_id(self._store, version_id)

    def prepare(self, version_id: int, folder: Path) -> ModelVersion:
        """Copy the artifacts of a version into `folder`. Raises NotFound, Damaged, StorageFull."""
        version = self.record(version_id)
        folder.mkdir(parents=True, exist_ok=True)
        self._blobs.materialise(version.artifacts, folder)
        return version


class Reconciler:
    """One rollout per deployment of the store; `rollouts` by name."""

    def __init__(self, store: Store, router: Router, site: Site, endpoint: str) -> None:
        self.rollouts: dict[str, Rollout] = {}
        self._store = store
        self._router = router
        self._endpoint = endpoint
        self._site = site
        self._name = host_name()
        self._looking = asyncio.Lock()
        self._again = False
        self._active_at = monotonic()
        self._news: dict[str, tuple[WantedDeployment, Status]] = {}
        self._noted: dict[str, tuple[int, Status]] = {}
        self._going_back: set[asyncio.Task[None]] = set()
        self._told = asyncio.Event()

    @property
    def idle_s(self) -> float:
        """For how long no worker has run."""
        return monotonic() - self._active_at

    async def run(self) -> None:
        """Look every now and then, for ever: a change may have been made without telling this host."""
        while True:
            await asyncio.sleep(self._site.limits.poll_s)
            try:
                await self.look()
            except StoreUnavailable as error:
                _log.warning("The store could not be read: %s", error)
            except SQLAlchemyError:
                _log.exception("The store could not be read; trying again")

    async def look(self) -> None:
        """Read what is wanted and go for it."""
        async with self._looking:
            self._again = False
            await self._look()
            if self._again:
                await self._look()

    async def _look(self) -> None:
        rows = {row.name: row for row in await asyncio.to_thread(deployments.wanted, self._store, host=self._name)}
        for name, row in rows.items():
            if name in self.rollouts:
                if row.revision != self.rollouts[name].wanted.revision:
                    self._router.open(name).asked_at = monotonic()
                self.rollouts[name].want(row)
            else:
                line = self._router.open(name)
                self.rollouts[name] = Rollout(row, self._site, line, self._note, self._give_up)
        for name in self.rollouts.keys() - rows.keys():
            await self._forget(name)
        for row in rows.values():
            await self._stop_unasked(row)
        if any(rollout.is_active for rollout in self.rollouts.values()):
            self._active_at = monotonic()

    async def write(self) -> None:
        """Write states into the store as they change, for ever; the newest alone counts."""
        while True:
            await self._told.wait()
            self._told.clear()
            try:
                await self.flush()
            except (SQLAlchemyError, StoreUnavailable, StorageFull) as error:
                _log.warning("A state could not be written, trying again: %s", error)
                await asyncio.sleep(_RETRY_S)
                self._told.set()

    async def flush(self) -> None:
        """Write the states that wait to be written."""
        for name, (wanted, (state, message, available)) in list(self._news.items()):
            news = self._news[name]
            there = self._endpoint.format(name) if state is DeploymentState.DEPLOYED else ""
            await asyncio.to_thread(
                deployments.set_state, self._store, name, wanted.revision, state,
                message=message, available=available, endpoint=there,
            )  # fmt: skip
            if self._news[name] is news:
                del self._news[name]

    async def close(self) -> None:
        """Stop all workers."""
        await asyncio.gather(*(rollout.close() for rollout in self.rollouts.values()))
        try:
            await self.flush()
        except (SQLAlchemyError, StoreUnavailable, StorageFull) as error:
            _log.warning("The last states were not written: %s", error)

    async def _stop_unasked(self, row: WantedDeployment) -> None:
        """Stop a deployment that nobody asked for as long as it says. Source: M22."""
        line, after_s = self._router.line(row.name), row.spec.auto_stop_s
        if not (after_s and row.running) or line.load or monotonic() - line.asked_at < after_s:
            return
        said = f"Stopped after {after_s} s without a request"
        await asyncio.to_thread(revisions.stop, self._store, row.name, actor="host", message=said)
        self._again = True

    async def _forget(self, name: str) -> None:
        self._router.close(name)
        self._noted.pop(name, None)
        await self.rollouts.pop(name).close()

    def _give_up(self, wanted: WantedDeployment, reason: str) -> None:
        task = asyncio.create_task(self._gone_back(wanted, reason))
        self._going_back.add(task)
        task.add_done_callback(self._going_back.discard)

    async def _gone_back(self, wanted: WantedDeployment, reason: str) -> None:
        """Let the store go back to what was deployed before; what cannot is failed and stays so."""
        try:
            done = await asyncio.to_thread(revisions.give_up, self._store, wanted.name, wanted.revision, reason)
        except (SQLAlchemyError, ModelManagementError) as error:
            _log.warning("%s could not be rolled back: %s", wanted.name, error)
            done = False
        rollout = self.rollouts.get(wanted.name)
        if done:
            await self.look()
        elif rollout and rollout.wanted.revision == wanted.revision:
            rollout.stay()

    def _note(self, wanted: WantedDeployment, status: Status) -> None:
        if self._noted.get(wanted.name) == (wanted.revision, status):
            return
        self._noted[wanted.name] = (wanted.revision, status)
        self._news[wanted.name] = (wanted, status)
        self._told.set()
