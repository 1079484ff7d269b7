"""A body that is nothing but a tensor."""

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import BadTensor
from jupyter_modelmgmt.flavors import TensorSpec
from jupyter_modelmgmt.serving import raw_requests


@pytest.mark.parametrize(
    ("datatype", "shape", "body", "expected"),
    [
        ("FP32", (-1,), np.arange(3, dtype=np.float32).tobytes(), [0, 1, 2]),
        ("FP32", (-1, 2), np.arange(4, dtype=np.float32).tobytes(), [[0, 1], [2, 3]]),
        ("INT16", (-1, -1), np.arange(3, dtype=np.int16).tobytes(), [[0, 1, 2]]),
        ("UINT8", (2, 1), b"\x01\x02", [[1], [2]]),
        ("BOOL", (), b"\x01", True),
        ("FP32", (-1, 2), b"", []),
        ("BYTES", (-1, 1), b"\xff text", [[b"\xff text"]]),
    ],
)
def test_a_body_that_is_one_tensor_gets_the_models_shape(datatype, shape, body, expected):
    request = raw_requests.decode(body, [TensorSpec(name="x", datatype=datatype, shape=shape)])
    assert request.inputs["x"].tolist() == expected
    assert request.is_binary("any output")


@pytest.mark.parametrize(
    ("shape", "size", "reason"),
    [
        ((-1, -1, -1), 8, "Send JSON"),
        ((3, -1, -1), 8, "Send JSON"),
        ((-1, 2), 12, "3 values"),
        ((-1, 2), 7, "no whole number"),
        ((-1, 0), 8, "2 values"),
    ],
)
def test_a_body_that_does_not_tell_its_shape_is_refused(shape, size, reason):
    with pytest.raises(BadTensor, match=reason):
        raw_requests.decode(bytes(size), [TensorSpec(name="x", datatype="FP32", shape=shape)])


@pytest.mark.parametrize("names", [[], ["a", "b"]])
def test_a_body_without_json_is_for_models_with_one_input(names):
    specs = [TensorSpec(name=name, datatype="FP32", shape=(-1,)) for name in names]
    with pytest.raises(BadTensor, match="without JSON is one tensor; the model takes"):
        raw_requests.decode(bytes(4), specs)
