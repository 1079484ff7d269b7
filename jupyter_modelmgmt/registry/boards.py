"""The board as people look at it."""

from __future__ import annotations

import dataclasses
from html import escape
from typing import TYPE_CHECKING, Any

from jupyter_modelmgmt.domain.tracking import Board, BoardRow
from jupyter_modelmgmt.registry.display import figure
from jupyter_modelmgmt.terminal import harmless

if TYPE_CHECKING:
    import pandas as pd

_FACTS = ("Model link", "Version", "Status")


class ScoreBoard(Board):
    """Versions against golden datasets; shows as a table, `.frame()` is a pandas DataFrame."""

    __slots__ = ()

    @classmethod
    def of(cls, record: Board) -> ScoreBoard:
        return cls(**{field.name: getattr(record, field.name) for field in dataclasses.fields(record)})

    def frame(self) -> pd.DataFrame:
        """Return a row per version, a column per metric and dataset, with the numbers themselves."""
        import pandas as pd  # noqa: PLC0415 - a second to import, and many never ask

        rows = [
            {"Model link": f"{row.model}@{row.version}", "Version": row.version, "Status": _status(row)}
            | dict(zip(self._titles(), row.scores, strict=True))
            for row in self.rows
        ]
        return pd.DataFrame(rows, columns=[*_FACTS, *self._titles()])

    def table(self) -> tuple[list[str], list[dict[str, str]]]:
        """Return titles and rows as texts; the best of a column has an asterisk."""
        rows = [
            {"Model link": f"{row.model}@{row.version}", "Version": row.version, "Status": _status(row)}
            | {t: _score(row.scores[i]) + ("*" if self.best[i] == n else "") for i, t in enumerate(self._titles())}
            for n, row in enumerate(self.rows)
        ]
        return [*_FACTS, *self._titles()], rows

    def __repr__(self) -> str:
        titles, rows = self.table()
        widths = [max(len(title), *(len(row[title]) for row in rows)) if rows else len(title) for title in titles]
        lines = [titles, *([row[title] for title in titles] for row in rows)]
        table = ("  ".join(f"{text:<{w}}" for text, w in zip(line, widths, strict=True)).rstrip() for line in lines)
        return harmless("\n".join(table))

    def _titles(self) -> list[str]:
        return [column[:1].upper() + column[1:] for column in self.columns]

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(title)}</th>' for title in (*_FACTS, *self._titles()))
        body = "".join(f"<tr>{self._cells(n, row)}</tr>" for n, row in enumerate(self.rows))
        more = "<p>There are more versions; ask for more with <code>limit</code>.</p>" if self.cut else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"

    def _cells(self, n: int, row: BoardRow) -> str:
        scores = [
            f'<strong title="best">{_score(value)}</strong>' if self.best[i] == n else _score(value)
            for i, value in enumerate(row.scores)
        ]
        facts = [escape(text) for text in (f"{row.model}@{row.version}", row.version, _status(row))]
        return "".join(f"<td>{cell}</td>" for cell in (*facts, *scores))


def _status(row: BoardRow) -> str:
    return f"{row.status.value}, {row.stage}"


def _score(value: Any) -> str:
    return "" if value is None else figure(value)
