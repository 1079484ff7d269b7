"""Predictions and errors as JSON."""

import pytest

from jupyter_modelmgmt.domain import errors
from jupyter_modelmgmt.domain.predictions import Box, Boxes, Classes, Label, Mask, Text, Value, Vector
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.serving import answers

RESULTS = [
    (Classes((Label(label="a", score=0.5),)), "classes"),
    (Boxes((Box(label="a", score=0.5, box=(0.0, 1.0, 2.0, 3.0)),)), "boxes"),
    (Mask(labels=("a",), png="x", share={"a": 1.0}), "mask"),
    (Value(1.5), "value"),
    (Vector((1.0, 2.0)), "vector"),
    (Text("hello"), "text"),
    ({"any": ["json"]}, "outputs"),
]


@pytest.mark.parametrize(("result", "field"), RESULTS)
def test_a_prediction_carries_the_one_field_of_its_result(result, field):
    made = answers.prediction(result, task=Task.OTHER, version="1.0.0", latency_ms=1.23456, size=(4, 3))
    body = answers.prediction_body(made)
    back = answers.read_prediction(body)
    assert back == made
    assert (back.latency_ms, back.width, back.height) == (1.235, 4, 3)
    others = {name for _, name in RESULTS} - {field}
    assert not any(b'"%s"' % name.encode() in body for name in others)


def test_a_result_that_says_nothing_is_still_one():
    made = answers.prediction(Boxes(()), task=Task.DETECTION, version="1.0.0", latency_ms=1, size=(4, 3))
    assert answers.read_prediction(answers.prediction_body(made)).boxes == ()


@pytest.mark.parametrize("kind", [errors.BadImage, errors.NotDeployed, errors.ModelDeployed, errors.TimedOut])
def test_an_error_comes_back_as_its_class_with_its_words(kind):
    error = answers.read_error(kind.status, answers.error_body(kind.code, "Do this next."))
    assert type(error) is kind
    assert str(error) == "Do this next."


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"code": "of a newer host", "message": "m"}'])
def test_an_answer_that_is_no_error_of_ours_is_a_failure_of_serving(body):
    assert type(answers.read_error(500, body)) is errors.ServingFailed
