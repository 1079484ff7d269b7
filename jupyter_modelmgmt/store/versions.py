"""Versions: add, find, list, edit, promote, delete, restore."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from jupyter_modelmgmt.domain import fields, lifecycle, selectors
from jupyter_modelmgmt.domain import versions as semver
from jupyter_modelmgmt.domain.errors import BadField, ModelDeployed, NotFound, VersionTaken
from jupyter_modelmgmt.domain.records import ModelVersion, NewVersion, Page, Stage, VersionSummary
from jupyter_modelmgmt.store import events, models, pages, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow, AnySelect
from jupyter_modelmgmt.store.rows import DETAIL, SUMMARY, badges, detail, summaries

_V = schema.versions.c
_COPIED = (
    "description", "framework", "flavor", "task", "model_type", "status",
    "author", "license", "public", "adapter", "config", "parent", "source",
)  # fmt: skip
SORTS = {"sequence": _V.sequence, "version": _V.sort_key, "created_at": _V.created_at}


def add(store: Store, new: NewVersion, *, bump: str, actor: str) -> ModelVersion:
    """Make a version visible; without a wanted number `bump` chooses it from the highest release.

    Raises VersionTaken; the number of a version in the trash stays taken.
    """
    with store.write() as c:
        model = models.ensure(c, new.model, actor)
        number = semver.choose(new.version or None, _highest_ever(c, model.id), bump)
        parsed = semver.parse(number)
        _refuse_taken(c, model, semver.identity(parsed))
        time = now()
        row = {
            **{name: getattr(new, name) for name in _COPIED},
            "model_id": model.id, "sequence": model.last_sequence + 1, "version": number,
            "identity": semver.identity(parsed), "sort_key": semver.sort_key(parsed),
            "is_release": semver.is_release(parsed), "created_at": time, "updated_at": time,
            "created_by": actor, "stage": Stage.DEVELOPMENT, "labels": list(new.labels),
            "size": sum(a.size for a in new.artifacts),
        }  # fmt: skip
        version_id = c.execute(insert(schema.versions).returning(_V.id), row).scalar_one()
        _add_facts(c, version_id, new)
        _count(c, model, version_id, row)
        events.write(c, actor, "version.registered", model=model.name, version=number, sequence=row["sequence"])
    return _added(new, model.name, row)


def _added(new: NewVersion, model: str, row: Mapping[str, Any]) -> ModelVersion:
    """Return what was written, without reading it back."""
    said = {field.name: getattr(new, field.name) for field in dataclasses.fields(NewVersion)}
    given = ("version", "sequence", "created_at", "updated_at", "created_by", "stage", "size")
    return ModelVersion(**said | {"model": model} | {name: row[name] for name in given})


def page(
    store: Store, model: str, *, sort: str = "-sequence", limit: int = 50, cursor: str | None = None
) -> Page[VersionSummary]:
    """Return versions of a model, the last registered first unless `sort` says otherwise."""
    column = SORTS.get(sort.removeprefix("-"))
    if column is None:
        raise BadField(f"sort is one of {', '.join(SORTS)}, with '-' before it for descending.")
    keys = [column, _V.id]
    with store.read() as c:
        query = SUMMARY.where(_V.model_id == models.row(c, model).id, _V.deleted_at.is_(None))
        query = pages.page_of(query, keys, limit=limit, cursor=cursor, descending=sort.startswith("-"))
        rows, next_cursor = pages.cut(c.execute(query).all(), keys, limit)
        return Page(items=summaries(c, rows), next_cursor=next_cursor)


def get(store: Store, selector: str) -> ModelVersion:
    """Return the version that `selector` points at. Raises BadSelector, NotFound."""
    with store.read() as c:
        return detail(c, find(c, selector))


def get_by_id(store: Store, version_id: int) -> ModelVersion:
    with store.read() as c:
        return detail(c, c.execute(DETAIL.where(_V.id == version_id)).one())


def find(c: Connection, selector: str) -> AnyRow:
    """Return the row of `DETAIL` that `selector` points at. Raises NotFound."""
    name, text = selectors.split(selector)
    pointer = selectors.parse_pointer(text)
    model = models.row(c, name)
    row = c.execute(_pointed(model, pointer)).first()
    if row is None:
        raise NotFound(f"The model {model.name!r} has no version {text!r}. See `%model show {model.name}`.")
    return row


def edit(store: Store, selector: str, changes: Mapping[str, Any], *, actor: str) -> ModelVersion:
    """Change editable fields; the event keeps old and new values. Source: K9."""
    with store.write() as c:
        row = find(c, selector)
        before = detail(c, row)
        checked = lifecycle.edits(changes, _running(c, row.id))
        if "tags" in checked:
            c.execute(delete(schema.tags).where(schema.tags.c.version_id == row.id))
            _add_tags(c, row.id, checked["tags"])
        plain = {field: value for field, value in checked.items() if field != "tags"}
        c.execute(update(schema.versions).where(_V.id == row.id).values(**plain, updated_at=now()))
        events.write(
            c, actor, "version.edited", model=row.model, version=row.version,
            changes={field: [getattr(before, field), value] for field, value in checked.items()},
        )  # fmt: skip
        return detail(c, c.execute(DETAIL.where(_V.id == row.id)).one())


def promote(store: Store, selector: str, stage: str, *, comment: str, actor: str) -> ModelVersion:
    """Move a version to `stage`; the former holder of an exclusive stage leaves in the same transaction."""
    with store.write() as c:
        row = find(c, selector)
        wanted = lifecycle.next_stage(stage, _running(c, row.id))
        if wanted in lifecycle.EXCLUSIVE_STAGES:
            _succeed(c, row, wanted, actor)
        c.execute(update(schema.versions).where(_V.id == row.id).values(stage=wanted, updated_at=now()))
        events.write(
            c, actor, "version.promoted", model=row.model, version=row.version,
            stage=[row.stage, wanted], comment=fields.checked_text("comment", comment),
        )  # fmt: skip
        return detail(c, c.execute(DETAIL.where(_V.id == row.id)).one())


def remove(store: Store, selector: str, *, actor: str) -> ModelVersion:
    """Move a version to the trash. Raises ModelDeployed while it runs. Source: K13."""
    with store.write() as c:
        row = find(c, selector)
        if running := _running(c, row.id):
            raise ModelDeployed(running)
        before = detail(c, row)
        c.execute(update(schema.versions).where(_V.id == row.id).values(deleted_at=now()))
        _recount(c, row.model_id, -1)
        events.write(c, actor, "version.deleted", model=row.model, version=row.version)
        return before


def restore(store: Store, model: str, version: str, *, actor: str) -> ModelVersion:
    """Take a version out of the trash, under its old number."""
    with store.write() as c:
        found = models.ensure(c, model, actor)
        identity = semver.identity(semver.parse(version))
        query = DETAIL.where(_V.model_id == found.id, _V.identity == identity)
        row = c.execute(query.where(_V.deleted_at.is_not(None))).first()
        if row is None:
            raise NotFound(f"{model}@{version} is not in the trash.")
        c.execute(update(schema.versions).where(_V.id == row.id).values(deleted_at=None, updated_at=now()))
        _recount(c, found.id, 1)
        events.write(c, actor, "version.restored", model=found.name, version=row.version)
        return detail(c, c.execute(DETAIL.where(_V.id == row.id)).one())


def _pointed(model: AnyRow, pointer: selectors.Pointer) -> AnySelect:
    query = DETAIL.where(_V.model_id == model.id, _V.deleted_at.is_(None))
    match pointer:
        case selectors.Exact(identity):
            return query.where(_V.identity == identity)
        case selectors.Range(low, high):
            query = query.where(_V.sort_key >= low, _V.sort_key < high, _V.is_release)
            return query.order_by(_V.sort_key.desc()).limit(1)
        case selectors.Word("latest"):
            return query.where(_V.id == model.latest_id)
        case selectors.Word("newest"):
            return query.where(_V.id == model.newest_id)
        case selectors.Word(word) if word in tuple(Stage):
            return query.where(_V.stage == word).order_by(_V.sort_key.desc()).limit(1)
        case selectors.Word(word):
            a = schema.aliases.c
            return query.join(schema.aliases, a.version_id == _V.id).where(a.alias == word)


def _highest_ever(c: Connection, model_id: int) -> str | None:
    query = select(_V.version).where(_V.model_id == model_id, _V.is_release)
    highest: str | None = c.execute(query.order_by(_V.sort_key.desc()).limit(1)).scalar()
    return highest


def refuse_taken(store: Store, model: str, version: str) -> None:
    """Raise VersionTaken if `version` of `model` exists; an empty version is never taken."""
    if not version:
        return
    with store.read() as c:
        found = c.execute(select(schema.models).where(schema.models.c.name_key == model.lower())).first()
        if found is not None:
            _refuse_taken(c, found, semver.identity(semver.parse(version)))


def _refuse_taken(c: Connection, model: AnyRow, identity: str) -> None:
    query = select(_V.version, _V.deleted_at).where(_V.model_id == model.id, _V.identity == identity)
    taken = c.execute(query).first()
    if taken is None:
        return
    if taken.deleted_at is not None:
        raise VersionTaken(
            f"{model.name}@{taken.version} is in the trash and keeps its number. "
            f"Restore it with `%model restore {model.name}@{taken.version}` or choose a higher number."
        )
    raise VersionTaken(f"{model.name}@{taken.version} already exists. Choose another number or a bump.")


def _add_facts(c: Connection, version_id: int, new: NewVersion) -> None:
    rows: dict[Table, list[dict[str, Any]]] = {
        schema.metrics: [{"key": key, "value": value} for key, value in new.metrics.items()],
        schema.params: [{"key": key, "value": value} for key, value in new.params.items()],
        schema.artifacts: [{"path": a.path, "digest": a.digest, "size": a.size} for a in new.artifacts],
    }
    for table, values in rows.items():
        if values:
            c.execute(insert(table), [{"version_id": version_id, **value} for value in values])
    _add_tags(c, version_id, new.tags)


def _add_tags(c: Connection, version_id: int, tags: tuple[str, ...]) -> None:
    if tags:
        rows = [{"version_id": version_id, "position": i, "tag": tag} for i, tag in enumerate(tags)]
        c.execute(insert(schema.tags), rows)


def _count(c: Connection, model: AnyRow, version_id: int, row: Mapping[str, Any]) -> None:
    m = schema.models.c
    values = {
        "newest_id": version_id, "last_sequence": row["sequence"],
        "version_count": model.version_count + 1, "updated_at": row["updated_at"],
    }  # fmt: skip
    if row["is_release"] and _is_highest(c, model, row["sort_key"]):
        values["latest_id"] = version_id
    c.execute(update(schema.models).where(m.id == model.id).values(**values))


def _is_highest(c: Connection, model: AnyRow, sort_key: str) -> bool:
    if model.latest_id is None:
        return True
    latest: str = c.execute(select(_V.sort_key).where(_V.id == model.latest_id)).scalar_one()
    return sort_key > latest


def _recount(c: Connection, model_id: int, change: int) -> None:
    m = schema.models.c
    c.execute(update(schema.models).where(m.id == model_id).values(version_count=m.version_count + change))
    models.point(c, model_id)


def _succeed(c: Connection, row: AnyRow, stage: Stage, actor: str) -> None:
    query = DETAIL.where(_V.model_id == row.model_id, _V.stage == stage, _V.id != row.id, _V.deleted_at.is_(None))
    for former in c.execute(query).all():
        following = lifecycle.stage_after_succession(_running(c, former.id))
        c.execute(update(schema.versions).where(_V.id == former.id).values(stage=following, updated_at=now()))
        events.write(
            c, actor, "version.promoted", model=row.model, version=former.version,
            stage=[stage, following], comment=f"{row.version} took its place",
        )  # fmt: skip


def _running(c: Connection, version_id: int) -> list[str]:
    found = badges(c, schema.deployments.c.version_id, [version_id])
    return [badge.name for _, badge in found if badge.state in lifecycle.RUNNING]
