"""All that a registry says of one version, read in one state of the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Connection, or_, select

from jupyter_modelmgmt.domain.archives import (
    FORMAT,
    MAX_SERIES_BYTES,
    POINT_BYTES,
    ArchivedSeries,
    Manifest,
)
from jupyter_modelmgmt.domain.errors import TooLarge
from jupyter_modelmgmt.domain.governance import StagePeriod, StatusChange
from jupyter_modelmgmt.domain.records import Event, ModelVersion, Status
from jupyter_modelmgmt.domain.tracking import Dataset, Evaluation, Run
from jupyter_modelmgmt.store import aliases, datasets, evaluations, lookup, run_rows, schema, series
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow
from jupyter_modelmgmt.store.rows import detail

MAX_EVENTS = 10_000
_E = schema.events.c
_J = schema.evaluations.c
_L = schema.status_log.c
_P = schema.stage_periods.c
_S = schema.series.c
_JUDGED = evaluations.QUERY.order_by(_J.id)


@dataclass(frozen=True, slots=True)
class Collected:
    """A manifest, and the points of its series in their order."""

    manifest: Manifest
    points: tuple[bytes, ...]


def collect(store: Store, selector: str, *, actor: str, package: str) -> Collected:
    """Return all that is said of a version. Raises NotFound, and TooLarge for very many points."""
    with store.read() as c:
        row = lookup.find(c, selector)
        version = replace(detail(c, row), status=Status(row.status), deployments=())
        run = _run(c, row.run_id)
        judged = evaluations.records(c, c.execute(_JUDGED.where(_J.version_id == row.id)).all())
        curves = _series(c, row)
        manifest = Manifest(
            format=FORMAT, version=version, exported_at=now(), exported_by=actor, package=package,
            description=c.execute(select(schema.models.c.description).filter_by(id=row.model_id)).scalar_one(),
            aliases=tuple(aliases.of_version(c, row.id)), statuses=_statuses(c, row.id), periods=_periods(c, row),
            events=_events(c, version), run=run, datasets=_datasets(c, version, run, judged), evaluations=judged,
            series=tuple(_archived(curve) for curve in curves),
        )  # fmt: skip
        return Collected(manifest, tuple(np.ascontiguousarray(p.T, "<f8").tobytes() for p in series.read(c, curves)))


def _run(c: Connection, run_id: int | None) -> Run | None:
    if run_id is None:
        return None
    return run_rows.detail(c, c.execute(select(schema.runs).where(schema.runs.c.id == run_id)).one())


def _series(c: Connection, row: AnyRow) -> Sequence[AnyRow]:
    mine = or_(_S.version_id == row.id, _S.run_id == row.run_id) if row.run_id else _S.version_id == row.id
    found = c.execute(select(schema.series).where(mine).order_by(_S.run_id, _S.figure, _S.legend)).all()
    if sum(map(_length, found)) * POINT_BYTES > MAX_SERIES_BYTES:
        raise TooLarge(f"The run has more than {MAX_SERIES_BYTES >> 20} MB of metric series. Export without it.")
    return found


def _archived(row: AnyRow) -> ArchivedSeries:
    of_run = row.run_id is not None
    return ArchivedSeries(figure=row.figure, legend=row.legend, count=_length(row), of_run=of_run)


def _length(row: AnyRow) -> int:
    # Not row.count: that is the method of every tuple.
    return int(row._mapping["count"])  # noqa: SLF001 - SQLAlchemy's public way to a mapping


def _statuses(c: Connection, version_id: int) -> tuple[StatusChange, ...]:
    rows = c.execute(select(schema.status_log).where(_L.version_id == version_id).order_by(_L.id))
    return tuple(StatusChange(at=row.at, actor=row.actor, status=row.status, reason=row.reason) for row in rows)


def _periods(c: Connection, version: AnyRow) -> tuple[StagePeriod, ...]:
    rows = c.execute(select(schema.stage_periods).where(_P.version_id == version.id).order_by(_P.entered_at, _P.id))
    return tuple(
        StagePeriod(
            model=version.model, version=version.version, stage=row.stage, entered_at=row.entered_at,
            left_at=row.left_at, actor=row.actor, comment=row.comment,
        )
        for row in rows
    )  # fmt: skip


def _events(c: Connection, version: ModelVersion) -> tuple[Event, ...]:
    """Return the newest events of a version, oldest first."""
    mine = select(schema.events).where(_E.model == version.model, _E.version == version.version)
    rows = c.execute(mine.order_by(_E.id.desc()).limit(MAX_EVENTS)).all()
    return tuple(Event(**row._mapping) for row in reversed(rows))  # noqa: SLF001 - SQLAlchemy's public way to a mapping


def _datasets(
    c: Connection, version: ModelVersion, run: Run | None, judged: Sequence[Evaluation]
) -> tuple[Dataset, ...]:
    """Return the datasets that a version, its run or its evaluations name."""
    names = {use.dataset for use in version.datasets} | {evaluation.dataset for evaluation in judged}
    names |= {use.dataset for use in run.datasets} if run else set()
    return tuple(datasets.record(datasets.find(c, name)) for name in sorted(names))
