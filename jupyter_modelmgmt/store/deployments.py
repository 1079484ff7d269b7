"""Deployments: what people see of them, what the host must bring about, what it says of it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import msgspec
from sqlalchemy import Connection, and_, delete, or_, select, update

from jupyter_modelmgmt.domain import lifecycle
from jupyter_modelmgmt.domain.deployments import HIDDEN, Deployment, DeploymentSpec, Outcome
from jupyter_modelmgmt.domain.errors import ModelDeployed, NotConfirmed, NotFound
from jupyter_modelmgmt.domain.records import DeploymentState, Task
from jupyter_modelmgmt.store import events, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow

_D = schema.deployments.c
_V = schema.versions.c
_R = schema.deployment_revisions.c
_S = schema.deployment_versions.c
_K = schema.deployment_clients.c
QUERY = (
    select(
        schema.deployments, _V.version, _V.task, _V.adapter, schema.models.c.name.label("model"),
        _R.spec,
        _R.outcome, _R.reason.label("note"),
    )
    .join(schema.versions, _V.id == _D.version_id)
    .join(schema.models, schema.models.c.id == _D.model_id)
    .join(schema.deployment_revisions, and_(_R.deployment_id == _D.id, _R.revision == _D.goal))
)  # fmt: skip
_SPEC = tuple(field.name for field in fields(DeploymentSpec))


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedVersion:
    """A version that a deployment runs: `weight` percent of the requests, a copy of all for a shadow."""

    version_id: int
    version: str
    weight: int
    shadow: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What proves a client's token."""

    name: str
    salt: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedDeployment:
    """What the host must bring about: `running` as `spec` says, secrets included, or nothing.

    `revision` counts goals: it stays while only the history grows. `note` is why the host itself
    chose this goal. `deployed` tells whether it came up before.
    """

    name: str
    revision: int
    model: str
    spec: DeploymentSpec
    versions: tuple[WantedVersion, ...]
    running: bool
    state: DeploymentState
    clients: tuple[Key, ...] = ()
    note: str = ""
    deployed: bool = False


def get(store: Store, name: str) -> Deployment:
    """Return one deployment. Raises NotFound."""
    with store.read() as c:
        return record(row_of(c, name))


def every(store: Store, *, model: str = "", search: str = "", mine: str = "") -> tuple[Deployment, ...]:
    """Return deployments by name: of `model`, with `search` in name or title, made by `mine`. Source: P11."""
    query = QUERY.order_by(_D.name)
    if model:
        query = query.where(schema.models.c.name_key == model.lower())
    if search:
        query = query.where(or_(*(column.icontains(search, autoescape=True) for column in (_D.name, _D.title))))
    if mine:
        query = query.where(_D.created_by == mine)
    with store.read() as c:
        return tuple(record(row) for row in c.execute(query))


def remove(store: Store, name: str, *, confirm: str, actor: str) -> None:
    """Forget a deployment that does not run, with its history; `confirm` repeats its name. Source: P16.

    Raises ModelDeployed while it runs, NotConfirmed.
    """
    with store.write() as c:
        row = row_of(c, name)
        if row.state in lifecycle.RUNNING:
            raise ModelDeployed([name])
        if confirm != name:
            raise NotConfirmed(f"Deleting {name} cannot be undone. Confirm with confirm={name!r}.")
        for table in (schema.deployment_revisions, schema.deployment_versions, schema.deployment_clients):
            c.execute(delete(table).where(table.c.deployment_id == row.id))
        c.execute(delete(schema.deployments).where(_D.id == row.id))
        events.write(c, actor, "deployment.deleted", model=row.model, version=row.version, deployment=name)


def wanted(store: Store, *, host: str = "") -> list[WantedDeployment]:
    """Return what a host must bring about.

    In a database that several share, `host` runs what is its own; a folder with a SQLite file has one
    host, which runs all, wherever the folder is carried.
    """
    query = QUERY.order_by(_D.id)
    if host and store.engine.dialect.name != "sqlite":
        query = query.where(_D.host.in_(("", host)))
    with store.read() as c:
        rows = c.execute(query).all()
        ids = [row.id for row in rows]
        versions, keys = _versions(c, ids), _keys(c, ids)
    return [
        WantedDeployment(
            name=row.name, revision=row.goal, model=row.model, spec=spec_of(row.spec), running=row.running,
            versions=tuple(versions[row.id]), state=DeploymentState(row.state), clients=tuple(keys[row.id]),
            note=row.note, deployed=row.outcome == Outcome.DEPLOYED,
        )
        for row in rows
    ]  # fmt: skip


def set_state(
    store: Store, name: str, revision: int, state: DeploymentState,
    *, message: str = "", available: int = 0, endpoint: str = "",
) -> None:  # fmt: skip
    """Write what the host saw of the goal `revision`; nothing happens when people already want another one."""
    with store.write() as c:
        row = c.execute(QUERY.where(_D.name == name)).first()
        if row is None or row.goal != revision:
            return
        if (row.state, row.message, row.available, row.endpoint) == (state, message, available, endpoint):
            return
        values = {
            "state": state, "message": message, "available": available, "endpoint": endpoint, "updated_at": now(),
        }  # fmt: skip
        c.execute(update(schema.deployments).where(_D.id == row.id).values(**values))
        if outcome := _OUTCOMES.get(state):
            reason = message if outcome is Outcome.FAILED else row.note
            of_goal = and_(_R.deployment_id == row.id, _R.revision == row.goal, _R.outcome == Outcome.PENDING)
            c.execute(update(schema.deployment_revisions).where(of_goal).values(outcome=outcome, reason=reason))
        events.write(
            c, "host", "deployment.state", model=row.model, version=row.version, deployment=name,
            state=state, message=message, available=available,
        )  # fmt: skip


_OUTCOMES = {
    DeploymentState.DEPLOYED: Outcome.DEPLOYED,
    DeploymentState.FAILED: Outcome.FAILED,
    DeploymentState.STOPPED: Outcome.STOPPED,
}


def row_of(c: Connection, name: str) -> AnyRow:
    """Return the row of `QUERY`. Raises NotFound."""
    row = c.execute(QUERY.where(_D.name == name)).first()
    if row is None:
        raise NotFound(f"There is no deployment {name[:80]!r}. See `%model deployments`.")
    return row


def spec_of(said: object) -> DeploymentSpec:
    return msgspec.convert(said, DeploymentSpec)


def shown(spec: DeploymentSpec) -> DeploymentSpec:
    """Return the same without the values of its secrets."""
    return replace(spec, secrets=dict.fromkeys(spec.secrets, HIDDEN))


def record(row: AnyRow) -> Deployment:
    """Return a row of `QUERY` as people may see it: without the values of secrets."""
    spec = shown(spec_of(row.spec))
    return Deployment(
        **{name: getattr(spec, name) for name in _SPEC},
        name=row.name, title=row.title or row.name, model=row.model, version=row.version,
        state=DeploymentState(row.state), message=row.message, available=row.available, revision=row.revision,
        created_at=row.created_at, updated_at=row.updated_at, created_by=row.created_by,
        updated_by=row.updated_by or row.created_by, endpoint=row.endpoint, host=row.host,
        task=Task(row.task), adapter=row.adapter,
    )  # fmt: skip


def _versions(c: Connection, ids: Sequence[int]) -> dict[int, list[WantedVersion]]:
    found: dict[int, list[WantedVersion]] = {i: [] for i in ids}
    query = select(schema.deployment_versions, _V.version).join(schema.versions, _V.id == _S.version_id)
    for row in c.execute(query.where(_S.deployment_id.in_(ids)).order_by(_S.shadow, _S.weight.desc(), _S.version_id)):
        found[row.deployment_id].append(
            WantedVersion(version_id=row.version_id, version=row.version, weight=row.weight, shadow=row.shadow)
        )
    return found


def _keys(c: Connection, ids: Sequence[int]) -> dict[int, list[Key]]:
    found: dict[int, list[Key]] = {i: [] for i in ids}
    for row in c.execute(select(schema.deployment_clients).where(_K.deployment_id.in_(ids)).order_by(_K.name)):
        found[row.deployment_id].append(Key(name=row.name, salt=row.salt, hash=row.hash))
    return found
