"""TensorFlow: a SavedModel answers the same in a fresh process; what has no traced function is refused."""

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NeedsYes, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.flavors import flavor_for, flavor_of_file
from jupyter_modelmgmt.flavors import tensorflow as flavor

pytestmark = [pytest.mark.heavy, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

ROWS = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)


@pytest.fixture
def graphs(users):
    return users("graphs")


@pytest.mark.parametrize("example", [None, ROWS.astype(float), {"": ROWS}])
def test_a_module_answers_the_same_in_a_fresh_process(graphs, tmp_path, fresh, example):
    module = graphs.Sums()
    want = module(ROWS)
    assert flavor_for(module) is flavor
    flavor.save(module, tmp_path, example=example)
    answer = fresh.answer("tensorflow", tmp_path, {"rows": ROWS})
    np.testing.assert_allclose(answer["sums"], want["sums"], rtol=1e-6)
    assert answer["name"].tolist() == [name.decode() for name in want["name"].numpy()]
    assert fresh.inputs == {"rows": ("FP32", (-1, 4))}
    assert fresh.outputs == {"sums": ("FP32", (-1, 2)), "name": ("BYTES", (-1,))}


def test_a_module_in_memory_is_served_like_the_saved_one(graphs, tmp_path):
    module = graphs.Sums()
    module(ROWS)
    flavor.save(module, tmp_path)
    here, there = (r.run({"": ROWS[:2].astype(float)}) for r in (flavor.served(module), flavor.runner(tmp_path)))
    assert here["name"].tolist() == there["name"].tolist()
    np.testing.assert_allclose(here["sums"], there["sums"])


def test_a_module_that_was_never_called_needs_an_example(graphs, tmp_path):
    assert "Call it once" in flavor.problem(graphs.Sums())
    with pytest.raises(NotFitted):
        flavor.save(graphs.Sums(), tmp_path)
    flavor.save(graphs.Sums(), tmp_path, example=ROWS)
    assert flavor.runner(tmp_path).run({"": ROWS})["sums"].shape == (3, 2)


def test_a_signature_of_the_users_is_kept(graphs, tmp_path):
    flavor.save(graphs.Signed(), tmp_path)
    runner = flavor.runner(tmp_path)
    inputs = {"left": np.full((1, 2), 5, np.int32), "right": np.full((1, 2), 2, np.int32)}
    answer = runner.run(inputs)
    assert answer["output_0"].tolist() == [[7, 7]]
    assert answer["output_1"].tolist() == [[3, 3]]
    with pytest.raises(BadTensor, match="INT32"):
        runner.run({**inputs, "left": np.ones((1, 2))})


def test_a_number_of_rows_that_the_function_fixes_stays_fixed(graphs, tmp_path):
    module = graphs.Fixed()
    module(ROWS)
    flavor.save(module, tmp_path)
    runner = flavor.runner(tmp_path)
    assert runner.run({"": ROWS})["output"].shape == (3, 2, 2)
    with pytest.raises(BadTensor):
        runner.run({"": ROWS[:2]})


def test_loading_asks_for_a_yes_and_gives_the_functions(graphs, tmp_path):
    module = graphs.Sums()
    module(ROWS)
    flavor.save(module, tmp_path)
    with pytest.raises(NeedsYes, match=r"v\.load\(allow_code=True\)"):
        flavor.load(tmp_path)
    np.testing.assert_allclose(flavor.load(tmp_path, allow_code=True)(ROWS)["sums"], module(ROWS)["sums"])


def test_what_has_no_function_to_serve_is_refused(graphs, tmp_path):
    assert "@tf.function" in flavor.problem(graphs.Plain())
    with pytest.raises(NotFitted):
        flavor.save(graphs.Plain(), tmp_path)
    several = graphs.Several()
    several.first(ROWS)
    several.second(ROWS)
    with pytest.raises(NotSavable, match="first, second"):
        flavor.save(several, tmp_path)


def test_an_exported_keras_model_is_served(users, tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    model = users("layers").plain()
    model.export(tmp_path, verbose=False)
    runner = flavor.runner(tmp_path)
    (answer,) = runner.run({"": ROWS}).values()
    np.testing.assert_allclose(answer, model(ROWS), rtol=1e-5, atol=1e-6)


def test_a_graph_is_recognised_by_its_name_and_first_fields(graphs, tmp_path):
    flavor.save(graphs.Sums(), tmp_path, example=ROWS)
    graph = tmp_path / "saved_model.pb"
    assert flavor_of_file(graph) is flavor
    assert flavor_of_file(tmp_path / "fingerprint.pb") is None
    data = graph.read_bytes()
    graph.write_bytes(data[: len(data) // 2])
    with pytest.raises(NotLoadable, match="cannot load the model"):
        flavor.load(tmp_path, allow_code=True)
    graph.write_bytes(b"<html>")
    with pytest.raises(BadFile, match="not the graph"):
        flavor_of_file(graph)
    with pytest.raises(NotLoadable, match="exactly one"):
        flavor.load(tmp_path / "variables", allow_code=True)


def test_a_module_is_described(graphs):
    told = flavor.describe(graphs.Sums())
    assert told.class_name == "Sums"
    assert told.params == {"parameters": 8}
    assert told.architecture.startswith("1 tensors, 8 numbers, ")
    (weights,) = flavor.weights(graphs.Sums()).values()
    assert weights.shape == (4, 2)
