"""Which version's kept tests run next by themselves, and which process runs them.

A version is claimed for `LEASE_S`, renewed with each result; whoever dies in the middle leaves it free after that.
Claims are made by the one writer, so no two processes have the same.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, String, and_, cast, delete, insert, or_, select, update

from jupyter_modelmgmt.domain.containers import CONTAINER
from jupyter_modelmgmt.domain.evidence import Safety
from jupyter_modelmgmt.domain.records import Stage, Status
from jupyter_modelmgmt.store import schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow, AnySelect

LEASE_S = 600  # longer than a worker takes to load a large model and to answer once
RECENT = 100  # versions of a model: what a look costs does not grow with all that there are
_T, _R, _C, _V, _M, _P = (
    table.c
    for table in (
        schema.kept_tests, schema.kept_results, schema.kept_claims, schema.versions, schema.models, schema.stage_periods,
    )
)  # fmt: skip
_PAIRS = (
    select(_M.name, _V.version, _V.id)
    .join(schema.versions, _V.model_id == _M.id)
    .join(schema.kept_tests, _T.model_id == _M.id)
    .where(_M.deleted_at.is_(None), _V.deleted_at.is_(None), _V.flavor != CONTAINER)
    .where(or_(_V.flavor != "", _V.adapter != ""), _V.status.not_in((Status.TRAINING, Status.CLONING, Status.FAILED)))
    # Whoever may register in a shared registry does not get to run code here: such versions are asked when somebody says so.
    .where(*(cast(_V.safety, String).not_like(f'%"{word}"%') for word in (Safety.CODE, Safety.REFUSED)))
    .order_by(_V.id.desc())
    .limit(1)
)
_RESULT = select(_R.test_id).where(_R.test_id == _T.id, _R.version_id == _V.id)
_NEW = _PAIRS.where(_V.sequence > _M.last_sequence - RECENT, _V.created_at > _T.created_at, ~_RESULT.exists())
# Stages by name, so that an index finds the few versions that are in them.
_PROMOTED = (
    _PAIRS.join(schema.stage_periods, and_(_P.version_id == _V.id, _P.left_at.is_(None)))
    .where(
        _V.stage.in_(
            select(schema.stages.c.name).where(schema.stages.c.name.not_in((Stage.DEVELOPMENT, Stage.ARCHIVED)))
        )
    )
    .where(_P.entered_at > _T.created_at, ~_RESULT.where(_R.at >= _P.entered_at).exists())
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The version `selector`, which nobody else runs the kept tests of meanwhile; `holder` is a word of one's own."""

    selector: str
    version_id: int
    holder: str


def waiting(store: Store) -> str | None:
    """Return the selector of the version that should be asked next, claimed or not; None when none should.

    Such are those registered after a test was kept and not asked yet, among the last `RECENT` of each model, and
    those promoted since they were asked; never one whose files run code when they are loaded. Source: N10.
    """
    with store.read() as c:
        row = _first(c, _NEW, _PROMOTED)
    return f"{row.name}@{row.version}" if row else None


def claim(store: Store) -> Claim | None:
    """Return the next version that waits and that nobody has, claimed; None when there is none."""
    with store.read() as c:
        if _unclaimed(c) is None:
            return None
    with store.write() as c:
        row = _unclaimed(c)
        if row is None:
            return None
        made = Claim(selector=f"{row.name}@{row.version}", version_id=row.id, holder=secrets.token_hex(8))
        c.execute(delete(schema.kept_claims).where(_C.version_id == row.id))
        values = {"version_id": row.id, "holder": made.holder, "until": now() + timedelta(seconds=LEASE_S)}
        c.execute(insert(schema.kept_claims).values(values))
        return made


def renew(store: Store, mine: Claim) -> None:
    """Keep a version for another `LEASE_S`."""
    until = now() + timedelta(seconds=LEASE_S)
    with store.write() as c:
        c.execute(update(schema.kept_claims).where(*_is(mine)).values(until=until))


def release(store: Store, mine: Claim) -> None:
    """Let others have a version again that still waits."""
    with store.write() as c:
        c.execute(delete(schema.kept_claims).where(*_is(mine)))


def _unclaimed(c: Connection) -> AnyRow | None:
    taken = select(_C.version_id).where(_C.version_id == _V.id, _C.until > now()).exists()
    return _first(c, _NEW.where(~taken), _PROMOTED.where(~taken))


def _first(c: Connection, *queries: AnySelect) -> AnyRow | None:
    return next((row for query in queries if (row := c.execute(query).first()) is not None), None)


def _is(mine: Claim) -> tuple[ColumnElement[bool], ...]:
    return _C.version_id == mine.version_id, _C.holder == mine.holder
