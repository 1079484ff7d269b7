"""Routes that tell what happened."""

from dataclasses import dataclass

from jupyter_modelmgmt.domain.governance import StagePeriod, StatusChange
from jupyter_modelmgmt.domain.records import Event, Page
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageHistoryQuery:
    """The stage, empty for all."""

    stage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldersQuery:
    """A day, `2026-11-21`, or a moment, `2026-11-21T10:00:00Z`."""

    on: str


class HistoryHandler(RegistryHandler):
    @answers("Read what happened to the registry", query=HistoryQuery, answer=Page[Event])
    async def get(self) -> None:
        await self.send_history("")

    async def send_history(self, what: str) -> None:
        q = self.query(HistoryQuery)
        self.send(await self.call(self.registry.history_page, what, limit=q.limit, cursor=q.cursor))


class ModelHistoryHandler(HistoryHandler):
    @answers("Read what happened to a model", query=HistoryQuery, answer=Page[Event])
    async def get(self, model: str) -> None:  # type: ignore[override]  # each route has its own parts
        await self.send_history(model)


class VersionHistoryHandler(HistoryHandler):
    @answers("Read what happened to a version", query=HistoryQuery, answer=Page[Event])
    async def get(self, model: str, version: str) -> None:  # type: ignore[override]  # each route has its own parts
        await self.send_history(f"{model}@{version}")


class StatusLogHandler(RegistryHandler):
    @answers("Read the statuses of a version", answer=wire.Items[StatusChange])
    async def get(self, model: str, version: str) -> None:
        self.send(wire.Items(items=await self.call(self.registry.status_log, f"{model}@{version}")))


class StageHistoryHandler(RegistryHandler):
    @answers("Read who was in which stage", query=StageHistoryQuery, answer=wire.Items[StagePeriod])
    async def get(self, model: str) -> None:
        stage = self.query(StageHistoryQuery).stage
        self.send(wire.Items(items=await self.call(self.registry.stage_history, model, stage)))


class HoldersHandler(RegistryHandler):
    @answers("Read who was in a stage on a day", query=HoldersQuery, answer=wire.Items[StagePeriod])
    async def get(self, model: str, stage: str) -> None:
        on = self.query(HoldersQuery).on
        self.send(wire.Items(items=await self.call(self.registry.holders, model, stage, on=on)))
