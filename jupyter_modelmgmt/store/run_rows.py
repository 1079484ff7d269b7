"""From rows to runs, in a fixed number of queries whatever the number of runs."""

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from jupyter_modelmgmt.domain.records import DatasetUse
from jupyter_modelmgmt.domain.tracking import Run, RunStatus
from jupyter_modelmgmt.store import schema, series
from jupyter_modelmgmt.store.pages import AnyRow

_P = schema.run_params.c
_T = schema.run_tags.c
_S = schema.series.c
_V = schema.versions.c


def detail(c: Connection, row: AnyRow) -> Run:
    """Return one run with what there is of its series."""
    known = series.summaries(c, [row.id], _S.run_id).get(row.id, ())
    return dataclasses.replace(records(c, [row])[0], summaries=known)


def records(c: Connection, rows: Sequence[AnyRow]) -> tuple[Run, ...]:
    """Return runs as a list shows them: with all but their series."""
    ids = [row.id for row in rows]
    known, last, words = params(c, ids), last_values(c, ids), _tags(c, ids)
    used, made = _datasets(c, ids), _versions(c, ids)
    return tuple(
        Run(
            id=row.key, name=row.name, status=RunStatus(row.status), started_at=row.started_at,
            created_by=row.created_by, ended_at=row.ended_at, reason=row.reason, source=row.source,
            params=known[row.id], metrics=last[row.id], tags=tuple(words[row.id]),
            datasets=tuple(used[row.id]), versions=tuple(made[row.id]),
        )
        for row in rows
    )  # fmt: skip


def params(c: Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the params of runs."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for run_id, key, value in c.execute(select(_P.run_id, _P.key, _P.value).where(_P.run_id.in_(ids)).order_by(_P.key)):
        found[run_id][key] = value
    return found


def last_values(c: Connection, ids: Sequence[int]) -> dict[int, dict[str, float]]:
    """Return the last finite value of each plain series of runs; one that ended as NaN has none."""
    found: dict[int, dict[str, float]] = defaultdict(dict)
    plain = select(_S.run_id, _S.figure, _S.last).where(_S.run_id.in_(ids), _S.legend == "", _S.last.is_not(None))
    for run_id, figure, last in c.execute(plain.order_by(_S.figure)):
        found[run_id][figure] = last
    return found


def _tags(c: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    query = select(_T.run_id, _T.tag).where(_T.run_id.in_(ids)).order_by(_T.run_id, _T.position)
    for run_id, tag in c.execute(query):
        found[run_id].append(tag)
    return found


def _datasets(c: Connection, ids: Sequence[int]) -> dict[int, list[DatasetUse]]:
    u, d = schema.run_datasets.c, schema.datasets.c
    found: dict[int, list[DatasetUse]] = defaultdict(list)
    query = select(u.run_id, u.role, d.name, d.version, d.digest).join(schema.datasets, d.id == u.dataset_id)
    for row in c.execute(query.where(u.run_id.in_(ids)).order_by(u.role, d.name, d.version)):
        use = DatasetUse(dataset=f"{row.name}@{row.version}", role=row.role, digest=row.digest)
        found[row.run_id].append(use)
    return found


def _versions(c: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    query = select(_V.run_id, _V.version, schema.models.c.name).join(schema.models, schema.models.c.id == _V.model_id)
    for run_id, version, model in c.execute(query.where(_V.run_id.in_(ids), _V.deleted_at.is_(None)).order_by(_V.id)):
        found[run_id].append(f"{model}@{version}")
    return found
