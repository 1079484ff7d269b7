"""Models: named lines of versions, with pointers to the latest and the newest one."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, insert, or_, select, true, update

from jupyter_modelmgmt.domain import fields
from jupyter_modelmgmt.domain.errors import BadField, ModelTaken, NotFound
from jupyter_modelmgmt.domain.records import Alias, Model, Page, VersionSummary
from jupyter_modelmgmt.store import events, pages, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.dialects import bounded
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow, AnySelect
from jupyter_modelmgmt.store.prepared import Prepared, changing
from jupyter_modelmgmt.store.rows import badges, summaries_of

_M = schema.models.c
_V = schema.versions.c
_NAMED = select(schema.models).where(_M.name_key == bindparam("key"))
_ALIVE = Prepared(_NAMED.where(_M.deleted_at.is_(None)))
_LOCKED = Prepared(_NAMED.with_for_update())
_VERSIONS = select(_V.id).where(_V.model_id == bindparam("id"), _V.deleted_at.is_(None)).limit(1)
_LATEST = Prepared(_VERSIONS.where(_V.is_release).order_by(_V.sort_key.desc()))
_NEWEST = Prepared(_VERSIONS.order_by(_V.sequence.desc()))
SORTS = {"name": _M.name_key, "updated_at": _M.updated_at, "created_at": _M.created_at}


def page(
    store: Store,
    *,
    search: str = "",
    where: Callable[[Connection], ColumnElement[bool]] = lambda _: true(),
    sort: str = "name",
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Model]:
    """Return models whose name or description contains `search`; `-` before `sort` turns the order.

    `where` gives another condition that they meet.
    """
    column = SORTS.get(sort.removeprefix("-"))
    if column is None:
        raise BadField(f"sort is one of {', '.join(SORTS)}, with '-' before it for descending.")
    keys = [column, _M.id]
    query = pages.page_of(_matching(search), keys, limit=limit, cursor=cursor, descending=sort.startswith("-"))
    with store.read() as c:
        with bounded(c):
            rows, next_cursor = pages.cut(c.execute(query.where(where(c))).all(), keys, limit)
        return Page(items=_records(c, rows), next_cursor=next_cursor)


def get(store: Store, name: str) -> Model:
    """Return one model. Raises NotFound."""
    with store.read() as c:
        return _records(c, [row(c, name)])[0]


def row(c: Connection, name: str) -> AnyRow:
    """Return the row of a model that is not in the trash. Raises NotFound."""
    found = _ALIVE.first(c, {"key": fields.checked_name(name).lower()})
    if found is None:
        raise NotFound(f"There is no model {name!r}. See the list with `%model list`.")
    return found


def ensure(c: Connection, name: str, actor: str) -> AnyRow:
    """Return the row of the model `name`, made if there is none, taken out of the trash if it is there."""
    key = fields.checked_name(name).lower()
    found = _LOCKED.first(c, {"key": key})
    if found is not None and found.deleted_at is None:
        return found
    if found is not None:
        c.execute(update(schema.models).where(_M.id == found.id).values(deleted_at=None))
        events.write(c, actor, "model.restored", model=found.name)
    else:
        time = now()
        c.execute(
            insert(schema.models).values(
                name=name,
                name_key=key,
                description="",
                created_at=time,
                updated_at=time,
                created_by=actor,
                version_count=0,
                last_sequence=0,
            )
        )
        events.write(c, actor, "model.created", model=name)
    return _LOCKED.one(c, {"key": key})


def create(store: Store, name: str, description: str, *, actor: str) -> Model:
    """Make a model without versions. Raises ModelTaken when there is one of that name."""
    text = fields.checked_text("description", description)
    with store.write() as c:
        key = fields.checked_name(name).lower()
        if c.execute(select(_M.id).where(_M.name_key == key, _M.deleted_at.is_(None))).first():
            raise ModelTaken(f"The model {name!r} already exists. Register a version of it, or choose another name.")
        ensured = ensure(c, name, actor)
        c.execute(update(schema.models).where(_M.id == ensured.id).values(description=text))
    return get(store, name)


def describe(store: Store, name: str, description: str, *, actor: str) -> Model:
    """Write what the model as a whole is for."""
    text = fields.checked_text("description", description)
    with store.write() as c:
        found = row(c, name)
        c.execute(update(schema.models).where(_M.id == found.id).values(description=text, updated_at=now()))
        events.write(c, actor, "model.edited", model=found.name, changes={"description": [found.description, text]})
    return get(store, name)


def point(c: Connection, model_id: int) -> None:
    """Set `latest` and `newest` of a model anew, after a version left or came back."""
    latest = _LATEST.scalar(c, {"id": model_id})
    newest = _NEWEST.scalar(c, {"id": model_id})
    write(c, model_id, latest_id=latest, newest_id=newest, updated_at=now())


def write(c: Connection, model_id: int, **values: Any) -> None:
    """Write into the row of a model."""
    changing(schema.models, *values).run(c, {"row": model_id, **values})


def _matching(search: str) -> AnySelect:
    query = select(schema.models).where(_M.deleted_at.is_(None))
    if search:
        query = query.where(
            or_(
                _M.name_key.contains(search.lower(), autoescape=True),
                _M.description.icontains(search, autoescape=True),
            )
        )
    return query


def _records(c: Connection, rows: Sequence[AnyRow]) -> tuple[Model, ...]:
    ids = list({i for row in rows for i in (row.latest_id, row.newest_id) if i})
    by_id: dict[int, VersionSummary] = dict(zip(ids, summaries_of(c, ids), strict=True))
    running = badges(c, schema.deployments.c.model_id, [row.id for row in rows])
    called = _aliases(c, [row.id for row in rows])
    return tuple(
        Model(
            name=row.name,
            description=row.description,
            created_at=row.created_at,
            updated_at=row.updated_at,
            created_by=row.created_by,
            version_count=row.version_count,
            latest=by_id.get(row.latest_id),
            newest=by_id.get(row.newest_id),
            aliases=tuple(alias for model_id, alias in called if model_id == row.id),
            deployments=tuple(badge for model_id, badge in running if model_id == row.id),
        )
        for row in rows
    )


def _aliases(c: Connection, model_ids: Sequence[int]) -> list[tuple[int, Alias]]:
    a = schema.aliases.c
    query = select(a.model_id, a.alias, a.protected, _V.version).join(schema.versions, _V.id == a.version_id)
    rows = c.execute(query.where(a.model_id.in_(model_ids)).order_by(a.alias))
    return [(row.model_id, Alias(alias=row.alias, version=row.version, protected=row.protected)) for row in rows]
