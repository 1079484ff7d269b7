"""Curves that objects keep by themselves. Source: N16."""

from types import SimpleNamespace

import numpy as np
import pytest
from lightgbm import LGBMClassifier
from sklearn.ensemble import GradientBoostingRegressor, HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from xgboost import XGBClassifier

from jupyter_modelmgmt.capture.curves import curves_of


def told(obj, data=None):
    return {(line.figure, line.legend): len(line.y) for line in curves_of(obj, data)}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_scikit_learns_own_curves(digits):
    x, y = digits
    assert ConvergenceWarning
    net = MLPClassifier((4,), max_iter=5, early_stopping=True, random_state=0)
    assert told(net.fit(x, y)) == {("loss", "train"): 5, ("score", "validation"): 5}
    assert told(make_pipeline(StandardScaler(), net).fit(x, y)) == {("loss", "train"): 5, ("score", "validation"): 5}
    boosted = HistGradientBoostingClassifier(max_iter=3, early_stopping=True)
    assert told(boosted.fit(x[:300], y[:300])) == {("score", "train"): 4, ("score", "validation"): 4}
    forest = GradientBoostingRegressor(n_estimators=4).fit(x[:200], y[:200])
    assert told(forest, (x[200:300], y[200:300])) == {("score", "train"): 4, ("r2_score", "staged"): 4}


def test_boosted_trees_by_evaluation_set(digits):
    x, y = digits
    trees = XGBClassifier(n_estimators=3).fit(
        x[:200], y[:200], eval_set=[(x[:200], y[:200]), (x[200:400], y[200:400])], verbose=False
    )
    assert told(trees) == {("mlogloss", "validation_0"): 3, ("mlogloss", "validation_1"): 3}
    light = LGBMClassifier(n_estimators=3, verbosity=-1).fit(x[:200], y[:200], eval_X=x[200:400], eval_y=y[200:400])
    assert told(light) == {("multi_logloss", "valid_0"): 3}
    assert told(XGBClassifier(n_estimators=2).fit(x[:200], y[:200])) == {}


def test_histories_of_keras_and_logs_of_a_trainer_by_their_form():
    history = SimpleNamespace(history={"loss": [3.0, 2.0], "val_loss": [4.0, np.float32(3)], "lr": ["a", "b"]})
    assert told(history) == {("loss", "train"): 2, ("loss", "validation"): 2}
    assert told(SimpleNamespace(history=history)) == told(history)
    log = [
        {"loss": 1.0, "step": 10, "epoch": 1},
        {"loss": 0.5, "step": 20},
        {"eval_loss": 2, "step": 10},
        {"eval_loss": 1, "step": 20},
    ]
    found = curves_of(SimpleNamespace(state=SimpleNamespace(log_history=log)))
    assert [(f.figure, f.legend, list(f.x)) for f in found] == [
        ("loss", "train", [10, 20]),
        ("loss", "validation", [10, 20]),
    ]


@pytest.mark.parametrize(
    "obj", [SVC(), XGBClassifier(), LGBMClassifier(), MLPClassifier(), 3, None, {"history": [1, 2]}]
)
def test_what_keeps_no_curve_gives_none(obj):
    assert curves_of(obj) == ()
