"""The comparison as a widget: the page's table, bundled once more for cells."""

from pathlib import Path
from typing import Any

import anywidget
import msgspec
import traitlets

from jupyter_modelmgmt.domain.compare import ComparisonTable, rebased

_STATIC = Path(__file__).parent / "static"


class ComparisonWidget(anywidget.AnyWidget):
    """Versions as columns, facts as rows.

    `base` is the position of the version that differences refer to; setting it, here or in the
    browser, computes them anew. `only_differences` hides rows that are equal everywhere.
    """

    _esm = _STATIC / "compare.js"
    _css = _STATIC / "compare.css"

    table = traitlets.Dict().tag(sync=True)
    base = traitlets.Int(0).tag(sync=True)
    only_differences = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, table: ComparisonTable, **options: Any) -> None:
        self._record = table
        super().__init__(table=msgspec.to_builtins(table), base=table.base, **options)

    @traitlets.validate("base")
    def _in_range(self, proposal: Any) -> int:
        return max(0, min(int(proposal.value), len(self._record.versions) - 1))

    @traitlets.observe("base")
    def _rebase(self, _change: Any) -> None:
        self._record = rebased(self._record, self.base)
        self.table = msgspec.to_builtins(self._record)
