"""Records as an HTML table."""

from collections.abc import Iterable
from html import escape
from typing import Any

from jupyter_modelmgmt.registry.columns import cells
from jupyter_modelmgmt.registry.figures import figure, size, when

__all__ = ["cells", "figure", "html", "size", "when"]


def html(records: Iterable[Any]) -> str:
    """Return records as an HTML table; every text is escaped."""
    rows = [cells(record) for record in records]
    if not rows:
        return "<em>Nothing here yet.</em>"
    columns = list(dict.fromkeys(column for row in rows for column in row))
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(row.get(c, '')))}</td>" for c in columns) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
