"""Versions: add one, find one."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select

from jupyter_modelmgmt.domain import fields
from jupyter_modelmgmt.domain import versions as semver
from jupyter_modelmgmt.domain.errors import VersionTaken
from jupyter_modelmgmt.domain.interfaces import Interface
from jupyter_modelmgmt.domain.records import ModelVersion, NewVersion, Scalar, Stage
from jupyter_modelmgmt.store import changes, datasets, events, lookup, models, runs, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.logs import ENTER_STAGE, LOG_STATUS
from jupyter_modelmgmt.store.pages import AnyRow
from jupyter_modelmgmt.store.prepared import Prepared, adding
from jupyter_modelmgmt.store.rows import DETAIL, detail
from jupyter_modelmgmt.store.series import Batch

_V = schema.versions.c
_COPIED = (
    "description", "framework", "flavor", "task", "model_type", "status", "author", "license", "public",
    "downloadable", "adapter", "config", "parent", "source", "code", "environment", "architecture", "weights",
)  # fmt: skip
_KEPT = ("id", "deleted_at", "purged_at")  # columns that a new version says nothing of
_INSERT = Prepared(
    adding(schema.versions, *(column.name for column in _V if column.name not in _KEPT)).returning(_V.id)
)
_FACTS = {
    table: Prepared(adding(table, "version_id", *names))
    for table, *names in (
        (schema.metrics, "key", "value"),
        (schema.params, "key", "value", "text", "number"),
        (schema.properties, "key", "value", "text", "number"),
        (schema.tags, "position", "tag"),
        (schema.artifacts, "path", "digest", "size"),
    )
}
_HIGHEST = Prepared(
    select(_V.version).where(_V.model_id == bindparam("model"), _V.is_release).order_by(_V.sort_key.desc()).limit(1)
)
_TAKEN = Prepared(
    select(_V.version, _V.deleted_at, _V.purged_at).where(
        _V.model_id == bindparam("model"), _V.identity == bindparam("identity")
    )
)
_MODEL = Prepared(select(schema.models).where(schema.models.c.name_key == bindparam("key")))
_LATEST = Prepared(select(_V.sort_key, _V.version).where(_V.id == bindparam("latest")))
_RELEASES = DETAIL.where(
    schema.models.c.name_key == bindparam("key"), schema.models.c.deleted_at.is_(None), _V.deleted_at.is_(None),
    _V.is_release,
)  # fmt: skip
_BELOW = Prepared(_RELEASES.where(_V.sort_key < bindparam("below")).order_by(_V.sort_key.desc()).limit(1))
_BASE = Prepared(_RELEASES.where(_V.id == schema.models.c.latest_id))
_ANY_INTERFACE = Interface()
COMPARED = 255
MAX_NUMBER = 1e308


def add(
    store: Store,
    new: NewVersion,
    *,
    bump: str,
    actor: str,
    allow_identical: bool = True,
    reason: str = "",
    curves: Batch | None = None,
) -> ModelVersion:
    """Make a version visible; without a wanted number `bump` chooses it from the highest release.

    `curves` go to its run while that goes on, else to the version itself.

    Without a wanted number and with `allow_identical` off, content that is there already gives the version
    that has it. Raises VersionTaken; the number of a version in the trash stays taken.
    """
    with store.write() as c:
        return put(c, new, bump=bump, actor=actor, allow_identical=allow_identical, reason=reason, curves=curves)


def put(
    c: Connection, new: NewVersion, *, bump: str, actor: str, allow_identical: bool = True, reason: str = "",
    curves: Batch | None = None,
) -> ModelVersion:  # fmt: skip
    """Do what `add` does, in the transaction of `c`."""
    model = models.ensure(c, new.model, actor)
    run_id, new = _of_run(c, new)
    fingerprint = fields.fingerprint(new)
    same = None if new.version or allow_identical else _identical(c, model, fingerprint)
    if same is not None:
        return changes.reuse(c, same, new, actor=actor)
    highest = _highest_ever(c, model.id)
    number = semver.choose(new.version or None, highest, bump, first="" if highest else _first_version(c))
    parsed = semver.parse(number)
    _refuse_taken(c, model, semver.identity(parsed))
    time = now()
    row = {
        **{name: getattr(new, name) for name in _COPIED},
        "model_id": model.id, "sequence": model.last_sequence + 1, "version": number,
        "identity": semver.identity(parsed), "sort_key": semver.sort_key(parsed),
        "is_release": semver.is_release(parsed), "created_at": time, "updated_at": time,
        "created_by": actor, "stage": Stage.DEVELOPMENT, "labels": list(new.labels),
        "size": sum(a.size for a in new.artifacts), "fingerprint": fingerprint,
        "run_id": run_id, "parent_id": _parent_id(c, new.parent), **_evidence(new),
    }  # fmt: skip
    version_id = _INSERT.one(c, row)[0]
    _add_facts(c, version_id, new, run_id, curves)
    _open_logs(c, version_id, row)
    notice = _count(c, model, version_id, row)
    why = {"reason": reason} if reason else {}
    events.write(c, actor, "version.registered", model=model.name, version=number, sequence=row["sequence"], **why)
    if run_id is not None or new.datasets:
        return dataclasses.replace(detail(c, lookup.row_of(c, version_id)), notice=notice)
    return _added(new, model.name, row, notice)


def _added(new: NewVersion, model: str, row: Mapping[str, Any], notice: str) -> ModelVersion:
    """Return what was written, without reading it back."""
    said = {field.name: getattr(new, field.name) for field in dataclasses.fields(NewVersion)}
    given = ("version", "sequence", "created_at", "updated_at", "created_by", "stage", "size")
    return ModelVersion(**said | {"model": model, "notice": notice} | {name: row[name] for name in given})


def _of_run(c: Connection, new: NewVersion) -> tuple[int | None, NewVersion]:
    """Return the row id of the run of `new`, and `new` with the metrics and params of that run."""
    if not new.run:
        return None, new
    return runs.attached(c, new)


def _evidence(new: NewVersion) -> dict[str, Any]:
    """Return what was found out about a version as JSON holds it."""
    proof, cost = (None if record is None else dataclasses.asdict(record) for record in (new.proof, new.cost))
    safety = [dataclasses.asdict(verdict) for verdict in new.safety]
    interface = {} if new.interface == _ANY_INTERFACE else dataclasses.asdict(new.interface)
    signature = dataclasses.asdict(new.signature)
    return {"signature": signature, "proof": proof or {}, "cost": cost or {}, "safety": safety, "interface": interface}


def _identical(c: Connection, model: AnyRow, fingerprint: str) -> AnyRow | None:
    query = DETAIL.where(_V.model_id == model.id, _V.fingerprint == fingerprint, _V.deleted_at.is_(None))
    return c.execute(query.order_by(_V.sequence.desc()).limit(1)).first()


def _parent_id(c: Connection, parent: str) -> int | None:
    """Return the row id of the version that `parent` names; a library entry has none."""
    name, at, number = parent.partition("@")
    if not at:
        return None
    m = schema.models.c
    query = select(_V.id).join(schema.models, m.id == _V.model_id)
    found: int | None = c.execute(query.where(m.name_key == name.lower(), _V.identity == number)).scalar()
    return found


def get(store: Store, selector: str) -> ModelVersion:
    """Return the version that `selector` points at. Raises BadSelector, NotFound."""
    with store.read() as c:
        return detail(c, lookup.find(c, selector))


def get_by_id(store: Store, version_id: int) -> ModelVersion:
    with store.read() as c:
        return detail(c, lookup.row_of(c, version_id))


def of_flavor(store: Store, flavor: str) -> list[tuple[str, str, bool]]:
    """Return model and number of each version that ever had a flavor, the trash included, and whether it is purged."""
    query = select(schema.models.c.name, _V.version, _V.purged_at).join(
        schema.models, schema.models.c.id == _V.model_id
    )
    with store.read() as c:
        rows = c.execute(query.where(_V.flavor == flavor)).all()
    return [(row.name, row.version, row.purged_at is not None) for row in rows]


def _first_version(c: Connection) -> str:
    """Return the number that a model begins with. Source: spec/rules.md, "First version"."""
    s = schema.settings.c
    return c.execute(select(s.value).where(s.name == "first_version")).scalar() or semver.FIRST


def _highest_ever(c: Connection, model_id: int) -> str | None:
    highest: str | None = _HIGHEST.scalar(c, {"model": model_id})
    return highest


def base_of(store: Store, model: str, version: str) -> ModelVersion | None:
    """Return the release that the next one, or `version`, follows: the highest below it. None for the first."""
    with store.read() as c:
        key = model.lower()
        if version:
            row = _BELOW.first(c, {"key": key, "below": semver.sort_key(semver.parse(version))})
        else:
            row = _BASE.first(c, {"key": key})
        return None if row is None else detail(c, row)


def refuse_taken(store: Store, model: str, version: str) -> None:
    """Raise VersionTaken if `version` of `model` exists; an empty version is never taken."""
    if not version:
        return
    with store.read() as c:
        found = _MODEL.first(c, {"key": model.lower()})
        if found is not None:
            _refuse_taken(c, found, semver.identity(semver.parse(version)))


def _refuse_taken(c: Connection, model: AnyRow, identity: str) -> None:
    taken = _TAKEN.first(c, {"model": model.id, "identity": identity})
    if taken is None:
        return
    if taken.purged_at is not None:
        raise VersionTaken(
            f"{model.name}@{taken.version} was purged and keeps its number. Choose another number or a bump."
        )
    if taken.deleted_at is not None:
        raise VersionTaken(
            f"{model.name}@{taken.version} is in the trash and keeps its number. "
            f"Restore it with `%model restore {model.name}@{taken.version}` or choose a higher number."
        )
    raise VersionTaken(f"{model.name}@{taken.version} already exists. Choose another number or a bump.")


def _add_facts(c: Connection, version_id: int, new: NewVersion, run_id: int | None, curves: Batch | None) -> None:
    rows: dict[Table, list[dict[str, Any]]] = {
        schema.metrics: [{"key": key, "value": value} for key, value in new.metrics.items()],
        schema.params: [_scalar(key, value) for key, value in new.params.items()],
        schema.properties: [_scalar(key, value) for key, value in new.properties.items()],
        schema.tags: [{"position": i, "tag": tag} for i, tag in enumerate(new.tags)],
        schema.artifacts: [{"path": a.path, "digest": a.digest, "size": a.size} for a in new.artifacts],
    }
    for table, values in rows.items():
        _FACTS[table].many(c, [{"version_id": version_id, **value} for value in values])
    if new.datasets or run_id is not None:
        datasets.attach(c, version_id, new.datasets, run_id)
    if curves:
        runs.keep(c, version_id, new.run, curves)


def _open_logs(c: Connection, version_id: int, row: Mapping[str, Any]) -> None:
    """Begin the log of statuses and that of stages."""
    common = {"version_id": version_id, "actor": row["created_by"]}
    LOG_STATUS.run(c, {**common, "at": row["created_at"], "status": row["status"], "reason": ""})
    entered = {"model_id": row["model_id"], "stage": row["stage"], "entered_at": row["created_at"], "comment": ""}
    ENTER_STAGE.run(c, {**common, **entered})


def _scalar(key: str, value: Scalar) -> dict[str, Any]:
    """Return a named value with what searches compare: text, or number. Truth values are the words."""
    if isinstance(value, bool):
        return {"key": key, "value": value, "text": str(value).lower(), "number": None}
    if isinstance(value, str):
        return {"key": key, "value": value, "text": value[:COMPARED], "number": None}
    # Beyond 64-bit floats there is nothing to compare with.
    number = float(value) if value is not None and abs(value) < MAX_NUMBER else None
    return {"key": key, "value": value, "text": None, "number": number}


def _count(c: Connection, model: AnyRow, version_id: int, row: Mapping[str, Any]) -> str:
    """Write the model's counts and pointers; return what to say of a release below the latest."""
    values = {
        "newest_id": version_id, "last_sequence": row["sequence"],
        "version_count": model.version_count + 1, "updated_at": row["updated_at"],
    }  # fmt: skip
    notice = ""
    if row["is_release"]:
        latest = _LATEST.first(c, {"latest": model.latest_id})
        if latest is None or row["sort_key"] > latest.sort_key:
            values["latest_id"] = version_id
        else:
            notice = f"{row['version']} is lower than {latest.version}, which stays the latest."
    models.write(c, model.id, **values)
    return notice
