"""EfficientNet-Lite as an ONNX graph, from the tensors that efficientnet-lite-pytorch saves.

Source: Tan and Le, "EfficientNet"; EfficientNet-Lite leaves out squeeze-and-excitation and has ReLU6.
"""

from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadFile
from jupyter_modelmgmt.sources.library.onnx_graph import Graph
from jupyter_modelmgmt.sources.library.torch_weights import tensors

EPSILON = 1e-3
STRIDES = (1, 2, 2, 2, 1, 2, 1)  # of the first block in each stage; the others have 1
Tensors = Mapping[str, NDArray[Any]]


def to_onnx(weights: Path, target: Path, size: int) -> None:
    """Write the network in `weights`, for images of `size`, as ONNX: `image` (n, 3, size, size) to `logits`."""
    try:
        target.write_bytes(_file(tensors(weights), size))
    except KeyError as error:
        raise BadFile(f"{weights.name} is no EfficientNet-Lite: it lacks {error}. Mend the entry's source.") from error


def _file(state: Tensors, size: int) -> bytes:
    graph = Graph("efficientnet_lite")
    x = _convolved(graph, state, "image", "_conv_stem", "_bn0", stride=2)
    stage, channels = -1, 0
    for i in count():
        block = f"_blocks.{i}"
        if f"{block}._project_conv.weight" not in state:
            break
        wide = state[f"{block}._project_conv.weight"].shape[0]
        first = wide != channels
        stage, channels = stage + first, wide
        x = _block(graph, state, x, block, stride=STRIDES[stage] if first else 1, residual=not first)
    x = _convolved(graph, state, x, "_conv_head", "_bn1")
    x = graph.add("Flatten", graph.add("GlobalAveragePool", x))
    matrix, bias = graph.weight(state["_fc.weight"], "_fc.weight"), graph.weight(state["_fc.bias"], "_fc.bias")
    graph.add("Gemm", x, matrix, bias, output="logits", transB=1)
    return graph.file({"image": (3, size, size)}, {"logits": (len(state["_fc.bias"]),)})


def _block(graph: Graph, state: Tensors, x: str, name: str, *, stride: int, residual: bool) -> str:
    """Add an inverted bottleneck and return what it gives."""
    y = x
    if f"{name}._expand_conv.weight" in state:
        y = _convolved(graph, state, y, f"{name}._expand_conv", f"{name}._bn0")
    y = _convolved(graph, state, y, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride, depthwise=True)
    y = _convolved(graph, state, y, f"{name}._project_conv", f"{name}._bn2", active=False)
    return graph.add("Add", y, x) if residual else y


def _convolved(
    graph: Graph, state: Tensors, x: str, convolution: str, norm: str, *,
    stride: int = 1, depthwise: bool = False, active: bool = True,
) -> str:  # fmt: skip
    """Add a convolution with its batch normalisation folded in, and ReLU6 where it is `active`."""
    weight = state[f"{convolution}.weight"].astype(np.float64)
    factor = state[f"{norm}.weight"] / np.sqrt(state[f"{norm}.running_var"].astype(np.float64) + EPSILON)
    bias = state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * factor
    y = graph.add(
        "Conv",
        x,
        graph.weight(weight * factor.reshape(-1, 1, 1, 1), f"{convolution}.weight"),
        graph.weight(bias, f"{convolution}.bias"),
        auto_pad="SAME_UPPER",
        group=len(weight) if depthwise else 1,
        kernel_shape=weight.shape[2:],
        strides=(stride, stride),
    )
    if not active:
        return y
    low, high = graph.weight(np.array(0.0), f"{convolution}.low"), graph.weight(np.array(6.0), f"{convolution}.high")
    return graph.add("Clip", y, low, high)
