"""What holds for every registry at any moment, read from its tables and not through its rules."""

from collections import Counter, defaultdict
from itertools import pairwise

from sqlalchemy import func, select, text

from jupyter_modelmgmt.domain import versions as semver
from jupyter_modelmgmt.store import schema, stages

_FACTS = (schema.metrics, schema.params, schema.properties, schema.tags, schema.artifacts, schema.aliases)
_RUNNING = ("Deploying", "Deployed", "Stopping")


def flaws(store) -> list[str]:
    """Return everything in the store that must not be; an empty list for a whole one."""
    with store.read() as c:
        models = c.execute(select(schema.models)).all()
        versions = c.execute(select(schema.versions).order_by(schema.versions.c.sequence)).all()
        return [
            *_of_the_file(c),
            *(line for model in models for line in _of_model(model, [v for v in versions if v.model_id == model.id])),
            *_of_numbers(versions),
            *_of_files(c, versions),
            *_of_logs(c, versions),
            *_of_stages(c, versions),
            *_of_aliases(c, versions),
            *_of_purged(c, versions),
            *_of_deployments(c, versions),
            *_of_events(c, models, versions),
        ]


def _of_the_file(c):
    if c.dialect.name != "sqlite":
        return
    if (said := c.execute(text("PRAGMA integrity_check")).scalar()) != "ok":
        yield f"integrity_check says {said}"
    yield from (f"foreign key without its row: {row}" for row in c.execute(text("PRAGMA foreign_key_check")))


def _of_model(model, mine):
    """Give what is wrong with the pointers and counts of a model that has the versions `mine`, by sequence."""
    alive = [v for v in mine if v.deleted_at is None]
    releases = [v for v in alive if v.is_release]
    latest = max(releases, key=lambda v: semver.parse(v.version), default=None)
    wanted = {
        "version_count": len(alive),
        "last_sequence": len(mine),
        "newest_id": alive[-1].id if alive else None,
        "latest_id": latest.id if latest else None,
    }
    yield from (
        f"{model.name}: {k} is {getattr(model, k)}, not {v}" for k, v in wanted.items() if getattr(model, k) != v
    )
    if [v.sequence for v in mine] != list(range(1, len(mine) + 1)):
        yield f"{model.name}: sequences {[v.sequence for v in mine]}"
    if model.deleted_at is not None and alive:
        yield f"{model.name} is in the trash with {len(alive)} versions"


def _of_numbers(versions):
    for row in versions:
        parsed = semver.parse(row.version)
        told = (row.identity, row.sort_key, row.is_release)
        if told != (semver.identity(parsed), semver.sort_key(parsed), semver.is_release(parsed)):
            yield f"{row.version} is stored as {told}"
        if row.purged_at is not None and row.deleted_at is None:
            yield f"{row.version} is purged and not deleted"


def _of_files(c, versions):
    a = schema.artifacts.c
    sizes = dict(c.execute(select(a.version_id, func.sum(a.size)).group_by(a.version_id)).all())
    for row in versions:
        if row.purged_at is None and row.id not in sizes:
            yield f"version {row.id} has no files"
        if row.size != (sizes.get(row.id, 0)):
            yield f"version {row.id} has {row.size} bytes, its files {sizes.get(row.id)}"


def _of_logs(c, versions):
    s = schema.status_log.c
    last = dict(c.execute(select(s.version_id, s.status).order_by(s.id)).all())
    yield from (
        f"version {v.id} is {v.status}, its log says {last.get(v.id)}" for v in versions if last.get(v.id) != v.status
    )


def _of_stages(c, versions):
    """Give periods that overlap, are open for the dead or shut for the living; stages with two holders."""
    periods = defaultdict(list)
    for row in c.execute(select(schema.stage_periods).order_by(schema.stage_periods.c.id)):
        periods[row.version_id].append(row)
    for row in versions:
        mine = periods[row.id]
        for before, after in pairwise(mine):
            if before.left_at is None or not before.entered_at <= before.left_at <= after.entered_at:
                yield f"version {row.id}: {before.stage} until {before.left_at}, {after.stage} from {after.entered_at}"
        if [p.stage for p in mine if p.left_at is None] != ([row.stage] if row.deleted_at is None else []):
            yield f"version {row.id} is in {row.stage}, deleted {row.deleted_at}, its periods {[p.stage for p in mine]}"
    exclusive = [rule.name for rule in stages.rules(c) if rule.exclusive]
    held = Counter((v.model_id, v.stage) for v in versions if v.deleted_at is None and v.stage in exclusive)
    yield from (f"model {model} has {count} versions in {stage}" for (model, stage), count in held.items() if count > 1)


def _of_aliases(c, versions):
    alive = {v.id: v.model_id for v in versions if v.deleted_at is None}
    for row in c.execute(select(schema.aliases)):
        if alive.get(row.version_id) != row.model_id:
            yield f"the alias {row.alias} of model {row.model_id} points at version {row.version_id}"


def _of_purged(c, versions):
    purged = {v.id for v in versions if v.purged_at is not None}
    for table in _FACTS:
        left = purged & set(c.execute(select(table.c.version_id)).scalars())
        yield from (f"purged version {i} has {table.name}" for i in left)


def _of_deployments(c, versions):
    deleted = {v.id for v in versions if v.deleted_at is not None}
    purged = {v.id for v in versions if v.purged_at is not None}
    for row in c.execute(select(schema.deployments)):
        if row.version_id in purged or (row.version_id in deleted and row.state in _RUNNING):
            yield f"{row.name} is {row.state}, its version {row.version_id} is gone"


def _of_events(c, models, versions):
    """Give versions that were not told of exactly once."""
    e = schema.events.c
    told = Counter(c.execute(select(e.model, e.version).where(e.action == "version.registered")).all())
    names = {model.id: model.name for model in models}
    yield from (
        f"{names[v.model_id]}@{v.version} was told of {told[names[v.model_id], v.version]} times"
        for v in versions
        if told[names[v.model_id], v.version] != 1
    )
    if len(told) != len(versions):
        yield f"{len(told)} versions were told of, {len(versions)} are there"
