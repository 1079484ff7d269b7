"""What the same means for a kept test, by the kind of its answer. Source: D35, N10."""

from datetime import UTC, datetime

import pytest

from jupyter_modelmgmt.domain import kept
from jupyter_modelmgmt.domain.errors import BadField, BadName
from jupyter_modelmgmt.domain.kept import KeptTest
from jupyter_modelmgmt.domain.predictions import Box, Label, Mask, Prediction


def said(**answer):
    return Prediction(task="other", version="1.0.0", latency_ms=1.0, **answer)


def classes(**scores):
    return said(classes=tuple(Label(label=label, score=score) for label, score in scores.items()))


def boxes(*found):
    return said(boxes=tuple(Box(label=label, score=score, box=box) for label, score, box in found))


def tensors(**data):
    named = [{"name": n, "datatype": "FP64", "shape": [len(d)], "data": d} for n, d in data.items()]
    return said(outputs=named)


def mask(png):
    return said(mask=Mask(labels=("none", "cat"), png=png, share={"cat": 1.0}))


def expecting(answer, tolerance=None, threshold=0.0):
    return KeptTest(
        model="m", name="t", media="image/png", digest="", size=1, expected=answer, threshold=threshold,
        tolerance=kept.checked_tolerance(tolerance, answer), created_at=datetime.now(UTC), created_by="ada",
    )  # fmt: skip


def nested(levels, value):
    return value if levels == 0 else [nested(levels - 1, value)]


FACE, MOVED, AWAY = (10, 10, 30, 30), (12, 10, 32, 30), (60, 60, 80, 80)
CASES = [
    (classes(cat=0.9, dog=0.1), classes(cat=0.85, fox=0.1), {}, ""),
    (classes(cat=0.9), classes(dog=0.6), {}, "expected cat (0.90), got dog (0.60)"),
    (classes(cat=0.9), classes(cat=0.6), {}, "cat scored 0.60, expected 0.90 ± 0.1"),
    (classes(cat=0.9), classes(cat=0.6), {"tolerance": 0.5}, ""),
    (classes(cat=0.9), classes(cat=0.4), {"threshold": 0.5}, "expected cat (0.90), got no label"),
    (boxes(), boxes(), {}, ""),
    (boxes(("face", 0.9, FACE)), boxes(("face", 0.7, MOVED)), {}, ""),
    (boxes(("face", 0.9, FACE)), boxes(("face", 0.7, AWAY)), {}, "face overlaps by 0.00, expected at least 0.50"),
    (boxes(("face", 0.9, FACE)), boxes(), {}, "expected face × 1, got none"),  # noqa: RUF001
    (boxes(("face", 0.9, FACE)), boxes(("face", 0.9, FACE), ("face", 0.3, AWAY)), {},
     "expected face × 1, got face × 2"),  # noqa: RUF001
    (boxes(("face", 0.9, FACE)), boxes(("face", 0.9, FACE), ("face", 0.3, AWAY)), {"threshold": 0.5}, ""),
    (boxes(("face", 0.9, FACE), ("face", 0.8, MOVED)), boxes(("face", 0.8, FACE), ("face", 0.7, MOVED)), {}, ""),
    (mask("same"), mask("same"), {}, ""),
    (mask("one"), mask("other"), {}, "cat overlaps by 0.50, expected at least 0.80"),
    (mask("one"), mask("other"), {"tolerance": 0.6}, ""),
    (said(value=10.0), said(value=10.05), {}, ""),
    (said(value=10.0), said(value=10.5), {}, "expected 10, got 10.5"),
    (said(value=0.0), said(value=0.005), {}, ""),
    (said(vector=(0.5, 1.0)), said(vector=(0.5, 2.0)), {}, "[1]: expected 1, got 2"),
    (said(vector=(0.5,)), said(vector=(0.5, 2.0)), {}, "expected 1 values, got 2"),
    (said(text="yes"), said(text="yes"), {}, ""),
    (said(text="yes"), said(text="no"), {}, "expected 'yes', got 'no'"),
    (tensors(label=[3], probabilities=[0.1, 0.9]), tensors(label=[3], probabilities=[0.15, 0.85]), {}, ""),
    (tensors(label=[3]), tensors(label=[5]), {}, "label[0]: expected 3, got 5"),
    (tensors(y=[100]), tensors(y=[101]), {}, "y[0]: expected 100, got 101"),
    (tensors(y=[1.0]), tensors(z=[1.0]), {}, "expected ['y'], got ['z']"),
    (said(outputs={"a": [1.0, {"b": "x"}]}), said(outputs={"a": [1.0, {"b": "y"}]}), {},
     "a[1].b: expected 'x', got 'y'"),
    (classes(cat=0.9), said(text="cat"), {}, "expected classes, got text"),
    (said(outputs=nested(200, 1.0)), said(outputs=nested(200, 1.0)), {}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "got", "how", "difference"), CASES)
def test_the_first_difference_is_told(expected, got, how, difference):
    assert kept.difference(expecting(expected, **how), got, lambda _one, _other: {"cat": 0.5}) == difference


@pytest.mark.parametrize("name", ["", "  ", "a/b", "a\\b", "x" * 81, "line\nbreak", None])
def test_a_name_fits_into_a_url_and_a_list(name):
    with pytest.raises(BadName, match="1 to 80 characters"):
        kept.checked_test_name(name)
    assert kept.checked_test_name(" a sunny street.jpg ") == "a sunny street.jpg"


@pytest.mark.parametrize("tolerance", [-0.1, 1.1, float("nan"), True, "0.1"])
def test_a_tolerance_is_a_share(tolerance):
    with pytest.raises(BadField, match="from 0 to 1"):
        kept.checked_tolerance(tolerance, said(text="x"))


def test_nothing_is_no_expectation():
    with pytest.raises(BadField, match="empty"):
        kept.kind_of(said())
