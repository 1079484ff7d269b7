"""Kept tests: an input with the answer that was accepted, asked again of each new version. Source: D35, N10."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from jupyter_modelmgmt.domain.boxes import overlap as box_overlap
from jupyter_modelmgmt.domain.errors import BadField, BadName
from jupyter_modelmgmt.domain.predictions import Box, Mask, Prediction

MAX_NAME = 80
MAX_TESTS = 1000
MAX_EXPECTED_BYTES = 2 * 10**6
_KINDS = ("classes", "boxes", "mask", "value", "vector", "text", "outputs")
_TOLERANCES = {"classes": 0.1, "boxes": 0.5, "mask": 0.2, "value": 0.01, "vector": 0.01, "text": 0.0, "outputs": 0.01}
_LABELLED = 0.1  # scores beside a label, as classes have them
_SHOWN = 40
_DEEP = 64  # levels of nested lists that are looked into


class ResultState(StrEnum):
    """`error` is a test whose version gave no answer."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTest:
    """An input of a model, the blob `digest` of the media type `media`, and the answer that is expected.

    `expected` is the prediction that was accepted; its `version` gave it. What the same means depends on it:
    the same best label with a score within `tolerance`; a box of the same label for each, overlapping (IoU) by
    at least 1 - `tolerance`; masks whose labels overlap as much; numbers within `tolerance`, relative above 1;
    texts that are equal. Labels and boxes that are less sure than `threshold` do not count.
    """

    model: str
    name: str
    media: str
    digest: str
    size: int
    expected: Prediction = field(repr=False)  # a mask would fill the cell
    tolerance: float
    threshold: float
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptResult:
    """What became of a kept test with a version; `difference` is the first one, or why there was no answer."""

    test: str
    version: str
    state: ResultState
    difference: str
    latency_ms: float
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTally:
    """How many of its model's kept tests a version passed and failed; the others were not run."""

    version: str
    passed: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptTests:
    """The kept tests of a model, and the tallies of the versions that were asked, the last registered first."""

    items: tuple[KeptTest, ...]
    tallies: tuple[KeptTally, ...]


def kind_of(answer: Prediction) -> str:
    """Return which of its fields holds the answer. Raises BadField for none."""
    for kind in _KINDS:
        if getattr(answer, kind) is not None:
            return kind
    raise BadField("The expected answer is empty. Keep a prediction with classes, boxes, a mask, numbers or a text.")


def checked_test_name(name: str) -> str:
    """Return what a kept test may be called: it stands in URLs and lists. Raises BadName."""
    told = name.strip() if isinstance(name, str) else ""
    if not told or len(told) > MAX_NAME or not told.isprintable() or "/" in told or "\\" in told:
        raise BadName(f"{str(name)[:80]!r} is no name of a kept test. Use 1 to {MAX_NAME} characters without slashes.")
    return told


def checked_tolerance(tolerance: float | None, expected: Prediction) -> float:
    """Return how much may differ, in [0, 1]; left out, what suits the answer. Raises BadField."""
    if tolerance is None:
        return _LABELLED if _labelled(expected.outputs) else _TOLERANCES[kind_of(expected)]
    return checked_share("tolerance", tolerance)


def checked_share(field: str, value: float) -> float:
    """Return a number in [0, 1]. Raises BadField."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadField(f"{field} is a number from 0 to 1.")
    return float(value)


def difference(test: KeptTest, got: Prediction, overlap: Callable[[Mask, Mask], Mapping[str, float]]) -> str:
    """Return the first difference between what `test` expects and what it got, "" for the same.

    `overlap` gives the IoU of two masks by label. Raises BadField for an expectation that is empty.
    """
    expected, kind = test.expected, kind_of(test.expected)
    if getattr(got, kind) is None:
        return f"expected {kind}, got {kind_of(got)}"
    match kind:
        case "classes":
            return _classes(expected, got, test.tolerance, test.threshold)
        case "boxes":
            return _boxes(_sure(expected, test.threshold), _sure(got, test.threshold), 1 - test.tolerance)
        case "mask":
            return _masks(expected.mask, got.mask, 1 - test.tolerance, overlap)
        case "text":
            return "" if expected.text == got.text else f"expected {_short(expected.text)}, got {_short(got.text)}"
    before, now = getattr(expected, kind), getattr(got, kind)
    return _values(_named(before), _named(now), test.tolerance, "", _DEEP)


def _classes(expected: Prediction, got: Prediction, tolerance: float, threshold: float) -> str:
    before, now = ([c for c in p.classes or () if c.score >= threshold] for p in (expected, got))
    if not before or not now:
        return "" if not before and not now else f"expected {_best(before)}, got {_best(now)}"
    if before[0].label != now[0].label:
        return f"expected {_best(before)}, got {_best(now)}"
    if abs(before[0].score - now[0].score) > tolerance:
        return f"{before[0].label} scored {now[0].score:.2f}, expected {before[0].score:.2f} ± {tolerance:.2g}"
    return ""


def _best(classes: Sequence[Any]) -> str:
    return f"{classes[0].label} ({classes[0].score:.2f})" if classes else "no label"


def _sure(answer: Prediction, threshold: float) -> list[Box]:
    return [box for box in answer.boxes or () if box.score >= threshold]


def _boxes(expected: Sequence[Box], got: Sequence[Box], least: float) -> str:
    """Give each expected box the box of its label that overlaps it most, and tell the first that finds none."""
    left = [*got]
    for box in expected:
        rivals = [other for other in left if other.label == box.label]
        if not rivals:
            return f"expected {_counted(expected)}, got {_counted(got)}"
        nearest = max(rivals, key=lambda other: box_overlap(box.box, other.box))
        if (iou := box_overlap(box.box, nearest.box)) < least:
            return f"{box.label} overlaps by {iou:.2f}, expected at least {least:.2f}"
        left.remove(nearest)
    return f"expected {_counted(expected)}, got {_counted(got)}" if left else ""


def _counted(boxes: Sequence[Box]) -> str:
    labels = [box.label for box in boxes]
    told = (f"{label} × {labels.count(label)}" for label in dict.fromkeys(labels))  # noqa: RUF001 - a sign people read
    return ", ".join(told) or "none"


def _masks(
    expected: Mask | None, got: Mask | None, least: float, overlap: Callable[[Mask, Mask], Mapping[str, float]]
) -> str:
    if expected is None or got is None or expected.png == got.png:
        return ""
    for label, iou in overlap(expected, got).items():
        if iou < least:
            return f"{label} overlaps by {iou:.2f}, expected at least {least:.2f}"
    return ""


def _named(value: Any) -> Any:
    """Return tensors of the Open Inference Protocol by their names; any other value as it is."""
    if isinstance(value, list | tuple) and value and all(isinstance(t, Mapping) and "data" in t for t in value):
        return {str(tensor.get("name", "")): tensor["data"] for tensor in value}
    return value


def _labelled(outputs: Any) -> bool:
    named = _named(outputs)
    return isinstance(named, Mapping) and "label" in named


def _values(expected: Any, got: Any, tolerance: float, at: str, levels: int) -> str:
    match expected, got:
        case Mapping(), Mapping() if levels:
            if expected.keys() != got.keys():
                return f"{_at(at)}expected {_short(sorted(expected))}, got {_short(sorted(got))}"
            pairs = [(f"{at}.{key}" if at else str(key), expected[key], got[key]) for key in expected]
        case ((list() | tuple()), (list() | tuple())) if levels:
            if len(expected) != len(got):
                return f"{_at(at)}expected {len(expected)} values, got {len(got)}"
            pairs = [(f"{at}[{i}]", a, b) for i, (a, b) in enumerate(zip(expected, got, strict=True))]
        case _:
            return "" if _same(expected, got, tolerance) else f"{_at(at)}expected {_short(expected)}, got {_short(got)}"
    return next((found for place, a, b in pairs if (found := _values(a, b, tolerance, place, levels - 1))), "")


def _same(expected: Any, got: Any, tolerance: float) -> bool:
    """Tell whether two values are the same: whole numbers are names, they are equal or not."""
    if isinstance(expected, float) and isinstance(got, int | float) and not isinstance(got, bool):
        return abs(got - expected) <= tolerance * max(1.0, abs(expected)) or got == expected
    return bool(expected == got)


def _at(place: str) -> str:
    return f"{place}: " if place else ""


def _short(value: Any) -> str:
    text = f"{value:.4g}" if isinstance(value, float) else repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
