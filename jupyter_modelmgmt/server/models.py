"""Routes of models."""

from jupyter_modelmgmt.domain.records import Model, Page
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers


class ModelsHandler(RegistryHandler):
    @answers("List models", query=wire.ModelsQuery, answer=Page[Model])
    async def get(self) -> None:
        q = self.query(wire.ModelsQuery)
        page = self.registry.models_page
        self.send(await self.call(page, q.search, filter=q.filter, sort=q.sort, limit=q.limit, cursor=q.cursor))

    @answers("Make a model without versions", body=wire.NewModelBody, answer=Model, status=201)
    async def post(self) -> None:
        body = self.body(wire.NewModelBody)
        self.send(await self.call(self.registry.create_model, body.name, body.description), 201)


class ModelHandler(RegistryHandler):
    @answers("Read a model", answer=Model)
    async def get(self, model: str) -> None:
        self.send(await self.call(self.registry.model, model))

    @answers("Describe a model", body=wire.ModelEdit, answer=Model)
    async def patch(self, model: str) -> None:
        self.send(await self.call(self.registry.describe, model, self.body(wire.ModelEdit).description))

    @answers("Delete a model with all its versions", query=wire.ConfirmQuery, status=204)
    async def delete(self, model: str) -> None:
        await self.call(self.registry.delete_model, model, confirm=self.query(wire.ConfirmQuery).confirm)
        self.send_nothing()
