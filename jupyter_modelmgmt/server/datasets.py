"""Routes of datasets."""

from dataclasses import dataclass

from jupyter_modelmgmt.domain.records import Page
from jupyter_modelmgmt.domain.tracking import Dataset, NewDataset
from jupyter_modelmgmt.server.base import RegistryHandler, answers


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetsQuery:
    name: str = ""
    limit: int = 50
    cursor: str | None = None


class DatasetsHandler(RegistryHandler):
    @answers("List datasets", query=DatasetsQuery, answer=Page[Dataset])
    async def get(self) -> None:
        q = self.query(DatasetsQuery)
        self.send(await self.call(self.registry.datasets_page, q.name, limit=q.limit, cursor=q.cursor))

    @answers("Register a dataset by its digest", body=NewDataset, answer=Dataset, status=201)
    async def post(self) -> None:
        body = self.body(NewDataset)
        said = {name: getattr(body, name) for name in body.__slots__}
        self.send(await self.call(self.registry.register_dataset, **said), 201)


class DatasetHandler(RegistryHandler):
    @answers("Read a dataset, `name@3` or the newest of `name`", answer=Dataset)
    async def get(self, dataset: str) -> None:
        self.send(await self.call(self.registry.dataset, dataset))
