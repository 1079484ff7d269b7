"""Routes of evaluations and boards."""

from dataclasses import dataclass

from jupyter_modelmgmt.domain.records import Page
from jupyter_modelmgmt.domain.tracking import Board, Evaluation
from jupyter_modelmgmt.server.base import RegistryHandler, answers


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationsQuery:
    """Of one version (a selector), of one model, or of all."""

    version: str = ""
    model: str = ""
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationBody:
    """What a version scored on a registered dataset."""

    version: str
    dataset: str
    metrics: dict[str, float]
    duration_s: float | None = None
    run: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardQuery:
    """Names are separated by commas. `sort` is `version` or a column, `loss @ golden`; `-` turns it."""

    metrics: str = ""
    datasets: str = ""
    stages: str = ""
    sort: str = "-version"
    limit: int = 50


class EvaluationsHandler(RegistryHandler):
    @answers("List evaluations", query=EvaluationsQuery, answer=Page[Evaluation])
    async def get(self) -> None:
        q = self.query(EvaluationsQuery)
        page = self.registry.evaluations_page
        self.send(await self.call(page, q.version or q.model, limit=q.limit, cursor=q.cursor))

    @answers("Log an evaluation", body=EvaluationBody, answer=Evaluation, status=201)
    async def post(self) -> None:
        body = self.body(EvaluationBody)
        log = self.registry.log_evaluation
        made = await self.call(
            log, body.version, dataset=body.dataset, metrics=body.metrics, duration_s=body.duration_s, run=body.run
        )
        self.send(made, 201)


class BoardHandler(RegistryHandler):
    @answers("Read the versions of a model against golden datasets", query=BoardQuery, answer=Board)
    async def get(self, model: str) -> None:
        q = self.query(BoardQuery)
        board = self.registry.board
        self.send(await self.call(board, model, **{name: getattr(q, name) for name in q.__slots__}))
