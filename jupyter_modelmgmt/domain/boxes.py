"""Boxes: what their four numbers mean, from each format to each, and how much two overlap.

Source: spec/rules.md, "Object detection output"; ModelArts (M15) writes `yxyx` pixels, Dataloop (D36) left, top,
right, bottom: `xyxy` pixels.
"""

import math
from collections.abc import Sequence
from typing import Any

from jupyter_modelmgmt.domain.failures import BadPrediction

Corners = tuple[float, float, float, float]

FORMATS = ("xyxy", "yxyx", "xywh", "cxcywh", "cycxhw")
COORDINATES = ("pixel", "relative")


def corners(values: Sequence[Any], box_format: str = "xyxy") -> Corners:
    """Return left, top, right, bottom of a box that `box_format` describes. Raises BadPrediction."""
    a, b, c, d = _four(values)
    match box_format:
        case "xyxy":
            return a, b, c, d
        case "yxyx":
            return b, a, d, c
        case "xywh":
            return a, b, a + c, b + d
        case "cxcywh":
            return a - c / 2, b - d / 2, a + c / 2, b + d / 2
        case "cycxhw":
            return b - d / 2, a - c / 2, b + d / 2, a + c / 2
        case _:
            raise BadPrediction(f"{box_format!r} is not a format of boxes. Use one of {', '.join(FORMATS)}.")


def written(box: Corners, box_format: str) -> Corners:
    """Return left, top, right, bottom as `box_format` writes a box. Raises BadPrediction."""
    x0, y0, x1, y1 = box
    match box_format:
        case "xyxy":
            return box
        case "yxyx":
            return y0, x0, y1, x1
        case "xywh":
            return x0, y0, x1 - x0, y1 - y0
        case "cxcywh":
            return (x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0
        case "cycxhw":
            return (y0 + y1) / 2, (x0 + x1) / 2, y1 - y0, x1 - x0
        case _:
            raise BadPrediction(f"{box_format!r} is not a format of boxes. Use one of {', '.join(FORMATS)}.")


def overlap(one: Corners, other: Corners) -> float:
    """Return the intersection over union of two boxes, in [0, 1]; boxes without an area overlap when they are equal."""
    (a0, b0, a1, b1), (c0, d0, c1, d1) = one, other
    width, height = min(a1, c1) - max(a0, c0), min(b1, d1) - max(b0, d0)
    shared = width * height if width > 0 and height > 0 else 0.0
    union = _area(a0, b0, a1, b1) + _area(c0, d0, c1, d1) - shared
    return shared / union if union > 0 else float(one == other)


def factors(coordinates: str, width: float, height: float) -> tuple[float, float]:
    """Return what makes pixels of x and of y. Raises BadPrediction where relative boxes come without a size."""
    if coordinates == "pixel":
        return 1.0, 1.0
    if coordinates != "relative":
        raise BadPrediction(f"{coordinates!r} is none of {', '.join(COORDINATES)}.")
    if width <= 0 or height <= 0:
        raise BadPrediction("Relative boxes need width and height of the image. Give both.")
    return float(width), float(height)


def _area(x0: float, y0: float, x1: float, y1: float) -> float:
    return (x1 - x0) * (y1 - y0) if x1 > x0 and y1 > y0 else 0.0


def _four(values: Sequence[Any]) -> Corners:
    try:
        a, b, c, d = (float(value) for value in values)
    except (TypeError, ValueError):
        raise BadPrediction(f"A box is four numbers, not {str(values)[:80]}.") from None
    if not all(math.isfinite(value) for value in (a, b, c, d)):
        raise BadPrediction(f"A box has finite numbers, not {[a, b, c, d]}.")
    return a, b, c, d
