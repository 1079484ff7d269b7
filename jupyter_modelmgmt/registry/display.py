"""Records as a table, in HTML and in plain text."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from jupyter_modelmgmt.registry.columns import cells
from jupyter_modelmgmt.registry.figures import figure, size, when

__all__ = ["cells", "figure", "html", "size", "when"]

NOTHING = "Nothing here yet."
_MOST = 60  # rows of a table in plain text
_WIDE = 40  # characters of a cell in it


def html(records: Iterable[Any]) -> str:
    """Return records as an HTML table; every text is escaped."""
    return html_of([cells(record) for record in records])


def html_of(rows: Sequence[Mapping[str, Any]], nothing: str = NOTHING) -> str:
    """Return rows, by the titles of their columns, as an HTML table; every text is escaped."""
    if not rows:
        return f"<em>{escape(nothing)}</em>"
    columns = list(dict.fromkeys(column for row in rows for column in row))
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_text(row.get(c, '')))}</td>" for c in columns) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def plain(rows: Sequence[Mapping[str, Any]], nothing: str = NOTHING) -> str:
    """Return rows as a table of text; a column in which nothing stands is left out."""
    if not rows:
        return nothing
    shown = [{column: _cell(value) for column, value in row.items()} for row in rows[:_MOST]]
    columns = [name for name in dict.fromkeys(c for row in shown for c in row) if any(row.get(name) for row in shown)]
    lines = [columns, *([row.get(column, "") for column in columns] for row in shown)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    more = [f"... {len(rows) - _MOST} more; .frame() has all"] if len(rows) > _MOST else []
    table = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)
    return "\n".join([*table, *more])


def _cell(value: Any) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in _text(value)).split())
    return text if len(text) <= _WIDE else text[: _WIDE - 1] + "…"


def _text(value: Any) -> str:
    return figure(value) if isinstance(value, float) else str(value)
