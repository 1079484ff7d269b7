"""What is linked to what, for a whole level of a lineage graph at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from jupyter_modelmgmt.domain import lineage as rules
from jupyter_modelmgmt.domain.tracking import EdgeKind, Node, NodeKind
from jupyter_modelmgmt.store import schema
from jupyter_modelmgmt.store.pages import AnyRow, AnySelect

_V = schema.versions.c
_D = schema.datasets.c
_R = schema.runs.c
_E = schema.evaluations.c
_M = schema.evaluation_metrics.c
_UV = schema.version_datasets.c
_UR = schema.run_datasets.c
_RUN_BY = schema.deployment_versions.c
_VERSION = select(
    _V.id, _V.version, _V.status, _V.stage, _V.run_id, _V.parent_id, _V.parent, _V.source, _V.code, _V.environment,
    _V.deleted_at, schema.models.c.name.label("model"),
).join(schema.models, schema.models.c.id == _V.model_id)  # fmt: skip
_RUNNING = select(schema.deployments).join(schema.deployment_versions, _RUN_BY.deployment_id == schema.deployments.c.id)
# The newest evaluation of each version on each dataset.
_EVALUATED = (
    select(func.max(_E.id).label("id"), _E.version_id, _E.dataset_id).group_by(_E.version_id, _E.dataset_id).subquery()
)


@dataclass(frozen=True, slots=True)
class Item:
    """A node, with its row where it has one."""

    node: Node
    row: AnyRow | None = None

    @property
    def id(self) -> int:
        return self.row.id if self.row is not None else 0


@dataclass(frozen=True, slots=True)
class Link:
    """A node that was found, and the edge between it and the node `to`."""

    item: Item
    to: str
    kind: EdgeKind
    label: str = ""


class Level:
    """The nodes of one level, by what they are, and how to ask for their neighbours."""

    def __init__(self, c: Connection, items: Sequence[Item], depth: int, at_most: int) -> None:
        self.c, self.depth, self.at_most = c, depth, at_most
        self._by_kind: dict[NodeKind, dict[int, Item]] = {}
        for item in items:
            if item.row is not None:
                self._by_kind.setdefault(item.node.kind, {})[item.id] = item

    def rows(self, kind: NodeKind) -> Iterable[Any]:
        return [item.row for item in self._by_kind.get(kind, {}).values()]

    def near(self, kind: NodeKind, column: Any, query: AnySelect) -> Iterator[tuple[str, AnyRow]]:
        """Give rows of `query` whose `column` is the id of a node of `kind`, with that node."""
        mine = self._by_kind.get(kind)
        if not mine:
            return
        query = query.add_columns(column.label("near")).where(column.in_(mine)).limit(self.at_most)
        for row in self.c.execute(query):
            yield mine[row.near].node.id, row

    def named(self, kind: NodeKind, attribute: str, column: Any, query: AnySelect) -> Iterator[tuple[str, AnyRow]]:
        """Give rows of `query` whose `column` is what nodes of `kind` have as `attribute`, with those nodes."""
        naming: dict[int, list[str]] = {}
        for item in self._by_kind.get(kind, {}).values():
            if (wanted := getattr(item.row, attribute)) is not None:
                naming.setdefault(wanted, []).append(item.node.id)
        if not naming:
            return
        for row in self.c.execute(query.where(column.in_(naming)).limit(self.at_most)):
            yield from ((node, row) for node in naming[row.id])


def causes(c: Connection, items: Sequence[Item], depth: int, *, at_most: int) -> list[Link]:
    """Return what led to `items`, at most `at_most` of each kind."""
    level = Level(c, items, depth, at_most)
    scores = _scores(level)
    data = select(schema.datasets)
    version_data = data.join(schema.version_datasets, _UV.dataset_id == _D.id).add_columns(_UV.role)
    run_data = data.join(schema.run_datasets, _UR.dataset_id == _D.id).add_columns(_UR.role)
    golden = data.join(_EVALUATED, _EVALUATED.c.dataset_id == _D.id)
    version_, run_ = NodeKind.VERSION, NodeKind.RUN
    deployed = _VERSION.join(schema.deployment_versions, _RUN_BY.version_id == _V.id)
    return [
        *(Link(run(r, depth), to, EdgeKind.PRODUCED)
          for to, r in level.named(version_, "run_id", _R.id, select(schema.runs))),
        *(Link(version(r, depth), to, EdgeKind.CLONED) for to, r in level.named(version_, "parent_id", _V.id, _VERSION)),
        *(Link(dataset(r, depth), to, EdgeKind.TRAINED, r.role)
          for to, r in level.near(version_, _UV.version_id, version_data)),
        *(Link(dataset(r, depth), to, EdgeKind.EVALUATED, scores.get((r.near, r.id), ""))
          for to, r in level.near(version_, _EVALUATED.c.version_id, golden)),
        *(Link(dataset(r, depth), to, EdgeKind.TRAINED, r.role) for to, r in level.near(run_, _UR.run_id, run_data)),
        *(Link(version(r, depth), to, EdgeKind.DEPLOYED)
          for to, r in level.near(NodeKind.DEPLOYMENT, _RUN_BY.deployment_id, deployed)),
        *_told(level),
    ]  # fmt: skip


def effects(c: Connection, items: Sequence[Item], depth: int, *, at_most: int) -> list[Link]:
    """Return what came of `items`, at most `at_most` of each kind."""
    level = Level(c, items, depth, at_most)
    version_, run_, dataset_ = NodeKind.VERSION, NodeKind.RUN, NodeKind.DATASET
    of_data = _VERSION.join(schema.version_datasets, _UV.version_id == _V.id).add_columns(_UV.role)
    run_of_data = select(schema.runs, _UR.role).join(schema.run_datasets, _UR.run_id == _R.id)
    judged = _VERSION.join(_EVALUATED, _EVALUATED.c.version_id == _V.id)
    return [
        *(Link(version(r, depth), to, EdgeKind.CLONED) for to, r in level.near(version_, _V.parent_id, _VERSION)),
        *(Link(deployment(r, depth), to, EdgeKind.DEPLOYED)
          for to, r in level.near(version_, _RUN_BY.version_id, _RUNNING)),
        *(Link(version(r, depth), to, EdgeKind.PRODUCED) for to, r in level.near(run_, _V.run_id, _VERSION)),
        *(Link(run(r, depth), to, EdgeKind.TRAINED, r.role) for to, r in level.near(dataset_, _UR.dataset_id, run_of_data)),
        *(Link(version(r, depth), to, EdgeKind.TRAINED, r.role) for to, r in level.near(dataset_, _UV.dataset_id, of_data)),
        *(Link(version(r, depth), to, EdgeKind.EVALUATED)
          for to, r in level.near(dataset_, _EVALUATED.c.dataset_id, judged)),
    ]  # fmt: skip


def version(row: AnyRow, depth: int) -> Item:
    name = f"{row.model}@{row.version}"
    details = {"status": row.status, "stage": row.stage} | ({"deleted": True} if row.deleted_at else {})
    return Item(Node(id=f"version:{name}", kind=NodeKind.VERSION, name=name, depth=depth, details=details), row)


def run(row: AnyRow, depth: int) -> Item:
    details = {"status": row.status, "started_at": row.started_at.isoformat(), "created_by": row.created_by}
    return Item(Node(id=f"run:{row.key}", kind=NodeKind.RUN, name=row.name, depth=depth, details=details), row)


def dataset(row: AnyRow, depth: int) -> Item:
    name = f"{row.name}@{row.version}"
    details = {"digest": row.digest, "size": row.size, "rows": row.rows, "source": row.source}
    return Item(Node(id=f"dataset:{name}", kind=NodeKind.DATASET, name=name, depth=depth, details=details), row)


def deployment(row: AnyRow, depth: int) -> Item:
    node = Node(
        id=f"deployment:{row.name}", kind=NodeKind.DEPLOYMENT, name=row.name, depth=depth, details={"state": row.state}
    )
    return Item(node, row)


def _told(level: Level) -> Iterator[Link]:
    """Give code, environments and sources: what rows of versions and runs say themselves."""
    for row in level.rows(NodeKind.VERSION):
        to = f"version:{row.model}@{row.version}"
        parent = "" if row.parent_id else row.parent
        for node, kind in (
            (rules.code(row.code, level.depth), EdgeKind.RAN),
            (rules.environment(row.environment, level.depth), EdgeKind.RAN),
            (rules.source(row.source, level.depth), EdgeKind.CLONED),
            (rules.source(parent, level.depth), EdgeKind.CLONED),
        ):
            if node:
                yield Link(Item(node), to, kind)
    for row in level.rows(NodeKind.RUN):
        if node := rules.code(row.source, level.depth):
            yield Link(Item(node), f"run:{row.key}", EdgeKind.RAN)


def _scores(level: Level) -> dict[tuple[int, int], str]:
    """Return what versions scored last, by the rows of version and dataset, as text."""
    ids = [row.id for row in level.rows(NodeKind.VERSION)]
    found: dict[tuple[int, int], str] = {}
    if not ids:
        return found
    query = select(_EVALUATED.c.version_id, _EVALUATED.c.dataset_id, _M.key, _M.value)
    query = query.join(schema.evaluation_metrics, _M.evaluation_id == _EVALUATED.c.id)
    for version_id, dataset_id, key, value in level.c.execute(
        query.where(_EVALUATED.c.version_id.in_(ids)).order_by(_M.key)
    ):
        said = found.get((version_id, dataset_id))
        found[version_id, dataset_id] = f"{said}, {key}={value:.4g}" if said else f"{key}={value:.4g}"
    return found
