"""Who did what when, read from the events, the stages' periods and the log of statuses."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection, or_, select

from jupyter_modelmgmt.domain import fields, history, selectors
from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.domain.governance import StagePeriod, StatusChange
from jupyter_modelmgmt.domain.records import Event, Page
from jupyter_modelmgmt.store import lookup, pages, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.pages import AnyRow, AnySelect

_E = schema.events.c
_L = schema.status_log.c
_M = schema.models.c
_P = schema.stage_periods.c
_V = schema.versions.c
_PERIODS = (
    select(schema.stage_periods, _V.version, _M.name.label("model"))
    .join(schema.versions, _V.id == _P.version_id)
    .join(schema.models, _M.id == _P.model_id)
)


def page(store: Store, what: str = "", *, limit: int = 50, cursor: str | None = None) -> Page[Event]:
    """Return what happened to the registry, to a model or to one version, the last first.

    `what` is empty, `name` or a selector; what is in the trash or purged keeps its history.
    """
    with store.read() as c:
        query = pages.page_of(_of(c, what), [_E.id], limit=limit, cursor=cursor, descending=True)
        rows, next_cursor = pages.cut(c.execute(query).all(), [_E.id], limit)
    return Page(items=_events(rows), next_cursor=next_cursor)


def status_log(store: Store, selector: str) -> tuple[StatusChange, ...]:
    """Return the statuses of a version, the last first; `deployed` follows from deployments."""
    with store.read() as c:
        model, version = _version(c, selector)
        log = c.execute(select(schema.status_log).where(_L.version_id == version.id).order_by(_L.id)).all()
        about = select(schema.events).where(_E.model == model.name, _E.deployment != "")
        deployments = _events(c.execute(about.order_by(_E.id)).all())
    stored = [StatusChange(at=row.at, actor=row.actor, status=row.status, reason=row.reason) for row in log]
    return tuple(reversed(history.status_log(stored, deployments, version.version)))


def stage_periods(store: Store, name: str, stage: str = "") -> tuple[StagePeriod, ...]:
    """Return which versions of a model were in which stage, or in `stage`, the last first."""
    with store.read() as c:
        query = _PERIODS.where(_P.model_id == _model(c, name).id)
        if stage:
            query = query.where(_P.stage == stage)
        return _records(c.execute(query.order_by(_P.entered_at.desc(), _P.id.desc())))


def holders(store: Store, name: str, stage: str, on: datetime | date | str) -> tuple[StagePeriod, ...]:
    """Return who was in `stage` at a moment, or at any time of a day; the last first. Raises BadField."""
    begin, end = history.span(on)
    began = _P.entered_at < end if begin < end else _P.entered_at <= end
    with store.read() as c:
        query = _PERIODS.where(_P.model_id == _model(c, name).id, _P.stage == stage, began)
        query = query.where(or_(_P.left_at.is_(None), _P.left_at > begin))
        return _records(c.execute(query.order_by(_P.entered_at.desc(), _P.id.desc())))


def _of(c: Connection, what: str) -> AnySelect:
    query = select(schema.events)
    if not what:
        return query
    if "@" not in what:
        return query.where(_E.model == _model(c, what).name)
    model, version = _version(c, what)
    return query.where(_E.model == model.name, _E.version == version.version)


def _model(c: Connection, name: str) -> AnyRow:
    """Return the row of a model, in the trash or not. Raises NotFound."""
    key = fields.checked_name(name).lower()
    found = c.execute(select(_M.id, _M.name).where(_M.name_key == key)).first()
    if found is None:
        raise NotFound(f"There is no model {name!r}. See the list with `%model list`.")
    return found


def _version(c: Connection, selector: str) -> tuple[AnyRow, AnyRow]:
    """Return the rows of a model and of its version, in the trash or not. Raises NotFound."""
    name, text = selectors.split(selector)
    model, pointer = _model(c, name), selectors.parse_pointer(text)
    if not isinstance(pointer, selectors.Exact):
        return model, lookup.find(c, selector)
    query = select(_V.id, _V.version).where(_V.model_id == model.id, _V.identity == pointer.identity)
    found = c.execute(query).first()
    if found is None:
        raise NotFound(f"The model {model.name!r} has no version {text!r}. See `%model show {model.name}`.")
    return model, found


def _events(rows: Iterable[AnyRow]) -> tuple[Event, ...]:
    return tuple(Event(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public way to a mapping


def _records(rows: Iterable[AnyRow]) -> tuple[StagePeriod, ...]:
    return tuple(
        StagePeriod(
            model=row.model, version=row.version, stage=row.stage, entered_at=row.entered_at,
            left_at=row.left_at, actor=row.actor, comment=row.comment,
        )
        for row in rows
    )  # fmt: skip
