"""Routes of stages, approvals, aliases, the trash and the settings."""

from dataclasses import dataclass
from typing import Any

from jupyter_modelmgmt.domain.governance import Approval, Lifetime, Settings, StageRule, Trashed
from jupyter_modelmgmt.domain.records import ModelVersion, Page
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasBody:
    """Where an alias points; `protected` sets or lifts its protection."""

    version: str
    protected: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalBody:
    selector: str
    stage: str
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentBody:
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifetimeBody:
    days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalsQuery:
    model: str = ""
    state: str = ""
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrashQuery:
    model: str = ""
    limit: int = 50
    cursor: str | None = None


class StageHandler(RegistryHandler):
    @answers("Promote a version", body=wire.StageBody, answer=ModelVersion)
    async def put(self, model: str, version: str) -> None:
        body = self.body(wire.StageBody)
        moved = await self.call(
            self.registry.promote,
            f"{model}@{version}",
            body.stage,
            comment=body.comment,
            archive_previous=body.archive_previous,
        )
        self.send(moved)


class StagesHandler(RegistryHandler):
    @answers("List the stages and what they ask", answer=wire.Items[StageRule])
    async def get(self) -> None:
        self.send(wire.Items(items=tuple(await self.call(self.registry.stages))))


class StageRuleHandler(RegistryHandler):
    @answers("Make a stage, or change what it asks", body=dict[str, Any], answer=wire.Items[StageRule])
    async def patch(self, stage: str) -> None:
        changes = self.body(dict[str, Any])
        self.send(wire.Items(items=tuple(await self.call(self.registry.configure_stage, stage, **changes))))

    @answers("Forget a stage that no version is in", answer=wire.Items[StageRule])
    async def delete(self, stage: str) -> None:
        self.send(wire.Items(items=tuple(await self.call(self.registry.remove_stage, stage))))


class ApprovalsHandler(RegistryHandler):
    @answers("List requests for approval, the last first", query=ApprovalsQuery, answer=Page[Approval])
    async def get(self) -> None:
        q = self.query(ApprovalsQuery)
        page = self.registry.approvals_page
        self.send(await self.call(page, q.model, state=q.state, limit=q.limit, cursor=q.cursor))

    @answers("Ask that a version may enter a stage", body=ApprovalBody, answer=Approval, status=201)
    async def post(self) -> None:
        body = self.body(ApprovalBody)
        ask = self.registry.request_approval
        self.send(await self.call(ask, body.selector, body.stage, comment=body.comment), 201)


class ApproveHandler(RegistryHandler):
    @answers("Say yes to a request; the version moves", body=CommentBody, answer=ModelVersion)
    async def post(self, request: str) -> None:
        body = self.body(CommentBody)
        self.send(await self.call(self.registry.approve, self.number(request), comment=body.comment))


class RejectHandler(RegistryHandler):
    @answers("Say no to a request, and why", body=CommentBody, answer=Approval)
    async def post(self, request: str) -> None:
        body = self.body(CommentBody)
        self.send(await self.call(self.registry.reject, self.number(request), comment=body.comment))


class AliasHandler(RegistryHandler):
    @answers("Let an alias point at a version", body=AliasBody, answer=ModelVersion)
    async def put(self, model: str, alias: str) -> None:
        body = self.body(AliasBody)
        put = self.registry.set_alias
        self.send(await self.call(put, f"{model}@{body.version}", alias, protected=body.protected))

    @answers("Forget an alias", status=204)
    async def delete(self, model: str, alias: str) -> None:
        await self.call(self.registry.remove_alias, model, alias)
        self.send_nothing()


class TrashHandler(RegistryHandler):
    @answers("List what was deleted, the last first", query=TrashQuery, answer=Page[Trashed])
    async def get(self) -> None:
        q = self.query(TrashQuery)
        self.send(await self.call(self.registry.trash_page, q.model, limit=q.limit, cursor=q.cursor))


class TrashedHandler(RegistryHandler):
    @answers("Forget a version in the trash for ever", query=wire.ConfirmQuery, status=204)
    async def delete(self, model: str, version: str) -> None:
        confirm = self.query(wire.ConfirmQuery).confirm
        await self.call(self.registry.purge, f"{model}@{version}", confirm=confirm)
        self.send_nothing()


class LifetimeHandler(RegistryHandler):
    @answers("Read how long a model's versions are kept", answer=Lifetime)
    async def get(self, model: str, version: str = "") -> None:
        self.send(await self.call(self.registry.lifetime, _named(model, version)))

    @answers("Set after how many days versions go to the trash; null for never", body=LifetimeBody, answer=Lifetime)
    async def put(self, model: str, version: str = "") -> None:
        days = self.body(LifetimeBody).days
        self.send(await self.call(self.registry.set_lifetime, _named(model, version), days))


def _named(model: str, version: str) -> str:
    return f"{model}@{version}" if version else model


class SettingsHandler(RegistryHandler):
    @answers("Read the settings of the registry", answer=Settings)
    async def get(self) -> None:
        self.send(await self.call(self.registry.settings))

    @answers("Change settings of the registry", body=dict[str, Any], answer=Settings)
    async def patch(self) -> None:
        self.send(await self.call(self.registry.configure, **self.body(dict[str, Any])))
