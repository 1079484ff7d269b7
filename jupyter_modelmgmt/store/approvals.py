"""Requests to move a version to a stage: asked, approved, rejected."""

from sqlalchemy import Connection, insert, select, update

from jupyter_modelmgmt.domain import lifecycle
from jupyter_modelmgmt.domain.errors import ApprovalDecided, BadField, NotFound
from jupyter_modelmgmt.domain.fields import checked_text
from jupyter_modelmgmt.domain.governance import Approval, ApprovalState
from jupyter_modelmgmt.domain.records import ModelVersion, Page
from jupyter_modelmgmt.store import events, lookup, pages, schema, stages
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow
from jupyter_modelmgmt.store.rows import running

_A = schema.approvals.c
_V = schema.versions.c
_QUERY = (
    select(schema.approvals, _V.version, schema.models.c.name.label("model"))
    .join(schema.versions, _V.id == _A.version_id)
    .join(schema.models, schema.models.c.id == _V.model_id)
)
_PLAIN = (
    "id", "model", "version", "stage", "asked_by", "asked_at", "comment", "decided_by", "decided_at", "answer",
)  # fmt: skip


def ask(store: Store, selector: str, stage: str, *, comment: str, actor: str) -> Approval:
    """Ask that a version may enter `stage`; asking again gives the open request. Raises BadStage, TransitionRefused."""
    checked_text("comment", comment)
    with store.write() as c:
        row = lookup.find(c, selector)
        lifecycle.move(stages.rules(c), row.stage, stage, running(c, row.id), approved=True)
        same = (_A.version_id == row.id, _A.stage == stage, _A.state == ApprovalState.REQUESTED)
        found = c.execute(_QUERY.where(*same)).first()
        if found is not None:
            return _record(found)
        values = {
            "version_id": row.id, "stage": stage, "state": ApprovalState.REQUESTED, "comment": comment,
            "asked_by": actor, "asked_at": now(), "decided_by": "", "answer": "",
        }  # fmt: skip
        new = c.execute(insert(schema.approvals).returning(_A.id), values).scalar_one()
        _tell(c, "approval.requested", row, new, stage, comment, actor)
        return _record(c.execute(_QUERY.where(_A.id == new)).one())


def approve(store: Store, approval: int, *, comment: str, actor: str) -> ModelVersion:
    """Move the version as was asked, and close the request. Raises what promoting raises, ApprovalDecided."""
    with store.write() as c:
        asked = _open(c, approval)
        row = lookup.row_of(c, asked.version_id)
        _close(c, asked, ApprovalState.APPROVED, comment, actor)
        _tell(c, "approval.approved", row, approval, asked.stage, comment, actor)
        return stages.move(c, row, asked.stage, comment=comment, archive_previous=True, actor=actor, approved=True)


def reject(store: Store, approval: int, *, comment: str, actor: str) -> Approval:
    """Close the request without moving anything; `comment` says why. Raises BadField, ApprovalDecided."""
    if not comment.strip():
        raise BadField("Say in a comment why the request is rejected.")
    with store.write() as c:
        asked = _open(c, approval)
        _close(c, asked, ApprovalState.REJECTED, comment, actor)
        _tell(c, "approval.rejected", asked, approval, asked.stage, comment, actor)
        return _record(c.execute(_QUERY.where(_A.id == approval)).one())


def page(
    store: Store, *, model: str = "", state: str = "", limit: int = 50, cursor: str | None = None
) -> Page[Approval]:
    """Return requests, the last asked first."""
    query = _QUERY.where(schema.models.c.name_key == model.lower()) if model else _QUERY
    if state:
        if state not in tuple(ApprovalState):
            raise BadField(f"{state[:80]!r} is not a state of requests. Use one of {', '.join(ApprovalState)}.")
        query = query.where(_A.state == state)
    with store.read() as c:
        rows = c.execute(pages.page_of(query, [_A.id], limit=limit, cursor=cursor, descending=True)).all()
    rows, following = pages.cut(rows, [_A.id], limit)
    return Page(items=tuple(_record(row) for row in rows), next_cursor=following)


def _open(c: Connection, approval: int) -> AnyRow:
    found = c.execute(_QUERY.where(_A.id == approval, _V.deleted_at.is_(None))).first()
    if found is None:
        raise NotFound(f"There is no request {approval}. See `%model approvals`.")
    if found.state != ApprovalState.REQUESTED:
        raise ApprovalDecided(
            f"Request {approval} was {found.state} by {found.decided_by}. Ask again with `%model request-approval`."
        )
    return found


def _close(c: Connection, asked: AnyRow, state: ApprovalState, comment: str, actor: str) -> None:
    answer = checked_text("comment", comment)
    values = {"state": state, "decided_by": actor, "decided_at": now(), "answer": answer}
    c.execute(update(schema.approvals).where(_A.id == asked.id).values(**values))


def _tell(c: Connection, action: str, row: AnyRow, approval: int, stage: str, comment: str, actor: str) -> None:
    about = {"model": row.model, "version": row.version}
    events.write(c, actor, action, **about, approval=approval, stage=stage, comment=comment)


def _record(row: AnyRow) -> Approval:
    return Approval(state=ApprovalState(row.state), **{name: getattr(row, name) for name in _PLAIN})
