"""Routes of versions."""

from typing import Any

import msgspec

from jupyter_modelmgmt.domain.compare import ComparisonTable
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.records import ModelVersion, Page, VersionSummary
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers


class VersionsHandler(RegistryHandler):
    @answers("List versions", query=wire.VersionsQuery, answer=Page[VersionSummary])
    async def get(self, model: str) -> None:
        q = self.query(wire.VersionsQuery)
        page = self.registry.versions_page
        self.send(await self.call(page, model, filter=q.filter, sort=q.sort, limit=q.limit, cursor=q.cursor))

    @answers("Register uploaded files as a version", body=wire.NewVersionBody, answer=ModelVersion, status=201)
    async def post(self, model: str) -> None:
        body = self.body(wire.NewVersionBody)
        fields = {name: getattr(body, name) for name in body.__slots__ if name not in ("artifacts", "version", "bump")}
        register = self.registry.register_uploads
        version = await self.call(register, model, body.artifacts, version=body.version, bump=body.bump, **fields)
        self.send(version, 201)


class VersionHandler(RegistryHandler):
    @answers("Read a version, by any selector", answer=ModelVersion)
    async def get(self, model: str, version: str) -> None:
        self.send(await self.call(self.registry.get, f"{model}@{version}"))

    @answers("Edit a version", body=dict[str, Any], answer=ModelVersion)
    async def patch(self, model: str, version: str) -> None:
        changes = self.body(dict[str, Any])
        self.send(await self.call(self.registry.update, f"{model}@{version}", **changes))

    @answers("Delete a version", query=wire.DeleteQuery, status=204)
    async def delete(self, model: str, version: str) -> None:
        delete_aliases = self.query(wire.DeleteQuery).delete_aliases
        await self.call(self.registry.delete, f"{model}@{version}", delete_aliases=delete_aliases)
        self.send_nothing()


class RestoreHandler(RegistryHandler):
    @answers("Take a version out of the trash", answer=ModelVersion)
    async def post(self, model: str, version: str) -> None:
        self.send(await self.call(self.registry.restore, f"{model}@{version}"))


class CloneVersionHandler(RegistryHandler):
    @answers("Register a copy of a version", body=wire.CloneVersionBody, answer=ModelVersion, status=201)
    async def post(self, model: str, version: str) -> None:
        body = self.body(wire.CloneVersionBody)
        changes = {name: getattr(body, name) for name in body.__slots__ if name not in ("name", "version", "bump")}
        clone = self.registry.clone_version
        selector = f"{model}@{version}"
        self.send(await self.call(clone, selector, body.name, version=body.version, bump=body.bump, **changes), 201)


class CompareHandler(RegistryHandler):
    @answers("Compare versions: `version` repeats, `base` is a position", answer=ComparisonTable)
    async def get(self) -> None:
        selectors = self.get_query_arguments("version")
        base = self._base()
        comparison = await self.call(self.registry.compare, *selectors, base=base)
        self.send(comparison.table)

    def _base(self) -> int:
        try:
            return msgspec.convert(self.get_query_argument("base", "0"), int, strict=False)
        except msgspec.ValidationError:
            raise BadField("base is the position of a version, beginning at 0.") from None
