"""What happens to a version after it was added: edited, put into the trash, brought back, purged."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from jupyter_modelmgmt.domain import lifecycle, selectors
from jupyter_modelmgmt.domain import versions as semver
from jupyter_modelmgmt.domain.errors import Conflict, NotConfirmed, NotFound
from jupyter_modelmgmt.domain.fields import checked_text
from jupyter_modelmgmt.domain.governance import Trashed
from jupyter_modelmgmt.domain.records import ModelVersion, NewVersion, Page
from jupyter_modelmgmt.store import events, kept, lookup, models, pages, schema, stages
from jupyter_modelmgmt.store.aliases import of_version
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.logs import LOG_STATUS
from jupyter_modelmgmt.store.pages import AnyRow
from jupyter_modelmgmt.store.prepared import Prepared, adding, changing
from jupyter_modelmgmt.store.rows import DETAIL, detail, running

_V = schema.versions.c
_TAGS = Prepared(adding(schema.tags, "version_id", "position", "tag"))
_FORGET_TAGS = Prepared(delete(schema.tags).where(schema.tags.c.version_id == bindparam("version")))
_FORGET_ALIASES = Prepared(delete(schema.aliases).where(schema.aliases.c.version_id == bindparam("version")))
_COUNT = Prepared(
    update(schema.models)
    .where(schema.models.c.id == bindparam("model_row"))
    .values(version_count=schema.models.c.version_count + bindparam("change"))
)
# What purging forgets; the log of statuses, the stages it was in and its events stay.
_FORGOTTEN = (
    schema.metrics, schema.params, schema.properties, schema.tags, schema.artifacts, schema.aliases,
    schema.scores, schema.evaluations, schema.series, schema.version_datasets, schema.approvals,
    schema.jobs, schema.version_lifetimes, schema.kept_claims, schema.kept_results,
)  # fmt: skip


def reuse(c: Connection, row: AnyRow, new: NewVersion, *, actor: str) -> ModelVersion:
    """Return the version that has the content of `new` already; what is said of it besides is edited in."""
    said = {name: getattr(new, name) for name in lifecycle.EDITABLE}
    unsaid = {field.name: field.default for field in dataclasses.fields(NewVersion)}
    before = detail(c, row)
    changed = {name: value for name, value in said.items() if value != unsaid[name] and value != getattr(before, name)}
    found = _edited(c, row, changed, actor=actor) if changed else before
    return dataclasses.replace(
        found, notice=f"{found.selector} has this content already: no new version. Ask for one with allow_identical."
    )


def edit(store: Store, selector: str, changes: Mapping[str, Any], *, reason: str = "", actor: str) -> ModelVersion:
    """Change editable fields; the event keeps old and new values, the log of statuses the reason. Source: K9."""
    with store.write() as c:
        return _edited(c, lookup.find(c, selector), changes, reason=checked_text("reason", reason), actor=actor)


def _edited(c: Connection, row: AnyRow, changes: Mapping[str, Any], *, actor: str, reason: str = "") -> ModelVersion:
    before = detail(c, row)
    names = [badge.name for badge in before.deployments if badge.state in lifecycle.RUNNING]
    checked = lifecycle.edits(changes, names)
    time = now()
    if "tags" in checked:
        _FORGET_TAGS.run(c, {"version": row.id})
        _add_tags(c, row.id, checked["tags"])
    plain = {field: value for field, value in checked.items() if field != "tags"}
    plain["updated_at"] = time
    changing(schema.versions, *plain).run(c, {"row": row.id, **plain})
    if "status" in checked:
        _log_status(c, row.id, checked["status"], actor, reason)
    told = {field: [getattr(before, field), value] for field, value in checked.items()}
    why = {"reason": reason} if reason else {}
    events.write(c, actor, "version.edited", model=row.model, version=row.version, changes=told, **why)
    return dataclasses.replace(before, **checked, updated_at=time)


def remove(store: Store, selector: str, *, delete_aliases: bool = False, actor: str) -> ModelVersion:
    """Move a version to the trash.

    Raises ModelDeployed, StageProtected, AliasProtected, AliasHeld. Source: K13, W4, W10.
    """
    with store.write() as c:
        row = lookup.find(c, selector)
        before = detail(c, row)
        _refuse(c, row, delete_aliases=delete_aliases)
        to_trash(c, row)
        events.write(c, actor, "version.deleted", model=row.model, version=row.version, aliases=list(before.aliases))
        return before


def to_trash(c: Connection, row: AnyRow) -> None:
    """Move a version that nothing keeps to the trash; the caller writes the event."""
    _FORGET_ALIASES.run(c, {"version": row.id})
    stages.leave(c, row.id)
    changing(schema.versions, "deleted_at").run(c, {"row": row.id, "deleted_at": now()})
    _recount(c, row.model_id, -1)


def remove_model(store: Store, name: str, *, confirm: str, actor: str) -> None:
    """Move a model with all its versions to the trash. `confirm` repeats its name (P16, M8).

    Raises NotConfirmed, and what keeps one of its versions: ModelDeployed, StageProtected, AliasProtected.
    """
    with store.write() as c:
        found = models.row(c, name)
        if confirm != found.name:
            raise NotConfirmed(f"To delete the whole model, confirm with its name: confirm={found.name!r}.")
        alive = DETAIL.where(_V.model_id == found.id, _V.deleted_at.is_(None))
        for row in c.execute(alive.where(stages.guarded())).all():
            _refuse(c, row, delete_aliases=True)
        time = now()
        mine = (_V.model_id == found.id, _V.deleted_at.is_(None))
        stages.leave_all(c, found.id)
        c.execute(delete(schema.aliases).where(schema.aliases.c.model_id == found.id))
        c.execute(update(schema.versions).where(*mine).values(deleted_at=time))
        gone = {"deleted_at": time, "latest_id": None, "newest_id": None, "version_count": 0}
        c.execute(update(schema.models).where(schema.models.c.id == found.id).values(**gone))
        kept.forget_of_gone(c, found.id)
        events.write(c, actor, "model.deleted", model=found.name)


def restore(store: Store, model: str, version: str, *, actor: str) -> ModelVersion:
    """Take a version out of the trash, under its old number; an exclusive stage it lost stays lost."""
    with store.write() as c:
        row = _in_trash(c, model, version)
        models.ensure(c, row.model, actor)
        stage = stages.free_or_first(c, row.model_id, row.stage)
        values = {"deleted_at": None, "updated_at": now(), "stage": stage}
        c.execute(update(schema.versions).where(_V.id == row.id).values(**values))
        stages.enter(c, row.model_id, row.id, stage, actor=actor, comment="restored")
        _recount(c, row.model_id, 1)
        events.write(c, actor, "version.restored", model=row.model, version=row.version)
        return detail(c, lookup.row_of(c, row.id))


def trash(store: Store, *, model: str = "", limit: int = 50, cursor: str | None = None) -> Page[Trashed]:
    """Return what can be restored or purged, the last deleted first."""
    m = schema.models.c
    keys = [_V.deleted_at, _V.id]
    query = select(_V.id, m.name.label("model"), _V.version, _V.deleted_at, _V.size)
    query = query.join(schema.models, m.id == _V.model_id).where(_V.deleted_at.is_not(None), _V.purged_at.is_(None))
    if model:
        query = query.where(m.name_key == model.lower())
    with store.read() as c:
        query = pages.page_of(query, keys, limit=limit, cursor=cursor, descending=True)
        rows, following = pages.cut(c.execute(query).all(), keys, limit)
    items = tuple(Trashed(model=r.model, version=r.version, deleted_at=r.deleted_at, size=r.size) for r in rows)
    return Page(items=items, next_cursor=following)


def purge(store: Store, selector: str, *, confirm: str, actor: str) -> None:
    """Forget a version in the trash for ever; its number stays taken, its bytes are collected later.

    `confirm` repeats the selector. Raises NotConfirmed, NotFound, Conflict while a deployment names it.
    """
    name, number = selectors.split(selector)
    with store.write() as c:
        row = _in_trash(c, name, number)
        if confirm != f"{row.model}@{row.version}":
            raise NotConfirmed(f"Purging cannot be undone. Confirm with confirm='{row.model}@{row.version}'.")
        d, r = schema.deployments.c, schema.deployment_versions.c
        names = select(d.name).join(schema.deployment_versions, r.deployment_id == d.id).where(r.version_id == row.id)
        if naming := list(c.execute(names.order_by(d.name)).scalars()):
            raise Conflict(f"{row.model}@{row.version} is named by {', '.join(naming)}. Delete the deployment first.")
        for table in _FORGOTTEN:
            c.execute(delete(table).where(table.c.version_id == row.id))
        empty = {"description": "", "config": {}, "labels": [], "code": {}, "environment": {}, "fingerprint": ""}
        c.execute(update(schema.versions).where(_V.id == row.id).values(**empty, size=0, purged_at=now()))
        kept.forget_of_gone(c, row.model_id)
        events.write(c, actor, "version.purged", model=row.model, version=row.version)


def _refuse(c: Connection, row: AnyRow, *, delete_aliases: bool) -> None:
    lifecycle.refuse_deletion(
        f"{row.model}@{row.version}",
        running(c, row.id),
        lifecycle.stage_rule(stages.rules(c), row.stage),
        of_version(c, row.id),
        delete_aliases=delete_aliases,
    )


def _in_trash(c: Connection, model: str, version: str) -> AnyRow:
    identity = semver.identity(semver.parse(version))
    key = selectors.split(model)[0].lower()
    query = DETAIL.where(schema.models.c.name_key == key, _V.identity == identity)
    row = c.execute(query.where(_V.deleted_at.is_not(None), _V.purged_at.is_(None))).first()
    if row is None:
        raise NotFound(f"{model}@{version} is not in the trash. See what is with `%model trash`.")
    return row


def _log_status(c: Connection, version_id: int, status: str, actor: str, reason: str = "") -> None:
    values = {"version_id": version_id, "at": now(), "actor": actor, "status": status, "reason": reason}
    LOG_STATUS.run(c, values)


def _recount(c: Connection, model_id: int, change: int) -> None:
    _COUNT.run(c, {"model_row": model_id, "change": change})
    models.point(c, model_id)


def _add_tags(c: Connection, version_id: int, tags: tuple[str, ...]) -> None:
    _TAGS.many(c, [{"version_id": version_id, "position": i, "tag": tag} for i, tag in enumerate(tags)])
