"""Where a version comes from and what came of it, in a cell."""

from typing import Any

import msgspec
import traitlets

from jupyter_modelmgmt.registry.lineage import ShownLineage
from jupyter_modelmgmt.widgets.live import STATIC, LiveWidget


class Lineage(LiveWidget):
    """The graph around a version: `Lineage("digits@1.0.0")`; also `run:ID`, `dataset:golden@1`, `deployment:NAME`.

    `chosen` is the node that was clicked last: its id in `graph`. Set `selector`, `depth` or `limit`
    from code and the graph follows.
    """

    _esm = STATIC / "lineage.js"
    _css = STATIC / "lineage.css"

    selector = traitlets.Unicode().tag(sync=True)
    depth = traitlets.Int(10, min=1, max=100).tag(sync=True)
    limit = traitlets.Int(200, min=1, max=1000).tag(sync=True)
    graph = traitlets.Dict().tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)

    def __init__(self, selector: str, **traits: Any) -> None:
        self._record: ShownLineage | None = None
        super().__init__(selector=selector, **traits)

    def read(self) -> None:
        self._record = self.registry.lineage(self.selector, depth=self.depth, limit=self.limit)
        self.graph = msgspec.to_builtins(self._record)
        if self.chosen not in {node.id for node in self._record.nodes}:
            self.chosen = self._record.root

    def html(self) -> str:
        return self._record._repr_html_() if self._record else ""

    @traitlets.observe("selector", "depth", "limit")
    def _narrowed(self, _change: Any) -> None:
        if self._seen >= 0:
            self.refresh()
