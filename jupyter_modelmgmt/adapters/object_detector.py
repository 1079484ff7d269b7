"""An image to boxes, from models that give boxes and from models that give offsets to anchors."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from jupyter_modelmgmt.adapters.activations import sigmoid, softmax
from jupyter_modelmgmt.adapters.anchors import AnchorConfig, anchors
from jupyter_modelmgmt.adapters.anchors import boxes as boxes_around
from jupyter_modelmgmt.adapters.image import ImageAdapter, Outputs
from jupyter_modelmgmt.adapters.preprocessing import ImageConfig, View
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.domain.predictions import ROUNDED, Box, Boxes
from jupyter_modelmgmt.flavors import TensorSpec

Part = Annotated[float, Meta(ge=0, le=1)]

MAX_CANDIDATES = 2000

# Where left, top, right and bottom, or centre and size, stand in each format.
_CORNERS = {"xyxy": (0, 1, 2, 3), "yxyx": (1, 0, 3, 2)}
_CENTRES = {"cxcywh": (0, 1, 2, 3), "cycxhw": (1, 0, 3, 2)}
_ORIGINS = {"xywh": (0, 1, 2, 3)}


class OutputNames(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which outputs are which. `labels` are numbers of labels, for models that give them."""

    boxes: str | None = None
    scores: str | None = None
    labels: str | None = None


class DetectorConfig(ImageConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How outputs become boxes.

    `box_format`: `xyxy` corners, `xywh` corner and size, `cxcywh` centre and size, or the same with
    y first; `coordinates` in pixels of the model's input or relative to it. With `anchors`, the raw
    boxes are offsets, in a `c...` format. `activation` makes scores of raw ones. `background`: the
    first score of each box means "nothing". `first_label` is the number of the first label.
    Boxes of one label that overlap by more than `overlap` (intersection over union) are merged into the best.
    """

    resize: Literal["crop", "squash", "letterbox"] = "squash"
    outputs: OutputNames = OutputNames()
    box_format: Literal["xyxy", "yxyx", "xywh", "cxcywh", "cycxhw"] = "xyxy"
    coordinates: Literal["pixel", "relative"] = "pixel"
    anchors: AnchorConfig | None = None
    activation: Literal["none", "sigmoid", "softmax"] = "none"
    background: bool = False
    first_label: int = 0
    threshold: Part = 0.5
    overlap: Part = 0.45
    max_boxes: Annotated[int, Meta(ge=1)] = 100


class ObjectDetector(ImageAdapter[DetectorConfig]):
    """Works with any flavor whose model gives boxes with scores."""

    kind = DetectorConfig

    def settle(self) -> None:
        names, specs = self.settings.outputs, self.runner.outputs
        self._boxes = self.output(names.boxes, _like(specs, "box", "regress", "loc"), "outputs.boxes").name
        self._scores = self.output(
            names.scores, _like(specs, "score", "classif", "conf", "prob"), "outputs.scores"
        ).name
        labels = _like(specs, "label", "class_id", "category")
        self._labels = self.output(names.labels, labels, "outputs.labels").name if names.labels or labels else None
        self._anchors: NDArray[np.float64] | None = None
        if self.settings.anchors is not None:
            self._prepare_anchors(self.settings.anchors)

    def _prepare_anchors(self, config: AnchorConfig) -> None:
        if self.settings.box_format not in _CENTRES:
            raise BadField(f"With anchors, box_format is one of {', '.join(_CENTRES)}.")
        self._anchors = anchors(config, self._preprocessing.size)
        spec = next(spec for spec in self.runner.outputs if spec.name == self._boxes)
        count = spec.shape[1] if len(spec.shape) > 1 else -1
        if count not in (-1, len(self._anchors)):
            raise BadField(
                f"anchors gives {len(self._anchors)} anchors; the model has {count}. Change strides or aspect_ratios."
            )

    def result(self, outputs: Outputs, view: View) -> Boxes:
        placed = self._corners(outputs[self._boxes])
        scores, labels = self._scored(outputs, len(placed))
        kept = np.flatnonzero(scores >= self.settings.threshold)
        kept = kept[np.argsort(-scores[kept], kind="stable")][:MAX_CANDIDATES]
        corners = np.add(placed[kept] * (view.sx, view.sy, view.sx, view.sy), (view.ox, view.oy, view.ox, view.oy))
        corners = corners.clip(0, (view.width, view.height) * 2)
        scores, labels = scores[kept], labels[kept]
        best = without_overlaps(corners, labels, self.settings.overlap)[: self.settings.max_boxes]
        return Boxes(tuple(self._box(corners[i], float(scores[i]), int(labels[i])) for i in best))

    def _box(self, corners: NDArray[np.float64], score: float, label: int) -> Box:
        place = label - self.settings.first_label
        name = self.labels[place] if 0 <= place < len(self.labels) else str(label)
        if not -ROUNDED <= score <= 1 + ROUNDED:
            raise BadPrediction(
                f"The model scores a box {score:g}, which is no confidence. Set activation to sigmoid or softmax."
            )
        x0, y0, x1, y1 = (float(value) for value in corners)
        return Box(label=name, score=score, box=(x0, y0, x1, y1))

    def _scored(self, outputs: Outputs, count: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the best score of each box and the number of its label."""
        raw = np.asarray(outputs[self._scores], dtype=np.float64)
        if self._labels is not None:
            scores = _activated(raw.ravel(), self.settings.activation)
            return scores, np.asarray(outputs[self._labels]).ravel().astype(np.int64)
        table = _activated(raw.reshape(count, -1), self.settings.activation)
        if self.settings.background:
            table = table[:, 1:]
        return table.max(axis=1), table.argmax(axis=1) + self.settings.first_label

    def _corners(self, raw: NDArray[Any]) -> NDArray[np.float64]:
        """Return (n, 4) left, top, right, bottom in pixels of the model's input."""
        height, width = self._preprocessing.size
        form = self.settings.box_format
        order = (_CORNERS | _CENTRES | _ORIGINS)[form]
        values = raw.reshape(-1, raw.shape[-1])[:, list(order)].astype(np.float64)
        relative = self.settings.coordinates == "relative"
        if self._anchors is not None and self.settings.anchors is not None:
            values, relative = boxes_around(values, self._anchors, self.settings.anchors), True
        if form in _CENTRES:
            values = np.hstack([values[:, :2] - values[:, 2:] / 2, values[:, :2] + values[:, 2:] / 2])
        elif form in _ORIGINS:
            values = np.hstack([values[:, :2], values[:, :2] + values[:, 2:]])
        return values * (width, height, width, height) if relative else values


def without_overlaps(corners: NDArray[np.float64], labels: NDArray[np.int64], limit: float) -> list[int]:
    """Return the positions of boxes to keep, given best first: a box goes when a better one of its label covers it."""
    areas = (corners[:, 2] - corners[:, 0]) * (corners[:, 3] - corners[:, 1])
    alive = areas > 0
    kept: list[int] = []
    for i in range(len(corners)):
        if not alive[i]:
            continue
        kept.append(i)
        sides = np.minimum(corners[i, 2:], corners[:, 2:]) - np.maximum(corners[i, :2], corners[:, :2])
        shared = sides.clip(0).prod(axis=1)
        alive &= (labels != labels[i]) | (shared <= limit * (areas + areas[i] - shared))
    return kept


def _activated(raw: NDArray[np.float64], activation: str) -> NDArray[np.float64]:
    if activation == "none":
        return raw
    if activation == "sigmoid":
        return sigmoid(raw)
    return softmax(raw)


def _like(specs: Sequence[TensorSpec], *words: str) -> list[TensorSpec]:
    return [spec for spec in specs if any(word in spec.name.lower() for word in words)]
