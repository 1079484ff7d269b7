"""Boards: the versions of a model against golden datasets, in a fixed number of queries. Source: S13."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, select

from jupyter_modelmgmt.domain import boards, lifecycle
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.records import Status
from jupyter_modelmgmt.domain.tracking import Board, BoardRow
from jupyter_modelmgmt.store import models, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.pages import MAX_LIMIT, AnyRow, AnySelect
from jupyter_modelmgmt.store.rows import badges

_V = schema.versions.c
_S = schema.scores.c
_FACTS = (_V.id, _V.version, _V.status, _V.stage)


def board(
    store: Store, model: str, *, metrics: str | Sequence[str] = (), datasets: str | Sequence[str] = (),
    sort: str = "-version",
    stages: str | Sequence[str] = (), limit: int = 50,
) -> Board:  # fmt: skip
    """Return the versions of a model, sorted, with their newest scores on each dataset.

    A version without a score comes last however the column is sorted. Raises NotFound, BadField.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise BadField(f"limit is a number from 1 to {MAX_LIMIT}.")
    by = boards.sorting(sort)
    with store.read() as c:
        found = models.row(c, model)
        query = select(*_FACTS).where(_V.model_id == found.id, _V.deleted_at.is_(None))
        if wanted := boards.names(stages):
            query = query.where(_V.stage.in_(wanted))
        rows = c.execute(_sorted(query, by, descending=sort.startswith("-")).limit(limit + 1)).all()
        scores = _scores(c, [row.id for row in rows[:limit]])
        columns = boards.columns(
            boards.names(metrics), boards.names(datasets), (column for mine in scores.values() for column in mine)
        )
        shown = _rows(c, found.name, rows[:limit], columns, scores)
    return Board(
        columns=tuple(boards.title(column) for column in columns),
        rows=shown,
        best=tuple(boards.best(m, [row.scores[i] for row in shown]) for i, (m, _) in enumerate(columns)),
        cut=len(rows) > limit,
    )


def _sorted(query: AnySelect, by: boards.Column | None, *, descending: bool) -> AnySelect:
    if by is None:
        return query.order_by(_V.sort_key.desc() if descending else _V.sort_key)
    metric, dataset = by
    mine = and_(_S.version_id == _V.id, _S.key == metric, _S.dataset == dataset)
    value = _S.value.desc() if descending else _S.value
    return query.outerjoin(schema.scores, mine).order_by(value.nulls_last(), _V.sort_key.desc())


def _scores(c: Connection, ids: Sequence[int]) -> dict[int, dict[boards.Column, float]]:
    found: dict[int, dict[boards.Column, float]] = {version_id: {} for version_id in ids}
    for row in c.execute(select(schema.scores).where(_S.version_id.in_(ids))):
        found[row.version_id][row.key, row.dataset] = row.value
    return found


def _rows(
    c: Connection, model: str, rows: Sequence[AnyRow], columns: Sequence[boards.Column], scores: dict[int, Any]
) -> tuple[BoardRow, ...]:
    running: dict[int, list[str]] = {}
    for version_id, badge in badges(c, schema.deployment_versions.c.version_id, [row.id for row in rows]):
        if badge.state in lifecycle.RUNNING:
            running.setdefault(version_id, []).append(badge.name)
    return tuple(
        BoardRow(
            model=model,
            version=row.version,
            status=lifecycle.shown_status(Status(row.status), running.get(row.id, [])),
            stage=row.stage,
            scores=tuple(scores[row.id].get(column) for column in columns),
        )
        for row in rows
    )
