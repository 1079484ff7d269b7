"""Crafted files: nothing of them runs, and no index in them leads compiled code astray."""

import importlib
import io
import json
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from jupyter_modelmgmt.domain.errors import NotLoadable
from jupyter_modelmgmt.flavors import sklearn
from jupyter_modelmgmt.flavors.sklearn_trust import TRUSTED

IRIS, KINDS = load_iris(return_X_y=True)


@pytest.mark.parametrize("name", sorted(TRUSTED))
def test_every_trusted_name_exists(name):
    """A name that is gone could be taken by something else."""
    module, _, attribute = name.rpartition(".")
    assert hasattr(importlib.import_module(module), attribute)


def rewritten(folder, edit_schema=None, edit_arrays=None):
    """Save over `model.skops` with a changed schema or changed arrays."""
    path = folder / "model.skops"
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    if edit_schema:
        schema = json.loads(members["schema.json"])
        edit_schema(schema)
        members["schema.json"] = json.dumps(schema).encode()
    for name in [n for n in members if n.endswith(".npy")] if edit_arrays else ():
        array = np.load(io.BytesIO(members[name]))
        edit_arrays(array)
        buffer = io.BytesIO()
        np.save(buffer, array)
        members[name] = buffer.getvalue()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def nodes(schema, loader):
    """Yield the parts of a schema that `loader` reads."""
    if isinstance(schema, dict):
        if schema.get("__loader__") == loader:
            yield schema
        for value in schema.values():
            yield from nodes(value, loader)
    elif isinstance(schema, list):
        for value in schema:
            yield from nodes(value, loader)


def set_field(field, value):
    def edit(array):
        if array.dtype.names and field in array.dtype.names:
            array[field][0] = value

    return edit


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("left_child", 10**9),
        ("left_child", -7),
        ("right_child", 10**9),
        ("left_child", 0),
        ("feature", 4),
        ("feature", -3),
    ],
)
def test_a_decision_tree_with_a_wild_index_is_not_loaded(field, value, tmp_path):
    sklearn.save(DecisionTreeClassifier().fit(IRIS, KINDS), tmp_path)
    rewritten(tmp_path, edit_arrays=set_field(field, value))
    with pytest.raises(NotLoadable):
        sklearn.load(tmp_path)


def test_a_decision_tree_that_says_it_is_larger_stays_as_large_as_its_arrays(tmp_path):
    tree = DecisionTreeClassifier().fit(IRIS, KINDS)
    sklearn.save(tree, tmp_path)

    def grow(schema):
        for tree in nodes(schema, "TreeNode"):
            count = tree["content"]["content"]["node_count"]
            count.pop("__id__", None)
            count["content"] = "1000000"

    rewritten(tmp_path, edit_schema=grow)
    assert sklearn.load(tmp_path).tree_.node_count == tree.tree_.node_count


def test_a_boosted_tree_with_more_features_than_its_owner_is_not_loaded(tmp_path):
    sklearn.save(GradientBoostingClassifier(n_estimators=1).fit(IRIS, KINDS), tmp_path)

    def widen(schema):
        for tree in nodes(schema, "TreeNode"):
            features = tree["__reduce__"]["args"]["content"][0]
            features.pop("__id__", None)
            features["content"] = "400"

    rewritten(tmp_path, edit_schema=widen)
    with pytest.raises(NotLoadable):
        sklearn.load(tmp_path)


@pytest.mark.parametrize(("field", "value"), [("left", 10**9), ("right", 10**9), ("feature_idx", 4), ("left", 0)])
def test_a_histogram_tree_with_a_wild_index_is_not_loaded(field, value, tmp_path):
    sklearn.save(HistGradientBoostingClassifier(max_iter=1).fit(IRIS, KINDS), tmp_path)
    rewritten(tmp_path, edit_arrays=set_field(field, value))
    with pytest.raises(NotLoadable):
        sklearn.load(tmp_path)


@pytest.mark.parametrize(("field", "value"), [("idx_start", -1), ("idx_end", 10**9), ("is_leaf", 1)])
@pytest.mark.parametrize("algorithm", ["kd_tree", "ball_tree"])
def test_a_neighbour_tree_with_a_wild_index_is_not_loaded(field, value, algorithm, tmp_path):
    sklearn.save(KNeighborsClassifier(algorithm=algorithm).fit(IRIS, KINDS), tmp_path)
    leaves = field == "is_leaf"

    def edit(array):
        if array.dtype.names and field in array.dtype.names:
            array[field][-1 if leaves else 0] = 0 if leaves else value

    rewritten(tmp_path, edit_arrays=edit)
    with pytest.raises(NotLoadable):
        sklearn.load(tmp_path)


@pytest.mark.parametrize(
    ("module", "name"),
    [("os", "system"), ("builtins", "eval"), ("numpy", "memmap"), ("subprocess", "Popen"), ("functools", "partial")],
)
@pytest.mark.parametrize("loader", ["ObjectNode", "FunctionNode", "TypeNode", "ConstructorFromReduceNode"])
def test_a_file_that_names_a_dangerous_thing_is_not_loaded(module, name, loader, tmp_path):
    made = tmp_path / "made"
    sklearn.save(DecisionTreeClassifier().fit(IRIS, KINDS), tmp_path)
    argument = {
        "__class__": "str",
        "__module__": "builtins",
        "__loader__": "JsonNode",
        "content": json.dumps(f"touch {made}"),
    }
    arguments = {"__class__": "tuple", "__module__": "builtins", "__loader__": "TupleNode", "content": [argument]}

    def plant(schema):
        schema["content"]["content"]["criterion"] = {
            "__class__": name, "__module__": module, "__loader__": loader, "content": arguments,
        }  # fmt: skip

    rewritten(tmp_path, edit_schema=plant)
    with pytest.raises(NotLoadable):
        sklearn.load(tmp_path)
    assert not made.exists()


def test_asking_whether_an_object_is_handled_imports_no_framework():
    code = (
        "import sys; from jupyter_modelmgmt.flavors import all_flavors;"
        "assert not any(f.handles(object()) for f in all_flavors());"
        "assert not {'sklearn', 'skops', 'onnx', 'onnxruntime', 'ai_edge_litert', 'pandas', 'PIL'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
