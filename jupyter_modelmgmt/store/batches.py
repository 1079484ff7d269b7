"""Batches: what became of many inputs, and whether somebody wants their batch to end."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select, update

from jupyter_modelmgmt.domain.batches import MAX_RUNNING, Batch, BatchState
from jupyter_modelmgmt.domain.errors import Conflict, NotFound
from jupyter_modelmgmt.domain.records import Page
from jupyter_modelmgmt.store import events, lookup, pages, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow

SILENT_S = 60.0  # who runs a batch writes much more often than that
_B = schema.batches.c
_QUERY = (
    select(schema.batches, schema.versions.c.version, schema.models.c.name.label("model"))
    .join(schema.versions, schema.versions.c.id == _B.version_id)
    .join(schema.models, schema.models.c.id == schema.versions.c.model_id)
)
_KEYS = (_B.created_at, _B.id)


def begin(store: Store, selector: str, *, target: str, inputs: str, output: str, actor: str) -> Batch:
    """Write down a batch that begins now. Raises NotFound, and Conflict when too many run."""
    with store.write() as c:
        version = lookup.find(c, selector)
        live = c.execute(select(func.count()).where(_B.state == BatchState.RUNNING, _B.updated_at > _silent())).scalar()
        if (live or 0) >= MAX_RUNNING:
            raise Conflict(f"{live} batches run, more than {MAX_RUNNING} may not. Wait for one, or cancel one.")
        row = {
            "id": uuid4().hex[:12], "version_id": version.id, "target": target, "inputs": inputs, "output": output,
            "state": BatchState.RUNNING, "cancelled": False, "total": 0, "successful": 0, "failed": 0, "message": "",
            "created_at": now(), "updated_at": now(), "created_by": actor,
        }  # fmt: skip
        c.execute(insert(schema.batches).values(row))
        about = {"model": version.model, "version": version.version, "deployment": target}
        events.write(c, actor, "batch.started", **about, batch=row["id"], output=output)
        return _record(_row(c, row["id"]))


def note(store: Store, batch: str, *, total: int, successful: int, failed: int) -> bool:
    """Write how far a batch is, and tell whether it shall go on."""
    with store.write() as c:
        values = {"total": total, "successful": successful, "failed": failed, "updated_at": now()}
        c.execute(update(schema.batches).where(_B.id == batch).values(**values))
        return not _row(c, batch).cancelled


def end(store: Store, batch: str, state: BatchState, message: str = "") -> Batch:
    """Write how a batch ended."""
    with store.write() as c:
        c.execute(update(schema.batches).where(_B.id == batch).values(state=state, message=message, updated_at=now()))
        row = _row(c, batch)
        events.write(
            c, row.created_by, f"batch.{state}", model=row.model, version=row.version, deployment=row.target,
            batch=batch, successful=row.successful, failed=row.failed, message=message,
        )  # fmt: skip
        return _record(row)


def cancel(store: Store, batch: str, *, actor: str) -> Batch:
    """Want a batch to end; who runs it stops within a second. Raises NotFound, and Conflict when it ended before."""
    with store.write() as c:
        found = _record(_row(c, batch))
        if found.state is not BatchState.RUNNING:
            raise Conflict(f"The batch {batch} is {found.state.value}, there is nothing to cancel.")
        c.execute(update(schema.batches).where(_B.id == batch).values(cancelled=True))
        about = {"model": found.model, "version": found.version, "deployment": found.target}
        events.write(c, actor, "batch.cancelling", **about, batch=batch)
        return found


def get(store: Store, batch: str) -> Batch:
    """Return one batch. Raises NotFound."""
    with store.read() as c:
        return _record(_row(c, batch))


def page(store: Store, *, limit: int, cursor: str | None) -> Page[Batch]:
    """Return one page of batches, the newest first."""
    query = pages.page_of(_QUERY, _KEYS, limit=limit, cursor=cursor, descending=True)
    with store.read() as c:
        rows, following = pages.cut(c.execute(query).all(), _KEYS, limit)
    return Page(items=tuple(_record(row) for row in rows), next_cursor=following)


def last_into(store: Store, output: str) -> Batch | None:
    """Return the newest batch that wrote into `output`."""
    with store.read() as c:
        row = c.execute(_QUERY.where(_B.output == output).order_by(_B.created_at.desc()).limit(1)).first()
    return _record(row) if row else None


def _silent() -> datetime:
    return now() - timedelta(seconds=SILENT_S)


def _row(c: Connection, batch: str) -> AnyRow:
    row = c.execute(_QUERY.where(_B.id == batch)).first()
    if row is None:
        raise NotFound(f"There is no batch {batch[:40]!r}. See `%model batches`.")
    return row


def _record(row: AnyRow) -> Batch:
    state = BatchState(row.state)
    if state is BatchState.RUNNING and row.updated_at < _silent():
        state = BatchState.INTERRUPTED
    return Batch(
        id=row.id, model=row.model, version=row.version, target=row.target, inputs=row.inputs, output=row.output,
        state=state, total=row.total, successful=row.successful, failed=row.failed, message=row.message,
        created_at=row.created_at, updated_at=row.updated_at, created_by=row.created_by,
    )  # fmt: skip
