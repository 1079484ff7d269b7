"""LightGBM: what is saved comes back as the class it was and predicts the same."""

import sys

import lightgbm
import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_diabetes, load_iris

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors import flavor_for
from jupyter_modelmgmt.flavors import lightgbm as flavor
from tests.servers.fresh import served

IRIS, KINDS = load_iris(return_X_y=True)
DIABETES, PROGRESS = load_diabetes(return_X_y=True)
NAMED = pd.DataFrame(IRIS, columns=["a", "b", "c", "d"])
COLOURED = NAMED.assign(
    c=pd.Categorical(np.where(KINDS > 0, "red", "blue")), d=pd.Categorical(np.where(KINDS > 1, 7, 3))
)
SPECIES = np.array(["setosa", "versicolor", "virginica"])[KINDS]


class Mine(lightgbm.LGBMRegressor):
    pass


def classifier(**params):
    return lightgbm.LGBMClassifier(n_estimators=5, max_depth=3, verbose=-1, **params)


def test_a_classifier_predicts_the_same_in_a_fresh_process(tmp_path, reg):
    model = classifier(learning_rate=0.2).fit(IRIS, SPECIES)
    version = reg.register(model, "iris")
    assert (version.flavor, version.framework, version.task) == ("lightgbm", "lightgbm", Task.CLASSIFICATION)
    assert version.params["learning_rate"] == 0.2
    assert version.labels == ("setosa", "versicolor", "virginica")
    answer = served("lightgbm", version.download(tmp_path / "files"), {"input": IRIS}, tmp_path / "fresh")
    assert answer["label"].tolist() == model.predict(IRIS).tolist()
    np.testing.assert_array_equal(answer["probability"], model.predict_proba(IRIS))


@pytest.mark.parametrize("kind", ["LGBMClassifier", "LGBMRegressor"])
@pytest.mark.parametrize("rows", [IRIS, NAMED], ids=["array", "frame"])
def test_an_estimator_comes_back_as_the_class_it_was_with_its_parameters(kind, rows, tmp_path):
    model = getattr(lightgbm, kind)(n_estimators=4, max_depth=2, verbose=-1, max_bin=63).fit(rows, KINDS)
    flavor.save(model, tmp_path)
    loaded = flavor.load(tmp_path)
    assert type(loaded) is type(model)
    assert loaded.get_params() == model.get_params()
    assert loaded.n_features_in_ == 4
    assert loaded.objective_ == model.objective_
    assert hasattr(loaded, "feature_names_in_") == hasattr(model, "feature_names_in_")
    np.testing.assert_array_equal(loaded.predict(rows), model.predict(rows))
    np.testing.assert_array_equal(loaded.feature_importances_, model.feature_importances_)
    answer = flavor.runner(tmp_path).run({"input": IRIS})
    np.testing.assert_array_equal(answer.get("label", answer.get("value")), model.predict(rows))
    assert type(loaded.fit(rows, KINDS)) is type(model)


def test_a_ranker_gives_values(tmp_path):
    model = lightgbm.LGBMRanker(n_estimators=3, verbose=-1).fit(IRIS, KINDS, group=[50, 50, 50])
    flavor.save(model, tmp_path)
    np.testing.assert_array_equal(flavor.runner(tmp_path).run({"": IRIS})["value"], model.predict(IRIS))


def test_a_booster_comes_back_as_a_booster(tmp_path):
    booster = lightgbm.train({"max_depth": 2, "verbose": -1}, lightgbm.Dataset(DIABETES, PROGRESS), 4)
    assert flavor_for(booster) is flavor
    assert flavor.describe(booster).params["max_depth"] == 2
    flavor.save(booster, tmp_path)
    assert type(flavor.load(tmp_path)) is lightgbm.Booster
    np.testing.assert_array_equal(flavor.runner(tmp_path).run({"": DIABETES})["output"], booster.predict(DIABETES))


def test_training_that_stopped_early_predicts_with_its_best_iteration(tmp_path):
    model = lightgbm.LGBMRegressor(n_estimators=200, verbose=-1, learning_rate=0.5)
    stop = lightgbm.early_stopping(3, verbose=False)
    model.fit(DIABETES[:300], PROGRESS[:300], eval_X=(DIABETES[300:],), eval_y=(PROGRESS[300:],), callbacks=[stop])
    assert 0 < model.best_iteration_ < 200
    flavor.save(model, tmp_path)
    loaded = flavor.load(tmp_path)
    assert loaded.best_iteration_ == model.best_iteration_
    assert loaded.booster_.num_trees() == model.booster_.num_trees()
    np.testing.assert_array_equal(loaded.predict(DIABETES), model.predict(DIABETES))


def test_columns_with_categories_travel_by_name(tmp_path):
    model = classifier().fit(COLOURED, KINDS)
    flavor.save(model, tmp_path)
    runner = flavor.runner(tmp_path)
    assert [spec.datatype for spec in runner.inputs] == ["FP64", "FP64", "BYTES", "INT64"]
    chosen = COLOURED.iloc[[149, 0, 70]]
    answer = runner.run({name: np.asarray(chosen[name]) for name in chosen})
    np.testing.assert_array_equal(answer["probability"], model.predict_proba(chosen))


def test_named_columns_are_taken_in_any_order(tmp_path):
    model = classifier().fit(NAMED, KINDS)
    flavor.save(model, tmp_path)
    answer = flavor.runner(tmp_path).run({name: NAMED[name].to_numpy() for name in ("d", "c", "b", "a")})
    np.testing.assert_array_equal(answer["label"], model.predict(NAMED))


def test_the_same_model_gives_the_same_bytes_and_is_no_new_version(reg):
    model = classifier().fit(IRIS, KINDS)
    assert reg.register(model, "iris").version == reg.register(model, "iris").version


def test_what_is_not_fitted_is_refused(tmp_path):
    assert flavor.describe(classifier()).task is Task.CLASSIFICATION
    with pytest.raises(NotFitted, match="Train it"):
        flavor.save(classifier(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_class_of_ones_own_and_a_function_as_parameter_need_the_python_flavor(tmp_path):
    with pytest.raises(NotSavable, match=r'Mine is no class of lightgbm itself.*flavor="python"'):
        flavor.save(Mine(n_estimators=2, verbose=-1).fit(IRIS, KINDS), tmp_path)
    model = lightgbm.LGBMRegressor(n_estimators=2, verbose=-1, objective=lambda y, p: (p - y, np.ones_like(y)))
    with pytest.raises(NotSavable, match="'objective' of LGBMRegressor is a function"):
        flavor.save(model.fit(IRIS, KINDS), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_the_framework_nothing_is_handled_and_the_line_to_install_is_named(tmp_path, monkeypatch):
    model = classifier().fit(IRIS, KINDS)
    flavor.save(model, tmp_path)
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    assert flavor.recognises(tmp_path / "model.txt")
    with pytest.raises(NotLoadable, match=r'pip install "jupyter_modelmgmt\[lightgbm\]"'):
        flavor.load(tmp_path)
    assert not flavor.handles(model)


def test_a_file_that_is_cut_off_is_refused_and_other_texts_are_left_alone(tmp_path):
    flavor.save(classifier().fit(IRIS, KINDS), tmp_path)
    path = tmp_path / "model.txt"
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(BadFile, match="cut off"):
        flavor.recognises(path)
    path.write_text("notes")
    assert not flavor.recognises(path)


def test_wrong_tensors_are_refused(tmp_path):
    flavor.save(classifier().fit(IRIS, KINDS), tmp_path)
    with pytest.raises(BadTensor, match=r"\[-1, 4\]"):
        flavor.runner(tmp_path).run({"input": np.zeros((1, 5))})
