"""XGBoost: what is saved comes back as the class it was and predicts the same."""

import json
import sys

import numpy as np
import pandas as pd
import pytest
import xgboost
from sklearn.datasets import load_diabetes, load_iris

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors import flavor_for
from jupyter_modelmgmt.flavors import xgboost as flavor
from tests.servers.fresh import served

IRIS, KINDS = load_iris(return_X_y=True)
DIABETES, PROGRESS = load_diabetes(return_X_y=True)
NAMED = pd.DataFrame(IRIS, columns=["a", "b", "c", "d"])
COLOURED = NAMED.assign(c=pd.Categorical(np.where(KINDS > 0, "red", "blue")))


class Mine(xgboost.XGBClassifier):
    pass


def classifier(**params):
    return xgboost.XGBClassifier(n_estimators=5, max_depth=3, **params)


def test_a_classifier_predicts_the_same_in_a_fresh_process(tmp_path, reg):
    model = classifier(learning_rate=0.2).fit(IRIS, KINDS)
    version = reg.register(model, "iris")
    assert (version.flavor, version.framework, version.task) == ("xgboost", "xgboost", Task.CLASSIFICATION)
    assert version.params["learning_rate"] == 0.2
    assert version.labels == ("0", "1", "2")
    answer = served("xgboost", version.download(tmp_path / "files"), {"input": IRIS}, tmp_path / "fresh")
    np.testing.assert_array_equal(answer["label"], model.predict(IRIS))
    np.testing.assert_array_equal(answer["probability"], model.predict_proba(IRIS))


@pytest.mark.parametrize("kind", ["XGBClassifier", "XGBRFClassifier", "XGBRegressor", "XGBRFRegressor"])
def test_an_estimator_comes_back_as_the_class_it_was_with_its_parameters(kind, tmp_path):
    model = getattr(xgboost, kind)(n_estimators=4, max_depth=2).fit(NAMED, KINDS > 0)
    flavor.save(model, tmp_path)
    loaded = flavor.load(tmp_path)
    assert type(loaded) is type(model)
    assert str(loaded.get_params()) == str(model.get_params())
    assert list(loaded.feature_names_in_) == ["a", "b", "c", "d"]
    np.testing.assert_array_equal(loaded.predict(NAMED), model.predict(NAMED))
    answer = flavor.runner(tmp_path).run({"input": IRIS})
    np.testing.assert_array_equal(answer.get("label", answer.get("value")), model.predict(NAMED))


def test_a_ranker_gives_values(tmp_path):
    model = xgboost.XGBRanker(n_estimators=3).fit(IRIS, KINDS, group=[50, 50, 50])
    flavor.save(model, tmp_path)
    np.testing.assert_array_equal(flavor.runner(tmp_path).run({"": IRIS})["value"], model.predict(IRIS))


def test_a_booster_comes_back_as_a_booster(tmp_path):
    rows = xgboost.DMatrix(DIABETES, PROGRESS)
    booster = xgboost.train({"max_depth": 2}, rows, num_boost_round=4)
    assert flavor_for(booster) is flavor
    flavor.save(booster, tmp_path)
    assert type(flavor.load(tmp_path)) is xgboost.Booster
    np.testing.assert_array_equal(flavor.runner(tmp_path).run({"": DIABETES})["output"], booster.predict(rows))


def test_columns_with_categories_travel_by_name(tmp_path):
    model = classifier(enable_categorical=True).fit(COLOURED, KINDS)
    flavor.save(model, tmp_path)
    runner = flavor.runner(tmp_path)
    assert [(spec.name, spec.datatype) for spec in runner.inputs] == [
        ("a", "FP64"), ("b", "FP64"), ("c", "BYTES"), ("d", "FP64"),
    ]  # fmt: skip
    chosen = COLOURED.iloc[[149, 0, 70]]
    answer = runner.run({name: np.asarray(chosen[name]) for name in chosen})
    np.testing.assert_array_equal(answer["probability"], model.predict_proba(chosen))
    with pytest.raises(BadTensor, match="the model takes a, b, c, d"):
        runner.run({"input": IRIS})


def test_the_same_model_gives_the_same_bytes_and_is_no_new_version(reg):
    model = classifier().fit(IRIS, KINDS)
    assert reg.register(model, "iris").version == reg.register(model, "iris").version


@pytest.mark.parametrize("model", [classifier(), xgboost.Booster()], ids=["estimator", "booster"])
def test_what_is_not_fitted_is_refused(model, tmp_path):
    with pytest.raises(NotFitted, match="Train it"):
        flavor.save(model, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_class_of_ones_own_and_a_function_as_parameter_need_the_python_flavor(tmp_path):
    with pytest.raises(NotSavable, match=r'Mine is no class of xgboost itself.*flavor="python"'):
        flavor.save(Mine(n_estimators=2).fit(IRIS, KINDS), tmp_path)
    model = xgboost.XGBRegressor(n_estimators=2, objective=lambda y, p: (p - y, np.ones_like(y))).fit(IRIS, KINDS)
    with pytest.raises(NotSavable, match="'objective' of XGBRegressor is a function"):
        flavor.save(model, tmp_path)


def test_a_model_of_an_absent_device_predicts_on_the_processor(tmp_path):
    model = classifier().fit(IRIS, KINDS)
    flavor.save(model, tmp_path)
    told = json.loads((tmp_path / "xgboost.json").read_text())
    told["params"]["device"] = "cuda"
    (tmp_path / "xgboost.json").write_text(json.dumps(told))
    answer = served("xgboost", tmp_path, {"input": IRIS}, tmp_path / "fresh")
    np.testing.assert_array_equal(answer["label"], model.predict(IRIS))


def test_without_the_framework_nothing_is_handled_and_the_line_to_install_is_named(tmp_path, monkeypatch):
    flavor.save(classifier().fit(IRIS, KINDS), tmp_path)
    monkeypatch.setitem(sys.modules, "xgboost", None)
    assert flavor.recognises(tmp_path / "model.ubj")
    with pytest.raises(NotLoadable, match=r'pip install "jupyter_modelmgmt\[xgboost\]"'):
        flavor.load(tmp_path)
    assert not flavor.handles(classifier)


@pytest.mark.parametrize("data", [b"", b"text", b"{}", b"{L\x00\x00\x00\x00\x00\x00\x00\x07learner{"])
def test_a_broken_file_is_refused(data, tmp_path):
    (tmp_path / "model.ubj").write_bytes(data)
    with pytest.raises(BadFile, match=r"model\.ubj is no XGBoost model"):
        flavor.recognises(tmp_path / "model.ubj")


def test_a_class_that_is_none_of_xgboosts_is_not_loaded(tmp_path):
    flavor.save(classifier().fit(IRIS, KINDS), tmp_path)
    told = json.loads((tmp_path / "xgboost.json").read_text())
    (tmp_path / "xgboost.json").write_text(json.dumps(told | {"class": "config_context"}))
    with pytest.raises(NotLoadable, match="names 'config_context'"):
        flavor.load(tmp_path)


def test_wrong_tensors_are_refused(tmp_path):
    flavor.save(classifier().fit(IRIS, KINDS), tmp_path)
    with pytest.raises(BadTensor, match=r"\[-1, 4\]"):
        flavor.runner(tmp_path).run({"input": np.zeros((1, 5))})
