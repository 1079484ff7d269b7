"""Reading series with their points, of a run or a version; logging series of a version."""

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from jupyter_modelmgmt.domain import logged
from jupyter_modelmgmt.domain.tracking import Sample
from jupyter_modelmgmt.store import datasets, lookup, runs, schema, series
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.pages import AnyRow
from jupyter_modelmgmt.store.points import Triple, packed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Drawn = tuple[AnyRow, NDArray[Any]]


def of_run(store: Store, key: str, figure: str, legend: str | None) -> "Drawn":
    """Return one series of a run with its points, float64 (3, points). Raises NotFound."""
    with store.read() as c:
        row = series.find(c, series.of_run(runs.row_of(c, key).id), figure, legend)
        return row, series.read(c, [row])[0]


def all_of_run(store: Store, key: str, figure: str | None) -> "Iterable[Drawn]":
    """Return the series of a run with their points."""
    with store.read() as c:
        return _read(c, series.rows(c, series.of_run(runs.row_of(c, key).id), figure))


def of_version(store: Store, selector: str, figure: str | None) -> "Iterable[Drawn]":
    """Return the series of a version and those of its run, with their points. Raises NotFound."""
    with store.read() as c:
        version = lookup.find(c, selector)
        rows = [*series.rows(c, series.of_version(version.id), figure)]
        if version.run_id is not None:
            rows += series.rows(c, series.of_run(version.run_id), figure)
        return _read(c, rows)


def log(store: Store, selector: str, samples: Sequence[Sample], *, dataset: str) -> int:
    """Add points to series of a version; return how many. Raises NotFound, BadMetric."""
    with store.read() as c:
        version = lookup.find(c, selector)
        found = datasets.find(c, dataset) if dataset else None
    batch = packed_samples(samples, f"{found.name}@{found.version}" if found else "")
    with store.append() as c:
        v = schema.versions.c
        c.execute(select(v.id).where(v.id == version.id).with_for_update(key_share=True))
        return series.append(c, series.of_version(version.id), batch) if batch else 0


def packed_samples(samples: Iterable[Sample], dataset: str = "") -> series.Batch:
    """Return points by the series they go to; lines are called after `dataset` if it is given. Raises BadMetric."""
    now = time.time()
    points: dict[series.Key, list[Triple]] = {}
    for sample in samples:
        line = " ".join(part for part in (sample.legend, f"@ {dataset}" if dataset else "") if part)
        key = logged.figure(sample.figure), logged.legend(line)
        point = (logged.step(sample.x), logged.number(sample.figure, sample.y), now)
        points.setdefault(key, []).append(point)
    return {key: packed(found) for key, found in points.items()}


def _read(c: Connection, rows: Sequence[AnyRow]) -> "Iterable[Drawn]":
    return list(zip(rows, series.read(c, rows), strict=True))
