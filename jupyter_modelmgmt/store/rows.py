"""From rows to records: what a list or a detail page needs, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    Connection,
    Double,
    FromClause,
    String,
    Table,
    bindparam,
    cast,
    literal_column,
    null,
    select,
    union_all,
)

from jupyter_modelmgmt.domain import lifecycle
from jupyter_modelmgmt.domain.evidence import Cost, Field, Proof, Safety, Signature, Verdict
from jupyter_modelmgmt.domain.interfaces import Api, Interface, Mode, Service
from jupyter_modelmgmt.domain.records import (
    Artifact,
    DatasetUse,
    DeploymentBadge,
    DeploymentState,
    ModelVersion,
    Status,
    Task,
    VersionSummary,
)
from jupyter_modelmgmt.store import schema
from jupyter_modelmgmt.store.dialects import Walk, listed
from jupyter_modelmgmt.store.pages import AnyRow
from jupyter_modelmgmt.store.prepared import Prepared

T = TypeVar("T", bound=VersionSummary)

_PLAIN = (
    "model", "version", "sequence", "created_at", "updated_at", "created_by", "description", "framework",
    "flavor", "model_type", "author", "license", "public", "downloadable", "size", "stage",
)  # fmt: skip
_V = schema.versions.c
_MODEL = schema.models.c.name.label("model")
# These come first in each row, so that they are read by position: by name takes 18 times as long.
_COMMON = (_V.id, _V.task, _V.status, *(_MODEL if name == "model" else _V[name] for name in _PLAIN))
_REST = [column for column in _V if column.name not in {c.name for c in _COMMON}]
DETAIL = (
    select(*_COMMON, *_REST, schema.runs.c.key.label("run"))
    .select_from(schema.versions)
    .join(schema.models, schema.models.c.id == _V.model_id)
    .outerjoin(schema.runs, schema.runs.c.id == _V.run_id)
)
_STATUSES = {status.value: status for status in Status}
_TASKS = {task.value: task for task in Task}


def _of_versions(table: Table, *names: str, by: Sequence[str] = ()) -> Prepared:
    ids = listed("ids")
    query = select(*(table.c[name] for name in ("version_id", *names)))
    query = query.select_from(Walk(ids, table, table.c.version_id == ids.c.value))
    return Prepared(query.order_by(*(table.c[name] for name in by)))


_METRICS = _of_versions(schema.metrics, "key", "value")
_PARAMS = _of_versions(schema.params, "key", "value")
_PROPERTIES = _of_versions(schema.properties, "key", "value")
_SCORES = _of_versions(schema.scores, "dataset", "key", "value")
_TAGS = _of_versions(schema.tags, "tag", by=("version_id", "position"))
_ALIASES = _of_versions(schema.aliases, "alias", by=("alias",))


def _summaries() -> Prepared:
    ids = listed("ids")
    source = Walk(ids, schema.versions, _V.id == ids.c.value).join(schema.models, schema.models.c.id == _V.model_id)
    return Prepared(select(*_COMMON).select_from(source))


_SUMMARIES = _summaries()


class _Kind(IntEnum):
    METRIC = 0
    PARAM = 1
    PROPERTY = 2
    SCORE = 3
    TAG = 4
    ALIAS = 5
    DEPLOYMENT = 6
    FILE = 7
    DATASET = 8


def _kind(
    kind: _Kind, name: Any, *, other: Any = None, third: Any = None, number: Any = None, value: Any = None
) -> Any:
    return select(
        literal_column(str(kind.value)).label("kind"), name.label("name"),
        cast(null() if other is None else other, String).label("other"),
        cast(null() if third is None else third, String).label("third"),
        cast(null(), Double).label("number") if number is None else number.label("number"),
        cast(null(), schema.params.c.value.type).label("value") if value is None else value.label("value"),
    )  # fmt: skip


def _all_of_one() -> Any:
    """Return the statement of all that hangs on one version: nine statements take five times as long."""
    m, p, q, s = schema.metrics.c, schema.params.c, schema.properties.c, schema.scores.c
    t, a, d, f = schema.tags.c, schema.aliases.c, schema.deployments.c, schema.artifacts.c
    u, n, r = schema.version_datasets.c, schema.datasets.c, schema.deployment_versions.c
    one: BindParameter[int] = bindparam("id")
    return union_all(
        _kind(_Kind.METRIC, m.key, number=m.value).where(m.version_id == one),
        _kind(_Kind.PARAM, p.key, value=p.value).where(p.version_id == one),
        _kind(_Kind.PROPERTY, q.key, value=q.value).where(q.version_id == one),
        _kind(_Kind.SCORE, s.key, other=s.dataset, number=s.value).where(s.version_id == one),
        _kind(_Kind.TAG, t.tag, number=t.position).where(t.version_id == one),
        _kind(_Kind.ALIAS, a.alias).where(a.version_id == one),
        _kind(_Kind.DEPLOYMENT, d.name, other=d.state)
        .join_from(schema.deployment_versions, schema.deployments, d.id == r.deployment_id)
        .where(r.version_id == one, d.state != DeploymentState.STOPPED),
        _kind(_Kind.FILE, f.path, other=f.digest, number=f.size).where(f.version_id == one),
        _kind(_Kind.DATASET, n.name, other=u.role, third=n.digest, number=n.version)
        .join_from(schema.version_datasets, schema.datasets, n.id == u.dataset_id)
        .where(u.version_id == one),
    )


_ALL_OF_ONE = Prepared(_all_of_one())
_NUMBER = 4


def summaries_of(c: Connection, ids: Sequence[int]) -> tuple[VersionSummary, ...]:
    """Return the versions with these ids, in this order."""
    rows = {row[0]: row for row in _SUMMARIES.tuples(c, {"ids": ids})}
    return _of_rows(c, [rows[i] for i in ids])


def _of_rows(c: Connection, rows: Sequence[Sequence[Any]]) -> tuple[VersionSummary, ...]:
    """Return rows of `_SUMMARIES` with metrics, params, tags, aliases and running deployments."""
    facts = _facts(c, [row[0] for row in rows])
    return tuple([_made(VersionSummary, row, facts) for row in rows])


def detail(c: Connection, row: AnyRow) -> ModelVersion:
    """Return one row of `DETAIL` as the whole version."""
    facts = _facts_of_one(c, row)
    return _made(
        ModelVersion,
        row[: len(_COMMON)],
        facts,
        adapter=row.adapter,
        config=row.config,
        labels=tuple(row.labels),
        parent=row.parent,
        source=row.source,
        run=row.run or "",
        code=row.code,
        environment=row.environment,
        architecture=row.architecture,
        weights=row.weights,
        signature=_signature(row.signature),
        proof=Proof(**row.proof) if row.proof else None,
        cost=Cost(**row.cost) if row.cost else None,
        safety=verdicts(row.safety),
        interface=_interface(row.interface),
        datasets=tuple(facts.datasets),
        artifacts=tuple(facts.files),
    )


def verdicts(said: Sequence[Mapping[str, Any]]) -> tuple[Verdict, ...]:
    """Return the verdicts of a version's row."""
    return tuple(Verdict(**{**v, "safety": Safety(v["safety"]), "imports": tuple(v["imports"])}) for v in said)


def _interface(said: Mapping[str, Any]) -> Interface:
    if not said:
        return Interface()
    return Interface(
        mode=Mode(said["mode"]),
        services=tuple(map(Service, said["services"])),
        apis=tuple(Api(**api) for api in said["apis"]),
        template=said["template"],
    )


def _signature(said: Mapping[str, Any]) -> Signature:
    def fields(name: str) -> tuple[Field, ...]:
        return tuple(Field(**{**field, "shape": tuple(field["shape"])}) for field in said.get(name, ()))

    return Signature(inputs=fields("inputs"), outputs=fields("outputs"), takes=said.get("takes", ""))


class _Facts:
    """What hangs on versions, by version id."""

    def __init__(self) -> None:
        self.metrics: dict[int, dict[str, float]] = defaultdict(dict)
        self.params: dict[int, dict[str, Any]] = defaultdict(dict)
        self.properties: dict[int, dict[str, Any]] = defaultdict(dict)
        self.evaluations: dict[int, dict[str, dict[str, float]]] = defaultdict(dict)
        self.tags: dict[int, list[str]] = defaultdict(list)
        self.aliases: dict[int, list[str]] = defaultdict(list)
        self.deployments: dict[int, list[DeploymentBadge]] = defaultdict(list)
        self.files: list[Artifact] = []
        self.datasets: list[DatasetUse] = []


def _facts(c: Connection, ids: Sequence[int]) -> _Facts:
    facts, of = _Facts(), {"ids": ids}
    for version_id, key, value in _METRICS.tuples(c, of):
        facts.metrics[version_id][key] = value
    for version_id, key, value in _PARAMS.tuples(c, of):
        facts.params[version_id][key] = value
    for version_id, key, value in _PROPERTIES.tuples(c, of):
        facts.properties[version_id][key] = value
    for version_id, dataset, key, value in _SCORES.tuples(c, of):
        facts.evaluations[version_id].setdefault(dataset, {})[key] = value
    for version_id, tag in _TAGS.tuples(c, of):
        facts.tags[version_id].append(tag)
    for version_id, alias in _ALIASES.tuples(c, of):
        facts.aliases[version_id].append(alias)
    for version_id, badge in badges(c, schema.deployment_versions.c.version_id, ids):
        facts.deployments[version_id].append(badge)
    return facts


def _facts_of_one(c: Connection, row: AnyRow) -> _Facts:
    """Return what hangs on one version, its files and datasets too."""
    facts, of = _Facts(), row.id
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for each in _ALL_OF_ONE.tuples(c, {"id": of}):
        found[each[0]].append(each)
    facts.metrics[of] = {name: number for _, name, _, _, number, _ in found[_Kind.METRIC]}
    facts.params[of] = {name: value for _, name, _, _, _, value in found[_Kind.PARAM]}
    facts.properties[of] = {name: value for _, name, _, _, _, value in found[_Kind.PROPERTY]}
    for _, name, dataset, _, number, _ in found[_Kind.SCORE]:
        facts.evaluations[of].setdefault(dataset, {})[name] = number
    facts.tags[of] = [tag for _, tag, _, _, _, _ in sorted(found[_Kind.TAG], key=itemgetter(_NUMBER))]
    facts.aliases[of] = sorted(alias for _, alias, _, _, _, _ in found[_Kind.ALIAS])
    facts.deployments[of] = [
        DeploymentBadge(name=name, state=DeploymentState(state), version=row.version)
        for _, name, state, _, _, _ in sorted(found[_Kind.DEPLOYMENT], key=itemgetter(1))
    ]
    facts.files = [
        Artifact(path=path, digest=digest, size=int(size))
        for _, path, digest, _, size, _ in sorted(found[_Kind.FILE], key=itemgetter(1))
    ]
    facts.datasets = [
        DatasetUse(dataset=f"{name}@{int(number)}", role=role, digest=digest)
        for _, name, role, digest, number, _ in sorted(found[_Kind.DATASET], key=itemgetter(2, 1))
    ]
    return facts


def badges(c: Connection, key: Any, ids: Iterable[int]) -> list[tuple[int, DeploymentBadge]]:
    """Return the deployments that run or failed, with the value of the column `key`, one of `ids`.

    By `deployment_versions.version_id` a deployment is told once for each of its versions, by
    `deployments.model_id` once with its main one.
    """
    return [
        (owner, DeploymentBadge(name=name, state=DeploymentState(state), version=version))
        for owner, name, state, version in _badges(key).tuples(c, {"ids": ids})
    ]


@cache
def _badges(key: Any) -> Prepared:
    d, v, r, ids = schema.deployments.c, schema.versions.c, schema.deployment_versions.c, listed("ids")
    if key is r.version_id:
        source: FromClause = Walk(ids, schema.deployment_versions, key == ids.c.value)
        source = source.join(schema.deployments, d.id == r.deployment_id).join(schema.versions, v.id == r.version_id)
    else:
        source = Walk(ids, schema.deployments, key == ids.c.value).join(schema.versions, v.id == d.version_id)
    query = select(key.label("key"), d.name, d.state, v.version).select_from(source)
    return Prepared(query.where(d.state != DeploymentState.STOPPED).order_by(d.name))


def running(c: Connection, version_id: int) -> list[str]:
    """Return the names of the deployments that run a version."""
    found = badges(c, schema.deployment_versions.c.version_id, [version_id])
    return [badge.name for _, badge in found if badge.state in lifecycle.RUNNING]


def _made(kind: type[T], row: Sequence[Any], facts: _Facts, **more: Any) -> T:
    """Return a row of `_COMMON` as a record, with `more` fields; names once written out take half the time."""
    (
        of, task, status, model, version, sequence, created_at, updated_at, created_by, description, framework,
        flavor, model_type, author, terms, public, downloadable, size, stage,
    ) = row  # fmt: skip
    deployments = tuple(facts.deployments[of]) if of in facts.deployments else ()
    running = [d.name for d in deployments if d.state in lifecycle.RUNNING] if deployments else ()
    return kind(
        model=model, version=version, sequence=sequence, created_at=created_at, updated_at=updated_at,
        created_by=created_by, description=description, framework=framework, flavor=flavor, task=_TASKS[task],
        model_type=model_type, status=lifecycle.shown_status(_STATUSES[status], running), stage=stage,
        tags=tuple(facts.tags.get(of, ())), author=author, license=terms, public=public,
        downloadable=downloadable, size=size, metrics=facts.metrics.get(of) or {},
        params=facts.params.get(of) or {}, properties=facts.properties.get(of) or {},
        evaluations=facts.evaluations.get(of) or {}, aliases=tuple(facts.aliases.get(of, ())),
        deployments=deployments, **more,
    )  # fmt: skip
