"""Lifetimes: after how many days a version that nothing keeps goes to the trash. Source: W10."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, delete, exists, func, insert, or_, select

from jupyter_modelmgmt.domain.errors import BadField, Conflict
from jupyter_modelmgmt.domain.governance import Lifetime
from jupyter_modelmgmt.domain.records import Stage
from jupyter_modelmgmt.store import changes, events, lookup, models, schema
from jupyter_modelmgmt.store.aliases import of_version
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow

LONGEST_DAYS = 36_500
_V = schema.versions.c
_OF_MODEL = schema.model_lifetimes.c
_OWN = schema.version_lifetimes.c
_UNKEEPING = (Stage.DEVELOPMENT, Stage.ARCHIVED)


def get(store: Store, name: str) -> Lifetime:
    """Return the lifetime of a version (`digits@1.2.0`) or of a model. Raises NotFound."""
    with store.read() as c:
        return _of_version(c, lookup.find(c, name)) if "@" in name else _of_model(c, models.row(c, name))


def put(store: Store, name: str, days: int | None, *, actor: str) -> Lifetime:
    """Set or, with None, take back a lifetime. Raises NotFound, BadField, Conflict for a version that is kept."""
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise BadField(f"A lifetime is 1 to {LONGEST_DAYS} days, or none. Give another number of days.")
    with store.write() as c:
        if "@" not in name:
            model = models.row(c, name)
            before = _put(c, schema.model_lifetimes, model.id, days)
            events.write(c, actor, "model.edited", model=model.name, changes={"lifetime_days": [before, days]})
            return _of_model(c, model)
        row = lookup.find(c, name)
        kept_by = _kept_by(c, row)
        if days is not None and kept_by:
            why = ", ".join(kept_by)
            raise Conflict(f"{row.model}@{row.version} does not expire while it is kept by {why}. End that first.")
        before = _put(c, schema.version_lifetimes, row.id, days)
        told = {"lifetime_days": [before, days]}
        events.write(c, actor, "version.edited", model=row.model, version=row.version, changes=told)
        return _of_version(c, row)


def expire(store: Store, *, actor: str, dry_run: bool = False) -> tuple[str, ...]:
    """Move the versions whose lifetime is over to the trash, each by itself, and return their selectors."""
    with store.read() as c:
        ids = _over(c, now())
        if dry_run:
            return tuple(f"{row.model}@{row.version}" for row in (lookup.row_of(c, i) for i in ids))
    gone = []
    for version_id in ids:
        with store.write() as c:
            row = lookup.row_of(c, version_id)
            # Since it was looked for, somebody may have begun to use it, or may have deleted it.
            if row.deleted_at is None and _ends(c, row) and not _kept_by(c, row):
                changes.to_trash(c, row)
                events.write(c, actor, "version.expired", model=row.model, version=row.version)
                gone.append(f"{row.model}@{row.version}")
    return tuple(gone)


def _over(c: Connection, time: datetime) -> list[int]:
    """Return the ids of versions that have outlived their days, oldest first, and that nothing keeps."""
    days = func.coalesce(_OWN.days, _OF_MODEL.days)
    lived = schema.versions.outerjoin(schema.version_lifetimes, _OWN.version_id == _V.id)
    lived = lived.outerjoin(schema.model_lifetimes, _OF_MODEL.model_id == _V.model_id)
    kept = or_(
        exists().where(schema.aliases.c.version_id == _V.id),
        exists().where(schema.deployment_versions.c.version_id == _V.id),
    )
    query = select(_V.id, _V.created_at, days.label("days")).select_from(lived)
    query = query.where(days.is_not(None), _V.deleted_at.is_(None), _V.stage.in_(_UNKEEPING), ~kept)
    return [row.id for row in c.execute(query.order_by(_V.id)) if row.created_at + timedelta(days=row.days) <= time]


def _put(c: Connection, table: Table, owner: int, days: int | None) -> int | None:
    """Write the days of `owner`, by its key, and return what they were."""
    (key,) = table.primary_key.columns
    before: int | None = c.execute(select(table.c.days).where(key == owner)).scalar()
    c.execute(delete(table).where(key == owner))
    if days is not None:
        c.execute(insert(table).values({key.name: owner, "days": days}))
    return before


def _of_model(c: Connection, model: AnyRow) -> Lifetime:
    return Lifetime(days=_days(c, schema.model_lifetimes, model.id))


def _of_version(c: Connection, row: AnyRow) -> Lifetime:
    own, kept_by = _days(c, schema.version_lifetimes, row.id), _kept_by(c, row)
    days = own if own is not None else _days(c, schema.model_lifetimes, row.model_id)
    expires_at = None if days is None or kept_by else row.created_at + timedelta(days=days)
    return Lifetime(days=days, inherited=own is None and days is not None, expires_at=expires_at, kept_by=kept_by)


def _ends(c: Connection, row: AnyRow) -> bool:
    expires_at = _of_version(c, row).expires_at
    return expires_at is not None and expires_at <= now()


def _days(c: Connection, table: Table, owner: int) -> int | None:
    (key,) = table.primary_key.columns
    days: int | None = c.execute(select(table.c.days).where(key == owner)).scalar()
    return days


def _kept_by(c: Connection, row: AnyRow) -> tuple[str, ...]:
    d, r = schema.deployments.c, schema.deployment_versions.c
    named = select(d.name).join(schema.deployment_versions, r.deployment_id == d.id).where(r.version_id == row.id)
    deployments = [f"the deployment {name}" for name in c.execute(named.order_by(d.name)).scalars()]
    aliases = [f"the alias {alias.alias}" for alias in of_version(c, row.id)]
    stage = [f"the stage {row.stage}"] if row.stage not in _UNKEEPING else []
    return (*deployments, *aliases, *stage)
