"""Metrics against scikit-learn, known values, and what must hold for any data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, average_precision_score, f1_score, jaccard_score, mean_absolute_error

from jupyter_modelmgmt.adapters import metrics
from jupyter_modelmgmt.domain.predictions import Box


def box(label, score, *numbers):
    return Box(label=label, score=score, box=numbers)


def test_classification_is_what_scikit_learn_says():
    chance = np.random.default_rng(0)
    truth = chance.choice(list("abc"), 60).tolist()
    table = chance.dirichlet(np.ones(3), 60)
    scores = [dict(zip("abc", row, strict=True)) for row in table]
    best = [max(row, key=row.get) for row in scores]
    found = metrics.classification(truth, scores)
    assert found.metrics["accuracy"] == accuracy_score(truth, best)
    assert found.metrics["f1_macro"] == pytest.approx(f1_score(truth, best, average="macro"))
    assert found.metrics["f1_weighted"] == pytest.approx(f1_score(truth, best, average="weighted"))
    x, y = found.lines["confusion", "a"]
    assert (x, sum(y)) == ([0.0, 1.0, 2.0], truth.count("a"))
    recall, precision = found.lines["precision-recall", "b"]
    area = sum((recall[i] - recall[i - 1]) * precision[i] for i in range(1, len(recall)))
    assert area == pytest.approx(average_precision_score([label == "b" for label in truth], table[:, 1]))


def test_an_item_without_any_label_is_wrong():
    found = metrics.classification(["a", "b"], [{}, {"b": 1.0}])
    assert found.metrics["accuracy"] == 0.5


def test_regression_is_what_scikit_learn_says():
    truth, values = [1.0, 2.0, 4.0], [1.5, 2.0, 3.0]
    found = metrics.regression(truth, values).metrics
    assert found["mae"] == mean_absolute_error(truth, values) == 0.5
    assert found["rmse"] == pytest.approx((1.25 / 3) ** 0.5)
    assert found["r2"] == pytest.approx(1 - 1.25 / (14 / 3))
    assert "r2" not in metrics.regression([1.0], [2.0]).metrics


def test_segmentation_is_what_scikit_learn_says():
    chance = np.random.default_rng(1)
    truth, found = chance.integers(0, 3, 500), chance.integers(0, 3, 500)
    counts = np.zeros((4, 4), np.int64)
    np.add.at(counts, (truth, found), 1)
    said = metrics.segmentation(counts, ["a", "b", "c", "never"]).metrics
    assert said["mean_iou"] == pytest.approx(jaccard_score(truth, found, average="macro"))
    assert said["iou_b"] == pytest.approx(jaccard_score(truth, found, labels=[1], average=None)[0])
    assert said["pixel_accuracy"] == pytest.approx((truth == found).mean())
    assert "iou_never" not in said


def test_perfect_boxes_score_one():
    truth = [[("cat", (0, 0, 10, 10)), ("dog", (5, 5, 9, 9))], [("cat", (1, 1, 4, 4))]]
    found = [[box("cat", 0.9, 0, 0, 10, 10), box("dog", 0.6, 5, 5, 9, 9)], [box("cat", 0.8, 1, 1, 4, 4)]]
    said = metrics.detection(truth, found).metrics
    assert said == {"map": 1.0, "map_50": 1.0, "map_75": 1.0, "precision": 1.0, "recall": 1.0}


def test_known_values_of_average_precision():
    # One of two found at full precision: 1 up to recall 0.5, which are 51 of the 101 recalls, 0 beyond.
    truth = [[("cat", (0, 0, 10, 10)), ("cat", (20, 20, 30, 30))]]
    said = metrics.detection(truth, [[box("cat", 0.9, 0, 0, 10, 10)]]).metrics
    assert said["map_50"] == pytest.approx(51 / 101)
    # A wrong guess above the right ones halves the precision at first.
    wrong = [box("cat", 0.95, 50, 50, 60, 60), box("cat", 0.9, 0, 0, 10, 10), box("cat", 0.8, 20, 20, 30, 30)]
    assert metrics.detection(truth, [wrong]).metrics["map_50"] == pytest.approx(2 / 3)
    # IoU 0.6 counts at 0.5, 0.55 and 0.6: three of ten thresholds.
    shifted = [[box("cat", 0.9, 0, 0, 10, 6)]]
    said = metrics.detection([[("cat", (0, 0, 10, 10))]], shifted).metrics
    assert (said["map_50"], said["map_75"], said["map"]) == (1.0, 0.0, pytest.approx(0.3))


def test_a_box_found_twice_counts_once():
    twice = [[box("cat", 0.9, 0, 0, 10, 10), box("cat", 0.8, 0, 0, 10, 10)]]
    said = metrics.detection([[("cat", (0, 0, 10, 10))]], twice).metrics
    assert (said["map_50"], said["precision"], said["recall"]) == (1.0, 0.5, 1.0)


def test_the_label_counts():
    said = metrics.detection([[("cat", (0, 0, 10, 10))]], [[box("dog", 0.9, 0, 0, 10, 10)]]).metrics
    assert said["map"] == said["recall"] == 0.0
    assert metrics.detection([[]], [[]]).metrics["map"] == 0.0


SIDES = st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 9), st.integers(1, 9))
GUESSES = st.lists(st.tuples(SIDES, st.floats(0, 1), st.sampled_from("ab")), max_size=6)


@settings(max_examples=150, deadline=None)
@given(truth=st.lists(st.tuples(SIDES, st.sampled_from("ab")), min_size=1, max_size=5), guesses=GUESSES)
def test_what_holds_for_any_boxes(truth, guesses):
    wanted = [[(label, (x, y, x + w, y + h)) for (x, y, w, h), label in truth]]
    found = [[box(label, score, x, y, x + w, y + h) for (x, y, w, h), score, label in guesses]]
    said = metrics.detection(wanted, found).metrics
    assert all(0 <= value <= 1 for value in said.values())
    assert said["map"] <= said["map_50"] + 1e-9
    assert said["map_75"] <= said["map_50"] + 1e-9
    perfect = [[box(label, 0.5, *sides) for label, sides in wanted[0]]]
    assert metrics.detection(wanted, perfect).metrics["map"] == pytest.approx(1.0)
