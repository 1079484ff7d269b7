"""Jobs: queued, running, ended; and what training leaves with its version."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from jupyter_modelmgmt.domain.errors import Conflict, NotFound
from jupyter_modelmgmt.domain.evidence import Verdict
from jupyter_modelmgmt.domain.jobs import ENDED, Job, JobKind, JobStatus
from jupyter_modelmgmt.domain.records import Artifact, ModelVersion, Page, Status
from jupyter_modelmgmt.store import events, lookup, pages, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow
from jupyter_modelmgmt.store.rows import detail

_J = schema.jobs.c
_V = schema.versions.c
_QUERY = (
    select(schema.jobs, _V.version, schema.models.c.name.label("model"))
    .join(schema.versions, _V.id == _J.version_id)
    .join(schema.models, schema.models.c.id == _V.model_id)
)


def create(store: Store, kind: JobKind, selector: str, *, dataset: str, run: str, actor: str) -> Job:
    """Add a job that waits for its turn. Raises NotFound."""
    with store.write() as c:
        version = lookup.find(c, selector)
        row = {
            "kind": kind, "version_id": version.id, "dataset": dataset, "status": JobStatus.CREATED, "progress": 0.0,
            "created_at": now(), "created_by": actor, "run": run, "reason": "",
        }  # fmt: skip
        made = c.execute(insert(schema.jobs).returning(_J.id), row).scalar_one()
        events.write(c, actor, f"{kind.value}.created", model=version.model, version=version.version, job=made)
        return _record(_row(c, made))


def begin(store: Store, job: int) -> Job:
    """Say that a job's turn has come."""
    return _changed(store, job, status=JobStatus.RUNNING, started_at=now())


def proceed(store: Store, job: int, progress: float) -> Job:
    """Say how far a job is, in [0, 1]."""
    return _changed(store, job, progress=min(max(progress, 0.0), 1.0))


def end(store: Store, job: int, *, reason: str = "", actor: str) -> Job:
    """End a job; a failed one says why."""
    status = JobStatus.FAILED if reason else JobStatus.SUCCESS
    progress = {} if reason else {"progress": 1.0}
    done = _changed(store, job, status=status, reason=reason[:2000].replace("\x00", ""), ended_at=now(), **progress)
    with store.write() as c:
        events.write(
            c, actor, f"{done.kind.value}.{'failed' if reason else 'done'}", model=done.model, version=done.version,
            job=job, **({"reason": done.reason} if reason else {}),
        )  # fmt: skip
    return done


def get(store: Store, job: int) -> Job:
    """Return one job. Raises NotFound."""
    with store.read() as c:
        return _record(_row(c, job))


def page(
    store: Store, *, search: str = "", status: str = "", kind: str = "", limit: int = 50, cursor: str | None = None
) -> Page[Job]:
    """Return jobs, the newest first: of models with `search` in their name or of this id, of this status. Source: D27."""
    query = _QUERY
    if search.isascii() and search.isdigit():
        query = query.where(_J.id == int(search[:9]))
    elif search:
        query = query.where(schema.models.c.name_key.contains(search.lower(), autoescape=True))
    for column, value in ((_J.status, status), (_J.kind, kind)):
        if value:
            query = query.where(column == value)
    with store.read() as c:
        found = c.execute(pages.page_of(query, [_J.id], limit=limit, cursor=cursor, descending=True)).all()
        rows, following = pages.cut(found, [_J.id], limit)
        return Page(items=tuple(_record(row) for row in rows), next_cursor=following)


def training_again(store: Store, selector: str, *, actor: str) -> ModelVersion:
    """Let a version whose training failed be trained again. Raises Conflict for any other. Source: D10."""
    with store.write() as c:
        row = lookup.find(c, selector)
        if row.status != Status.FAILED:
            raise Conflict(
                f"{row.model}@{row.version} is {row.status}; only what failed is resumed. Train a new version."
            )
        _set_status(c, row, Status.TRAINING, "resumed", actor)
        return detail(c, lookup.row_of(c, row.id))


def trained(
    store: Store,
    selector: str,
    artifacts: Sequence[Artifact],
    *,
    safety: Sequence[Verdict],
    config: Mapping[str, Any],
    metrics: Mapping[str, float],
    reason: str,
    actor: str,
) -> ModelVersion:
    """Give a version that was in training its files, and end that: completed, or failed with the reason. Source: D10.

    Raises Conflict when it is not in training.
    """
    with store.write() as c:
        row = lookup.find(c, selector)
        if row.status != Status.TRAINING:
            raise Conflict(f"{row.model}@{row.version} is not in training any more: {row.status}.")
        of = {"version_id": row.id}
        c.execute(delete(schema.artifacts).where(schema.artifacts.c.version_id == row.id))
        if artifacts:
            c.execute(insert(schema.artifacts), [{**of, **dataclasses.asdict(artifact)} for artifact in artifacts])
        c.execute(delete(schema.metrics).where(schema.metrics.c.version_id == row.id))
        if metrics:
            c.execute(insert(schema.metrics), [{**of, "key": key, "value": value} for key, value in metrics.items()])
        values = {
            "size": sum(artifact.size for artifact in artifacts), "config": dict(config),
            "safety": [dataclasses.asdict(verdict) for verdict in safety], "updated_at": now(),
        }  # fmt: skip
        c.execute(update(schema.versions).where(_V.id == row.id).values(**values))
        _set_status(c, row, Status.FAILED if reason else Status.COMPLETED, reason, actor)
        return detail(c, lookup.row_of(c, row.id))


def _set_status(c: Connection, row: AnyRow, status: Status, reason: str, actor: str) -> None:
    c.execute(update(schema.versions).where(_V.id == row.id).values(status=status, updated_at=now()))
    log = {
        "version_id": row.id,
        "at": now(),
        "actor": actor,
        "status": status,
        "reason": reason[:2000].replace("\x00", ""),
    }
    c.execute(insert(schema.status_log), log)
    events.write(c, actor, "version.edited", model=row.model, version=row.version, status=status.value)


def _changed(store: Store, job: int, **values: Any) -> Job:
    with store.write() as c:
        row = _row(c, job)
        if row.status in ENDED:
            raise Conflict(f"The job {job} has ended: {row.status}. Start another one.")
        c.execute(update(schema.jobs).where(_J.id == job).values(**values))
        return _record(_row(c, job))


def _row(c: Connection, job: int) -> AnyRow:
    row = c.execute(_QUERY.where(_J.id == job)).first()
    if row is None:
        raise NotFound(f"There is no job {job}. See the list with `%model jobs`.")
    return row


def _record(row: AnyRow) -> Job:
    until = row.ended_at or now()
    return Job(
        id=row.id, kind=JobKind(row.kind), model=row.model, version=row.version, dataset=row.dataset,
        status=JobStatus(row.status), progress=row.progress, created_at=row.created_at, created_by=row.created_by,
        started_at=row.started_at, ended_at=row.ended_at, reason=row.reason, run=row.run,
        duration_s=(until - row.started_at).total_seconds() if row.started_at else None,
    )  # fmt: skip
