"""Finding the one version that a selector points at."""

from sqlalchemy import Connection, bindparam, select

from jupyter_modelmgmt.domain import selectors
from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.store import models, schema
from jupyter_modelmgmt.store.pages import AnyRow
from jupyter_modelmgmt.store.prepared import Prepared
from jupyter_modelmgmt.store.rows import DETAIL

_V = schema.versions.c
_A = schema.aliases.c
_BY_ID = Prepared(DETAIL.where(_V.id == bindparam("id")))
_OF_MODEL = DETAIL.where(_V.model_id == bindparam("model"), _V.deleted_at.is_(None))
_HIGHEST = _OF_MODEL.order_by(_V.sort_key.desc()).limit(1)
_EXACT = Prepared(_OF_MODEL.where(_V.identity == bindparam("identity")))
_RANGE = Prepared(_HIGHEST.where(_V.sort_key >= bindparam("low"), _V.sort_key < bindparam("high"), _V.is_release))
_POINTED = Prepared(_OF_MODEL.where(_V.id == bindparam("id")))
_NAMED = select(_A.version_id).where(_A.model_id == bindparam("model"), _A.alias == bindparam("alias"))
_ALIASED = Prepared(_OF_MODEL.where(_V.id == _NAMED.scalar_subquery()))
_STAGED = Prepared(_HIGHEST.where(_V.stage == bindparam("stage")))


def find(c: Connection, selector: str) -> AnyRow:
    """Return the row of `DETAIL` that `selector` points at. Raises NotFound."""
    name, text = selectors.split(selector)
    pointer = selectors.parse_pointer(text)
    model = models.row(c, name)
    row = _pointed(c, model, pointer)
    if row is None:
        raise NotFound(f"The model {model.name!r} has no version {text!r}. See `%model show {model.name}`.")
    return row


def row_of(c: Connection, version_id: int) -> AnyRow:
    """Return the row of `DETAIL` with this id."""
    return _BY_ID.one(c, {"id": version_id})


def _pointed(c: Connection, model: AnyRow, pointer: selectors.Pointer) -> AnyRow | None:
    of = {"model": model.id}
    match pointer:
        case selectors.Exact(identity):
            return _EXACT.first(c, {**of, "identity": identity})
        case selectors.Range(low, high):
            return _RANGE.first(c, {**of, "low": low, "high": high})
        case selectors.Word("latest"):
            return _POINTED.first(c, {**of, "id": model.latest_id})
        case selectors.Word("newest"):
            return _POINTED.first(c, {**of, "id": model.newest_id})
        case selectors.Word(word):
            aliased = _ALIASED.first(c, {**of, "alias": word})
            return aliased or _STAGED.first(c, {**of, "stage": word})
