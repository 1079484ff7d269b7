"""Finding a flavor, and what all flavors share."""

import catboost
import lightgbm
import numpy as np
import pytest
import statsmodels.api
import xgboost
from sklearn.svm import SVC

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.domain.errors import BadTensor, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.fields import FRAMEWORKS
from jupyter_modelmgmt.flavors.base import Flavor, TensorSpec, checked, only_file

VERBS = {name for name in vars(Flavor) if not name.startswith("_")}
SPEC = TensorSpec(name="x", datatype="FP32", shape=(-1, 3))


def test_every_flavor_speaks_the_same_verbs():
    assert {flavor.NAME for flavor in flavors.all_flavors()} >= {"onnx", "python", "sklearn", "tflite", "xgboost"}
    for flavor in flavors.all_flavors():
        assert vars(flavor).keys() >= VERBS, flavor
        assert flavor.FRAMEWORK in FRAMEWORKS
        assert flavor.SAFETY in ("data", "code")
        assert flavors.get(flavor.NAME) is flavor


def test_an_object_that_no_flavor_saves_is_refused_with_what_can_be():
    with pytest.raises(NotSavable, match=r"builtins\.dict.*onnx, .*scikit-learn, .*tflite"):
        flavors.flavor_for({})


def test_the_nearest_package_s_flavor_goes_first_and_python_last():
    for model, name in (
        (xgboost.XGBClassifier(), "xgboost"),
        (lightgbm.LGBMRegressor(), "lightgbm"),
        (SVC(), "sklearn"),
    ):
        assert flavors.flavor_for(model) is flavors.get(name)
        assert flavors.get("python").handles(model)
        assert flavors.flavor_for(model, "python").NAME == "python"


@pytest.mark.parametrize(
    "kind",
    [
        SVC, xgboost.XGBClassifier, xgboost.Booster, lightgbm.LGBMClassifier, lightgbm.Booster,
        catboost.CatBoostRegressor, statsmodels.api.OLS,
    ],
)  # fmt: skip
def test_what_was_never_built_is_refused_as_not_fitted(kind, reg):
    with pytest.raises(NotFitted, match=kind.__name__):
        reg.register(object.__new__(kind), "half")
    assert reg.models() == ()


def test_a_class_is_no_model():
    with pytest.raises(NotSavable):
        flavors.flavor_for(SVC)


def test_an_unknown_flavor_is_refused_with_those_installed():
    with pytest.raises(NotLoadable, match="sklearn"):
        flavors.get("no-such-flavor")


def test_a_file_that_no_flavor_knows_has_none(tmp_path):
    path = tmp_path / "weights.bin"
    path.write_bytes(b"anything")
    assert flavors.flavor_of_file(path) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.zeros((2, 4), np.float32), r"shape \[2, 4\].*\[-1, 3\]"),
        (np.zeros(3, np.float32), "shape"),
        (np.zeros((1, 3), complex), "FP32"),
        (np.array([["a", "b", "c"]]), "BYTES.*FP32"),
    ],
)
def test_a_tensor_that_does_not_fit_is_refused(value, words):
    with pytest.raises(BadTensor, match=words):
        checked({"x": value}, [SPEC])


def test_inputs_of_other_names_are_refused_with_the_right_ones():
    with pytest.raises(BadTensor, match="y; the model takes x"):
        checked({"y": np.zeros((1, 3))}, [SPEC])


def test_the_empty_name_stands_for_the_only_input():
    assert list(checked({"": np.zeros((1, 3))}, [SPEC])) == ["x"]


@pytest.mark.parametrize("dtype", [np.float64, np.int64, np.uint8, np.float16])
def test_numbers_are_converted_to_the_models_floats(dtype):
    assert checked({"x": np.ones((1, 3), dtype)}, [SPEC])["x"].dtype == np.float32


def test_floats_are_not_cut_to_whole_numbers():
    with pytest.raises(BadTensor):
        checked({"x": np.ones((1, 3))}, [TensorSpec(name="x", datatype="INT64", shape=(-1, 3))])


@pytest.mark.parametrize("names", [[], ["a.onnx", "b.onnx"]])
def test_a_folder_needs_exactly_one_file_of_the_format(tmp_path, names):
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(NotLoadable, match="exactly one"):
        only_file(tmp_path, ".onnx")
