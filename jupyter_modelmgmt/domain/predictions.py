"""Typed results of a model, and the one JSON shape in which they reach people.

Adapters return one result per input: `Classes`, `Boxes`, `Mask`, `Value`, `Vector`, `Text` or any
JSON-able value. A `Prediction` is that result with what was asked and how long it took.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jupyter_modelmgmt.domain.records import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A label with its score in [0, 1]."""

    label: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """`box` is [x0, y0, x1, y1] in pixels of the image as it is displayed; `score` in [0, 1]."""

    label: str
    score: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Classes:
    """Labels, best first."""

    classes: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Boxes:
    """Found objects, best first, in pixels of the input image."""

    boxes: tuple[Box, ...]

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
    """One number, as a regression gives it."""

    value: float


@dataclass(frozen=True, slots=True)
class Vector:
    """One embedding."""

    vector: tuple[float, ...]


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
