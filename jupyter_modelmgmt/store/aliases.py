"""Aliases: movable names of versions, each of one version of its model."""

from sqlalchemy import Connection, bindparam, delete, select

from jupyter_modelmgmt.domain import selectors
from jupyter_modelmgmt.domain.errors import AliasProtected, NotFound
from jupyter_modelmgmt.domain.records import Alias, ModelVersion
from jupyter_modelmgmt.store import events, lookup, models, schema, stages
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.pages import AnyRow
from jupyter_modelmgmt.store.prepared import Prepared, adding
from jupyter_modelmgmt.store.rows import detail

_A = schema.aliases.c
_V = schema.versions.c
_MINE = (_A.model_id == bindparam("model"), _A.alias == bindparam("called"))
_EVERY = select(_A.version_id, _A.alias, _A.protected, _V.version).join(schema.versions, _V.id == _A.version_id)
_NAMED = Prepared(_EVERY.where(*_MINE))
_OF_VERSION = Prepared(_EVERY.where(_A.version_id == bindparam("version")).order_by(_A.alias))
_FORGET = Prepared(delete(schema.aliases).where(*_MINE))
_INSERT = Prepared(adding(schema.aliases, "model_id", "alias", "version_id", "protected"))


def put(store: Store, selector: str, alias: str, *, protected: bool | None = None, actor: str) -> ModelVersion:
    """Let `alias` point at a version, wherever it pointed before.

    `protected` sets or lifts its protection; None leaves it. Raises BadAlias, and AliasProtected when
    a protected one would move. Source: W2, W4.
    """
    with store.write() as c:
        row = lookup.find(c, selector)
        selectors.checked_alias(alias, [rule.name for rule in stages.rules(c)])
        before = _row(c, row.model_id, alias)
        if before is not None and before.protected and before.version_id != row.id:
            raise AliasProtected(_refusal(row.model, alias, before.version))
        kept = before.protected if before is not None else False
        values = {"model_id": row.model_id, "alias": alias, "version_id": row.id}
        _FORGET.run(c, {"model": row.model_id, "called": alias})
        _INSERT.run(c, {**values, "protected": kept if protected is None else protected})
        moved = [before.version if before is not None else "", row.version]
        events.write(c, actor, "alias.set", model=row.model, version=row.version, alias=alias, moved=moved,
                     protected=kept if protected is None else protected)  # fmt: skip
        return detail(c, row)


def remove(store: Store, model: str, alias: str, *, actor: str) -> None:
    """Forget an alias. Raises NotFound, AliasProtected."""
    with store.write() as c:
        found = models.row(c, model)
        before = _row(c, found.id, alias)
        if before is None:
            raise NotFound(f"{found.name} has no alias {alias[:80]!r}. See `%model show {found.name}`.")
        if before.protected:
            raise AliasProtected(_refusal(found.name, alias, before.version))
        _FORGET.run(c, {"model": found.id, "called": alias})
        events.write(c, actor, "alias.removed", model=found.name, version=before.version, alias=alias)


def of_version(c: Connection, version_id: int) -> list[Alias]:
    """Return the aliases of a version, by name."""
    rows = _OF_VERSION.all(c, {"version": version_id})
    return [Alias(alias=row.alias, version=row.version, protected=row.protected) for row in rows]


def _row(c: Connection, model_id: int, alias: str) -> AnyRow | None:
    return _NAMED.first(c, {"model": model_id, "called": alias})


def _refusal(model: str, alias: str, version: str) -> str:
    return (
        f"The alias {alias} of {model} is protected and stays at {version}. "
        f"Lift it first: `%model alias {model}@{version} {alias} --unprotect`."
    )
