"""What lineage shows of code, environments and sources, and which edges say nothing new."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.tracking import Edge, EdgeKind, Node, NodeKind

MAX_NODES = 1000
MAX_DEPTH = 50
_SHORT = 12
# What capturing writes where nobody knows: no node, for all unknown places would be one.
UNKNOWN = "unknown"
_PLACES = ("notebook", "script")
_ROOTS = (NodeKind.VERSION, NodeKind.RUN, NodeKind.DATASET, NodeKind.DEPLOYMENT)


def root(text: str) -> tuple[NodeKind, str]:
    """Return kind and name of what `text` asks for: `run:ID`, `dataset:golden@1`, `deployment:NAME`, or a selector."""
    kind, colon, name = text.partition(":")
    if colon and kind in tuple(_ROOTS):
        return NodeKind(kind), name
    return NodeKind.VERSION, text


def checked_bounds(depth: int, limit: int) -> None:
    """Raise BadField for bounds that no graph has."""
    if not 1 <= limit <= MAX_NODES:
        raise BadField(f"limit is a number of nodes from 1 to {MAX_NODES}.")
    if not 0 <= depth <= MAX_DEPTH:
        raise BadField(f"depth is a number of steps from 0 to {MAX_DEPTH}.")


def code(said: Mapping[str, Any], depth: int) -> Node | None:
    """Return the node of the code that `said` describes: one for the same place at the same commit."""
    if not said:
        return None
    place = next((str(said[key]) for key in _PLACES if said.get(key) and said[key] != UNKNOWN), "")
    if not place and set(said) <= set(_PLACES):
        return None
    commit = str(said.get("git_commit") or "")[:_SHORT]
    name = "@".join(part for part in (place, commit) if part) or _digest(said)
    return Node(id=f"code:{name}", kind=NodeKind.CODE, name=name, depth=depth, details=dict(said))


def environment(said: Mapping[str, Any], depth: int) -> Node | None:
    """Return the node of an environment, by a digest of all that is said of it."""
    if not said:
        return None
    name = _digest(said)
    plain = {key: value for key, value in said.items() if isinstance(value, str | int | float | bool)}
    return Node(id=f"environment:{name}", kind=NodeKind.ENVIRONMENT, name=name, depth=depth, details=plain)


def source(text: str, depth: int) -> Node | None:
    """Return the node of where an imported version comes from."""
    if not text:
        return None
    return Node(id=f"source:{text}", kind=NodeKind.SOURCE, name=text, depth=depth)


def without_shortcuts(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Return `edges` without those to a version that also lead there through the run that made it."""
    known = tuple(edges)
    run_of = {edge.end: edge.start for edge in known if edge.kind is EdgeKind.PRODUCED}
    into = {(edge.start, edge.end, edge.kind, edge.label) for edge in known}
    return tuple(e for e in known if (e.start, run_of.get(e.end), e.kind, e.label) not in into)


def depths(root: str, edges: Sequence[Edge]) -> dict[str, int]:
    """Return how many steps each node is from `root`, negative for causes."""
    found = {root: 0}
    for sign in (-1, 1):
        reached, depth = {root}, 0
        while reached:
            depth += sign
            near = {(e.start if sign < 0 else e.end) for e in edges if (e.end if sign < 0 else e.start) in reached}
            reached = near - found.keys()
            found |= dict.fromkeys(reached, depth)
    return found


def _digest(said: Mapping[str, Any]) -> str:
    text = json.dumps(said, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_SHORT]
