"""A PyTorch module in memory answers images as the versions of its model do, before any example told its shapes."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.serving.trials import Cancellation, Trials

pytestmark = pytest.mark.heavy

LABELS = ["red", "green", "blue"]
CONFIG = {"size": [16, 16], "mean": 127.5, "std": 127.5}


@pytest.fixture
def net():
    import torch

    torch.manual_seed(0)
    layers = [torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Dropout(0.5), torch.nn.AdaptiveAvgPool2d(1)]
    return torch.nn.Sequential(*layers, torch.nn.Flatten(), torch.nn.Linear(4, 3))


@pytest.fixture
def png():
    pixels = np.random.default_rng(0).integers(0, 255, (20, 30, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def scores(answer):
    return {found["label"]: found["score"] for found in json.loads(answer)["classes"]}


@pytest.mark.parametrize("example", [np.zeros((2, 3, 16, 16), np.float32), None])
def test_a_module_answers_as_its_version_and_stays_as_it_was(reg, net, png, example):
    said = {"adapter": "image_classifier", "labels": LABELS, "config": CONFIG, "task": "classification"}
    reg.register(net, "colours", input_example=example, **said)
    before = {name: value.clone() for name, value in net.state_dict().items()}
    here = scores(reg.try_object(net, png, "image/png", like="colours", name="net"))
    trials = Trials()
    try:
        asked = {"trials": trials, "cancellation": Cancellation()}
        there = scores(reg.try_version("colours", png, "image/png", **asked))
    finally:
        trials.close()
    assert here == pytest.approx(there, abs=1e-5)
    assert sorted(here) == sorted(LABELS)
    assert net.training
    assert all((value == before[name]).all() for name, value in net.state_dict().items())


def test_a_configuration_that_does_not_fit_says_which_keys_to_change(reg, net, png):
    config = {**CONFIG, "color": "GRAY"}
    reg.register(net, "grey", adapter="image_classifier", labels=LABELS, config=config, prove=False)
    with pytest.raises(BadField, match="change size, color or layout"):
        reg.try_object(net, png, "image/png", like="grey")
