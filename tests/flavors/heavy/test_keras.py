"""Keras 3 on both backends: what is saved answers the same in a fresh process, code only after a yes."""

import hashlib
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NeedsYes, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors import flavor_for, flavor_of_file
from jupyter_modelmgmt.flavors import keras as flavor

pytestmark = [pytest.mark.heavy, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

ROWS = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)

SAVE = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
import numpy as np
import layers
from jupyter_modelmgmt.flavors import flavor_for
model = getattr(layers, sys.argv[1])()
folder = Path(sys.argv[3])
flavor = flavor_for(model)
assert flavor.NAME == "keras", flavor
rows = np.load(folder / "rows.npy")
(folder / "rows.npy").unlink()
np.savez(folder.parent / "want.npz", **flavor.served(model).run({"": rows}))
flavor.save(model, folder)
"""


@pytest.fixture
def layers(users, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", os.environ.get("KERAS_BACKEND", "tensorflow"))
    return users("layers")


def digests(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


@pytest.mark.parametrize("saved", ["tensorflow", "torch"])
@pytest.mark.parametrize("kind", ["plain", "custom"])
def test_a_model_of_either_backend_answers_the_same_in_a_fresh_process(tmp_path, fresh, saved, kind):
    folder = tmp_path / "model"
    folder.mkdir()
    np.save(folder / "rows.npy", ROWS)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SAVE, kind, Path(__file__).parent, folder],
        env={**os.environ, "KERAS_BACKEND": saved}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads((folder / "backend.json").read_text()) == {"backend": saved}
    answer = fresh.answer("keras", folder, {"rows": ROWS})
    with np.load(tmp_path / "want.npz") as want:
        name = "kind" if kind == "plain" else "out"
        np.testing.assert_allclose(answer[name], want[name], rtol=1e-5, atol=1e-6)
    assert fresh.inputs == {"rows": ("FP32", (-1, 4))}
    assert fresh.outputs == {name: ("FP32", (-1, 2))}


def test_a_model_of_keras_alone_is_data(layers, tmp_path):
    model = layers.plain()
    assert flavor_for(model) is flavor
    flavor.save(model, tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"model.keras", "backend.json"}
    np.testing.assert_allclose(flavor.load(tmp_path)(ROWS), model(ROWS), rtol=1e-6)


def test_classes_of_the_users_come_along_and_ask_for_a_yes(layers, tmp_path):
    flavor.save(layers.custom(), tmp_path)
    text = (tmp_path / "classes.py").read_text()
    assert all(name in text for name in ("leaning", "Doubled", "Scaled", "scale_free", "FACTOR"))
    with pytest.raises(NeedsYes, match=r"allow_code=True"):
        flavor.load(tmp_path)
    loaded = flavor.load(tmp_path, allow_code=True)
    assert loaded.loss.__name__ == "scale_free"
    loaded.fit(ROWS, ROWS[:, :2], verbose=0)


def test_without_vendoring_what_keras_does_not_know_is_not_loaded(layers, tmp_path):
    flavor.save(layers.custom(), tmp_path, vendor=False)
    assert {p.name for p in tmp_path.iterdir()} == {"model.keras", "backend.json"}
    with pytest.raises(NotLoadable, match="installed Keras cannot load"):
        flavor.load(tmp_path)


def test_a_subclassed_model_is_served_by_what_it_takes(layers, tmp_path, fresh):
    model = layers.Subclassed()
    assert "call it once" in flavor.problem(model)
    with pytest.raises(NotFitted):
        flavor.save(model, tmp_path)
    want = model(ROWS)
    flavor.save(model, tmp_path)
    answer = fresh.answer("keras", tmp_path, {"anything": ROWS})
    assert answer.keys() == {"a", "b"}
    np.testing.assert_allclose(answer["a"], want["a"], rtol=1e-5, atol=1e-6)
    assert fresh.inputs == fresh.outputs == {}


def test_several_inputs_and_outputs_keep_their_names(layers, tmp_path):
    model = layers.forked()
    flavor.save(model, tmp_path)
    runner = flavor.runner(tmp_path)
    assert {(spec.name, spec.datatype, spec.shape) for spec in runner.inputs} == {
        ("first", "FP32", (-1, 4)),
        ("second", "INT32", (-1, 2)),
    }
    inputs = {"first": ROWS, "second": np.ones((5, 2), np.int32)}
    answer = runner.run(inputs)
    left, right = model(inputs)
    np.testing.assert_allclose(answer["left"], left, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(answer["right"], right, rtol=1e-5, atol=1e-6)
    with pytest.raises(BadTensor, match="takes"):
        runner.run({"first": ROWS})


def test_the_same_model_gives_the_same_bytes_at_another_time(layers, tmp_path):
    model = layers.plain()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        flavor.save(model, tmp_path / name)
        time.sleep(1.1)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_a_lambda_layer_is_refused_with_what_to_do(layers, tmp_path):
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Lambda(lambda x: x, name="trick")])
    with pytest.raises(NotSavable, match=r"trick: a Lambda layer .*keras\.layers\.Layer"):
        flavor.save(model, tmp_path)
    assert not list(tmp_path.iterdir())
    model.save(tmp_path / "model.keras")
    with pytest.raises(NotLoadable, match=r"Lambda|lambda"):
        flavor.load(tmp_path)


def test_a_file_that_names_a_function_of_python_is_not_loaded(layers, tmp_path):
    flavor.save(layers.plain(), tmp_path)
    evil = {"class_name": "function", "config": "system", "module": "os", "registered_name": "system"}
    rewrite(tmp_path / "model.keras", lambda config: json.dumps({**json.loads(config), **evil}).encode())
    with pytest.raises(NotLoadable, match="cannot load"):
        flavor.load(tmp_path)


def test_a_model_in_hdf5_is_refused(layers, tmp_path):
    import h5py

    with h5py.File(tmp_path / "whole.h5", "w") as file:
        file.attrs["model_config"] = "{}"
    with pytest.raises(BadFile, match=r"save it as \.keras"):
        flavor_of_file(tmp_path / "whole.h5")
    with h5py.File(tmp_path / "weights.h5", "w") as file:
        file["w"] = [1]
    assert flavor_of_file(tmp_path / "weights.h5") is None


def test_files_are_recognised_by_their_members(layers, tmp_path):
    flavor.save(layers.plain(), tmp_path)
    assert flavor_of_file(tmp_path / "model.keras") is flavor
    rewrite(tmp_path / "model.keras", lambda config: b"{}")
    with pytest.raises(BadFile, match="names no class"):
        flavor.recognises(tmp_path / "model.keras")
    rewrite(tmp_path / "model.keras", lambda config: b"[" * 100_000)
    with pytest.raises(BadFile, match="not a Keras file"):
        flavor.recognises(tmp_path / "model.keras")
    with zipfile.ZipFile(tmp_path / "bomb.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * 30_000_000)
    with pytest.raises(BadFile, match="too many"):
        flavor.recognises(tmp_path / "bomb.keras")
    with zipfile.ZipFile(tmp_path / "other.keras", "w") as archive:
        archive.writestr("config.json", "{}")
    with pytest.raises(BadFile, match="are missing"):
        flavor.recognises(tmp_path / "other.keras")


def test_a_model_is_described(layers):
    model = layers.plain()
    model.compile("adam", "sparse_categorical_crossentropy")
    told = flavor.describe(model)
    assert told.task is Task.CLASSIFICATION
    assert told.params == {
        "layers": 3, "parameters": 23, "loss": "sparse_categorical_crossentropy", "optimizer": "adam"
    }  # fmt: skip
    assert flavor.describe(layers.custom()).task is Task.OTHER


def test_what_a_model_learned_is_the_same_after_loading(layers, tmp_path):
    model = layers.plain()
    flavor.save(model, tmp_path)
    ours, theirs = flavor.weights(model), flavor.weights(flavor.load(tmp_path))
    assert ours.keys() == theirs.keys()
    assert all((ours[name] == theirs[name]).all() for name in ours)
    assert flavor.describe(model).architecture == flavor.describe(flavor.load(tmp_path)).architecture


def rewrite(path, change):
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    members["config.json"] = change(members["config.json"])
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
