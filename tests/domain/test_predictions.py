"""Typed results: confidences in [0, 1], formats of boxes from each to each. Source: D36, M15."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_modelmgmt.domain.boxes import FORMATS, corners, overlap, written
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.domain.predictions import Box, Boxes, Classes, Label, Value, Vector

PIXEL = st.floats(-1e4, 1e4)


@pytest.mark.parametrize("score", [1.2, -0.1, float("nan"), float("inf"), "high", None, [0.5]])
def test_a_confidence_is_a_number_from_0_to_1(score):
    with pytest.raises(BadPrediction, match="confidence is a"):
        Label(label="cat", score=score)
    with pytest.raises(BadPrediction, match="confidence is a"):
        Box(label="cat", score=score, box=(0, 0, 1, 1))


def test_the_rounding_of_a_sum_is_no_wrong_confidence():
    assert Label(label="cat", score=1.0000004).score == 1.0
    assert Label(label="cat", score=-1e-7).score == 0.0


@pytest.mark.parametrize("box", [(1, 2, 3), (1, 2, 3, float("nan")), "abcd", 7])
def test_a_box_is_four_finite_numbers(box):
    with pytest.raises(BadPrediction, match="A box"):
        Box(label="cat", score=0.5, box=box)


def test_classes_are_ranked():
    found = Classes.of([0.1, 0.7, 0.2], ["a", "b", "c"], top_k=2)
    assert [(entry.label, entry.score) for entry in found.classes] == [("b", 0.7), ("c", 0.2)]
    assert Classes.of([0.1, 0.9]).classes[0].label == "1"
    with pytest.raises(BadPrediction, match="2 scores and 1 labels"):
        Classes.of([0.1, 0.9], ["a"])


@pytest.mark.parametrize(
    ("box_format", "numbers"),
    [
        ("xyxy", (10, 20, 50, 100)),
        ("yxyx", (20, 10, 100, 50)),
        ("xywh", (10, 20, 40, 80)),
        ("cxcywh", (30, 60, 40, 80)),
        ("cycxhw", (60, 30, 80, 40)),
    ],
)
def test_every_format_means_the_same_box(box_format, numbers):
    assert corners(numbers, box_format) == (10, 20, 50, 100)
    assert written((10, 20, 50, 100), box_format) == numbers
    found = Boxes.of([numbers], [0.9], ["cat"], box_format=box_format)
    assert found.boxes[0].box == (10, 20, 50, 100)
    assert found.written(box_format)["boxes"] == [list(numbers)]


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ((0, 0, 10, 10), (0, 0, 10, 10), 1),
        ((0, 0, 10, 10), (5, 0, 15, 10), 1 / 3),
        ((0, 0, 10, 10), (10, 0, 20, 10), 0),
        ((0, 0, 10, 10), (20, 20, 30, 30), 0),
        ((5, 5, 5, 5), (0, 0, 10, 10), 0),  # a point
        ((5, 5, 5, 5), (5, 5, 5, 5), 1),
        ((10, 10, 0, 0), (0, 0, 10, 10), 0),  # the wrong way round
    ],
)
def test_the_overlap_of_two_boxes(one, other, share):
    assert overlap(one, other) == overlap(other, one) == pytest.approx(share)


@given(box=st.tuples(PIXEL, PIXEL, PIXEL, PIXEL), box_format=st.sampled_from(FORMATS))
def test_writing_and_reading_a_box_gives_it_back(box, box_format):
    assert corners(written(box, box_format), box_format) == pytest.approx(box, abs=1e-6)


def test_relative_boxes_need_the_size_of_the_image():
    found = Boxes.of([[0.1, 0.2, 0.5, 1]], [0.5], ["cat"], coordinates="relative", width=200, height=100)
    assert found.boxes[0].box == (20, 20, 100, 100)
    assert found.written(coordinates="relative", width=200, height=100)["boxes"] == [[0.1, 0.2, 0.5, 1]]
    with pytest.raises(BadPrediction, match="width and height"):
        Boxes.of([[0, 0, 1, 1]], [0.5], ["cat"], coordinates="relative")
    with pytest.raises(BadPrediction, match="none of pixel, relative"):
        Boxes.of([[0, 0, 1, 1]], [0.5], ["cat"], coordinates="metres")
    with pytest.raises(BadPrediction, match="'yxhw' is not a format"):
        Boxes.of([[0, 0, 1, 1]], [0.5], ["cat"], box_format="yxhw")


def test_boxes_are_written_as_the_seeds_write_them():
    found = Boxes.of([[10, 20, 50, 100], [0, 0, 5, 5]], [0.4, 0.9], ["cat", "dog"])
    assert found.modelarts() == {
        "detection_classes": ["dog", "cat"],
        "detection_boxes": [[0, 0, 5, 5], [20, 10, 100, 50]],
        "detection_scores": [0.9, 0.4],
    }
    assert found.dataloop()[1] == {
        "label": "cat", "left": 10, "top": 20, "right": 50, "bottom": 100, "confidence": 0.4,
    }  # fmt: skip


@pytest.mark.parametrize("made", [lambda: Value(float("nan")), lambda: Vector((0.1, None)), lambda: Value("1,5")])
def test_numbers_are_finite(made):
    with pytest.raises(BadPrediction, match="number"):
        made()
