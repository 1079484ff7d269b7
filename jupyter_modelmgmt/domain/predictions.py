"""Typed results of a model, and the one JSON shape in which they reach people.

Adapters return one result per input: `Classes`, `Boxes`, `Mask`, `Value`, `Vector`, `Text` or any
JSON-able value. A `Prediction` is that result with what was asked and how long it took.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jupyter_modelmgmt.domain import boxes as formats
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.domain.records import Task

ROUNDED = 1e-6  # sums of float32 end a little beside 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label with its score in [0, 1]. Raises BadPrediction for any other score. Source: D36."""

    label: str
    score: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", str(self.label))
        object.__setattr__(self, "score", checked_score(self.score))


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """`box` is [x0, y0, x1, y1] in pixels of the image as it is displayed; `score` in [0, 1]."""

    label: str
    score: float
    box: tuple[float, float, float, float]

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", str(self.label))
        object.__setattr__(self, "score", checked_score(self.score))
        object.__setattr__(self, "box", formats.corners(self.box))


@dataclass(frozen=True, slots=True)
class Classes:
    """Labels, best first."""

    classes: tuple[Label, ...]

    @classmethod
    def of(cls, scores: Sequence[Any], labels: Sequence[str] = (), *, top_k: int | None = None) -> "Classes":
        """Return the labels with their scores, the best `top_k` of them. Raises BadPrediction."""
        names = labels or [str(place) for place in range(len(scores))]
        if len(names) != len(scores):
            raise BadPrediction(f"There are {len(scores)} scores and {len(names)} labels. Give one score a label.")
        found = [Label(label=name, score=score) for name, score in zip(names, scores, strict=True)]
        return cls(tuple(sorted(found, key=lambda entry: -entry.score)[:top_k]))


@dataclass(frozen=True, slots=True)
class Boxes:
    """Found objects, best first, in pixels of the input image."""

    boxes: tuple[Box, ...]

    @classmethod
    def of(
        cls,
        boxes: Sequence[Sequence[Any]],
        scores: Sequence[Any],
        labels: Sequence[Any],
        *,
        box_format: str = "xyxy",
        coordinates: str = "pixel",
        width: float = 0,
        height: float = 0,
    ) -> "Boxes":
        """Return boxes from their numbers, best first; `box_format` and `coordinates` say what those mean.

        `relative` ones need `width` and `height` of the image. Raises BadPrediction.
        """
        if not len(boxes) == len(scores) == len(labels):
            raise BadPrediction(f"There are {len(boxes)} boxes, {len(scores)} scores and {len(labels)} labels.")
        x, y = formats.factors(coordinates, width, height)
        placed = [formats.corners(box, box_format) for box in boxes]
        found = [
            Box(label=label, score=score, box=(box[0] * x, box[1] * y, box[2] * x, box[3] * y))
            for box, score, label in zip(placed, scores, labels, strict=True)
        ]
        return cls(tuple(sorted(found, key=lambda entry: -entry.score)))

    def written(
        self, box_format: str = "xyxy", *, coordinates: str = "pixel", width: float = 0, height: float = 0
    ) -> dict[str, Any]:
        """Return `{boxes, scores, labels, box_format, coordinates}` with the boxes as `box_format` writes them."""
        x, y = formats.factors(coordinates, width, height)
        placed = [(b.box[0] / x, b.box[1] / y, b.box[2] / x, b.box[3] / y) for b in self.boxes]
        return {
            "boxes": [list(formats.written(box, box_format)) for box in placed],
            "scores": [entry.score for entry in self.boxes],
            "labels": [entry.label for entry in self.boxes],
            "box_format": box_format,
            "coordinates": coordinates,
        }

    def modelarts(self) -> dict[str, Any]:
        """Return the answer of ModelArts' built-in object detection: pixels, y first. Source: M15."""
        told = self.written("yxyx")
        return {
            "detection_classes": told["labels"], "detection_boxes": told["boxes"], "detection_scores": told["scores"],
        }  # fmt: skip

    def dataloop(self) -> list[dict[str, Any]]:
        """Return one annotation a box, with left, top, right, bottom. Source: D36."""
        sides = ("left", "top", "right", "bottom")
        return [
            {"label": entry.label, **dict(zip(sides, entry.box, strict=True)), "confidence": entry.score}
            for entry in self.boxes
        ]

    def scaled(self, x: float, y: float) -> "Boxes":
        """Return the same boxes on an image that is `x` times as wide and `y` times as high."""
        return Boxes(
            tuple(
                Box(
                    label=b.label,
                    score=b.score,
                    box=(b.box[0] * x, b.box[1] * y, b.box[2] * x, b.box[3] * y),
                )
                for b in self.boxes
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask:
    """One label per pixel.

    `png` is a base64 palette PNG whose pixel values index `labels`, of any size with the aspect of
    the image; `share` gives each label's part of the pixels, in [0, 1], for labels that occur.
    """

    labels: tuple[str, ...]
    png: str
    share: dict[str, float]


@dataclass(frozen=True, slots=True)
class Value:
    """One number, as a regression gives it. Raises BadPrediction for none."""

    value: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _number("A value", self.value))


@dataclass(frozen=True, slots=True)
class Vector:
    """One embedding."""

    vector: tuple[float, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "vector", tuple(_number("A vector's number", value) for value in self.vector))


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """A tensor as the Open Inference Protocol v2 writes it: `data` is flat, row-major."""

    name: str
    datatype: str
    shape: tuple[int, ...]
    data: Sequence[Any]


def checked_score(score: Any) -> float:
    """Return a score in [0, 1]. Raises BadPrediction for any other. Source: D36."""
    number = _number("A confidence", score)
    if not -ROUNDED <= number <= 1 + ROUNDED:
        raise BadPrediction(f"A confidence is a number from 0 to 1, not {number:g}. Scale the scores in `predict`.")
    return min(max(number, 0.0), 1.0)


def _number(what: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise BadPrediction(f"{what} is a number, not {type(value).__name__}.") from None
    if not math.isfinite(number):
        raise BadPrediction(f"{what} is a finite number, not {number}.")
    return number


Result = Classes | Boxes | Mask | Value | Vector | Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a deployed version answered; exactly one of the result fields is set.

    `width` and `height` are those of the image as it is displayed, 0 for other inputs.
    `latency_ms` is the time inside the worker: decoding, inference, building the result.
    """

    task: Task
    version: str
    latency_ms: float
    classes: tuple[Label, ...] | None = None
    boxes: tuple[Box, ...] | None = None
    mask: Mask | None = None
    value: float | None = None
    vector: tuple[float, ...] | None = None
    text: str | None = None
    outputs: Any = None
    width: int = 0
    height: int = 0
