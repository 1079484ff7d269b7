"""Anchors of single-shot detectors, computed from a few numbers, and boxes from offsets to them.

Source: Liu et al., "SSD: Single Shot MultiBox Detector", section 2.2; Bazarevsky et al., "BlazeFace".
"""

from itertools import groupby
from math import ceil, sqrt
from typing import Annotated, Any, Literal

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

Positive = Annotated[float, Meta(gt=0)]


class AnchorConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One layer of anchors a stride; layers of one stride share a grid of cells.

    Each cell of a layer has an anchor for each aspect ratio and, with `between_ratio` above 0, one
    more of a size between this layer's and the next one's. Scales go evenly from `min_scale` to
    `max_scale`; `fixed_size` makes all anchors 1 x 1, so that offsets alone give the size.
    `variances` divide the raw x, y, width and height; `exponential` sizes are logarithms.
    """

    strides: Annotated[tuple[Annotated[int, Meta(ge=1)], ...], Meta(min_length=1)]
    aspect_ratios: Annotated[tuple[Positive, ...], Meta(min_length=1)] = (1.0,)
    min_scale: Positive = 0.2
    max_scale: Positive = 0.95
    between_ratio: Annotated[float, Meta(ge=0)] = 1.0
    offset: Annotated[float, Meta(ge=0, le=1)] = 0.5
    fixed_size: bool = False
    fewer_in_lowest: bool = False
    variances: tuple[Positive, Positive, Positive, Positive] = (10.0, 10.0, 5.0, 5.0)
    sizes: Literal["exponential", "linear"] = "exponential"


def anchors(config: AnchorConfig, size: tuple[int, int]) -> NDArray[np.float64]:
    """Return all anchors as (n, 4): centre x and y, width, height, relative to the model's input."""
    blocks = []
    for stride, layers in groupby(enumerate(config.strides), key=lambda layer: layer[1]):
        shapes = np.array([shape for index, _ in layers for shape in _shapes(config, index)])
        rows, columns = ceil(size[0] / stride), ceil(size[1] / stride)
        y, x = np.mgrid[0:rows, 0:columns]
        centres = np.stack([(x.ravel() + config.offset) / columns, (y.ravel() + config.offset) / rows], axis=1)
        blocks.append(np.hstack([np.repeat(centres, len(shapes), axis=0), np.tile(shapes, (len(centres), 1))]))
    return np.concatenate(blocks)


def boxes(raw: NDArray[Any], around: NDArray[np.float64], config: AnchorConfig) -> NDArray[np.float64]:
    """Return (n, 4) centre x and y, width, height, from `raw` offsets in the same order."""
    offsets = raw[:, :4].astype(np.float64) / np.asarray(config.variances)
    centres = offsets[:, :2] * around[:, 2:] + around[:, :2]
    # Beyond e^20 a box is larger than any image; the limit keeps the arithmetic finite.
    factors = np.exp(offsets[:, 2:].clip(max=20)) if config.sizes == "exponential" else offsets[:, 2:]
    return np.hstack([centres, factors * around[:, 2:]])


def _shapes(config: AnchorConfig, layer: int) -> list[tuple[float, float]]:
    scale = _scale(config, layer)
    pairs = [(ratio, scale) for ratio in config.aspect_ratios]
    if layer == 0 and config.fewer_in_lowest:
        pairs = [(1.0, 0.1), (2.0, scale), (0.5, scale)]
    elif config.between_ratio:
        pairs.append((config.between_ratio, sqrt(scale * _scale(config, layer + 1))))
    if config.fixed_size:
        return [(1.0, 1.0)] * len(pairs)
    return [(s * sqrt(ratio), s / sqrt(ratio)) for ratio, s in pairs]


def _scale(config: AnchorConfig, layer: int) -> float:
    count = len(config.strides)
    if layer >= count:
        return 1.0
    if count == 1:
        return (config.min_scale + config.max_scale) / 2
    return config.min_scale + (config.max_scale - config.min_scale) * layer / (count - 1)
