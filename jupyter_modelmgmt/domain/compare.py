"""Comparison of versions: one column a version, one row a fact, best marked, deltas to a base."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jupyter_modelmgmt.domain import facets
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.records import ModelVersion

FACTS = (
    "framework",
    "task",
    "model_type",
    "status",
    "stage",
    "description",
    "tags",
    "author",
    "license",
    "adapter",
    "size",
)
LOWER_WORDS = frozenset(
    {
        "loss",
        "error",
        "err",
        "rmse",
        "mae",
        "mse",
        "mape",
        "latency",
        "perplexity",
        "fpr",
        "fnr",
        "ms",
        "seconds",
        "time",
        "brier",
        "hinge",
    }
)
MAX_VERSIONS = 200
_FACETS: tuple[tuple[str, Callable[[ModelVersion], facets.Facets]], ...] = (
    ("signature", facets.signature),
    ("label", facets.labels),
    ("dataset", facets.datasets),
    ("environment", facets.environment),
    ("code", facets.code),
    ("file", facets.files),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRow:
    """One fact over all versions.

    `group` is metric, evaluation, param, config, signature, label, dataset, cost, environment, code,
    file or fact. `values` has one entry per version, None where a
    version has none. `deltas` are differences to the base version, for metrics, evaluations and costs.
    `best` are the positions of the best metric value, empty when all are equal or alone. `noise` is half of the
    range in which a score comes out 95 of 100 times, where that is known; see `noise.half_width`.
    """

    group: str
    name: str
    values: tuple[Any, ...]
    deltas: tuple[float | None, ...] = ()
    best: tuple[int, ...] = ()
    lower_is_better: bool = False
    differs: bool = False
    noise: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonTable:
    """`versions` are selectors; `base` is the position of the one that deltas refer to."""

    versions: tuple[str, ...]
    base: int
    rows: tuple[ComparisonRow, ...]


def table(
    versions: Sequence[ModelVersion], base: int = 0, noise: Sequence[Mapping[str, float]] = ()
) -> ComparisonTable:
    """Return the comparison of `versions`. Raises BadField for fewer than one or more than `MAX_VERSIONS`.

    `noise` is that of each version's evaluations, by the names of their rows.
    """
    if not 1 <= len(versions) <= MAX_VERSIONS:
        raise BadField(f"Compare 1 to {MAX_VERSIONS} versions, not {len(versions)}.")
    if not 0 <= base < len(versions):
        raise BadField(f"base is the position of a version, 0 to {len(versions) - 1}.")
    rows = [
        *_scores("metric", [v.metrics for v in versions], base),
        *_noisy(_scores("evaluation", [facets.evaluations(v) for v in versions], base), noise),
        *(_plain("param", name, values) for name, values in _columns([v.params for v in versions])),
        *(_plain("config", name, values) for name, values in _columns([v.config for v in versions])),
        *(row for group, facet in _FACETS for row in _facets(group, [facet(v) for v in versions])),
        *_scores("cost", [facets.cost(v) for v in versions], base, lower=True),
        *(_plain("fact", name, [_fact(v, name) for v in versions]) for name in FACTS),
    ]
    return ComparisonTable(versions=tuple(v.selector for v in versions), base=base, rows=tuple(rows))


def rebased(table: ComparisonTable, base: int) -> ComparisonTable:
    """Return the same comparison with differences to the version at `base`."""
    rows = tuple(replace(row, deltas=_deltas(row.values, base)) if row.deltas else row for row in table.rows)
    return replace(table, base=base, rows=rows)


def lower_is_better(metric: str) -> bool:
    """Tell from the words of its name whether a smaller value of `metric` is the better one."""
    return not LOWER_WORDS.isdisjoint(re.split(r"[^a-z]+", metric.lower()))


def _columns(records: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Any]]]:
    names = sorted(set().union(*records))
    return [(name, [record.get(name) for record in records]) for name in names]


def _facets(group: str, found: Sequence[facets.Facets]) -> list[ComparisonRow]:
    return [_plain(group, name, facets.values(found, name)) for name in facets.names(found)]


def _scores(
    group: str, found: Sequence[Mapping[str, Any]], base: int, *, lower: bool | None = None
) -> list[ComparisonRow]:
    return [
        _score(group, name, values, base, lower_is_better(name) if lower is None else lower)
        for name, values in _columns(found)
    ]


def _score(group: str, name: str, values: Sequence[float | None], base: int, lower: bool) -> ComparisonRow:  # noqa: FBT001 - inner
    known = [v for v in values if v is not None]
    best: tuple[int, ...] = ()
    if len(set(known)) > 1:
        top = min(known) if lower else max(known)
        best = tuple(i for i, v in enumerate(values) if v == top)
    return ComparisonRow(
        group=group,
        name=name,
        values=tuple(values),
        deltas=_deltas(values, base),
        best=best,
        lower_is_better=lower,
        differs=_differs(values),
    )


def _noisy(rows: Sequence[ComparisonRow], noise: Sequence[Mapping[str, float]]) -> list[ComparisonRow]:
    found = [(row, tuple(known.get(row.name) for known in noise)) for row in rows]
    return [replace(row, noise=widths) if any(w is not None for w in widths) else row for row, widths in found]


def _deltas(values: Sequence[float | None], base: int) -> tuple[float | None, ...]:
    origin = values[base]
    return tuple(None if v is None or origin is None else v - origin for v in values)


def _plain(group: str, name: str, values: Sequence[Any]) -> ComparisonRow:
    return ComparisonRow(group=group, name=name, values=tuple(values), differs=_differs(values))


def _fact(version: ModelVersion, name: str) -> Any:
    value = getattr(version, name)
    return ", ".join(value) if name == "tags" else value


def _differs(values: Sequence[Any]) -> bool:
    return any(value != values[0] for value in values[1:])
