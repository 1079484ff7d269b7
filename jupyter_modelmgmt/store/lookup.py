"""Finding the one version that a selector points at."""

from sqlalchemy import Connection, select

from jupyter_modelmgmt.domain import selectors
from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.store import models, schema
from jupyter_modelmgmt.store.pages import AnyRow, AnySelect
from jupyter_modelmgmt.store.rows import DETAIL

_V = schema.versions.c


def find(c: Connection, selector: str) -> AnyRow:
    """Return the row of `DETAIL` that `selector` points at. Raises NotFound."""
    name, text = selectors.split(selector)
    pointer = selectors.parse_pointer(text)
    model = models.row(c, name)
    row = c.execute(_pointed(c, model, pointer)).first()
    if row is None:
        raise NotFound(f"The model {model.name!r} has no version {text!r}. See `%model show {model.name}`.")
    return row


def row_of(c: Connection, version_id: int) -> AnyRow:
    """Return the row of `DETAIL` with this id."""
    return c.execute(DETAIL.where(_V.id == version_id)).one()


def _pointed(c: Connection, model: AnyRow, pointer: selectors.Pointer) -> AnySelect:
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
        case selectors.Word(word):
            a = schema.aliases.c
            aliased = c.execute(select(a.version_id).where(a.model_id == model.id, a.alias == word)).scalar()
            if aliased is not None:
                return query.where(_V.id == aliased)
            return query.where(_V.stage == word).order_by(_V.sort_key.desc()).limit(1)
