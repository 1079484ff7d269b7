"""Rules of the board: its columns, what one is sorted by, which row is best. Source: S13."""

from collections.abc import Iterable, Sequence

from jupyter_modelmgmt.domain.compare import lower_is_better
from jupyter_modelmgmt.domain.errors import BadField

MAX_COLUMNS = 100
_AT = " @ "
Column = tuple[str, str]


def title(column: Column) -> str:
    """Return the title of a column (metric, dataset): `loss @ 10k`."""
    return _AT.join(column)


def names(given: str | Sequence[str]) -> tuple[str, ...]:
    """Return names, from a list or from comma text."""
    words = given.split(",") if isinstance(given, str) else given
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))


def columns(metrics: Sequence[str], datasets: Sequence[str], known: Iterable[Column]) -> tuple[Column, ...]:
    """Return the columns of a board in order: what was asked for, where nothing was what is `known`.

    Raises BadField for more than 100.
    """
    seen = sorted(set(known))
    wanted = metrics or list(dict.fromkeys(metric for metric, _ in seen))
    where = datasets or list(dict.fromkeys(dataset for _, dataset in sorted(seen, key=lambda c: c[1])))
    asked = bool(metrics and datasets)
    found = tuple((m, d) for m in wanted for d in where if asked or (m, d) in seen)
    if len(found) > MAX_COLUMNS:
        raise BadField(f"The board would have {len(found)} columns. Name metrics and datasets, at most {MAX_COLUMNS}.")
    return found


def sorting(text: str) -> Column | None:
    """Return the column that `loss @ 10k` names, None for `version`. Raises BadField."""
    word = text.removeprefix("-").strip()
    if word == "version":
        return None
    metric, at, dataset = word.rpartition("@")
    if not at or not metric.strip() or not dataset.strip():
        raise BadField(f"{text[:80]!r} is no column. Sort by 'version' or 'loss @ golden', with '-' for descending.")
    return metric.strip(), dataset.strip()


def best(metric: str, scores: Sequence[float | None]) -> int | None:
    """Return the row with the best of `scores`, the first of equals; None when nothing can be compared."""
    known = [value for value in scores if value is not None]
    if len(set(known)) < 2:  # noqa: PLR2004 - two to compare
        return None
    return scores.index(min(known) if lower_is_better(metric) else max(known))
