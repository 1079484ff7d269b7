"""Routes of jobs: training and evaluating begin here, and tell how far they are."""

from dataclasses import dataclass, field
from typing import Literal

from jupyter_modelmgmt.domain.jobs import Job
from jupyter_modelmgmt.domain.records import Page
from jupyter_modelmgmt.server.base import RegistryHandler, answers


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateBody:
    """A registered golden dataset with the path where it lies; `target` is the column of the truth."""

    dataset: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainBody:
    """A registered dataset with the path where it lies; `params` go to the adapter's `train`."""

    dataset: str
    version: str | None = None
    bump: Literal["major", "minor", "patch"] | None = None
    params: dict[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsQuery:
    """`search` is a part of the model's name, or an id."""

    search: str = ""
    status: str = ""
    kind: str = ""
    limit: int = 50
    cursor: str | None = None


class EvaluateHandler(RegistryHandler):
    @answers("Evaluate a version on golden data", body=EvaluateBody, answer=Job, status=202)
    async def post(self, model: str, version: str) -> None:
        body = self.body(EvaluateBody)
        start = self.registry.start_evaluation
        self.send(await self.call(start, f"{model}@{version}", body.dataset, target=body.target), 202)


class TrainHandler(RegistryHandler):
    @answers("Train a version to a new one", body=TrainBody, answer=Job, status=202)
    async def post(self, model: str, version: str) -> None:
        body = self.body(TrainBody)
        start = self.registry.start_training
        selector = f"{model}@{version}"
        job = await self.call(
            start, selector, dataset=body.dataset, version=body.version, bump=body.bump, params=body.params
        )
        self.send(job, 202)


class JobsHandler(RegistryHandler):
    @answers("List jobs", query=JobsQuery, answer=Page[Job])
    async def get(self) -> None:
        q = self.query(JobsQuery)
        page = self.registry.jobs_page
        self.send(await self.call(page, q.search, status=q.status, kind=q.kind, limit=q.limit, cursor=q.cursor))


class JobHandler(RegistryHandler):
    @answers("Read a job", answer=Job)
    async def get(self, job: str) -> None:
        self.send(await self.call(self.registry.job, self.number(job)))
