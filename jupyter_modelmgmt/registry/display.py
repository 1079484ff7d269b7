"""Records as an HTML table."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from jupyter_modelmgmt.registry.columns import cells
from jupyter_modelmgmt.registry.figures import figure, size, when

__all__ = ["cells", "figure", "html", "size", "when"]


def html(records: Iterable[Any]) -> str:
    """Return records as an HTML table; every text is escaped."""
    return html_of([cells(record) for record in records])


def html_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows, by the titles of their columns, as an HTML table; every text is escaped."""
    if not rows:
        return "<em>Nothing here yet.</em>"
    columns = list(dict.fromkeys(column for row in rows for column in row))
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_text(row.get(c, '')))}</td>" for c in columns) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _text(value: Any) -> str:
    return figure(value) if isinstance(value, float) else str(value)
