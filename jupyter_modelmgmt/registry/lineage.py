"""Verbs on lineage, and the graph as people look at it."""

from __future__ import annotations

import dataclasses
from html import escape
from typing import TYPE_CHECKING

from jupyter_modelmgmt.domain.tracking import Edge, LineageGraph, Node
from jupyter_modelmgmt.registry.opened import Opened
from jupyter_modelmgmt.store import lineage
from jupyter_modelmgmt.terminal import harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

_CAUSES, _EFFECTS = "comes from", "went into"


class Lineage(Opened):
    """Where things come from, and what came of them."""

    def lineage(self, selector: str, *, depth: int = 10, limit: int = 200) -> ShownLineage:
        """Return the graph around a version: what led to it and what came of it, `depth` steps both ways.

        Also around `run:ID`, `dataset:golden@1` and `deployment:NAME`. At most `limit` nodes; `cut`
        tells that there are more. Raises NotFound, BadSelector, BadField. Source: W11.
        """
        return ShownLineage.of(lineage.graph(self.store, selector, depth=depth, limit=limit))


class ShownLineage(LineageGraph):
    """A graph that shows as a tree: causes first, then effects. `.frame()` has its edges."""

    __slots__ = ()

    @classmethod
    def of(cls, record: LineageGraph) -> ShownLineage:
        return cls(**{field.name: getattr(record, field.name) for field in dataclasses.fields(record)})

    def frame(self) -> pd.DataFrame:
        """Return a row per edge, from cause to effect."""
        import pandas as pd  # noqa: PLC0415 - a second to import, and many never ask

        rows = [{"start": e.start, "kind": e.kind.value, "end": e.end, "label": e.label} for e in self.edges]
        return pd.DataFrame(rows, columns=["start", "kind", "end", "label"])

    def __repr__(self) -> str:
        lines = [_said(self._by_id()[self.root])]
        for title, up in ((_CAUSES, True), (_EFFECTS, False)):
            lines += [f"{title}:"] if self._near(self.root, up=up) else []
            lines += ["  " * depth + f"- {text}" for depth, text in self._walk(self.root, up, 1, set())]
        return harmless("\n".join([*lines, *(["There is more; ask for a greater limit."] if self.cut else [])]))

    def _repr_html_(self) -> str:
        parts = [f"<p><strong>{escape(_said(self._by_id()[self.root]))}</strong></p>"]
        for title, up in ((_CAUSES, True), (_EFFECTS, False)):
            items = [
                f'<li style="margin-left:{depth - 1}em">{escape(text)}</li>'
                for depth, text in self._walk(self.root, up, 1, set())
            ]
            parts += [f"<p>{title}</p><ul>{''.join(items)}</ul>"] if items else []
        return "".join([*parts, *(["<p>There is more; ask for a greater <code>limit</code>.</p>"] if self.cut else [])])

    def _walk(self, node: str, up: bool, depth: int, seen: set[str]) -> Iterator[tuple[int, str]]:  # noqa: FBT001 - inner
        """Give depth and text of what lies behind `node`, each node once."""
        for other, edge in self._near(node, up=up):
            label = f" [{edge.kind}{': ' + edge.label if edge.label else ''}]"
            again = other.id in seen
            yield depth, _said(other) + label + (", see above" if again else "")
            if not again:
                seen.add(other.id)
                yield from self._walk(other.id, up, depth + 1, seen)

    def _near(self, node: str, *, up: bool) -> list[tuple[Node, Edge]]:
        nodes = self._by_id()
        found = [(nodes[e.start if up else e.end], e) for e in self.edges if (e.end if up else e.start) == node]
        kept = [(other, edge) for other, edge in found if (other.depth <= 0 if up else other.depth >= 0)]
        return sorted(kept, key=lambda pair: (pair[1].kind, pair[0].kind, pair[0].name))

    def _by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}


def _said(node: Node) -> str:
    told = [str(node.details[key]) for key in ("status", "stage", "state") if node.details.get(key)]
    told += ["deleted"] if node.details.get("deleted") else []
    kind = "" if node.kind == "version" else f"{node.kind} "
    return f"{kind}{node.name}" + (f" ({', '.join(told)})" if told else "")
