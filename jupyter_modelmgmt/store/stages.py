"""Stages: what they ask, who enters and leaves them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, insert, or_, select, update

from jupyter_modelmgmt.domain import lifecycle, search, selectors
from jupyter_modelmgmt.domain.errors import BadField, BadStage, GateFailed, StageHeld
from jupyter_modelmgmt.domain.fields import checked_text
from jupyter_modelmgmt.domain.governance import StageRule
from jupyter_modelmgmt.domain.records import ModelVersion, Stage
from jupyter_modelmgmt.store import events, lookup, schema, searching
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.logs import ENTER_STAGE
from jupyter_modelmgmt.store.pages import AnyRow
from jupyter_modelmgmt.store.prepared import Prepared
from jupyter_modelmgmt.store.rows import DETAIL, detail, running

MAX_STAGES = 20
ALWAYS = (Stage.DEVELOPMENT, Stage.ARCHIVED)
_FLAGS = ("exclusive", "protected", "approval")
_S = schema.stages.c
_P = schema.stage_periods.c
_V = schema.versions.c
_EVERY = Prepared(select(schema.stages).order_by(_S.position, _S.name))
_LEAVE = Prepared(
    update(schema.stage_periods)
    .where(_P.version_id == bindparam("version"), _P.left_at.is_(None))
    .values(left_at=bindparam("left_at"))
)


def rules(c: Connection) -> tuple[StageRule, ...]:
    """Return the stages of this registry in their order."""
    return tuple(
        StageRule(
            name=row.name,
            **{flag: getattr(row, flag) for flag in _FLAGS},
            transitions=None if row.transitions is None else tuple(row.transitions),
            gates=tuple(row.gates),
        )
        for row in _EVERY.all(c)
    )


def every(store: Store) -> tuple[StageRule, ...]:
    with store.read() as c:
        return rules(c)


def configure(store: Store, name: str, changes: Mapping[str, Any], *, actor: str) -> tuple[StageRule, ...]:
    """Make a stage or change what it asks; a new one comes before `archived` unless `position` says otherwise.

    Raises BadStage, BadField, BadSearch for a gate, and StageHeld when an exclusive stage has too many holders.
    """
    with store.write() as c:
        known = rules(c)
        before = next((rule for rule in known if rule.name == name), None)
        if before is None:
            _refuse_new(c, name, known)
        values = _checked(changes, [rule.name for rule in known] + [name])
        if name in ALWAYS and values.get("exclusive"):
            raise BadField(f"Every model may have many versions in {name}. Make another stage exclusive.")
        if values.get("exclusive"):
            _refuse_crowd(c, name)
        order = [rule.name for rule in known if rule.name != name]
        place = values.pop("position", None)
        order.insert(_place(known, name, place), name)
        if before is None:
            unsaid: dict[str, Any] = dict.fromkeys(_FLAGS, False) | {"transitions": None, "gates": []}
            c.execute(insert(schema.stages).values(name=name, position=0, **unsaid | values))
        elif values:
            c.execute(update(schema.stages).where(_S.name == name).values(**values))
        for position, other in enumerate(order):
            c.execute(update(schema.stages).where(_S.name == other).values(position=position))
        events.write(c, actor, "stage.configured", stage=name, changes=dict(values))
        return rules(c)


def remove(store: Store, name: str, *, actor: str) -> tuple[StageRule, ...]:
    """Forget a stage that no version is in. Raises BadStage, StageHeld."""
    with store.write() as c:
        lifecycle.stage_rule(rules(c), name)
        if name in ALWAYS:
            raise BadStage(f"{name} is where versions {'begin' if name == Stage.DEVELOPMENT else 'end'}; it stays.")
        held = c.execute(DETAIL.where(_V.stage == name, _V.purged_at.is_(None)).limit(1)).first()
        if held is not None:
            raise StageHeld(f"{held.model}@{held.version} is in {name}. Promote it to another stage first.")
        c.execute(delete(schema.stages).where(_S.name == name))
        for rule in rules(c):
            if rule.transitions is not None and name in rule.transitions:
                left = [other for other in rule.transitions if other != name]
                c.execute(update(schema.stages).where(_S.name == rule.name).values(transitions=left))
        events.write(c, actor, "stage.removed", stage=name)
        return rules(c)


def promote(
    store: Store, selector: str, stage: str, *, comment: str = "", archive_previous: bool = True, actor: str
) -> ModelVersion:
    """Move a version to `stage`; the former holder of an exclusive stage leaves in the same transaction.

    The former holder is archived, or goes to development while it runs or unless `archive_previous`.
    Raises BadStage, TransitionRefused, ApprovalNeeded, GateFailed, ModelDeployed.
    """
    checked_text("comment", comment)
    with store.write() as c:
        row = lookup.find(c, selector)
        return move(c, row, stage, comment=comment, archive_previous=archive_previous, actor=actor)


def move(
    c: Connection, row: AnyRow, stage: str, *, comment: str, archive_previous: bool, actor: str, approved: bool = False
) -> ModelVersion:
    """Do what `promote` does, in the transaction of `c`; `approved` when a request for it was."""
    rule = lifecycle.move(rules(c), row.stage, stage, running(c, row.id), approved=approved)
    refuse_gates(c, row, rule)
    if rule.exclusive:
        _succeed(c, row, rule, actor, archive=archive_previous)
    _put(c, row, stage, comment, actor)
    return detail(c, lookup.row_of(c, row.id))


def refuse_gates(c: Connection, row: AnyRow, rule: StageRule) -> None:
    """Raise GateFailed for the first gate of `rule` that a version does not match."""
    for gate in rule.gates:
        if not searching.matches(c, row.id, gate):
            raise GateFailed(
                f"{row.model}@{row.version} may not enter {rule.name}: it does not match {gate}. "
                f"Register a version that does, or change the gate with `%model configure-stage {rule.name}`."
            )


def enter(c: Connection, model_id: int, version_id: int, stage: str, *, actor: str, comment: str = "") -> None:
    """Write that a version entered `stage` now, and left the one it was in."""
    leave(c, version_id)
    values = {"model_id": model_id, "version_id": version_id, "stage": stage, "entered_at": now()}
    ENTER_STAGE.run(c, {**values, "actor": actor, "comment": comment})


def leave(c: Connection, version_id: int) -> None:
    """Write that a version left its stage now."""
    _LEAVE.run(c, {"version": version_id, "left_at": now()})


def leave_all(c: Connection, model_id: int) -> None:
    """Write that all versions of a model left their stages now."""
    open_ones = (_P.model_id == model_id, _P.left_at.is_(None))
    c.execute(update(schema.stage_periods).where(*open_ones).values(left_at=now()))


def free_or_first(c: Connection, model_id: int, stage: str) -> str:
    """Return `stage` if a version that comes back may be in it, else development."""
    rule = next((rule for rule in rules(c) if rule.name == stage), None)
    if rule is None or (rule.exclusive and _holders(c, model_id, stage)):
        return Stage.DEVELOPMENT
    return stage


def guarded() -> ColumnElement[bool]:
    """Return the condition that something may keep a version from being deleted: for a look at each of few."""
    a, d = schema.aliases.c, schema.deployment_versions.c
    return or_(
        _V.stage.in_(select(_S.name).where(_S.protected)),
        exists().where(a.version_id == _V.id, a.protected),
        exists().where(d.version_id == _V.id),
    )


def _put(c: Connection, row: AnyRow, stage: str, comment: str, actor: str) -> None:
    c.execute(update(schema.versions).where(_V.id == row.id).values(stage=stage, updated_at=now()))
    if stage != row.stage:
        enter(c, row.model_id, row.id, stage, actor=actor, comment=comment)
    moved = [row.stage, stage]
    events.write(c, actor, "version.promoted", model=row.model, version=row.version, stage=moved, comment=comment)


def _succeed(c: Connection, row: AnyRow, rule: StageRule, actor: str, *, archive: bool) -> None:
    for former in _holders(c, row.model_id, rule.name):
        if former.id != row.id:
            following = lifecycle.stage_after_succession(running(c, former.id), archive=archive)
            _put(c, former, following, f"{row.version} took its place", actor)


def _holders(c: Connection, model_id: int, stage: str) -> list[AnyRow]:
    query = DETAIL.where(_V.model_id == model_id, _V.stage == stage, _V.deleted_at.is_(None))
    return list(c.execute(query).all())


def _refuse_new(c: Connection, name: str, known: tuple[StageRule, ...]) -> None:
    selectors.checked_stage(name)
    if len(known) >= MAX_STAGES:
        raise BadField(f"A registry has at most {MAX_STAGES} stages. Remove one first.")
    if c.execute(select(schema.aliases.c.alias).where(schema.aliases.c.alias == name).limit(1)).first():
        raise BadStage(f"{name} is an alias of some model already. Choose another name for the stage.")


def _refuse_crowd(c: Connection, name: str) -> None:
    m = schema.models.c
    query = select(m.name, func.count().label("count")).join(schema.models, m.id == _V.model_id)
    query = query.where(_V.stage == name, _V.deleted_at.is_(None)).group_by(m.name).having(func.count() > 1).limit(1)
    crowd = c.execute(query).first()
    if crowd is not None:
        raise StageHeld(f"{crowd.name} has {crowd.count} versions in {name}. Leave one there, then make it exclusive.")


def _place(known: tuple[StageRule, ...], name: str, position: int | None) -> int:
    others = [rule.name for rule in known if rule.name != name]
    if position is not None:
        return position
    if len(others) < len(known):
        return [rule.name for rule in known].index(name)
    return others.index(Stage.ARCHIVED)


def _checked(changes: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """Return the changes that a stage may take. Raises BadField, BadStage, BadSearch."""
    checked: dict[str, Any] = {}
    for field, value in changes.items():
        match field:
            case "exclusive" | "protected" | "approval" if isinstance(value, bool):
                checked[field] = value
            case "position" if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MAX_STAGES:
                checked[field] = value
            case "transitions" if value is None:
                checked[field] = None
            case "transitions" if isinstance(value, list | tuple):
                checked[field] = [_known(str(name), names) for name in value]
            case "gates" if isinstance(value, list | tuple):
                checked[field] = [str(search.parse(str(gate))) for gate in value if str(gate).strip()]
            case _:
                raise BadField(
                    f"{field} of a stage cannot be {value!r:.80}. There are exclusive, protected and approval (true or "
                    "false), transitions (stages, or nothing for any), gates (searches) and position (a number)."
                )
    return checked


def _known(name: str, names: list[str]) -> str:
    if name not in names:
        raise BadStage(f"{name[:80]!r} is not a stage. Use one of {', '.join(names)}.")
    return name
