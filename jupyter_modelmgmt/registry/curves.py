"""Metric series with their points, as numpy arrays and as tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Self

from jupyter_modelmgmt.domain import logged
from jupyter_modelmgmt.domain.errors import BadField, BadMetric
from jupyter_modelmgmt.domain.tracking import Series
from jupyter_modelmgmt.registry.display import figure as shown
from jupyter_modelmgmt.store.points import packed_arrays, thinned

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from jupyter_modelmgmt.capture.curves import Line
    from jupyter_modelmgmt.store.pages import AnyRow
    from jupyter_modelmgmt.store.series import Batch

FEWEST, MOST = 4, 100_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """A line `legend` of the chart `figure`: float64 arrays, in the order of logging.

    `at` is seconds since 1970, UTC. `count` is the number of points before thinning.
    """

    figure: str
    legend: str
    x: NDArray[Any]
    y: NDArray[Any]
    at: NDArray[Any]
    count: int

    @classmethod
    def of(cls, row: AnyRow, points: NDArray[Any], at_most: int | None) -> Curve:
        """Return the series of a row with its points, (3, points), thinned when there are more."""
        kept = points if at_most is None else thinned(points, at_most)
        x, y, at = kept
        return cls(figure=row.figure, legend=row.legend, x=x, y=y, at=at, count=points.shape[1])

    def record(self) -> Series:
        """Return the series as it travels: what is no finite number becomes None."""
        import numpy as np  # noqa: PLC0415 - there already, when there are points

        y = [value if ok else None for value, ok in zip(self.y.tolist(), np.isfinite(self.y).tolist(), strict=True)]
        x, at = tuple(self.x.tolist()), tuple(self.at.tolist())
        return Series(figure=self.figure, legend=self.legend, x=x, y=tuple(y), at=at, count=self.count)

    def frame(self) -> pd.DataFrame:
        """Return a row per point: x, y and time."""
        import pandas as pd  # noqa: PLC0415 - a second to import, and many never ask

        return pd.DataFrame({"x": self.x, "y": self.y, "at": pd.to_datetime(self.at, unit="s", utc=True)})

    def __len__(self) -> int:
        return len(self.x)

    def __repr__(self) -> str:
        last = f", last {shown(self.y[-1])}" if len(self) else ""
        return f"Curve({self.figure!r}, {self.legend!r}: {self.count} points{last})"


class Curves(tuple[Curve, ...]):
    """Several series; `.frame()` has a row per point: figure, legend, x, y, at. Source: D24."""

    __slots__ = ()

    def __new__(cls, curves: Iterable[Curve]) -> Self:
        return super().__new__(cls, tuple(curves))

    def frame(self) -> pd.DataFrame:
        """Return a row per point."""
        import pandas as pd  # noqa: PLC0415 - as above

        columns = ["figure", "legend", "x", "y", "at"]
        parts = [curve.frame().assign(figure=curve.figure, legend=curve.legend)[columns] for curve in self]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(c.figure)}</td><td>{escape(c.legend)}</td><td>{c.count}</td>"
            f"<td>{shown(c.y[-1]) if len(c) else ''}</td></tr>"
            for c in self
        )
        head = "".join(f'<th scope="col">{title}</th>' for title in ("Figure", "Legend", "Points", "Last"))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def packed(lines: Iterable[Line]) -> Batch:
    """Return curves that a model keeps by itself, but those of odd names, as points by figure and legend."""
    found = {}
    for line in lines:
        try:
            key = logged.figure(line.figure), logged.legend(line.legend)
        except BadMetric:
            continue
        if points := packed_arrays(line.x, line.y):
            found[key] = points
    return found


def checked_points(points: int | None) -> int | None:
    """Return how many points a curve may have at most, None for all. Raises BadField."""
    if points is not None and not FEWEST <= points <= MOST:
        raise BadField(f"points is a number from {FEWEST} to {MOST}.")
    return points
