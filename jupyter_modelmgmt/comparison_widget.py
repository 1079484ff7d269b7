"""The comparison as a widget: the page's table, bundled once more for cells."""

from html import escape
from pathlib import Path
from typing import Any

import anywidget
import msgspec
import traitlets

from jupyter_modelmgmt.domain.compare import ComparisonTable, rebased

_STATIC = Path(__file__).parent / "widgets" / "static"


class ComparisonWidget(anywidget.AnyWidget):
    """Versions as columns, facts as rows.

    `base` is the position of the version that differences refer to; setting it, here or in the
    browser, computes them anew. `only_differences` hides rows that are equal everywhere. `selected`
    has the selectors that were ticked.
    """

    _esm = _STATIC / "compare.js"
    _css = _STATIC / "compare.css"

    table = traitlets.Dict().tag(sync=True)
    base = traitlets.Int(0).tag(sync=True)
    only_differences = traitlets.Bool(default_value=False).tag(sync=True)
    selected = traitlets.List(traitlets.Unicode()).tag(sync=True)

    def __init__(self, table: ComparisonTable, **options: Any) -> None:
        self._record = table
        super().__init__(table=msgspec.to_builtins(table), base=table.base, **options)

    def html(self) -> str:
        """Return the table as HTML that needs no browser code."""
        table = self._record
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.versions)
        rows = (
            f'<tr><th scope="row">{escape(row.name)}</th>{"".join(map(_cell, row.values))}</tr>'
            for row in table.rows
            if row.differs or not self.only_differences
        )
        return f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Return the widget, and beside it what viewers without widgets show."""
        made = super()._repr_mimebundle_(**options)
        data, metadata = made if isinstance(made, tuple) else (made or {}, {})
        return {**data, "text/html": self.html()}, metadata

    @traitlets.validate("base")
    def _in_range(self, proposal: Any) -> int:
        return max(0, min(int(proposal.value), len(self._record.versions) - 1))

    @traitlets.observe("base")
    def _rebase(self, _change: Any) -> None:
        self._record = rebased(self._record, self.base)
        self.table = msgspec.to_builtins(self._record)


def _cell(value: object) -> str:
    shown = "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
    return f"<td>{escape(shown)}</td>"
