"""Small real ONNX models for the adapters, and encoded pictures."""

import io

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from jupyter_modelmgmt.adapters import predictor
from jupyter_modelmgmt.domain.records import Task

KINDS = {np.dtype(np.float32): TensorProto.FLOAT, np.dtype(np.int64): TensorProto.INT64}


@pytest.fixture
def png():
    """Give a function from pixels to PNG bytes."""

    def encode(pixels):
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG")
        return buffer.getvalue()

    return encode


@pytest.fixture
def constant_model():
    """Give a function that makes a model with an image input which always answers the same outputs."""

    def build(folder, shape, **outputs):
        nodes = [helper.make_node("Identity", [f"{name}_value"], [name]) for name in outputs]
        graph = helper.make_graph(
            nodes,
            "constant",
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info(name, KINDS[value.dtype], value.shape) for name, value in outputs.items()],
            [numpy_helper.from_array(value, f"{name}_value") for name, value in outputs.items()],
        )
        onnx.save(
            helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 15)]), folder / "m.onnx"
        )
        return folder

    return build


@pytest.fixture
def mean_model():
    """Give a function that makes a model whose scores are the means of the image's channels."""

    def build(folder, shape=("n", 3, 8, 8)):
        axes = [2, 3] if shape[1] == 3 else [1, 2]
        node = helper.make_node("ReduceMean", ["image"], ["scores"], axes=axes, keepdims=0)
        graph = helper.make_graph(
            [node],
            "mean",
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [shape[0], 3])],
        )
        onnx.save(
            helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 15)]), folder / "m.onnx"
        )
        return folder

    return build


@pytest.fixture
def loaded():
    """Give a function from a folder with one ONNX file to its predictor."""

    def load(folder, adapter, config, labels=()):
        return predictor(folder, flavor="onnx", adapter=adapter, config=config, labels=labels, task=Task.OTHER)

    return load


@pytest.fixture
def ready(cloned):
    """Give a function from a library entry's name to its predictor."""

    def load(name, **config):
        files = cloned(name)
        return predictor(
            files.folder,
            flavor=files.flavor,
            adapter=files.adapter,
            config={**files.config, **config},
            labels=files.labels,
            task=files.task,
        )

    return load
