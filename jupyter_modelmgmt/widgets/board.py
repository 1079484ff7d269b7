"""The board in a cell: versions against golden datasets."""

from typing import Any

import msgspec
import traitlets

from jupyter_modelmgmt.registry.boards import ScoreBoard
from jupyter_modelmgmt.widgets.live import STATIC, LiveWidget


class Board(LiveWidget):
    """`Model link | Version | Status | Loss @ 10k` of a model's versions (S13).

    `metrics` and `datasets` choose columns, all where empty; `sort` is `version` or a column, with
    `-` for descending. `selected` has the selectors that were ticked.
    """

    _esm = STATIC / "board.js"
    _css = STATIC / "board.css"

    model = traitlets.Unicode().tag(sync=True)
    metrics = traitlets.List(traitlets.Unicode()).tag(sync=True)
    datasets = traitlets.List(traitlets.Unicode()).tag(sync=True)
    sort = traitlets.Unicode("-version").tag(sync=True)
    limit = traitlets.Int(50, min=1, max=1000).tag(sync=True)
    board = traitlets.Dict().tag(sync=True)
    selected = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, model: str, **traits: Any) -> None:
        self._record = ScoreBoard(columns=(), rows=(), best=())
        super().__init__(model=model, **traits)

    def read(self) -> None:
        self._record = self.registry.board(
            self.model, metrics=self.metrics, datasets=self.datasets, sort=self.sort, limit=self.limit
        )
        self.board = msgspec.to_builtins(self._record)

    def frame(self) -> Any:
        """Return the board as a pandas DataFrame."""
        return self._record.frame()

    def html(self) -> str:
        return self._record._repr_html_()

    @traitlets.observe("model", "metrics", "datasets", "sort", "limit")
    def _narrowed(self, _change: Any) -> None:
        if self._seen >= 0:
            self.refresh()
