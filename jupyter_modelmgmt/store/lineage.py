"""Lineage: from one node to its causes and its effects, level by level.

A level costs a fixed number of queries, however many nodes it has. See links.py for the queries.
"""

import dataclasses
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, select

from jupyter_modelmgmt.domain import lifecycle
from jupyter_modelmgmt.domain import lineage as rules
from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.domain.records import Status
from jupyter_modelmgmt.domain.tracking import Edge, LineageGraph, Node, NodeKind
from jupyter_modelmgmt.store import datasets, links, lookup, runs, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.links import Item, Link
from jupyter_modelmgmt.store.rows import badges


def graph(store: Store, root: str, *, depth: int = 10, limit: int = 200) -> LineageGraph:
    """Return what led to `root` and what came of it, at most `depth` steps away and `limit` nodes.

    `root` is a selector of a version, or `run:ID`, `dataset:golden@1`, `deployment:NAME`.
    Raises NotFound, BadSelector, BadField.
    """
    rules.checked_bounds(depth, limit)
    with store.read() as c:
        walk = _Walk(_root(c, root), limit)
        walk.go(c, links.causes, -depth)
        walk.go(c, links.effects, depth)
        nodes = _with_deployed(c, walk)
    edges = rules.without_shortcuts(walk.edges.values())
    depths = rules.depths(walk.root.node.id, edges)
    placed = tuple(dataclasses.replace(node, depth=depths.get(node.id, node.depth)) for node in nodes)
    return LineageGraph(root=walk.root.node.id, nodes=placed, edges=edges, cut=walk.cut)


class _Walk:
    """What was found so far."""

    def __init__(self, root: Item, limit: int) -> None:
        self.root = root
        self.limit = limit
        self.cut = False
        self.items = {root.node.id: root}
        self.edges: dict[tuple[str, str, str, str], Edge] = {}

    def go(self, c: Connection, step: Callable[..., Sequence[Link]], depth: int) -> None:
        """Walk `depth` levels from the root: to causes when it is negative."""
        reached = [self.root]
        sign = 1 if depth > 0 else -1
        for level in range(1, abs(depth) + 1):
            left = self.limit - len(self.items)
            found = step(c, reached, sign * level, at_most=left + 1)
            self.cut = self.cut or len(found) > left + len(self.items)
            reached = [item for link in found if (item := self._added(link, up=sign < 0))]
            if not reached:
                return

    def _added(self, link: Link, *, up: bool) -> Item | None:
        """Add an edge, and return its far end if that is new."""
        new = link.item.node.id not in self.items
        if new and len(self.items) >= self.limit:
            self.cut = True
            return None
        start, end = (link.item.node.id, link.to) if up else (link.to, link.item.node.id)
        self.edges[start, end, link.kind, link.label] = Edge(start=start, end=end, kind=link.kind, label=link.label)
        if new:
            self.items[link.item.node.id] = link.item
        return link.item if new else None


def _root(c: Connection, text: str) -> Item:
    kind, name = rules.root(text)
    match kind:
        case NodeKind.RUN:
            return links.run(runs.row_of(c, name), 0)
        case NodeKind.DATASET:
            return links.dataset(datasets.find(c, name), 0)
        case NodeKind.DEPLOYMENT:
            row = c.execute(select(schema.deployments).where(schema.deployments.c.name == name)).first()
            if row is None:
                raise NotFound(f"There is no deployment {name[:80]!r}. See `%model deployments`.")
            return links.deployment(row, 0)
        case _:
            return links.version(lookup.find(c, name), 0)


def _with_deployed(c: Connection, walk: _Walk) -> tuple[Node, ...]:
    """Return the nodes; a version that runs has the status that people see."""
    ids = [item.id for item in walk.items.values() if item.node.kind is NodeKind.VERSION]
    found = badges(c, schema.deployment_versions.c.version_id, ids)
    running = {version_id for version_id, badge in found if badge.state in lifecycle.RUNNING}
    return tuple(
        dataclasses.replace(item.node, details={**item.node.details, "status": Status.DEPLOYED.value})
        if item.node.kind is NodeKind.VERSION and item.id in running
        else item.node
        for item in walk.items.values()
    )
