"""A small convolutional network for photos, with random weights: what it says is noise, what it costs is not."""

from itertools import pairwise
from pathlib import Path

import numpy as np
from onnx import helper

from tests.servers.nets import saved

SIDE = 224
_WIDTHS = (3, 16, 32, 64, 128)
_CLASSES = 10


def photo_net(path: Path) -> Path:
    """Write a classifier of ten classes: `image` (n, 3, 224, 224) to `logits` (n, 10)."""
    random = np.random.default_rng(0)
    nodes, weights, last = [], {}, "image"
    for layer, (before, after) in enumerate(pairwise(_WIDTHS)):
        weights[f"w{layer}"] = (random.standard_normal((after, before, 3, 3)) / 10).astype(np.float32)
        pads = [1, 1, 1, 1]
        nodes.append(helper.make_node("Conv", [last, f"w{layer}"], [f"c{layer}"], strides=[2, 2], pads=pads))
        nodes.append(helper.make_node("Relu", [f"c{layer}"], [last := f"r{layer}"]))
    weights["head"] = (random.standard_normal((_WIDTHS[-1], _CLASSES)) / 10).astype(np.float32)
    nodes.append(helper.make_node("GlobalAveragePool", [last], ["pooled"]))
    nodes.append(helper.make_node("Flatten", ["pooled"], ["flat"]))
    nodes.append(helper.make_node("MatMul", ["flat", "head"], ["logits"]))
    return saved(path, nodes, {"image": ["n", 3, SIDE, SIDE]}, {"logits": ["n", _CLASSES]}, **weights)
