"""Small real ONNX networks, built node by node: what a user brings with labels and a configuration and no code."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def saved(path, nodes, inputs, outputs, **constants):
    """Write a graph to `path` and return it; shapes may name an axis."""
    graph = helper.make_graph(
        nodes,
        path.stem,
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in inputs.items()],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs.items()],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 15)])
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)
    return path


def colours(path):
    """Write a classifier whose logits are the means of the image's three channels, as they come in."""
    node = helper.make_node("ReduceMean", ["image"], ["logits"], axes=[2, 3], keepdims=0)
    return saved(path, [node], {"image": ["n", 3, 16, 16]}, {"logits": ["n", 3]})


def spot(path, side=32):
    """Write a detector of the bright spot in a picture: `boxes` (1, 1, 4), y first and relative, `scores` (1, 1).

    Brighter than half counts; the score is the greatest brightness.
    """
    make = helper.make_node
    nodes = [
        make("ReduceMean", ["image"], ["grey"], axes=[1], keepdims=0),
        make("Greater", ["grey", "half"], ["bright"]),
        make("Cast", ["bright"], ["mask"], to=TensorProto.FLOAT),
        make("ReduceMax", ["mask"], ["rows"], axes=[2], keepdims=0),
        make("ReduceMax", ["mask"], ["columns"], axes=[1], keepdims=0),
    ]
    for axis, along in (("y", "rows"), ("x", "columns")):
        nodes += [
            make("Mul", [along, "ends"], [f"{axis}_ends"]),
            make("ReduceMax", [f"{axis}_ends"], [f"{axis}1"], axes=[1], keepdims=1),
            make("Mul", [along, "left"], [f"{axis}_left"]),
            make("ReduceMax", [f"{axis}_left"], [f"{axis}_far"], axes=[1], keepdims=1),
            make("Sub", ["one", f"{axis}_far"], [f"{axis}0"]),
        ]
    nodes += [
        make("Concat", ["y0", "x0", "y1", "x1"], ["box"], axis=1),
        make("Unsqueeze", ["box", "second"], ["boxes"]),
        make("ReduceMax", ["grey"], ["scores_flat"], axes=[1, 2], keepdims=0),
        make("Unsqueeze", ["scores_flat", "second"], ["scores"]),
    ]
    steps = np.arange(side, dtype=np.float32)
    return saved(
        path,
        nodes,
        {"image": [1, 3, side, side]},
        {"boxes": [1, 1, 4], "scores": [1, 1]},
        half=np.float32(0.5),
        one=np.float32(1),
        ends=(steps + 1) / side,
        left=(side - steps) / side,
        second=np.array([1], np.int64),
    )


def halves(path, side=16):
    """Write a segmenter: a score for `dark` and one for `bright` of each pixel."""
    make = helper.make_node
    nodes = [
        make("ReduceMean", ["image"], ["bright"], axes=[1], keepdims=1),
        make("Sub", ["one", "bright"], ["dark"]),
        make("Concat", ["dark", "bright"], ["map"], axis=1),
    ]
    return saved(path, nodes, {"image": ["n", 3, side, side]}, {"map": ["n", 2, side, side]}, one=np.float32(1))


def means(path, side=8):
    """Write an embedder: the mean of each quarter of a grey picture, four numbers."""
    make = helper.make_node
    nodes = [
        make("AveragePool", ["image"], ["quarters"], kernel_shape=[side // 2] * 2, strides=[side // 2] * 2),
        make("Flatten", ["quarters"], ["vector"]),
    ]
    return saved(path, nodes, {"image": ["n", 1, side, side]}, {"vector": ["n", 4]})
