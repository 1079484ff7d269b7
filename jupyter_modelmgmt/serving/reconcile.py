"""Brings what runs to what the store wants, and writes into the store what runs."""

import asyncio
import logging
from pathlib import Path
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from jupyter_modelmgmt.artifacts import Blobs
from jupyter_modelmgmt.domain.errors import StorageFull, StoreUnavailable
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.serving.generation import Site
from jupyter_modelmgmt.serving.rollout import Rollout, Status
from jupyter_modelmgmt.serving.router import Router
from jupyter_modelmgmt.store import Store, deployments, versions
from jupyter_modelmgmt.store.deployments import WantedDeployment

_RETRY_S = 1.0
_log = logging.getLogger(__name__)


class Versions:
    """Versions of a registry, with their artifacts."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs

    def prepare(self, version_id: int, folder: Path) -> ModelVersion:
        """Copy the artifacts of a version into `folder`. Raises NotFound, Damaged, StorageFull."""
        version = versions.get_by_id(self._store, version_id)
        folder.mkdir(parents=True, exist_ok=True)
        self._blobs.materialise(version.artifacts, folder)
        return version


class Reconciler:
    """One rollout per deployment of the store; `rollouts` by name."""

    def __init__(self, store: Store, router: Router, site: Site) -> None:
        self.rollouts: dict[str, Rollout] = {}
        self._store = store
        self._router = router
        self._site = site
        self._looking = asyncio.Lock()
        self._active_at = monotonic()
        self._news: dict[str, tuple[WantedDeployment, Status]] = {}
        self._noted: dict[str, tuple[WantedDeployment, Status]] = {}
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
            await self._look()

    async def _look(self) -> None:
        rows = {row.name: row for row in await asyncio.to_thread(deployments.wanted, self._store)}
        for name, row in rows.items():
            if name in self.rollouts:
                self.rollouts[name].want(row)
            else:
                self.rollouts[name] = Rollout(row, self._site, self._router.open(name), self._note)
        for name in self.rollouts.keys() - rows.keys():
            await self._forget(name)
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
            await asyncio.to_thread(
                deployments.set_state, self._store, name, wanted.revision, state, message=message, available=available
            )
            if self._news[name] is news:
                del self._news[name]

    async def close(self) -> None:
        """Stop all workers."""
        await asyncio.gather(*(rollout.close() for rollout in self.rollouts.values()))
        try:
            await self.flush()
        except (SQLAlchemyError, StoreUnavailable, StorageFull) as error:
            _log.warning("The last states were not written: %s", error)

    async def _forget(self, name: str) -> None:
        self._router.close(name)
        self._noted.pop(name, None)
        await self.rollouts.pop(name).close()

    def _note(self, wanted: WantedDeployment, status: Status) -> None:
        if self._noted.get(wanted.name) == (wanted, status):
            return
        self._noted[wanted.name] = (wanted, status)
        self._news[wanted.name] = (wanted, status)
        self._told.set()
