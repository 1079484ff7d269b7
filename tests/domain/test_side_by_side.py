"""Whether answers to the same input agree, and where they differ."""

import pytest

from jupyter_modelmgmt.domain.predictions import Box, Label, Mask, Prediction
from jupyter_modelmgmt.domain.side_by_side import Answer, agree, differences, in_short

NONE, TIMES = "\N{EN DASH}", "\N{MULTIPLICATION SIGN}"


def said(**fields):
    return Prediction(task="other", version="1.0.0", latency_ms=1.0, **fields)


def classes(**scores):
    return said(classes=tuple(Label(label=label, score=score) for label, score in scores.items()))


def tensors(**data):
    return said(outputs=[{"name": name, "data": values, "shape": [len(values)]} for name, values in data.items()])


def box(label, score):
    return Box(label=label, score=score, box=(0, 0, 1, 1))


def answers(*predictions):
    return [Answer(name=str(place), where="version", prediction=one) for place, one in enumerate(predictions)]


@pytest.mark.parametrize(
    ("prediction", "word"),
    [
        (classes(cat=0.4, dog=0.6), "dog"),
        (classes(), NONE),
        (said(boxes=(box("face", 0.9), box("hand", 0.8), box("face", 0.5))), f"face {TIMES} 2, hand {TIMES} 1"),
        (said(boxes=()), NONE),
        (said(mask=Mask(labels=("a", "b"), png="", share={"a": 0.2, "b": 0.8})), "b"),
        (said(value=1 / 3), "0.333333"),
        (said(text="yes"), "yes"),
        (said(vector=(1.0, 2.0)), "[1.0, 2.0]"),
        (tensors(label=["7"], probability=[0.1, 0.9]), "7"),
        (tensors(a=[1.0, 0.25], b=[3]), "1, 0.25; 3"),
        (said(outputs={"any": "thing"}), '{"any": "thing"}'),
    ],
)
def test_an_answer_in_a_word(prediction, word):
    assert in_short(prediction) == word


def test_answers_agree_when_all_say_the_same_word():
    assert agree(answers(classes(cat=0.9), classes(cat=0.6, dog=0.4)))
    assert agree(answers(classes(cat=0.9), classes(dog=0.9))) is False
    failed = Answer(name="x", where="memory", problem="It raised.")
    assert agree([*answers(classes(cat=0.9)), failed]) is None
    assert agree(answers(classes(cat=0.9))) is None


def test_the_greatest_difference_comes_first_and_what_is_missing_counts_as_zero():
    found = differences(answers(classes(cat=0.75, dog=0.25, owl=0.1), classes(cat=0.5, bird=0.5, owl=0.1)))
    assert [(one.name, one.values, one.spread) for one in found] == [
        ("bird", (None, 0.5), 0.5),
        ("cat", (0.75, 0.5), 0.25),
        ("dog", (0.25, None), 0.25),
    ]


@pytest.mark.parametrize(
    ("one", "other", "rows"),
    [
        (said(value=1.0), said(value=3.0), [("value", (1.0, 3.0), 2.0)]),
        (said(text="a"), said(text="b"), [("answer", ("a", "b"), None)]),
        (said(vector=(1.0, 2.0)), said(vector=(1.0, 2.5)), [("[1]", (2.0, 2.5), 0.5)]),
        (
            tensors(label=["7"], score=[0.1, 0.9]), tensors(label=["1"], score=[0.1, 0.4]),
            [("label", ("7", "1"), None), ("score[1]", (0.9, 0.4), 0.5)],
        ),
        (said(outputs={"a": 1}), said(outputs={"a": 2}), [("answer", ('{"a": 1}', '{"a": 2}'), None)]),
        (said(value=1.0), said(value=1.0), []),
    ],
)  # fmt: skip
def test_answers_differ_by_their_kind(one, other, rows):
    assert [(d.name, d.values, d.spread) for d in differences(answers(one, other))] == rows


def test_at_most_eight_differences_are_told():
    many = [said(vector=tuple(float(n * k) for n in range(20))) for k in (1, 2)]
    assert [one.spread for one in differences(answers(*many))] == [19.0, 18.0, 17.0, 16.0, 15.0, 14.0, 13.0, 12.0]
