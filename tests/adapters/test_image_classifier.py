"""Ranked labels, from made models and from real ones on real photos."""

import numpy as np
import pytest
from skimage import data
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.adapters import predictor
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.records import Task

ORANGE = np.full((8, 8, 3), (255, 128, 0), np.uint8)


def ranked(classes):
    return [(label.label, round(label.score, 3)) for label in classes.classes]


def test_labels_are_ranked_best_first(mean_model, loaded, tmp_path, png):
    answers = loaded(mean_model(tmp_path), "image_classifier", {"std": 512}, ["red", "green", "blue"])
    result, width, height = answers.predict_image(png(ORANGE))
    assert ranked(result) == [("red", 0.498), ("green", 0.25), ("blue", 0.0)]
    assert (width, height) == (8, 8)


def test_raw_scores_become_their_softmax(mean_model, loaded, tmp_path, png):
    answers = loaded(mean_model(tmp_path), "image_classifier", {"mean": 128, "std": 32}, ["red", "green", "blue"])
    scores = dict(ranked(answers.predict_image(png(ORANGE))[0]))
    assert sum(scores.values()) == pytest.approx(1, abs=2e-3)
    assert scores["red"] == pytest.approx(1 / (1 + np.exp(-127 / 32) + np.exp(-255 / 32)), abs=1e-3)


def test_sigmoid_scores_each_label_alone(mean_model, loaded, tmp_path, png):
    config = {"mean": 128, "std": 32, "activation": "sigmoid"}
    scores = dict(ranked(loaded(mean_model(tmp_path), "image_classifier", config).predict_image(png(ORANGE))[0]))
    assert scores["1"] == 0.5


def test_top_k_and_threshold_shorten_the_list(mean_model, loaded, tmp_path, png):
    folder = mean_model(tmp_path)
    assert len(loaded(folder, "image_classifier", {"std": 512, "top_k": 2}).predict_image(png(ORANGE))[0].classes) == 2
    assert (
        len(loaded(folder, "image_classifier", {"std": 512, "threshold": 0.3}).predict_image(png(ORANGE))[0].classes)
        == 1
    )


def test_without_labels_the_numbers_name_the_classes(mean_model, loaded, tmp_path, png):
    assert (
        ranked(loaded(mean_model(tmp_path), "image_classifier", {"std": 512}).predict_image(png(ORANGE))[0])[0][0]
        == "0"
    )


@pytest.mark.parametrize("labels", [["red"], ["red", "green", "blue", "alpha"]])
def test_another_number_of_labels_than_scores_is_refused_on_loading(mean_model, loaded, tmp_path, labels):
    with pytest.raises(BadField, match=f"{len(labels)} labels and its model 3 scores"):
        loaded(mean_model(tmp_path), "image_classifier", {}, labels)


def test_several_images_are_one_batch(mean_model, loaded, tmp_path):
    adapter = loaded(mean_model(tmp_path), "image_classifier", {"std": 512}, ["red", "green", "blue"]).adapter
    results = adapter.predict([adapter.prepare(pixels) for pixels in (ORANGE, ORANGE[..., ::-1], ORANGE)])
    assert [result.classes[0].label for result in results] == ["red", "blue", "red"]
    assert adapter.predict([]) == []


def test_a_model_for_one_image_is_asked_image_by_image(mean_model, loaded, tmp_path):
    adapter = loaded(mean_model(tmp_path, (1, 8, 8, 3)), "image_classifier", {"std": 512}).adapter
    assert [
        result.classes[0].label
        for result in adapter.predict([adapter.prepare(pixels) for pixels in (ORANGE, ORANGE[..., ::-1])])
    ] == ["0", "2"]


def test_two_classes_with_one_score_are_two_labels(tmp_path, png):
    bright = np.repeat([[0.0] * 12, [200.0] * 12], 10, axis=0)
    flavors.get("sklearn").save(SVC(kernel="linear").fit(bright, [0] * 10 + [1] * 10), tmp_path)
    config = {"size": [2, 2], "layout": "flat"}
    answers = predictor(
        tmp_path,
        flavor="sklearn",
        adapter="image_classifier",
        config=config,
        labels=["dark", "bright"],
        task=Task.OTHER,
    )
    assert answers.predict_image(png(ORANGE))[0].classes[0].label == "bright"
    assert answers.predict_image(png(ORANGE // 255))[0].classes[0].label == "dark"


def test_a_converted_classifier_names_classes_by_its_scores_not_by_its_label_output(tmp_path, png, loaded):
    rows = np.repeat([[0.0] * 12, [200.0] * 12, [100.0] * 12], 10, axis=0).astype(np.float32)
    model = LogisticRegression(max_iter=1000).fit(rows, np.repeat([0, 1, 2], 10))
    flavors.get("onnx").save(to_onnx(model, rows[:1]), tmp_path)
    answers = loaded(tmp_path, "image_classifier", {"size": [2, 2], "layout": "flat"}, ["dark", "bright", "grey"])
    assert answers.predict_image(png(np.full((4, 4, 3), 210, np.uint8)))[0].classes[0].label == "bright"


def test_a_named_output_counts_and_a_wrong_name_is_refused(mean_model, loaded, tmp_path):
    loaded(mean_model(tmp_path), "image_classifier", {"output": "scores"})
    with pytest.raises(BadField, match="it has scores"):
        loaded(mean_model(tmp_path), "image_classifier", {"output": "logits"})


@pytest.mark.parametrize(
    ("photo", "label", "score"),
    [("coffee", "espresso", 0.95), ("chelsea", "tiger cat", 0.39), ("camera", "tripod", 0.94)],
)
def test_efficientnet_knows_real_photos(ready, png, photo, label, score):
    result, width, height = ready("efficientnet-lite0").predict_image(png(getattr(data, photo)()))
    assert result.classes[0].label == label
    assert result.classes[0].score == pytest.approx(score, abs=0.03)
    assert len(result.classes) == 5
    assert (height, width) == getattr(data, photo)().shape[:2]


def test_the_cloned_digits_read_pictures_of_digits(ready, png, digits):
    rows, right = digits
    answers = ready("digits")
    pictures = [np.kron(255 - row.reshape(8, 8) * 15.9375, np.ones((20, 20))).astype(np.uint8) for row in rows[:60]]
    read = [answers.predict_image(png(picture))[0].classes[0].label for picture in pictures]
    assert np.mean(np.array(read) == right[:60].astype(str)) >= 0.98
