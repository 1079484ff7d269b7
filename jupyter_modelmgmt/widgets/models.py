"""The models of the registry in a cell."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import traitlets

from jupyter_modelmgmt.domain.records import Model
from jupyter_modelmgmt.registry import display
from jupyter_modelmgmt.widgets.live import STATIC, LiveWidget


class Models(LiveWidget):
    """Models and their versions, narrowed by `search` (words) and `filter` (the search language).

    `selected` is the selector that was clicked last: `digits`, or `digits@1.0.0`. Set `search`,
    `filter`, `sort` or `limit` from code and the list follows.
    """

    _esm = STATIC / "models.js"
    _css = STATIC / "models.css"

    search = traitlets.Unicode("").tag(sync=True)
    filter = traitlets.Unicode("").tag(sync=True)
    sort = traitlets.Unicode("name").tag(sync=True)
    limit = traitlets.Int(100, min=1, max=1000).tag(sync=True)
    models: traitlets.List[Any] = traitlets.List().tag(sync=True)
    versions = traitlets.Dict().tag(sync=True)
    has_more = traitlets.Bool(default_value=False).tag(sync=True)
    selected = traitlets.Unicode("").tag(sync=True)

    def __init__(self, search: str = "", **traits: Any) -> None:
        self._records: tuple[Model, ...] = ()
        super().__init__(search=search, **traits)

    def read(self) -> None:
        page = self.registry.models_page(self.search, filter=self.filter, sort=self.sort, limit=self.limit)
        self._records = page.items
        self.models = msgspec.to_builtins(page.items)
        self.has_more = page.next_cursor is not None
        names = {model.name for model in page.items}
        self.versions = {name: self._versions(name) for name in self.versions if name in names}

    def act(self, verb: str, message: Mapping[str, Any], _buffers: Sequence[Any]) -> None:
        name = str(message.get("model", ""))
        if verb == "open":
            self.versions = {**self.versions, name: self._versions(name)}
        elif verb == "close":
            self.versions = {model: rows for model, rows in self.versions.items() if model != name}

    def html(self) -> str:
        return display.html(self._records)

    def _versions(self, name: str) -> Any:
        return msgspec.to_builtins(self.registry.versions_page(name, filter=self.filter, limit=self.limit).items)

    @traitlets.observe("search", "filter", "sort", "limit")
    def _narrowed(self, _change: Any) -> None:
        if self._seen >= 0:
            self.refresh()
