"""Changes of deployments: each is a revision of their history, in the transaction of the change."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from jupyter_modelmgmt.domain import deploying, fields
from jupyter_modelmgmt.domain.deployments import Deployment, DeploymentSpec, Outcome, Revision, Share
from jupyter_modelmgmt.domain.errors import BadField, Conflict, NotFound, VersionArchived
from jupyter_modelmgmt.domain.files import refuse_hostile
from jupyter_modelmgmt.domain.records import DeploymentState, Stage
from jupyter_modelmgmt.store import events, lookup, rows, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.deployments import QUERY, record, row_of, shown, spec_of
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow

_D = schema.deployments.c
_R = schema.deployment_revisions.c
_S = schema.deployment_versions.c
STARTED, STOPPED = "Deployment Started", "Deployment Stopped"  # source: P13
MAX_ROWS = 1000


def put(
    store: Store, name: str, selector: str,
    *, actor: str, host: str = "", title: str = "", message: str = "", **changes: Any,
) -> Deployment:  # fmt: skip
    """Want `selector` to answer under `name`: a new deployment, or a new revision of that name, which runs then.

    `changes` are fields of a `DeploymentSpec`; what is not said stays. With `versions`, shares of versions or
    selectors, that of `selector` is one of them. Raises BadField, VersionArchived.
    """
    deploying.checked_name(name)
    with store.write() as c:
        version = _deployable(c, selector)
        given = changes.pop("versions", None)
        shares = _shares_of(c, version, given) if given is not None else (Share(version=version.version),)
        row = c.execute(QUERY.where(_D.name == name)).first()
        before = spec_of(row.spec) if row else DeploymentSpec(versions=())
        spec = deploying.changed(before, {"versions": shares, **changes})
        if row is None:
            _insert(c, name, version, actor, host, deploying.checked_title(title) if title else name)
            row = c.execute(select(schema.deployments).where(_D.name == name)).one()
            action, said = "deployment.created", message or f"Deploy {version.model}@{version.version}"
        else:
            action, said = "deployment.updated", message or f"Move to {version.model}@{version.version}"
        others = [share.version for share in shares if share.version != version.version]
        versions = [version, *(_deployable(c, f"{version.model}@{number}") for number in others)]
        _aim(c, row, spec, versions, actor=actor, message=said, running=True)
        _tell(c, name, action, actor, message=message)
        return record(row_of(c, name))


def change(store: Store, name: str, *, actor: str, message: str = "", **changes: Any) -> Deployment:
    """Change fields of a deployment's spec; one that is stopped stays so. Source: P8, T7.

    `versions` are versions or selectors with their weights, all of its model. Raises BadField, NotFound,
    VersionArchived.
    """
    with store.write() as c:
        row = row_of(c, name)
        before = spec_of(row.spec)
        if "versions" in changes:
            changes["versions"] = _resolved(c, row.model, deploying.split(changes["versions"]))
        spec = deploying.changed(before, changes)
        if spec == before:
            return record(row)
        told = ", ".join(each.field for each in deploying.differences(before, spec))
        versions = [_deployable(c, f"{row.model}@{share.version}") for share in spec.versions]
        _aim(c, row, spec, versions, actor=actor, message=message or f"Change {told}"[:500], running=row.running)
        _tell(c, name, "deployment.updated", actor, message=message, changed=told)
        return record(row_of(c, name))


def shadow(store: Store, name: str, version: str, *, actor: str, message: str = "") -> Deployment:
    """Let `version` get a copy of every request; "" takes the shadow away. Raises BadField."""
    with store.read() as c:
        row = row_of(c, name)
        exact = lookup.find(c, _selector(row.model, version)).version if version else ""
        versions = deploying.shadowed(spec_of(row.spec).versions, exact)
    said = message or (f"Shadow {exact}" if exact else "No shadow")
    return change(store, name, actor=actor, message=said, versions=versions)


def start(store: Store, name: str, *, actor: str, host: str = "", message: str = "") -> Deployment:
    """Want a stopped or failed deployment to run again, on `host` from now on."""
    with store.write() as c:
        row = row_of(c, name)
        spec = spec_of(row.spec)
        versions = [_deployable(c, f"{row.model}@{share.version}", deployment=name) for share in spec.versions]
        c.execute(update(schema.deployments).where(_D.id == row.id).values(host=host))
        _aim(c, row, spec, versions, actor=actor, message=message or STARTED, running=True)
        _tell(c, name, "deployment.started", actor, message=message)
        return record(row_of(c, name))


def stop(store: Store, name: str, *, actor: str, message: str = "") -> Deployment:
    """Want a deployment to end. One that already stopped stays as it is."""
    with store.write() as c:
        row = row_of(c, name)
        if row.running or row.state != DeploymentState.STOPPED:
            _aim(c, row, spec_of(row.spec), None, actor=actor, message=message or STOPPED, running=False)
            _tell(c, name, "deployment.stopped", actor, message=message)
        return record(row_of(c, name))


def rollback(store: Store, name: str, to: int | None, *, actor: str, message: str = "") -> Deployment:
    """Want what an earlier revision wanted: `to`, or the last that was deployed and differs. Source: N15, A10.

    Raises NotFound, Conflict when there is none, VersionArchived when its version may not run any more.
    """
    with store.write() as c:
        row = row_of(c, name)
        target = _target(c, row, to)
        spec = spec_of(target.spec)
        versions = [_deployable(c, f"{row.model}@{share.version}", deployment=name) for share in spec.versions]
        back = f"Roll back to revision {target.revision} ({spec.main})"
        _aim(c, row, spec, versions, actor=actor, message=f"{back}: {message}" if message else back, running=True)
        _tell(c, name, "deployment.rolled_back", actor, message=message, to=target.revision)
        return record(row_of(c, name))


def give_up(store: Store, name: str, revision: int, reason: str) -> bool:
    """Take the goal `revision` back because it did not come up; tell whether there was one to go back to.

    The revision before, which still answers, is the goal again, with `reason` in state and history.
    """
    with store.write() as c:
        row = c.execute(QUERY.where(_D.name == name)).first()
        if row is None or row.goal != revision:
            return True
        last = _last_deployed(c, row)
        if last is None:
            return False
        goal = (_R.deployment_id == row.id) & (_R.revision == row.goal)
        c.execute(update(schema.deployment_revisions).where(goal).values(outcome=Outcome.FAILED, reason=reason))
        spec = spec_of(last.spec)
        versions = [lookup.find(c, f"{row.model}@{share.version}") for share in spec.versions]
        note = f"Rolled back to revision {last.revision} ({spec.main}). {reason}"
        _aim(c, row, spec, versions, actor="host", message=note.splitlines()[0], running=True, reason=note)
        _tell(c, name, "deployment.rolled_back", "host", message=note, to=last.revision)
        return True


def history(store: Store, name: str) -> tuple[Revision, ...]:
    """Return the newest revisions of a deployment, the last first, without values of secrets. Source: P13."""
    with store.read() as c:
        row = row_of(c, name)
        query = select(schema.deployment_revisions).where(_R.deployment_id == row.id)
        return tuple(_revision(r) for r in c.execute(query.order_by(_R.revision.desc()).limit(MAX_ROWS)))


def revision(store: Store, name: str, number: int, *, secrets: bool = False) -> Revision:
    """Return one revision; with `secrets`, their values too, for comparing. Raises NotFound."""
    with store.read() as c:
        return _revision(_numbered(c, row_of(c, name), number), secrets=secrets)


def note(c: Connection, row: AnyRow, *, actor: str, message: str) -> None:
    """Add a row to the history that changes nothing that runs."""
    values = {"spec": row.spec, "running": row.running, "actor": actor, "message": message}
    _append(c, row, outcome=Outcome.NOTED, **values)


def _insert(c: Connection, name: str, version: AnyRow, actor: str, host: str, title: str) -> None:
    c.execute(insert(schema.deployments).values(
        name=name, title=title, host=host, model_id=version.model_id, version_id=version.id, engine="local",
        running=True, state=DeploymentState.DEPLOYING, message="", replicas=1, available=0, revision=0, goal=0,
        created_at=now(), updated_at=now(), created_by=actor, updated_by=actor, endpoint="",
    ))  # fmt: skip


def _aim(
    c: Connection, row: AnyRow, spec: DeploymentSpec, versions: Sequence[AnyRow] | None,
    *, actor: str, message: str, running: bool, reason: str = "",
) -> None:  # fmt: skip
    """Make `spec` the goal, as a new revision; `versions` are its versions' rows, None when they stay."""
    fields.checked_text("message", message)
    goal = _append(
        c, row, spec=msgspec.to_builtins(spec), running=running, actor=actor, message=message, reason=reason,
        outcome=Outcome.PENDING if running or row.running else Outcome.STOPPED,
    )  # fmt: skip
    was_there = running or row.state != DeploymentState.STOPPED
    state = DeploymentState.DEPLOYING if running else DeploymentState.STOPPING if was_there else row.state
    values = {
        "goal": goal, "running": running, "state": state, "message": "", "engine": spec.engine,
        "replicas": spec.replicas, "updated_at": now(), "updated_by": actor,
    }  # fmt: skip
    if versions is not None:
        by_version = {version.version: version for version in versions}
        main = by_version[spec.main]
        values |= {"model_id": main.model_id, "version_id": main.id}
        c.execute(delete(schema.deployment_versions).where(_S.deployment_id == row.id))
        c.execute(insert(schema.deployment_versions), [
            {
                "deployment_id": row.id, "version_id": by_version[share.version].id, "weight": share.weight,
                "shadow": share.shadow,
            }
            for share in spec.versions
        ])  # fmt: skip
    c.execute(update(schema.deployments).where(_D.id == row.id).values(**values))


def _append(c: Connection, row: AnyRow, **values: Any) -> int:
    number: int = row.revision + 1
    pending = (_R.deployment_id == row.id) & (_R.outcome == Outcome.PENDING)
    if values["outcome"] is not Outcome.NOTED:
        c.execute(update(schema.deployment_revisions).where(pending).values(outcome=Outcome.REPLACED))
    values = {"reason": "", **values}
    c.execute(insert(schema.deployment_revisions).values(deployment_id=row.id, revision=number, at=now(), **values))
    c.execute(update(schema.deployments).where(_D.id == row.id).values(revision=number))
    return number


def _tell(c: Connection, name: str, action: str, actor: str, **details: Any) -> None:
    row = row_of(c, name)
    spec = spec_of(row.spec)
    events.write(
        c, actor, action, model=row.model, version=row.version, deployment=name, revision=row.revision,
        replicas=spec.replicas, running=row.running,
        versions=[share.version for share in spec.versions], **{k: v for k, v in details.items() if v},
    )  # fmt: skip


def _selector(model: str, version: str) -> str:
    name, at, text = version.rpartition("@")
    if at and name.lower() != model.lower():
        raise BadField(f"All versions of a deployment are of one model: {version[:80]!r} is not of {model}.")
    return f"{model}@{text}"


def _resolved(c: Connection, model: str, shares: Sequence[Share]) -> tuple[Share, ...]:
    """Return shares of exact versions; a version may be given as any selector."""
    return deploying.shares([
        replace(share, version=lookup.find(c, _selector(model, share.version)).version) for share in shares
    ])  # fmt: skip


def _shares_of(c: Connection, version: AnyRow, given: Any) -> tuple[Share, ...]:
    """Return the shares that a deployment of `version` begins with. Raises BadField."""
    shares = _resolved(c, version.model, deploying.split(given))
    if version.version not in {share.version for share in shares}:
        raise BadField(
            f"The split lacks {version.version}, which is deployed. Give it a weight, or deploy another one."
        )
    return shares


def _deployable(c: Connection, selector: str, *, deployment: str = "") -> AnyRow:
    """Return a version's row. Raises VersionArchived, NotLoadable. Source: spec/rules.md, "Deploy an archived version"."""
    try:
        version = lookup.find(c, selector)
    except NotFound:
        if not deployment:
            raise
        raise VersionArchived(f"{selector} is in the trash. Restore it, then try {deployment} again.") from None
    if Stage.ARCHIVED in (version.stage, version.status):
        raise VersionArchived(
            f"{version.model}@{version.version} is archived. Give it another stage and status before deploying it."
        )
    refuse_hostile(f"{version.model}@{version.version}", rows.verdicts(version.safety))
    return version


def _numbered(c: Connection, row: AnyRow, number: int) -> AnyRow:
    found = c.execute(
        select(schema.deployment_revisions).where(_R.deployment_id == row.id, _R.revision == number)
    ).first()
    if found is None:
        raise NotFound(f"{row.name} has no revision {number}; the newest is {row.revision}.")
    return found


def _target(c: Connection, row: AnyRow, to: int | None) -> AnyRow:
    target = _last_deployed(c, row) if to is None else _numbered(c, row, to)
    if target is None:
        raise Conflict(f"{row.name} has no earlier revision that was deployed. Deploy another version instead.")
    if spec_of(target.spec) == spec_of(row.spec) and row.running:
        raise Conflict(f"Revision {target.revision} wants what is wanted now. Name another one of {row.name}.")
    return target


def _last_deployed(c: Connection, row: AnyRow) -> AnyRow | None:
    """Return the newest revision that was deployed and wanted something else than now."""
    query = select(schema.deployment_revisions).where(
        _R.deployment_id == row.id, _R.outcome == Outcome.DEPLOYED, _R.revision < row.goal
    )
    now_wanted = spec_of(row.spec)
    for found in c.execute(query.order_by(_R.revision.desc()).limit(MAX_ROWS)):
        if spec_of(found.spec) != now_wanted:
            return found
    return None


def _revision(row: AnyRow, *, secrets: bool = False) -> Revision:
    spec = spec_of(row.spec)
    return Revision(
        revision=row.revision, at=row.at, actor=row.actor, message=row.message, running=row.running,
        spec=spec if secrets else shown(spec), outcome=Outcome(row.outcome), reason=row.reason,
    )  # fmt: skip
