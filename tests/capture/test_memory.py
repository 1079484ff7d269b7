"""What a kernel's variables hold that can be registered."""

import subprocess
import sys
import time
from types import ModuleType

import onnx
import pytest
from sklearn.base import BaseEstimator
from sklearn.datasets import load_iris
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from jupyter_modelmgmt.capture.memory import in_memory
from jupyter_modelmgmt.domain.records import Task

IRIS, KINDS = load_iris(return_X_y=True)


@pytest.fixture(scope="module")
def fitted():
    return SVC().fit(IRIS, KINDS)


def test_models_are_listed_by_name_with_what_they_are(fitted):
    listed = in_memory({"zebra": Ridge().fit(IRIS, KINDS), "clf": fitted, "x": IRIS, "n": 3})
    assert [(m.variable, m.class_name, m.framework, m.task, m.flavor, m.problem) for m in listed] == [
        ("clf", "SVC", "scikit-learn", Task.CLASSIFICATION, "sklearn", ""),
        ("zebra", "Ridge", "scikit-learn", Task.REGRESSION, "sklearn", ""),
    ]


def test_what_is_not_fitted_is_listed_with_the_reason():
    (listed,) = in_memory({"raw": make_pipeline(SVC())})
    assert "not fitted" in listed.problem


def test_hidden_names_classes_and_modules_are_left_out(fitted):
    assert in_memory({"_": fitted, "_12": fitted, "__model": fitted, "SVC": SVC, "mod": ModuleType("m")}) == ()


def test_onnx_objects_are_listed():
    (listed,) = in_memory({"net": onnx.ModelProto()})
    assert (listed.framework, listed.class_name) == ("onnx", "ModelProto")
    assert "empty graph" in listed.problem


def test_a_class_of_the_users_that_fails_does_not_hide_the_others(fitted):
    class Broken(BaseEstimator):
        def fit(self, x):
            return self

        def __sklearn_is_fitted__(self):
            raise ZeroDivisionError("mine")

    listed = in_memory({"broken": Broken(), "clf": fitted})
    assert [m.variable for m in listed] == ["broken", "clf"]
    assert "ZeroDivisionError" in listed[0].problem


def test_a_thousand_variables_take_less_than_fifty_milliseconds(fitted):
    variables = {f"v{i}": [i] if i % 2 else i for i in range(990)} | {f"m{i}": fitted for i in range(10)}
    in_memory(variables)
    start = time.process_time()
    assert len(in_memory(variables)) == 10
    assert time.process_time() - start < 0.05


def test_listing_imports_no_framework():
    code = (
        "import sys; from jupyter_modelmgmt.capture.memory import in_memory;"
        "assert in_memory({'x': 1, 'y': object(), 'z': [1]}) == ();"
        "assert not {'sklearn', 'skops', 'onnx', 'onnxruntime', 'pandas', 'ai_edge_litert'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
