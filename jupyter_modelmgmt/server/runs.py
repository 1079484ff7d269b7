"""Routes of runs and of metric series. Where a value is no finite number JSON says null."""

import math
from dataclasses import dataclass, field
from typing import Any

from jupyter_modelmgmt.domain.records import DatasetUse, Page
from jupyter_modelmgmt.domain.tracking import Run, Sample, Series
from jupyter_modelmgmt.registry.curves import Curves
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers

Number = float | None
Scalars = dict[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsQuery:
    name: str = ""
    status: str = ""
    tag: str = ""
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRunBody:
    """A run to start; `source` says where its code is: notebook, cells, git_commit, script."""

    name: str
    params: Scalars = field(default_factory=dict)
    tags: tuple[str, ...] | str = ()
    source: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEdit:
    """What to write into a run. `status` finished, failed or killed ends it, running resumes it."""

    params: Scalars = field(default_factory=dict)
    tags: tuple[str, ...] | str = ()
    datasets: tuple[DatasetUse, ...] = ()
    status: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleBody:
    """A point of a line `legend` in a chart `figure`."""

    figure: str
    x: float
    y: Number
    legend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveBody:
    """A whole line: as many `x` as `y`."""

    figure: str
    x: list[float]
    y: list[Number]
    legend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsBody:
    """A batch: plain values at one step, points, whole lines. Without a step: one behind the last."""

    metrics: dict[str, Number] = field(default_factory=dict)
    step: float | None = None
    samples: tuple[SampleBody, ...] = ()
    series: tuple[CurveBody, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplesBody:
    """Points of a version; with a dataset the lines are called after it."""

    samples: tuple[SampleBody, ...]
    dataset: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """How many points were stored."""

    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesQuery:
    """At most `points` of a line, its peaks kept. `legend` names the line when its figure has '/' in it."""

    points: int = 10_000
    legend: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvesQuery:
    points: int = 1000
    figure: str | None = None


class RunsHandler(RegistryHandler):
    @answers("List runs", query=RunsQuery, answer=Page[Run])
    async def get(self) -> None:
        q = self.query(RunsQuery)
        page = self.registry.runs_page
        self.send(await self.call(page, q.name, status=q.status, tag=q.tag, limit=q.limit, cursor=q.cursor))

    @answers("Start a run", body=NewRunBody, answer=Run, status=201)
    async def post(self) -> None:
        body = self.body(NewRunBody)
        start = self.registry.start_run
        self.send(await self.call(start, body.name, params=body.params, tags=body.tags, source=body.source), 201)


class RunHandler(RegistryHandler):
    @answers("Read a run", answer=Run)
    async def get(self, run: str) -> None:
        self.send(await self.call(self.registry.run_record, run))

    @answers("Write into a run, end it, resume it", body=RunEdit, answer=Run)
    async def patch(self, run: str) -> None:
        body = self.body(RunEdit)
        change = self.registry.change_run
        said = {name: getattr(body, name) for name in body.__slots__}
        self.send(await self.call(change, run, **said))


class RunMetricsHandler(RegistryHandler):
    @answers("Read the series of a run", query=CurvesQuery, answer=wire.Items[Series])
    async def get(self, run: str) -> None:
        q = self.query(CurvesQuery)
        registry = self.registry
        self.send(await self.call(lambda: _records(registry.run_curves(run, q.figure, points=q.points))))

    @answers("Log a batch of metrics into a run", body=MetricsBody, answer=Logged)
    async def post(self, run: str) -> None:
        body = self.body(MetricsBody)
        metrics = {name: _number(value) for name, value in body.metrics.items()}
        series = [(line.figure, line.legend, line.x, [_number(y) for y in line.y]) for line in body.series]
        log = self.registry.log_batch
        count = await self.call(log, run, metrics, step=body.step, samples=_samples(body.samples), series=series)
        self.send(Logged(points=count))


class RunSeriesHandler(RegistryHandler):
    @answers("Read a series of a run, by its figure or figure/legend", query=SeriesQuery, answer=Series)
    async def get(self, run: str, key: str) -> None:
        q = self.query(SeriesQuery)
        registry = self.registry
        self.send(await self.call(lambda: registry.run_curve(run, key, q.legend, points=q.points).record()))


class VersionMetricsHandler(RegistryHandler):
    @answers("Read the series of a version and of its run", query=CurvesQuery, answer=wire.Items[Series])
    async def get(self, model: str, version: str) -> None:
        q = self.query(CurvesQuery)
        registry, selector = self.registry, f"{model}@{version}"
        self.send(await self.call(lambda: _records(registry.series(selector, q.figure, points=q.points))))

    @answers("Log points of a version that no run made", body=SamplesBody, answer=Logged)
    async def post(self, model: str, version: str) -> None:
        body = self.body(SamplesBody)
        log = self.registry.log_samples
        count = await self.call(log, f"{model}@{version}", _samples(body.samples), dataset=body.dataset)
        self.send(Logged(points=count))


def _records(curves: Curves) -> wire.Items[Series]:
    return wire.Items(items=tuple(curve.record() for curve in curves))


def _samples(bodies: tuple[SampleBody, ...]) -> list[Sample]:
    return [Sample(figure=b.figure, legend=b.legend, x=b.x, y=_number(b.y)) for b in bodies]


def _number(value: Number) -> float:
    return math.nan if value is None else value
