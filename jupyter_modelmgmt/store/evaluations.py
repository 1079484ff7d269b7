"""Evaluations: the metrics of a version on a golden dataset, appended; `scores` has the newest."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from jupyter_modelmgmt.domain import logged
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.noise import half_width
from jupyter_modelmgmt.domain.records import Page
from jupyter_modelmgmt.domain.tracking import Evaluation
from jupyter_modelmgmt.store import datasets, events, lookup, models, pages, runs, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow, AnySelect

_E = schema.evaluations.c
_M = schema.evaluation_metrics.c
_S = schema.scores.c
_V = schema.versions.c
_D = schema.datasets.c
QUERY = (
    select(
        schema.evaluations,
        _V.version,
        schema.models.c.name.label("model"),
        _D.name.label("dataset"),
        _D.version.label("dataset_version"),
        schema.runs.c.key.label("run"),
    )
    .join(schema.versions, _V.id == _E.version_id)
    .join(schema.models, schema.models.c.id == _V.model_id)
    .join(schema.datasets, _D.id == _E.dataset_id)
    .outerjoin(schema.runs, schema.runs.c.id == _E.run_id)
)
_SCORED = (
    select(_D.id, _D.name, _D.rows, _M.key, _M.value)
    .select_from(schema.evaluations)
    .join(schema.evaluation_metrics, _M.evaluation_id == _E.id)
    .join(schema.datasets, _D.id == _E.dataset_id)
    .where(_E.version_id == bindparam("version"))
    .order_by(_E.id.desc())
)


def add(
    store: Store, selector: str, dataset: str, metrics: Mapping[str, Any], *, duration_s: float | None, run: str,
    actor: str,
) -> Evaluation:  # fmt: skip
    """Add what a version scored on a dataset; lists and boards show the newest per dataset.

    Raises NotFound, also for a dataset that is not registered, BadMetric, BadField.
    """
    numbers = numbers_of(metrics)
    with store.write() as c:
        version, data = lookup.find(c, selector), datasets.find(c, dataset)
        row = {
            "version_id": version.id, "dataset_id": data.id, "duration_s": duration_of(duration_s),
            "run_id": runs.row_of(c, run).id if run else None, "created_at": now(), "created_by": actor,
        }  # fmt: skip
        made = c.execute(insert(schema.evaluations).returning(_E.id), row).scalar_one()
        c.execute(insert(schema.evaluation_metrics), _rows(numbers, evaluation_id=made))
        c.execute(delete(schema.scores).where(_S.version_id == version.id, _S.dataset == data.name))
        c.execute(insert(schema.scores), _rows(numbers, version_id=version.id, dataset=data.name))
        events.write(
            c, actor, "evaluation.logged", model=version.model, version=version.version,
            dataset=f"{data.name}@{data.version}", metrics=dict(numbers),
        )  # fmt: skip
        return records(c, [c.execute(QUERY.where(_E.id == made)).one()])[0]


def of_version(store: Store, selector: str, *, limit: int, cursor: str | None) -> Page[Evaluation]:
    """Return the evaluations of one version, the newest first."""
    with store.read() as c:
        return _page(c, QUERY.where(_E.version_id == lookup.find(c, selector).id), limit, cursor)


def of_model(store: Store, model: str, *, limit: int, cursor: str | None) -> Page[Evaluation]:
    """Return the evaluations of all versions of a model, the newest first."""
    with store.read() as c:
        mine = QUERY.where(_V.model_id == models.row(c, model).id, _V.deleted_at.is_(None))
        return _page(c, mine, limit, cursor)


def every(store: Store, *, limit: int, cursor: str | None) -> Page[Evaluation]:
    """Return the evaluations of all versions, the newest first."""
    with store.read() as c:
        return _page(c, QUERY.where(_V.deleted_at.is_(None)), limit, cursor)


def _page(c: Connection, query: AnySelect, limit: int, cursor: str | None) -> Page[Evaluation]:
    found = c.execute(pages.page_of(query, [_E.id], limit=limit, cursor=cursor, descending=True)).all()
    rows, following = pages.cut(found, [_E.id], limit)
    return Page(items=records(c, rows), next_cursor=following)


def noise(store: Store, selectors: Sequence[str]) -> list[dict[str, float]]:
    """Return the noise of what each version scored, by `metric @ dataset`; of a dataset, the number scored last."""
    with store.read() as c:
        return [_noise(c, lookup.find(c, selector).id) for selector in selectors]


def _noise(c: Connection, version_id: int) -> dict[str, float]:
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    newest: dict[str, tuple[int, int | None]] = {}
    for dataset_id, name, rows, key, value in c.execute(_SCORED, {"version": version_id}):
        if newest.setdefault(name, (dataset_id, rows))[0] == dataset_id:
            scores[key, name].append(value)
    found = {f"{key} @ {name}": half_width(key, values, newest[name][1]) for (key, name), values in scores.items()}
    return {name: width for name, width in found.items() if width is not None}


def records(c: Connection, rows: Sequence[AnyRow]) -> tuple[Evaluation, ...]:
    """Return rows of `QUERY` as evaluations."""
    metrics: dict[int, dict[str, float]] = defaultdict(dict)
    mine = select(schema.evaluation_metrics).where(_M.evaluation_id.in_([row.id for row in rows]))
    for evaluation_id, key, value in c.execute(mine.order_by(_M.key)):
        metrics[evaluation_id][key] = value
    return tuple(
        Evaluation(
            id=row.id, model=row.model, version=row.version, dataset=f"{row.dataset}@{row.dataset_version}",
            metrics=metrics[row.id], created_at=row.created_at, created_by=row.created_by,
            duration_s=row.duration_s, run=row.run or "",
        )
        for row in rows
    )  # fmt: skip


def numbers_of(metrics: Mapping[str, Any]) -> Mapping[str, float]:
    """Return the metrics that an evaluation may have. Raises BadMetric, BadField."""
    numbers = logged.metrics(metrics)
    if not numbers:
        raise BadField("An evaluation has at least one metric, for example metrics={'loss': 0.3}.")
    return numbers


def duration_of(seconds: float | None) -> float | None:
    """Return the seconds that an evaluation may have taken. Raises BadField."""
    if seconds is None:
        return None
    number = logged.number("duration_s", seconds)
    if not 0 <= number < float("inf"):
        raise BadField("duration_s is a number of seconds, 0 or greater.")
    return number


def _rows(numbers: Mapping[str, float], **common: Any) -> list[dict[str, Any]]:
    return [{**common, "key": key, "value": value} for key, value in numbers.items()]
