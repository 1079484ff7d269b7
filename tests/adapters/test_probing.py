"""What a model takes that does not tell it: blank images of the configured size find it out."""

import numpy as np
import pytest

from jupyter_modelmgmt.adapters.preprocessing import ImageConfig
from jupyter_modelmgmt.adapters.probing import probed
from jupyter_modelmgmt.domain.errors import BadField, BadTensor
from jupyter_modelmgmt.domain.evidence import Field


class Only:
    """Takes images of one shape, a number of them if `most` is larger than one; gives their means and a constant."""

    inputs = outputs = ()

    def __init__(self, *shape, most=8):
        self.shape, self.most, self.seen = shape, most, []

    def run(self, inputs):
        (value,) = inputs.values()
        self.seen.append(value.shape)
        if value.shape[1:] != self.shape or len(value) > self.most:
            raise BadTensor(f"The model refuses the input: {list(value.shape)}")
        return {"scores": value.reshape(len(value), -1).mean(axis=1, keepdims=True), "limit": np.array([1, 2, 3])}


@pytest.mark.parametrize("shape", [(3, 4, 6), (4, 6, 3), (72,)])
def test_the_layout_that_the_model_takes_is_found(shape):
    found = probed(Only(*shape), ImageConfig(size=(4, 6)), ())
    assert [(spec.datatype, spec.shape) for spec in found.inputs] == [("FP32", (-1, *shape))]
    assert {spec.name: (spec.datatype, spec.shape) for spec in found.outputs} == {
        "scores": ("FP32", (-1, 1)),
        "limit": ("INT64", (3,)),
    }
    assert found.run({"input": np.ones((5, *shape), np.float32)})["scores"].tolist() == [[1.0]] * 5


def test_a_model_for_one_image_keeps_its_count():
    found = probed(Only(1, 4, 6, most=1), ImageConfig(size=(4, 6), color="GRAY"), ())
    assert found.inputs[0].shape == (1, 1, 4, 6)
    assert found.outputs[0].shape == (1, 1)


def test_the_layout_of_the_configuration_is_the_only_one():
    model = Only(3, 4, 6)
    with pytest.raises(BadField, match=r"change size, color or layout\. The model refuses the input: \[2, 4, 6, 3\]"):
        probed(model, ImageConfig(size=(4, 6), layout="NHWC"), ())
    assert model.seen == [(2, 4, 6, 3), (1, 4, 6, 3)]


def test_the_size_comes_from_the_version_where_the_configuration_has_none():
    known = Field(name="x", datatype="FP32", shape=(-1, 3, 4, 6))
    assert probed(Only(3, 4, 6), ImageConfig(), [known]).inputs[0].shape == (-1, 3, 4, 6)
    open_field = Field(name="x", datatype="FP32", shape=(-1, 3, -1, -1))
    for fields in ([], [known, known], [open_field]):
        with pytest.raises(BadField, match="needs the key size"):
            probed(Only(3, 4, 6), ImageConfig(), fields)
