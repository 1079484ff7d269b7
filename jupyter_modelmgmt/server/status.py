"""Routes of the registry as a whole: its status, its events, its OpenAPI document."""

import platform
from importlib.metadata import version
from typing import Any

from jupyter_modelmgmt.domain.records import Event
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers
from jupyter_modelmgmt.store import sqlite


class StatusHandler(RegistryHandler):
    @answers("Read what runs where", answer=wire.StatusReport)
    async def get(self) -> None:
        self.send(await self.call(self._report, self.registry))

    def _report(self, registry: Registry) -> wire.StatusReport:
        host = registry.running_host()
        return wire.StatusReport(
            package=version("jupyter_modelmgmt"),
            store=registry.store.shown_url,
            artifacts=registry.artifacts.location,
            image_limit=self.extension.image_limit,
            upload_limit=self.extension.upload_limit,
            last_event=registry.last_event(),
            versions={"python": platform.python_version(), "sqlite": sqlite.driver().sqlite_version},
            host=host.status() if host else None,
        )


class EventsHandler(RegistryHandler):
    @answers("List events after one", query=wire.EventsQuery, answer=wire.Items[Event])
    async def get(self) -> None:
        q = self.query(wire.EventsQuery)
        self.send(wire.Items(items=await self.call(self.registry.events, q.after, limit=min(q.limit, 1000))))


class OpenApiHandler(RegistryHandler):
    @answers("Read this document", answer=dict[str, Any])
    async def get(self) -> None:
        self.send(self.extension.openapi)
