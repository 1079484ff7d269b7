"""scikit-learn: what is saved comes back the same, what cannot be saved is refused with the reason."""

import json
import zipfile

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import DBSCAN, KMeans
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectKBest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.multioutput import MultiOutputClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC, SVR
from sklearn.tree import DecisionTreeClassifier

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors import flavor_for, sklearn

IRIS, KINDS = load_iris(return_X_y=True)
DIABETES, PROGRESS = (part[:150] for part in load_diabetes(return_X_y=True))

CLASSIFIERS = [
    AdaBoostClassifier(n_estimators=5),
    BaggingClassifier(n_estimators=4),
    CalibratedClassifierCV(SVC(), ensemble=False),
    DecisionTreeClassifier(),
    GaussianNB(),
    GradientBoostingClassifier(n_estimators=5),
    GridSearchCV(LogisticRegression(max_iter=1000), {"C": [0.1, 1]}, scoring="accuracy"),
    GridSearchCV(SVC(), {"C": [0.1, 1]}),
    HistGradientBoostingClassifier(max_iter=5),
    KNeighborsClassifier(),
    LogisticRegression(max_iter=1000),
    MLPClassifier(max_iter=5, early_stopping=True),
    RandomForestClassifier(n_estimators=8),
    SVC(),
    StackingClassifier([("tree", DecisionTreeClassifier()), ("bayes", GaussianNB())], cv=3),
    VotingClassifier([("tree", DecisionTreeClassifier()), ("bayes", GaussianNB())], voting="soft"),
    make_pipeline(SimpleImputer(), StandardScaler(), SelectKBest(k=2), LogisticRegression()),
]
REGRESSORS = [
    ExtraTreesRegressor(n_estimators=5),
    GaussianProcessRegressor(),
    GradientBoostingRegressor(n_estimators=5),
    HistGradientBoostingRegressor(max_iter=5),
    Ridge(),
    SVR(),
]


class Mine(ClassifierMixin, BaseEstimator):
    def fit(self, x, y):
        self.classes_ = np.unique(y)
        return self

    def predict(self, x):
        return np.zeros(len(x), int)


def name(estimator):
    return type(estimator).__name__


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("estimator", CLASSIFIERS, ids=name)
def test_a_classifier_predicts_the_same_after_save_and_load(estimator, tmp_path):
    estimator.fit(IRIS, KINDS)
    assert sklearn.problem(estimator) == ""
    assert sklearn.describe(estimator).task is Task.CLASSIFICATION
    assert sklearn.describe(estimator).labels == ("0", "1", "2")
    sklearn.save(estimator, tmp_path)
    runner = sklearn.runner(tmp_path)
    answer = runner.run({"input": IRIS})
    assert {spec.name for spec in runner.outputs} == set(answer)
    np.testing.assert_array_equal(answer["label"], estimator.predict(IRIS))
    scores = "predict_proba" if hasattr(estimator, "predict_proba") else "decision_function"
    np.testing.assert_allclose(
        answer.get("probability", answer.get("score")), getattr(estimator, scores)(IRIS), rtol=1e-9
    )


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("estimator", REGRESSORS, ids=name)
def test_a_regressor_predicts_the_same_after_save_and_load(estimator, tmp_path):
    estimator.fit(DIABETES, PROGRESS)
    assert sklearn.describe(estimator).task is Task.REGRESSION
    sklearn.save(estimator, tmp_path)
    np.testing.assert_allclose(
        sklearn.runner(tmp_path).run({"input": DIABETES})["value"], estimator.predict(DIABETES), rtol=1e-9
    )


def test_texts_go_through_a_pipeline_with_a_vectoriser(tmp_path):
    texts = ["a cat and a cat", "a dog", "two dogs bark", "cats purr"]
    pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(texts, ["cat", "dog", "dog", "cat"])
    sklearn.save(pipeline, tmp_path)
    runner = sklearn.runner(tmp_path)
    assert runner.inputs[0].datatype == "BYTES"
    assert runner.outputs[0].datatype == "BYTES"
    assert runner.run({"input": np.array(["cats"])})["label"].tolist() == ["cat"]


def test_columns_keep_their_names(tmp_path):
    frame = pd.DataFrame({"age": [20.0, 30, 40, 50], "kind": [0.0, 1, 0, 1]})
    columns = ColumnTransformer([("number", StandardScaler(), ["age"]), ("kind", OneHotEncoder(), ["kind"])])
    pipeline = make_pipeline(columns, Ridge()).fit(frame, [1.0, 2, 3, 4])
    sklearn.save(pipeline, tmp_path)
    answer = sklearn.runner(tmp_path).run({"input": frame.to_numpy()})
    np.testing.assert_allclose(answer["value"], pipeline.predict(frame))


def test_several_outputs_give_a_label_each(tmp_path):
    model = MultiOutputClassifier(DecisionTreeClassifier()).fit(IRIS, np.stack([KINDS, KINDS > 0], axis=1))
    sklearn.save(model, tmp_path)
    runner = sklearn.runner(tmp_path)
    assert [spec.name for spec in runner.outputs] == ["label"]
    assert runner.run({"input": IRIS})["label"].shape == (150, 2)
    assert sklearn.describe(model).labels == ()


def test_what_predicts_no_class_gives_labels_and_what_transforms_gives_output(tmp_path):
    clusters = KMeans(3, n_init=1).fit(IRIS)
    outliers = IsolationForest(n_estimators=5).fit(IRIS)
    for index, (model, output) in enumerate(
        [(clusters, "label"), (outliers, "label"), (StandardScaler().fit(IRIS), "output")]
    ):
        folder = tmp_path / str(index)
        folder.mkdir()
        sklearn.save(model, folder)
        assert [spec.name for spec in sklearn.runner(folder).outputs] == [output]
        assert len(sklearn.runner(folder).run({"input": IRIS})[output]) == 150


def test_what_cannot_answer_for_new_data_is_not_served(tmp_path):
    sklearn.save(DBSCAN().fit(IRIS), tmp_path)
    with pytest.raises(NotLoadable, match="DBSCAN neither predicts nor transforms"):
        sklearn.runner(tmp_path)


def test_params_are_the_plain_ones_with_those_of_steps():
    params = sklearn.describe(make_pipeline(StandardScaler(), SVC(C=2.5, gamma=0.001))).params
    assert params["svc__C"] == 2.5
    assert params["svc__gamma"] == 0.001
    assert "svc" not in params


@pytest.mark.parametrize(
    "model", [SVC(), make_pipeline(StandardScaler(), SVC()), GridSearchCV(SVC(), {"C": [1]})], ids=name
)
def test_what_is_not_fitted_is_refused_with_the_reason(model, tmp_path):
    assert "not fitted" in sklearn.problem(model)
    with pytest.raises(NotFitted, match="Call its fit method"):
        sklearn.save(model, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_class_of_the_users_own_is_refused_by_name(tmp_path):
    with pytest.raises(NotSavable, match=r"test_sklearn\.Mine"):
        sklearn.save(Mine().fit(IRIS, KINDS), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_function_of_the_users_own_is_refused_by_name(tmp_path):
    model = make_pipeline(FunctionTransformer(name), Ridge())
    model[-1].fit(IRIS, KINDS)
    with pytest.raises(NotSavable, match=r"test_sklearn\.name"):
        sklearn.save(model, tmp_path)


def test_a_search_over_strange_parts_is_told_to_register_its_best(tmp_path):
    search = GridSearchCV(Mine(), {}, scoring="accuracy").fit(IRIS, KINDS)
    with pytest.raises(NotSavable, match="best_estimator_"):
        sklearn.save(search, tmp_path)


def test_wrong_tensors_are_refused(tmp_path):
    sklearn.save(SVC().fit(IRIS, KINDS), tmp_path)
    runner = sklearn.runner(tmp_path)
    with pytest.raises(BadTensor, match=r"\[-1, 4\]"):
        runner.run({"input": np.zeros((1, 5))})
    with pytest.raises(BadTensor, match="NaN"):
        runner.run({"input": np.full((1, 4), np.nan)})


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04 broken"])
def test_a_skops_file_that_is_none_is_refused(data, tmp_path):
    path = tmp_path / "model.skops"
    path.write_bytes(data)
    with pytest.raises(BadFile, match=r"model\.skops"):
        sklearn.recognises(path)


def test_a_zip_without_a_schema_is_refused(tmp_path):
    path = tmp_path / "model.skops"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("schema.json", "{}")
    with pytest.raises(BadFile, match="describes no object"):
        sklearn.recognises(path)


def test_a_zip_bomb_is_refused_unread(tmp_path):
    path = tmp_path / "model.skops"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("schema.json", json.dumps({"__loader__": "x"}))
        archive.writestr("zeros.npy", bytes(64 << 20))
    with pytest.raises(BadFile, match="unpacks to"):
        sklearn.recognises(path)


def test_a_file_with_its_own_types_is_not_loaded(tmp_path):
    """Even a harmless type is refused: only the shipped list counts, never what the file says."""
    skops.io.dump(Mine().fit(IRIS, KINDS), tmp_path / "model.skops")
    assert sklearn.recognises(tmp_path / "model.skops")
    with pytest.raises(NotLoadable, match="Mine"):
        sklearn.load(tmp_path)


def test_the_flavor_of_an_estimator_is_sklearn():
    assert flavor_for(SVC()).NAME == "sklearn"


def test_the_same_estimator_gives_the_same_bytes(tmp_path, classifier, digits):
    import copy

    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

    x, y = digits
    forest = RandomForestClassifier(5, random_state=0).fit(x, y)
    boosted = HistGradientBoostingClassifier(max_iter=3, random_state=0).fit(x, y)
    for model in (classifier, forest, boosted):
        folders = [tmp_path / f"{type(model).__name__}{i}" for i in range(2)]
        for folder, saved in zip(folders, (model, copy.deepcopy(model)), strict=True):
            folder.mkdir()
            sklearn.save(saved, folder)
        first, second = ((folder / "model.skops").read_bytes() for folder in folders)
        assert first == second
        assert (sklearn.load(folders[0]).predict(x) == model.predict(x)).all()


def test_numbers_whose_bytes_look_like_a_record_stay_what_they_are(tmp_path):
    model = StandardScaler().fit(IRIS)
    model.mean_ = np.frombuffer(b"|V|V|V|?" * 4)
    sklearn.save(model, tmp_path)
    np.testing.assert_array_equal(sklearn.load(tmp_path).mean_, model.mean_)
    assert model.mean_.all()
