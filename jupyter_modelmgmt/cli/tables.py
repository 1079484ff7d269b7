"""Tables that fit: first without what is empty, then with narrower columns, then record by record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from jupyter_modelmgmt.terminal import harmless

_BETWEEN = 3  # the cells between two columns, and as many around all
_WIDEST_WORD = 20
_EMPTY = ("", "None")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows that become a table as wide as there is room for."""

    columns: Sequence[str]
    rows: Sequence[Row]

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        yield fitted(self.columns, self.rows, options.max_width)


def fitted(columns: Sequence[str], rows: Sequence[Row], width: int) -> Table:
    """Return `rows` as a table of at most `width` cells; nothing of a cell is cut off."""
    if _wide(columns, rows, _natural) > width:
        columns = [column for column in columns if any(_said(row, column) not in _EMPTY for row in rows)]
    if _wide(columns, rows, _least) > width:
        return _by_record(columns, rows)
    found = Table(box=box.SIMPLE, pad_edge=False)
    for column, cells in zip(columns, _widths(columns, rows, width), strict=True):
        found.add_column(text(column), width=cells, overflow="fold")
    for row in rows:
        found.add_row(*(text(_said(row, column)) for column in columns))
    return found


def text(said: str, style: str = "") -> Text:
    """Return text of users: no markup is read in it, and nothing in it steers the terminal."""
    return Text(harmless(said), style)


def _by_record(columns: Sequence[str], rows: Sequence[Row]) -> Table:
    found = Table.grid(padding=(0, 2))
    for place, row in enumerate(rows):
        if place:
            found.add_row("", "")
        for column in columns:
            if (said := _said(row, column)) not in _EMPTY:
                found.add_row(text(column, "bold"), text(said))
    return found


def _widths(columns: Sequence[str], rows: Sequence[Row], width: int) -> list[int]:
    """Return how wide each column is: as it would be, else the widest gives until all fit."""
    widths = [_natural(column, rows) for column in columns]
    least = [_least(column, rows) for column in columns]
    over = sum(widths) + _BETWEEN * len(columns) - width
    while over > 0:
        place = max(range(len(columns)), key=lambda i: widths[i] if widths[i] > least[i] else 0)
        widths[place] -= 1
        over -= 1
    return widths


def _wide(columns: Sequence[str], rows: Sequence[Row], each: Callable[[str, Sequence[Row]], int]) -> int:
    return sum(each(column, rows) for column in columns) + _BETWEEN * len(columns)


def _natural(column: str, rows: Sequence[Row]) -> int:
    return max((cell_len(line) for said in _texts(column, rows) for line in said.split("\n")), default=0)


def _least(column: str, rows: Sequence[Row]) -> int:
    """Return the longest word of a column, for which a longer one may be broken."""
    return min(_WIDEST_WORD, max((cell_len(word) for said in _texts(column, rows) for word in said.split()), default=0))


def _texts(column: str, rows: Sequence[Row]) -> list[str]:
    return [column, *(harmless(_said(row, column)) for row in rows)]


def _said(row: Row, column: str) -> str:
    return str(row.get(column, ""))
