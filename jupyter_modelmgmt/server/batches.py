"""Routes of batches. They run in this server; paths are those of its machine."""

from dataclasses import dataclass

from jupyter_modelmgmt.domain.batches import Batch
from jupyter_modelmgmt.domain.records import Page
from jupyter_modelmgmt.server.base import RegistryHandler, answers


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBatchBody:
    """What to run through which deployment or version, and where results go: `.jsonl` or `.parquet`.

    `inputs` is a folder, a manifest, a CSV file or a dataset. `columns` tells for an input of the
    model which column it is, by name or position.
    """

    target: str
    inputs: str
    output: str
    columns: dict[str, str | int] | None = None
    resume: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchesQuery:
    limit: int = 50
    cursor: str | None = None


class BatchesHandler(RegistryHandler):
    @answers("List batches, the newest first", query=BatchesQuery, answer=Page[Batch])
    async def get(self) -> None:
        q = self.query(BatchesQuery)
        self.send(await self.call(self.registry.batches_page, limit=q.limit, cursor=q.cursor))

    @answers("Start a batch", body=NewBatchBody, answer=Batch, status=202)
    async def post(self) -> None:
        b = self.body(NewBatchBody)
        start = self.registry.batch
        begun = await self.call(
            start, b.target, b.inputs, b.output, columns=b.columns, resume=b.resume, wait=False
        )  # fmt: skip
        self.send(begun, 202)


class BatchHandler(RegistryHandler):
    @answers("See how far a batch is", answer=Batch)
    async def get(self, batch: str) -> None:
        self.send(await self.call(self.registry.get_batch, batch))


class CancelBatchHandler(RegistryHandler):
    @answers("Let a batch end; what is done stays", answer=Batch)
    async def post(self, batch: str) -> None:
        self.send(await self.call(self.registry.cancel_batch, batch))
