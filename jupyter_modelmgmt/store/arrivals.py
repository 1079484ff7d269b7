"""A version from an archive, with all that hangs on it, added in one transaction.

The record stays what it was. Times, creator and sequence are this registry's; those of its origin
are in the event `version.imported`. What the rules here forbid is left out and told in `notice`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy import Connection, Table, delete, insert, select, update

from jupyter_modelmgmt.domain import archives, fields, logged, selectors
from jupyter_modelmgmt.domain.archives import ArchivedSeries, Manifest
from jupyter_modelmgmt.domain.errors import (
    ApprovalNeeded,
    BadAlias,
    BadMetric,
    BadSearch,
    BadStage,
    GateFailed,
    TransitionRefused,
)
from jupyter_modelmgmt.domain.records import DatasetUse, ModelVersion, NewVersion, Stage
from jupyter_modelmgmt.domain.tracking import Dataset, Evaluation, Run
from jupyter_modelmgmt.store import (
    evaluations,
    events,
    lookup,
    schema,
    series,
    stages,
    versions,
)
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.pages import AnyRow
from jupyter_modelmgmt.store.points import Points
from jupyter_modelmgmt.store.rows import detail

MAX_HISTORY = 100
_A = schema.aliases.c
_D = schema.datasets.c
_P = schema.stage_periods.c
_R = schema.runs.c
_V = schema.versions.c
_ACTOR = 255
Curves = Sequence[tuple[ArchivedSeries, Points]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What an archive holds, checked: `new` has neither its run nor its datasets."""

    manifest: Manifest
    new: NewVersion
    run: Run | None
    datasets: tuple[Dataset, ...]
    curves: Curves


def checked(manifest: Manifest, new: NewVersion, points: Sequence[bytes]) -> Arrival:
    """Return what may be added. Raises BadArchive and others of BadInput."""
    for evaluation in manifest.evaluations:
        evaluations.numbers_of(evaluation.metrics)
        evaluations.duration_of(evaluation.duration_s)
    for use in (*manifest.version.datasets, *(manifest.run.datasets if manifest.run else ())):
        logged.role(use.role)
    return Arrival(
        manifest=manifest,
        new=new,
        run=archives.arriving_run(manifest.run) if manifest.run else None,
        datasets=tuple(archives.arriving_dataset(dataset) for dataset in manifest.datasets),
        curves=[
            (archives.arriving_series(said, data), _points(data))
            for said, data in zip(manifest.series, points, strict=True)
        ],
    )


def put(store: Store, arrival: Arrival, *, actor: str) -> ModelVersion:
    """Add the version and return it; its `notice` tells what was left out. Raises VersionTaken."""
    with store.write() as c:
        notices: list[str] = []
        known = {said.selector: _dataset(c, said, notices) for said in arrival.datasets}
        run_id = _run(c, arrival, known) if arrival.run else None
        row, notice = _version(c, arrival, known, run_id, actor)
        notices += [notice] if notice else []
        _curves(c, arrival.curves, series.of_version(row.id), of_run=False)
        _statuses(c, arrival.manifest, row.id)
        _evaluations(c, arrival.manifest.evaluations, row.id, known)
        _aliases(c, arrival.manifest, row, notices, actor)
        _periods(c, arrival.manifest, row, notices)
        _stage(c, arrival.manifest.version.stage, row, notices, actor)
        _describe(c, arrival.manifest, row)
        _tell(c, arrival.manifest, row, notices, actor)
        return replace(detail(c, lookup.row_of(c, row.id)), notice=" ".join(notices))


def _version(
    c: Connection, arrival: Arrival, known: Mapping[str, AnyRow], run_id: int | None, actor: str
) -> tuple[AnyRow, str]:
    new = replace(arrival.new, datasets=_uses(arrival.manifest.version.datasets, known))
    added = versions.put(c, new, bump="minor", actor=actor)
    row = lookup.find(c, added.selector)
    if arrival.run and run_id is not None:
        # Not through `new`: what the run logged later is not the version's.
        values = {"run_id": run_id, "fingerprint": fields.fingerprint(replace(new, run=arrival.run.id))}
        c.execute(update(schema.versions).where(_V.id == row.id).values(**values))
    return row, added.notice


def _uses(uses: Sequence[DatasetUse], known: Mapping[str, AnyRow]) -> tuple[DatasetUse, ...]:
    """Return uses of datasets by what those are called here; what the archive does not hold falls away."""
    return tuple(
        replace(use, dataset=f"{known[use.dataset].name}@{known[use.dataset].version}")
        for use in uses
        if use.dataset in known
    )


def _dataset(c: Connection, said: Dataset, notices: list[str]) -> AnyRow:
    """Return the row of the dataset with this name and digest, made if there is none."""
    mine = select(schema.datasets).where(_D.name_key == said.name.lower())
    same = mine.where(_D.digest == said.digest)
    found = c.execute(same).first()
    if found is None:
        taken = c.execute(mine.order_by(_D.version.desc()).limit(1)).first()
        here = {"name": taken.name, "version": taken.version + 1} if taken and _holds(c, mine, said) else {}
        row = {name: getattr(said, name) for name in _DATASET} | {"name_key": said.name.lower()} | here
        c.execute(insert(schema.datasets), row | {"created_by": said.created_by[:_ACTOR]})
        found = c.execute(same).one()
    if found.version != said.version:
        notices.append(f"The dataset {said.selector} is {found.name}@{found.version} here.")
    return found


def _holds(c: Connection, mine: Any, said: Dataset) -> bool:
    return c.execute(mine.where(_D.version == said.version)).first() is not None


_DATASET = ("name", "version", "digest", "fields", "size", "rows", "source", "description", "created_at")


def _run(c: Connection, arrival: Arrival, known: Mapping[str, AnyRow]) -> int:
    """Return the row id of the run, made with all it has unless it is here already."""
    run = arrival.run
    assert run is not None  # noqa: S101 - the caller looked
    found: int | None = c.execute(select(_R.id).where(_R.key == run.id)).scalar()
    if found is not None:
        return found
    row = {
        "key": run.id, "name": run.name, "status": run.status, "reason": run.reason, "started_at": run.started_at,
        "ended_at": run.ended_at, "created_by": run.created_by[:_ACTOR], "source": run.source,
    }  # fmt: skip
    run_id: int = c.execute(insert(schema.runs).returning(_R.id), row).scalar_one()
    _many(c, schema.run_params, [{"run_id": run_id, "key": k, "value": v} for k, v in run.params.items()])
    _many(c, schema.run_tags, [{"run_id": run_id, "position": i, "tag": tag} for i, tag in enumerate(run.tags)])
    used = {(known[use.dataset].id, use.role) for use in run.datasets if use.dataset in known}
    _many(c, schema.run_datasets, [{"run_id": run_id, "dataset_id": i, "role": role} for i, role in sorted(used)])
    _curves(c, arrival.curves, series.of_run(run_id), of_run=True)
    return run_id


def _curves(c: Connection, curves: Curves, owner: series.Owner, *, of_run: bool) -> None:
    batch = {(said.figure, said.legend): points for said, points in curves if said.of_run is of_run}
    if batch:
        series.append(c, owner, batch)


def _statuses(c: Connection, manifest: Manifest, version_id: int) -> None:
    """Put the log of statuses that came along in the place of the one that adding began."""
    if not manifest.statuses:
        return
    log = schema.status_log
    c.execute(delete(log).where(log.c.version_id == version_id))
    rows = [
        {"version_id": version_id, "at": said.at, "actor": said.actor[:_ACTOR], "status": said.status[:20],
         "reason": fields.checked_text("reason", said.reason)}
        for said in manifest.statuses
    ]  # fmt: skip
    c.execute(insert(log), rows)


def _evaluations(c: Connection, judged: Sequence[Evaluation], version_id: int, known: Mapping[str, AnyRow]) -> None:
    e, s = schema.evaluations, schema.scores
    for said in (each for each in judged if each.dataset in known):
        dataset = known[said.dataset]
        run: int | None = c.execute(select(_R.id).where(_R.key == said.run)).scalar() if said.run else None
        row = {
            "version_id": version_id, "dataset_id": dataset.id, "run_id": run, "duration_s": said.duration_s,
            "created_at": said.created_at, "created_by": said.created_by[:_ACTOR],
        }  # fmt: skip
        made = c.execute(insert(e).returning(e.c.id), row).scalar_one()
        facts = [{"key": key, "value": value} for key, value in said.metrics.items()]
        c.execute(insert(schema.evaluation_metrics), [{"evaluation_id": made, **fact} for fact in facts])
        c.execute(delete(s).where(s.c.version_id == version_id, s.c.dataset == dataset.name))
        c.execute(insert(s), [{"version_id": version_id, "dataset": dataset.name, **fact} for fact in facts])


def _aliases(c: Connection, manifest: Manifest, row: AnyRow, notices: list[str], actor: str) -> None:
    names = [rule.name for rule in stages.rules(c)]
    for said in manifest.aliases:
        try:
            alias = selectors.checked_alias(said.alias, names)
        except BadAlias as error:
            notices.append(f"An alias was left out: {error}")
            continue
        taken = c.execute(select(_A.version_id).where(_A.model_id == row.model_id, _A.alias == alias)).first()
        if taken is not None:
            notices.append(f"The alias {alias} was left out: another version has it. Move it if this one should.")
            continue
        values = {"model_id": row.model_id, "alias": alias, "version_id": row.id, "protected": said.protected}
        c.execute(insert(schema.aliases), values)
        moved = ["", row.version]
        events.write(c, actor, "alias.set", model=row.model, version=row.version, alias=alias, moved=moved,
                     protected=said.protected)  # fmt: skip


def _periods(c: Connection, manifest: Manifest, row: AnyRow, notices: list[str]) -> None:
    """Take over the stages it was in, where no other version of the model was in them at that time."""
    exclusive = {rule.name for rule in stages.rules(c) if rule.exclusive}
    for said in manifest.periods:
        if said.left_at is None:
            continue
        both = (_P.model_id == row.model_id, _P.version_id != row.id, _P.stage == said.stage)
        overlap = (_P.entered_at < said.left_at, (_P.left_at.is_(None)) | (_P.left_at > said.entered_at))
        if said.stage in exclusive and c.execute(select(_P.id).where(*both, *overlap).limit(1)).first():
            notices.append(f"That it was in {said.stage} was left out: another version was there at that time.")
            continue
        values = {"model_id": row.model_id, "version_id": row.id, "stage": said.stage[:_ACTOR], "left_at": said.left_at}
        comment = fields.checked_text("comment", said.comment)
        more = {"entered_at": said.entered_at, "actor": said.actor[:_ACTOR], "comment": comment}
        c.execute(insert(schema.stage_periods), values | more)


def _stage(c: Connection, stage: str, row: AnyRow, notices: list[str], actor: str) -> None:
    if stage == Stage.DEVELOPMENT:
        return
    again = f"Promote it with `%model promote {row.model}@{row.version} {stage[:40]}` when it should be there."
    try:
        free = stages.free_or_first(c, row.model_id, stage) == stage
        if not free:
            notices.append(f"It is not in {stage[:40]}: that stage is another version's, or not known. {again}")
            return
        stages.move(c, row, stage, comment="imported", archive_previous=False, actor=actor)
    except (BadStage, TransitionRefused, ApprovalNeeded, GateFailed, BadSearch) as error:
        notices.append(f"It is not in {stage[:40]}: {error}")


def _describe(c: Connection, manifest: Manifest, row: AnyRow) -> None:
    """Say of a model that nobody described here what was said of it there."""
    m = schema.models.c
    text = fields.checked_text("description", manifest.description)
    c.execute(update(schema.models).where(m.id == row.model_id, m.description == "").values(description=text))


def _tell(c: Connection, manifest: Manifest, row: AnyRow, notices: Sequence[str], actor: str) -> None:
    said, history = manifest.version, manifest.events[-MAX_HISTORY:]
    origin = {
        "selector": said.selector, "created_at": said.created_at.isoformat(), "created_by": said.created_by,
        "sequence": said.sequence, "exported_at": manifest.exported_at.isoformat(), "exported_by": manifest.exported_by,
    }  # fmt: skip
    past = [{"at": e.at.isoformat(), "actor": e.actor, "action": e.action, "details": e.details} for e in history]
    events.write(c, actor, "version.imported", model=row.model, version=row.version, origin=origin,
                 left_out=list(notices), history=past)  # fmt: skip


def _many(c: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        c.execute(insert(table), rows)


def _points(data: bytes) -> Points:
    """Return packed points as a series takes them. Raises BadMetric for a step that is not finite."""
    rows = np.frombuffer(data, dtype="<f8").reshape(-1, 3)
    finite = rows[np.isfinite(rows[:, 1]), 1]
    if not np.isfinite(rows[:, 0]).all():
        raise BadMetric("A step in the archive is not a finite number. Export the version again.")
    last = float(rows[-1, 1])
    return Points(
        data=data,
        last_x=float(rows[-1, 0]),
        last=last if np.isfinite(last) else None,
        least=float(finite.min()) if finite.size else None,
        greatest=float(finite.max()) if finite.size else None,
    )
