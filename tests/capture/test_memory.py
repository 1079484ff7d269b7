"""What a kernel's variables hold that can be registered."""

import subprocess
import sys
import threading
from types import ModuleType

import onnx
import pytest
from sklearn.base import BaseEstimator
from sklearn.datasets import load_iris
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from xgboost import XGBClassifier

from jupyter_modelmgmt.capture import memory
from jupyter_modelmgmt.capture.memory import in_memory
from jupyter_modelmgmt.capture.state import difference
from jupyter_modelmgmt.domain.records import Task

IRIS, KINDS = load_iris(return_X_y=True)
UNHURRIED = "from jupyter_modelmgmt.capture import memory\nmemory.BUDGET_S = 60"

pytestmark = pytest.mark.usefixtures("unhurried")


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


def test_listing_imports_no_framework():
    code = (
        "import sys; from jupyter_modelmgmt.capture.memory import in_memory;"
        "assert in_memory({'x': 1, 'y': object(), 'z': [1]}) == ();"
        "assert not {'sklearn', 'skops', 'onnx', 'onnxruntime', 'pandas', 'ai_edge_litert'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_boosters_are_of_their_own_framework_and_functions_are_not_listed(fitted):
    listed = in_memory({"boosted": XGBClassifier(), "clf": fitted, "helper": lambda x: x, "load": load_iris})
    assert [(model.variable, model.flavor) for model in listed] == [("boosted", "xgboost"), ("clf", "sklearn")]


def test_what_an_object_learned_has_one_digest_wherever_it_was_fitted(fitted):
    first = memory.digest(fitted)
    assert first.startswith("blake3:")
    assert memory.digest(SVC().fit(IRIS, KINDS)) == first
    assert memory.digest(SVC(C=2).fit(IRIS, KINDS)) != first
    assert memory.digest(SVC().fit(IRIS[:100], KINDS[:100])) != first
    code = (
        "from sklearn.datasets import load_iris; from sklearn.svm import SVC; from jupyter_modelmgmt.capture import memory;"
        "print(memory.digest(SVC().fit(*load_iris(return_X_y=True))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == first


@pytest.mark.parametrize(
    "make",
    [
        lambda: RandomForestClassifier(10, random_state=0),
        lambda: HistGradientBoostingClassifier(max_iter=5, random_state=0),
        lambda: make_pipeline(StandardScaler(), SVC()),
        KNeighborsClassifier,
        lambda: MLPClassifier((4,), random_state=0, max_iter=5),
    ],
)
@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_the_digest_stays_through_a_copy_and_changes_with_the_numbers(make):
    import pickle

    model = make().fit(IRIS, KINDS)
    first = memory.digest(model)
    assert memory.digest(pickle.loads(pickle.dumps(model))) == first
    assert memory.digest(make().fit(IRIS, KINDS)) == first
    assert memory.digest(make().fit(IRIS + 0.01, KINDS)) != first


def test_gradient_boosting_of_other_packages_has_a_digest():
    from lightgbm import LGBMClassifier

    for make in (XGBClassifier, LGBMClassifier):
        one, other = (
            make(n_estimators=3, verbosity=-1 if make is LGBMClassifier else 0).fit(IRIS, KINDS) for _ in "ab"
        )
        assert memory.digest(one) == memory.digest(other) != ""
        assert memory.digest(make(n_estimators=4).fit(IRIS, KINDS)) != memory.digest(one)


def test_what_does_not_tell_its_state_has_no_digest():
    model = SVC().fit(IRIS, KINDS)
    model.lock = threading.Lock()
    assert memory.digest(model) == ""
    model.lock = model
    assert memory.digest(model) == ""


def test_states_are_compared_number_by_number(fitted):
    other = SVC().fit(IRIS, KINDS)
    assert difference(fitted, other).largest == 0
    other.dual_coef_ = other.dual_coef_ + 1e-9
    assert 0 < difference(fitted, other).largest < 1e-6
    other.dual_coef_ = other.dual_coef_[:, :2]
    assert difference(fitted, other).largest is None
    assert "dual_coef_" in difference(fitted, other).where
    assert difference(fitted, Ridge()).largest is None


def test_an_object_is_what_was_registered_until_it_is_fitted_again(fitted):
    variables = {"clf": SVC().fit(IRIS, KINDS), "raw": SVC(), "other": Ridge().fit(IRIS, KINDS)}
    known = {memory.digest(fitted): "churn@1.2.0"}

    def standings():
        return {m.variable: m.standing for m in in_memory(variables, None, lambda _digests: known)}

    assert standings() == {"clf": "= churn 1.2.0", "raw": "", "other": "not registered"}
    variables["clf"].fit(IRIS[:120], KINDS[:120])
    assert standings()["clf"] == "differs from churn 1.2.0"
    variables["clf"] = SVC(C=3).fit(IRIS, KINDS)
    assert standings()["clf"] == "differs from churn 1.2.0"
    variables["clf"] = SVC().fit(IRIS, KINDS)
    assert standings()["clf"] == "= churn 1.2.0"
    memory.registered(variables["other"], "ridge@1.0.0", variables)
    variables["other"].coef_ = variables["other"].coef_ + 1
    assert standings()["other"] == "differs from ridge 1.0.0"


def test_what_takes_too_long_comes_the_next_time(fitted, monkeypatch):
    known = {memory.digest(fitted): "churn@1.2.0"}
    monkeypatch.setattr(memory, "BUDGET_S", 0)
    (listed,) = in_memory({"clf": fitted}, None, lambda _digests: known)
    assert (listed.fitted, listed.size, listed.standing) == (True, None, "")
    monkeypatch.setattr(memory, "BUDGET_S", 60)
    (listed,) = in_memory({"clf": fitted}, None, lambda _digests: known)
    assert listed.standing == "= churn 1.2.0"


def test_the_size_is_that_of_what_was_learned(fitted):
    (listed,) = in_memory({"clf": fitted})
    assert listed.fitted
    assert fitted.support_vectors_.nbytes < listed.size < fitted.support_vectors_.nbytes + 100_000


LISTED = (
    "[(m.variable, m.cell, m.standing) for m in __import__('jupyter_modelmgmt.capture.memory', fromlist=['x'])"
    ".in_memory(globals(), get_ipython(), known)]"
)


def test_a_kernel_tells_in_which_cell_a_model_was_fitted_again(kernel):
    kernel.run(
        f"from sklearn.datasets import load_iris\nfrom sklearn.svm import SVC\nx, y = load_iris(return_X_y=True)\n{UNHURRIED}",
        "clf = SVC().fit(x, y)",
        "from jupyter_modelmgmt.capture.memory import digest\n"
        "known = (lambda found: lambda digests: found)({digest(clf): 'churn@1.2.0'})",
        "clf.predict(x)",
    )
    assert kernel.ask(LISTED)[0][2] == "= churn 1.2.0"
    kernel.run("z = 3", "def again():\n    clf.fit(x[:120], y[:120])", "again()")
    assert kernel.ask(LISTED) == [("clf", 7, "differs from churn 1.2.0, refit in cell 7")]


def test_models_are_known_by_their_digests_among_five_hundred_variables(kernel):
    kernel.run(
        "from sklearn.datasets import load_iris\nfrom sklearn.svm import SVC\nfrom sklearn.ensemble import RandomForestClassifier",
        f"x, y = load_iris(return_X_y=True)\n{UNHURRIED}",
        "for i in range(470): globals()[f'v{i}'] = [i]",
        *[f"m{i} = SVC(C={i + 1}).fit(x, y)" for i in range(25)],
        *[f"forest{i} = RandomForestClassifier(20, random_state={i}).fit(x, y)" for i in range(5)],
        "known = lambda digests: dict.fromkeys(digests, 'a@1.0.0')\n"
        "from jupyter_modelmgmt.capture.memory import in_memory",
        "found = in_memory(globals(), get_ipython(), known)",
    )
    assert kernel.ask("len(found)") == 30
    assert kernel.ask("[m.variable for m in found if m.standing != '= a 1.0.0']") == []
