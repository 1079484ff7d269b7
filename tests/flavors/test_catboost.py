"""CatBoost: what is saved comes back as the class it was and predicts the same."""

import sys

import catboost
import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors import catboost as flavor
from tests.servers.fresh import served

IRIS, KINDS = load_iris(return_X_y=True)
NAMED = pd.DataFrame(IRIS, columns=["a", "b", "c", "d"])
COLOURED = NAMED.assign(c=np.where(KINDS > 0, "red", "blue"))
SPECIES = np.array(["setosa", "versicolor", "virginica"])[KINDS]
QUIET = {"verbose": 0, "allow_writing_files": False, "thread_count": 1}


class Mine(catboost.CatBoostRegressor):
    pass


class Halved:
    def calc_ders_range(self, approxes, targets, weights):
        return [(target - approx, -1.0) for approx, target in zip(approxes, targets, strict=True)]


def classifier(**params):
    return catboost.CatBoostClassifier(iterations=5, depth=3, **QUIET, **params)


def test_a_classifier_predicts_the_same_in_a_fresh_process(tmp_path, reg):
    model = classifier(learning_rate=0.2).fit(IRIS, SPECIES)
    version = reg.register(model, "iris")
    assert (version.flavor, version.framework, version.task) == ("catboost", "catboost", Task.CLASSIFICATION)
    assert version.params["learning_rate"] == 0.2
    assert version.labels == ("setosa", "versicolor", "virginica")
    answer = served("catboost", version.download(tmp_path / "files"), {"input": IRIS}, tmp_path / "fresh")
    assert answer["label"].tolist() == model.predict(IRIS)[:, 0].tolist()
    np.testing.assert_array_equal(answer["probability"], model.predict_proba(IRIS))


def test_a_file_too_large_to_be_read_at_once_comes_back_the_same(tmp_path, monkeypatch):
    model = classifier().fit(IRIS, SPECIES)
    flavor.save(model, tmp_path)
    at_once = flavor.load(tmp_path)
    monkeypatch.setattr(flavor, "_AT_ONCE", 8)
    loaded = flavor.load(tmp_path)
    assert loaded.get_params() == at_once.get_params() == model.get_params()
    np.testing.assert_array_equal(loaded.predict_proba(IRIS), model.predict_proba(IRIS))
    np.testing.assert_array_equal(at_once.predict_proba(IRIS), model.predict_proba(IRIS))
    (tmp_path / "model.cbm").write_bytes(b"CBM1" + bytes(60))
    with pytest.raises(NotLoadable, match="cannot load model.cbm"):
        flavor.load(tmp_path)


@pytest.mark.parametrize("kind", ["CatBoost", "CatBoostClassifier", "CatBoostRegressor"])
def test_a_model_comes_back_as_the_class_it_was_with_its_parameters(kind, tmp_path):
    model = getattr(catboost, kind)({"iterations": 4, "depth": 2, **QUIET} if kind == "CatBoost" else None)
    if kind != "CatBoost":
        model.set_params(iterations=4, depth=2, **QUIET)
    model.fit(NAMED, KINDS > 0)
    flavor.save(model, tmp_path)
    loaded = flavor.load(tmp_path)
    assert type(loaded) is type(model)
    assert loaded.get_params() == model.get_params()
    assert loaded.feature_names_ == ["a", "b", "c", "d"]
    np.testing.assert_array_equal(loaded.predict(NAMED), model.predict(NAMED))
    answer = flavor.runner(tmp_path).run({"input": IRIS})
    assert answer.get("label", answer.get("value")).tolist() == model.predict(NAMED).tolist()


def test_columns_with_categories_travel_by_name(tmp_path):
    model = classifier(cat_features=["c"]).fit(COLOURED, KINDS)
    flavor.save(model, tmp_path)
    runner = flavor.runner(tmp_path)
    assert [spec.datatype for spec in runner.inputs] == ["FP64", "FP64", "BYTES", "FP64"]
    chosen = COLOURED.iloc[[149, 0, 70]]
    answer = runner.run({name: chosen[name].to_numpy() for name in chosen})
    np.testing.assert_array_equal(answer["probability"], model.predict_proba(chosen))


def test_the_same_model_gives_the_same_bytes_and_is_no_new_version(reg):
    model = classifier().fit(IRIS, KINDS)
    assert reg.register(model, "iris").version == reg.register(model, "iris").version


def test_what_is_not_fitted_is_refused(tmp_path):
    with pytest.raises(NotFitted, match="Call its fit method"):
        flavor.save(classifier(), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings("ignore:Failed to import numba")
def test_a_class_of_ones_own_and_a_loss_of_ones_own_need_the_python_flavor(tmp_path):
    with pytest.raises(NotSavable, match=r'Mine is no class of catboost itself.*flavor="python"'):
        flavor.save(Mine(iterations=2, **QUIET).fit(IRIS, KINDS), tmp_path)
    model = catboost.CatBoostRegressor(iterations=2, loss_function=Halved(), eval_metric="RMSE", **QUIET)
    with pytest.raises(NotSavable, match="'loss_function' of CatBoostRegressor is a Halved"):
        flavor.save(model.fit(IRIS, KINDS), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_without_the_framework_nothing_is_handled_and_the_line_to_install_is_named(tmp_path, monkeypatch):
    model = classifier().fit(IRIS, KINDS)
    flavor.save(model, tmp_path)
    monkeypatch.setitem(sys.modules, "catboost", None)
    assert flavor.recognises(tmp_path / "model.cbm")
    with pytest.raises(NotLoadable, match=r'pip install "jupyter_modelmgmt\[catboost\]"'):
        flavor.load(tmp_path)
    assert not flavor.handles(model)


@pytest.mark.parametrize("cut", [0, 4, 500])
def test_a_broken_file_is_refused(cut, tmp_path):
    flavor.save(classifier().fit(IRIS, KINDS), tmp_path)
    path = tmp_path / "model.cbm"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(BadFile, match=r"model\.cbm is no CatBoost model"):
        flavor.recognises(path)


def test_a_file_whose_inside_is_broken_is_not_loaded(tmp_path):
    (tmp_path / "model.cbm").write_bytes(b"CBM1" + (100).to_bytes(4, "little") + bytes(100))
    with pytest.raises(NotLoadable, match="CatBoost cannot load"):
        flavor.load(tmp_path)


def test_wrong_tensors_are_refused(tmp_path):
    flavor.save(classifier().fit(IRIS, KINDS), tmp_path)
    with pytest.raises(BadTensor, match=r"\[-1, 4\]"):
        flavor.runner(tmp_path).run({"input": np.zeros((1, 5))})


def test_a_frame_with_texts_is_asked_as_it_is(reg):
    model = classifier(cat_features=["c"]).fit(COLOURED, KINDS)
    reg.register(model, "coloured")
    service = reg.deploy("coloured", name="coloured")
    np.testing.assert_allclose(service.predict(COLOURED[:3]).outputs["probability"], model.predict_proba(COLOURED[:3]))
    service.stop()
