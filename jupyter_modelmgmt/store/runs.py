"""Runs: started, logged into, ended; what a version takes over from its run."""

import dataclasses
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from jupyter_modelmgmt.domain import fields, logged
from jupyter_modelmgmt.domain.errors import NotFound, RunEnded, RunUnfinished
from jupyter_modelmgmt.domain.records import DatasetUse, NewVersion, Page
from jupyter_modelmgmt.domain.tracking import Run, RunStatus
from jupyter_modelmgmt.store import datasets, events, pages, run_rows, schema, series
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow
from jupyter_modelmgmt.store.prepared import Prepared

_R = schema.runs.c
_P = schema.run_params.c
_T = schema.run_tags.c
_CALLED = select(schema.runs).where(_R.key == bindparam("called"))
_NAMED = Prepared(_CALLED)
# Not the strongest lock: rows that refer to the run may come in beside it.
_LOCKED = Prepared(_CALLED.with_for_update(key_share=True))
_GAVE_UP = (RunStatus.FAILED, RunStatus.KILLED)


def start(
    store: Store, name: str, *, params: Mapping[str, Any], tags: str | Sequence[str], source: Mapping[str, Any] | None,
    actor: str,
) -> Run:  # fmt: skip
    """Make a run that goes on. Raises BadField, BadTag."""
    row = {
        "key": secrets.token_hex(8), "name": logged.run_name(name), "status": RunStatus.RUNNING, "reason": "",
        "started_at": now(), "created_by": actor, "source": logged.source(source),
    }  # fmt: skip
    given, words = logged.params(params), fields.tag_list(tags)
    with store.write() as c:
        run_id = c.execute(insert(schema.runs).returning(_R.id), row).scalar_one()
        _put_params(c, run_id, given)
        _put_tags(c, run_id, words)
        events.write(c, actor, "run.started", run=row["key"], name=name)
        return run_rows.detail(c, c.execute(select(schema.runs).where(_R.id == run_id)).one())


def get(store: Store, key: str) -> Run:
    """Return one run. Raises NotFound."""
    with store.read() as c:
        return run_rows.detail(c, row_of(c, key))


def page(
    store: Store, *, name: str = "", status: str = "", tag: str = "", limit: int = 50, cursor: str | None = None
) -> Page[Run]:
    """Return runs, the newest first: those with `name` in their name, of this status, with this tag."""
    query = select(schema.runs)
    if name:
        query = query.where(func.lower(_R.name).contains(name.lower(), autoescape=True))
    if status:
        query = query.where(_R.status == logged.run_status(status))
    if tag:
        query = query.where(_R.id.in_(select(_T.run_id).where(_T.tag == tag)))
    with store.read() as c:
        found = c.execute(pages.page_of(query, [_R.id], limit=limit, cursor=cursor, descending=True)).all()
        rows, following = pages.cut(found, [_R.id], limit)
        return Page(items=run_rows.records(c, rows), next_cursor=following)


def edit(store: Store, key: str, *, params: Mapping[str, Any], tags: str | Sequence[str], actor: str) -> Run:
    """Write params and add tags. An ended run takes tags alone. Raises RunEnded."""
    given, words = logged.params(params), fields.tag_list(tags)
    with store.write() as c:
        row = _going_on(c, key) if given else row_of(c, key)
        _put_params(c, row.id, given)
        before = list(c.execute(select(_T.tag).where(_T.run_id == row.id).order_by(_T.position)).scalars())
        _put_tags(c, row.id, fields.tag_list([*before, *words]))
        events.write(c, actor, "run.edited", run=key, params=dict(given), tags=list(words))
        return run_rows.detail(c, row)


def end(store: Store, key: str, status: str, *, reason: str = "", actor: str) -> Run:
    """End a run that goes on; a failed one says why. Raises RunEnded, BadField."""
    word = logged.end_status(status)
    with store.write() as c:
        row = _going_on(c, key)
        why = fields.checked_text("reason", reason)
        c.execute(update(schema.runs).where(_R.id == row.id).values(status=word, reason=why, ended_at=now()))
        events.write(c, actor, f"run.{word.value}", run=key, name=row.name, **({"reason": why} if why else {}))
        return run_rows.detail(c, row_of(c, key))


def resume(store: Store, key: str, *, actor: str) -> Run:
    """Let an ended run go on; one that goes on stays as it is."""
    with store.write() as c:
        row = row_of(c, key)
        if row.status != RunStatus.RUNNING:
            values = {"status": RunStatus.RUNNING, "reason": "", "ended_at": None}
            c.execute(update(schema.runs).where(_R.id == row.id).values(**values))
            events.write(c, actor, "run.resumed", run=key, name=row.name)
        return run_rows.detail(c, row_of(c, key))


def log(store: Store, key: str, batch: series.Batch) -> int:
    """Add points to series of a run that goes on; return how many. Raises RunEnded."""
    with store.append() as c:
        return series.append(c, series.of_run(_going_on(c, key, lock=True).id), batch) if batch else 0


def keep(c: Connection, version_id: int, key: str, batch: series.Batch) -> None:
    """Add curves that a model kept by itself to its run, what that lacks of them; to the version where no run goes on."""
    run = _LOCKED.first(c, {"called": key}) if key else None
    if run is None or run.status != RunStatus.RUNNING:
        series.append(c, series.of_version(version_id), batch)
        return
    known = {(row.figure, row.legend) for row in series.rows(c, series.of_run(run.id))}
    if lacking := {line: points for line, points in batch.items() if line not in known}:
        series.append(c, series.of_run(run.id), lacking)


def use(store: Store, key: str, dataset: str, role: str, *, actor: str) -> DatasetUse:
    """Say that a run that goes on used a dataset. Raises NotFound, RunEnded, BadField."""
    with store.write() as c:
        row = _going_on(c, key)
        used = datasets.use(c, schema.run_datasets, row.id, [(dataset, logged.role(role))])[0]
        events.write(c, actor, "run.edited", run=key, dataset=used.dataset, role=used.role)
        return used


def attached(c: Connection, new: NewVersion) -> tuple[int, NewVersion]:
    """Return the row id of the run `new.run`, and `new` with what the run knows under what was given.

    That is its params and the last value of each plain series. Raises NotFound, RunUnfinished for
    a run that failed or was killed. Source: M10.
    """
    row = row_of(c, new.run)
    if row.status in _GAVE_UP:
        raise RunUnfinished(
            f"The run {row.name!r} ({row.key}) {row.status}, and only what finished or still runs gives versions. "
            "Run it again, or register without it."
        )
    metrics = {**run_rows.last_values(c, [row.id])[row.id], **new.metrics}
    params = {**run_rows.params(c, [row.id])[row.id], **new.params}
    return row.id, dataclasses.replace(new, metrics=metrics, params=params)


def row_of(c: Connection, key: str) -> AnyRow:
    """Return the row of a run. Raises NotFound."""
    row = _NAMED.first(c, {"called": key})
    if row is None:
        raise NotFound(f"There is no run {key[:80]!r}. See the list with `%model runs`.")
    return row


def _going_on(c: Connection, key: str, *, lock: bool = False) -> AnyRow:
    row = (_LOCKED if lock else _NAMED).first(c, {"called": key}) or row_of(c, key)
    if row.status != RunStatus.RUNNING:
        raise RunEnded(f"The run {row.name!r} ({key}) has ended: {row.status}. Resume it with reg.resume_run({key!r}).")
    return row


def _put_params(c: Connection, run_id: int, params: Mapping[str, Any]) -> None:
    if params:
        c.execute(delete(schema.run_params).where(_P.run_id == run_id, _P.key.in_(params)))
        c.execute(insert(schema.run_params), [{"run_id": run_id, "key": k, "value": v} for k, v in params.items()])


def _put_tags(c: Connection, run_id: int, tags: Sequence[str]) -> None:
    c.execute(delete(schema.run_tags).where(_T.run_id == run_id))
    if tags:
        c.execute(insert(schema.run_tags), [{"run_id": run_id, "position": i, "tag": t} for i, t in enumerate(tags)])
