"""Deployments: what people want to run, and what the host says of it."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from jupyter_modelmgmt.domain import fields, lifecycle
from jupyter_modelmgmt.domain.errors import BadField, ModelDeployed, NotFound, VersionArchived
from jupyter_modelmgmt.domain.records import Deployment, DeploymentState, Stage, Task
from jupyter_modelmgmt.store import events, lookup, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow

MAX_REPLICAS = 16
_D = schema.deployments.c
_V = schema.versions.c
_QUERY = (
    select(schema.deployments, _V.version, _V.task, _V.adapter, schema.models.c.name.label("model"))
    .join(schema.versions, _V.id == _D.version_id)
    .join(schema.models, schema.models.c.id == _D.model_id)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedDeployment:
    """What the host must bring about: `running` with `replicas` workers, or nothing."""

    name: str
    revision: int
    version_id: int
    model: str
    version: str
    replicas: int
    running: bool
    state: DeploymentState


def put(store: Store, name: str, selector: str, *, replicas: int, actor: str) -> Deployment:
    """Want `selector` to answer under `name`: a new deployment, or a new revision of that name."""
    if not 1 <= replicas <= MAX_REPLICAS:
        raise BadField(f"replicas is a number from 1 to {MAX_REPLICAS}.")
    fields.checked_deployment_name(name)
    with store.write() as c:
        version = lookup.find(c, selector)
        _refuse_archived(version)
        existing = c.execute(_QUERY.where(_D.name == name)).first()
        wanted = {
            "model_id": version.model_id, "version_id": version.id, "running": True, "replicas": replicas,
            "state": DeploymentState.DEPLOYING, "message": "", "updated_at": now(),
        }  # fmt: skip
        if existing is None:
            c.execute(insert(schema.deployments).values(
                **wanted, name=name, engine="local", available=0, revision=1, created_at=now(), created_by=actor))  # fmt: skip
        else:
            c.execute(update(schema.deployments).where(_D.id == existing.id).values(**wanted, revision=_D.revision + 1))
        action = "deployment.created" if existing is None else "deployment.updated"
        events.write(c, actor, action, model=version.model, version=version.version, deployment=name, replicas=replicas)
        return _record(_row(c, name))


def start(store: Store, name: str, *, actor: str) -> Deployment:
    """Want a stopped or failed deployment to run again."""
    with store.write() as c:
        row = _row(c, name)
        version = lookup.row_of(c, row.version_id)
        if version.deleted_at is not None:
            raise VersionArchived(f"{row.model}@{row.version} is in the trash. Restore it, then start {name}.")
        _refuse_archived(version)
        _want(c, row, "deployment.started", actor, running=True, state=DeploymentState.DEPLOYING)
        return _record(_row(c, name))


def stop(store: Store, name: str, *, actor: str) -> Deployment:
    """Want a deployment to end. One that already stopped stays as it is."""
    with store.write() as c:
        row = _row(c, name)
        if row.running or row.state != DeploymentState.STOPPED:
            _want(c, row, "deployment.stopped", actor, running=False, state=DeploymentState.STOPPING)
        return _record(_row(c, name))


def remove(store: Store, name: str, *, actor: str) -> None:
    """Forget a deployment that does not run. Raises ModelDeployed while it does."""
    with store.write() as c:
        row = _row(c, name)
        if row.state in lifecycle.RUNNING:
            raise ModelDeployed([name])
        c.execute(delete(schema.deployments).where(_D.id == row.id))
        events.write(c, actor, "deployment.deleted", model=row.model, version=row.version, deployment=name)


def get(store: Store, name: str) -> Deployment:
    """Return one deployment. Raises NotFound."""
    with store.read() as c:
        return _record(_row(c, name))


def every(store: Store, *, model: str = "") -> tuple[Deployment, ...]:
    """Return all deployments, those of `model` if one is given, by name."""
    query = _QUERY.order_by(_D.name)
    if model:
        query = query.where(schema.models.c.name_key == model.lower())
    with store.read() as c:
        return tuple(_record(row) for row in c.execute(query))


def wanted(store: Store) -> list[WantedDeployment]:
    """Return what the host must bring about."""
    with store.read() as c:
        return [
            WantedDeployment(
                name=row.name, revision=row.revision, version_id=row.version_id, model=row.model,
                version=row.version, replicas=row.replicas, running=row.running, state=DeploymentState(row.state),
            )
            for row in c.execute(_QUERY.order_by(_D.id))
        ]  # fmt: skip


def set_state(
    store: Store, name: str, revision: int, state: DeploymentState, *, message: str = "", available: int = 0
) -> None:
    """Write what the host saw of `revision`; nothing happens when people already want another one."""
    with store.write() as c:
        row = c.execute(_QUERY.where(_D.name == name)).first()
        if row is None or row.revision != revision:
            return
        if (row.state, row.message, row.available) == (state, message, available):
            return
        values = {"state": state, "message": message, "available": available, "updated_at": now()}
        c.execute(update(schema.deployments).where(_D.id == row.id).values(**values))
        events.write(
            c, "host", "deployment.state", model=row.model, version=row.version, deployment=name,
            state=state, message=message, available=available,
        )  # fmt: skip


def _refuse_archived(version: AnyRow) -> None:
    """Raise VersionArchived for what is archived. Source: spec/rules.md, "Deploy an archived version"."""
    if Stage.ARCHIVED in (version.stage, version.status):
        raise VersionArchived(
            f"{version.model}@{version.version} is archived. Give it another stage and status before deploying it."
        )


def _want(c: Connection, row: AnyRow, action: str, actor: str, *, running: bool, state: DeploymentState) -> None:
    values = {"running": running, "state": state, "message": "", "revision": _D.revision + 1, "updated_at": now()}
    c.execute(update(schema.deployments).where(_D.id == row.id).values(**values))
    events.write(c, actor, action, model=row.model, version=row.version, deployment=row.name)


def _row(c: Connection, name: str) -> AnyRow:
    row = c.execute(_QUERY.where(_D.name == name)).first()
    if row is None:
        raise NotFound(f"There is no deployment {name[:80]!r}. See `%model deployments`.")
    return row


def _record(row: AnyRow) -> Deployment:
    return Deployment(
        name=row.name, model=row.model, version=row.version, state=DeploymentState(row.state),
        message=row.message, replicas=row.replicas, available=row.available, revision=row.revision,
        created_at=row.created_at, updated_at=row.updated_at, created_by=row.created_by,
        engine=row.engine, task=Task(row.task), adapter=row.adapter,
    )  # fmt: skip
