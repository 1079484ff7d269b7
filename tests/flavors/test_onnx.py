"""ONNX: structure is checked without running anything, answers equal those of the source model."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from skl2onnx import to_onnx
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotLoadable, NotSavable
from jupyter_modelmgmt.flavors import flavor_for, flavor_of_file
from jupyter_modelmgmt.flavors import onnx as flavor

IRIS, KINDS = load_iris(return_X_y=True)
ROWS = IRIS.astype(np.float32)


@pytest.fixture(scope="module")
def classifier():
    return LogisticRegression(max_iter=1000).fit(IRIS, KINDS)


@pytest.fixture
def doubling():
    """Give a model that doubles rows of two numbers, with a weight that tests may move elsewhere."""
    node = helper.make_node("Mul", ["x", "two"], ["y"])
    graph = helper.make_graph(
        [node],
        "doubling",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 2])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", 2])],
        [numpy_helper.from_array(np.array([2, 2], np.float32), "two")],
    )
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 15)])


def move_weights(model, location):
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    return model


def written(model, folder):
    path = folder / "model.onnx"
    path.write_bytes(model.SerializeToString())
    return path


@pytest.mark.parametrize("zipmap", [True, False])
def test_a_converted_classifier_answers_like_its_source(classifier, zipmap, tmp_path):
    model = to_onnx(classifier, ROWS[:1], options={"zipmap": zipmap})
    assert flavor_of_file(written(model, tmp_path)) is flavor_for(model)
    answer = flavor.runner(tmp_path).run({"X": ROWS})
    labels, scores = answer.values()
    np.testing.assert_array_equal(labels, classifier.predict(IRIS))
    np.testing.assert_allclose(scores, classifier.predict_proba(IRIS), atol=1e-5)


def test_an_object_in_memory_is_described_saved_and_loaded(doubling, tmp_path):
    assert flavor.handles(doubling)
    assert flavor.problem(doubling) == ""
    assert flavor.describe(doubling).params["opset ai.onnx"] == 15
    flavor.save(doubling, tmp_path)
    runner = flavor.runner(tmp_path)
    assert runner.inputs[0].shape == (-1, 2)
    assert runner.run({"x": np.ones((3, 2))})["y"].tolist() == [[2, 2]] * 3


def test_an_empty_object_is_refused(tmp_path):
    with pytest.raises(NotSavable, match="empty graph"):
        flavor.save(onnx.ModelProto(), tmp_path)


def test_an_object_with_weights_elsewhere_is_refused(doubling, tmp_path):
    with pytest.raises(NotSavable, match="Register its files"):
        flavor.save(move_weights(doubling, "weights.bin"), tmp_path)


@pytest.mark.parametrize("data", [b"", b"\x00", b"not onnx at all", b"PK\x03\x04zip", bytes(1000), b"\x08\x08"])
def test_a_file_that_is_not_onnx_is_refused(data, tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(data)
    with pytest.raises(BadFile, match="is not an ONNX model"):
        flavor.recognises(path)


def test_every_truncation_is_refused(doubling, tmp_path):
    path = tmp_path / "model.onnx"
    data = doubling.SerializeToString()
    graph_end = data.rindex(b"y") + 20
    for length in range(1, min(graph_end, len(data) - 6)):
        path.write_bytes(data[:length])
        with pytest.raises(BadFile):
            flavor.recognises(path)


@pytest.mark.parametrize(
    "place", ["../secret", "/etc/passwd", "a/../../secret", "..\\secret", "C:secret", "https://host/x"]
)
def test_weights_outside_the_folder_are_refused(doubling, place, tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret").write_bytes(bytes(8))
    path = written(move_weights(doubling, place), inner)
    with pytest.raises(BadFile, match="outside its folder"):
        flavor.recognises(path)
    with pytest.raises(BadFile):
        flavor.load(inner)


def test_weights_behind_a_link_out_of_the_folder_are_refused(doubling, tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret").write_bytes(bytes(8))
    (inner / "weights.bin").symlink_to(tmp_path / "secret")
    with pytest.raises(BadFile, match="link"):
        flavor.recognises(written(move_weights(doubling, "weights.bin"), inner))


def test_weights_in_a_node_of_a_subgraph_are_found_too(doubling, tmp_path):
    move_weights(doubling, "../secret")
    moved = doubling.graph.initializer.pop()
    constant = helper.make_node("Constant", [], ["two"], value=moved)
    branch = helper.make_graph([constant], "branch", [], [helper.make_tensor_value_info("two", TensorProto.FLOAT, [2])])
    doubling.graph.node.insert(0, helper.make_node("If", ["c"], ["two"], then_branch=branch, else_branch=branch))
    with pytest.raises(BadFile, match="outside its folder"):
        flavor.recognises(written(doubling, tmp_path))


def test_weights_beside_the_file_are_loaded(doubling, tmp_path):
    (tmp_path / "weights.bin").write_bytes(np.array([3, 3], np.float32).tobytes())
    path = written(move_weights(doubling, "weights.bin"), tmp_path)
    assert flavor.recognises(path)
    assert flavor.runner(tmp_path).run({"x": np.ones((1, 2))})["y"].tolist() == [[3, 3]]


def test_missing_weights_are_named(doubling, tmp_path):
    with pytest.raises(BadFile, match=r"weights\.bin.*Register the whole folder"):
        flavor.recognises(written(move_weights(doubling, "weights.bin"), tmp_path))


def test_an_operator_that_does_not_exist_makes_the_version_not_loadable(doubling, tmp_path):
    doubling.graph.node[0].op_type = "NoSuchOperator"
    with pytest.raises(NotLoadable, match=r"model\.onnx"):
        flavor.load(written(doubling, tmp_path).parent)


def test_wrong_tensors_are_refused(doubling, tmp_path):
    runner = flavor.runner(written(doubling, tmp_path).parent)
    with pytest.raises(BadTensor, match="takes x"):
        runner.run({"z": np.ones((1, 2))})
    with pytest.raises(BadTensor, match="shape"):
        runner.run({"x": np.ones((1, 3))})
