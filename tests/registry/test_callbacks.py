"""Callbacks that log while a framework trains."""

import lightgbm
import pytest
import xgboost
from sklearn.datasets import load_iris

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.registry import callbacks

X, Y = load_iris(return_X_y=True)


def test_xgboost_logs_each_round(reg):
    with reg.run("train") as run:
        model = xgboost.XGBClassifier(n_estimators=4, callbacks=[reg.callback("xgboost")])
        model.fit(X, Y, eval_set=[(X, Y)], verbose=False)
    curve = run.series("validation_0-mlogloss")
    assert curve.x.tolist() == [0, 1, 2, 3]
    assert curve.y.tolist() == pytest.approx(model.evals_result()["validation_0"]["mlogloss"])


def test_xgboost_logs_cross_validation(reg):
    with reg.run("train") as run:
        data = xgboost.DMatrix(X, Y)
        params = {"num_class": 3, "objective": "multi:softprob"}
        xgboost.cv(params, data, 3, nfold=2, callbacks=[reg.callback("xgboost")], as_pandas=False)
    assert run.series("test-mlogloss").count == 3


def test_lightgbm_logs_each_round_into_the_run_it_is_given(reg):
    run = reg.start_run("train")
    model = lightgbm.LGBMClassifier(n_estimators=4, verbosity=-1)
    model.fit(X, Y, eval_X=X, eval_y=Y, callbacks=[reg.callback("lightgbm", run)])
    (figure,) = {curve.figure for curve in run.curves()}
    assert run.series(figure).y.tolist() == pytest.approx(next(iter(model.evals_result_.values()))["multi_logloss"])
    run.finish()


def test_without_a_run_or_a_framework_it_says_what_to_do(reg):
    with pytest.raises(BadField, match="with reg.run"):
        reg.callback("xgboost")
    with reg.run("train"), pytest.raises(BadField, match="lightgbm, lightning"):
        reg.callback("nothing")


@pytest.mark.parametrize("framework", ["keras", "lightning", "transformers"])
def test_a_framework_that_is_away_is_named_with_its_pip_line(reg, framework):
    try:
        __import__("pytorch_lightning" if framework == "lightning" else framework)
    except ImportError:
        with reg.run("train"), pytest.raises(BadField, match=f"pip install {framework}"):
            reg.callback(framework)
    else:
        with reg.run("train"):
            assert reg.callback(framework) is not None


def test_what_is_no_number_is_left_out():
    assert callbacks.numbers({"loss": 1, "name": "x", "none": None}) == {"loss": 1.0}
    assert callbacks.numbers(None) == {}
