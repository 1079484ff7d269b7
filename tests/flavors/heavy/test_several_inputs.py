"""Models of several inputs, registered with a tuple of arrays: proven, loaded and served elsewhere, alike."""

import subprocess
import sys

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import NotSavable
from jupyter_modelmgmt.flavors import torch as flavor

pytestmark = [pytest.mark.heavy, pytest.mark.usefixtures("proving")]

RNG = np.random.default_rng(0)
PAIR = RNG.normal(size=(5, 8)).astype(np.float32), RNG.normal(size=(5, 4)).astype(np.float32)

LOAD = """
import sys
import numpy as np
import torch
from jupyter_modelmgmt.registry import connect
url, selector, given, answered = sys.argv[1:]
with np.load(given) as file:
    args = [torch.as_tensor(file[name]) for name in file.files]
module = connect(url).get(selector).load(allow_code=True)
with torch.no_grad():
    np.save(answered, module(*args).numpy())
"""


def loaded_elsewhere(version, url, args, folder):
    """Return what the loaded module answers in an interpreter that knows nothing of these tests."""
    given, answered = folder / "given.npz", folder / "answered.npy"
    np.savez(given, *args)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOAD, url, version.selector, given, answered],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return np.load(answered)


@pytest.mark.parametrize(
    ("kind", "names", "is_graph"),
    [
        ("Towers", ["image", "text"], True),
        ("DecidingTowers", ["image", "text"], False),
        ("SpreadTowers", ["parts_0", "parts_1"], True),
        ("PlacedTowers", ["image", "text"], True),
    ],
)
def test_a_module_of_two_inputs_is_registered_with_a_pair(users, reg, tmp_path, kind, names, is_graph):
    import torch

    torch.manual_seed(0)
    module = getattr(users("modules"), kind)()
    version = reg.register(module, "towers", input_example=PAIR)
    assert version.proof.difference <= version.proof.tolerance
    assert [(field.name, field.shape[0]) for field in version.signature.inputs] == [(name, -1) for name in names]
    assert any(artifact.path == "model.pt2" for artifact in version.artifacts) is is_graph
    with torch.no_grad():
        want = module(*map(torch.as_tensor, PAIR)).numpy()
    np.testing.assert_allclose(loaded_elsewhere(version, reg.store.url, PAIR, tmp_path), want, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("example", [PAIR, dict(zip(["image", "text"], PAIR, strict=True))])
@pytest.mark.parametrize("kind", ["Towers", "SpreadTowers", "PlacedTowers"])
def test_a_module_in_memory_takes_its_inputs_by_name(users, kind, example):
    import torch

    module = getattr(users("modules"), kind)()
    if kind == "SpreadTowers" and isinstance(example, dict):
        example = {"parts_1": example["text"], "parts_0": example["image"]}
    answer = flavor.served(module).run(flavor.tensors(module, example))
    with torch.no_grad():
        np.testing.assert_allclose(answer["output"], module(*map(torch.as_tensor, PAIR)).numpy(), rtol=1e-6)


@pytest.mark.parametrize("example", [(*PAIR, PAIR[0]), (PAIR[0], (PAIR[1], PAIR[1]))])
def test_an_example_that_does_not_match_the_arguments_is_told(users, reg, example):
    with pytest.raises(NotSavable, match=r"input example"):
        reg.register(users("modules").Towers(), "towers", input_example=example)
    with pytest.raises(NotSavable, match=r"one for each argument"):
        flavor.tensors(users("modules").Towers(), example)
    assert not reg.models()


def test_tensors_that_have_gradients_are_an_example_too(users, reg):
    import torch

    pair = tuple(torch.as_tensor(part).requires_grad_() for part in PAIR)
    version = reg.register(users("modules").Towers(), "towers", input_example=pair)
    assert version.proof.difference <= version.proof.tolerance


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_keras_model_of_two_inputs_is_registered_with_a_pair(reg, tmp_path, fresh):
    import keras

    left, right = keras.Input((8,), name="image"), keras.Input((4,), name="text")
    joined = keras.layers.concatenate([left, right])
    model = keras.Model([left, right], keras.layers.Dense(3, name="score")(joined))
    version = reg.register(model, "towers", input_example=PAIR)
    assert version.proof.difference <= version.proof.tolerance
    assert [field.name for field in version.signature.inputs] == ["image", "text"]
    answer = fresh.answer(
        "keras", version.download(tmp_path / "files"), dict(zip(["image", "text"], PAIR, strict=True))
    )
    np.testing.assert_allclose(answer["score"], model.predict_on_batch([*PAIR]), rtol=1e-5, atol=1e-6)
