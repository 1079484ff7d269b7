"""An object in memory answers as the versions of its model do. Source: A6, N4."""

import io
import json

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression

import jupyter_modelmgmt as mm
from jupyter_modelmgmt.domain.errors import BadTensor, Conflict, NotFitted, NotLoadable, ServingFailed
from jupyter_modelmgmt.serving.trials import Cancellation, Trials
from tests.servers import each_kind

GREY = {"size": [8, 8], "color": "GRAY", "top_k": 2}


class Darkest(mm.ModelAdapter):
    """Answers with the label of the model; the object comes to it in a folder."""

    def load(self, local_path):
        self.files = sorted(path.name for path in local_path.iterdir())

    def predict(self, batch):
        return [mm.Text(f"{len(batch)} of {self.labels[3]} by {self.files}") for _ in batch]


def request(row):
    tensor = {"name": "input", "datatype": "FP64", "shape": [1, 64], "data": row.tolist()}
    return json.dumps({"inputs": [tensor]}).encode()


@pytest.fixture
def row(digits):
    return digits[0][7]


@pytest.fixture
def png_of():
    """Give a function from a digit's 64 numbers to a PNG of it."""

    def encode(row):
        buffer = io.BytesIO()
        Image.fromarray((row.reshape(8, 8) * 15.9).astype(np.uint8)).save(buffer, "PNG")
        return buffer.getvalue()

    return encode


def test_tensors_give_the_same_json_as_the_registered_version(reg, classifier, row):
    reg.register(classifier, "digits")
    body, trials = request(row), Trials()
    try:
        version = reg.try_version("digits", body, "application/json", trials=trials, cancellation=Cancellation())
    finally:
        trials.close()
    here = json.loads(reg.try_object(classifier, body, "application/json", like="digits", name="clf"))
    there = json.loads(version)
    assert here["outputs"] == there["outputs"]
    assert (here["model_name"], here["model_version"]) == ("clf", "in memory")


def test_an_image_goes_through_the_adapter_and_labels_of_the_version(reg, classifier, row, png_of):
    names = [f"digit {n}" for n in range(10)]
    reg.register(classifier, "digits", adapter="image_classifier", labels=names, config=GREY)
    answer = json.loads(reg.try_object(classifier, png_of(row), "image/png", like="digits"))
    assert answer["classes"][0]["label"].startswith("digit ")
    assert (answer["version"], answer["width"], len(answer["classes"])) == ("in memory", 8, 2)


def test_an_adapter_of_the_notebook_is_used_and_one_that_is_not_there_is_named(reg, classifier, row, png_of):
    reg.register(classifier, "digits", adapter=Darkest, prove=False)
    asked = {"like": "digits", "content_type": "image/png", "body": png_of(row)}
    answer = json.loads(reg.try_object(classifier, **asked, namespace={"Darkest": Darkest}))
    assert answer["text"] == "1 of 3 by ['model.skops']"
    with pytest.raises(NotLoadable, match="Darkest, which this notebook does not have. Run the cell"):
        reg.try_object(classifier, **asked, namespace={})


def test_what_an_object_cannot_answer_is_said_in_a_line(reg, classifier, row):
    reg.register(classifier, "digits")
    asked = {"like": "digits", "content_type": "application/json", "name": "clf"}
    with pytest.raises(NotFitted, match="fit"):
        reg.try_object(LogisticRegression(), request(row), **asked)
    with pytest.raises(BadTensor):
        reg.try_object(classifier, request(row[:0]), **asked)
    with pytest.raises(Conflict, match="no adapter"):
        reg.try_object(classifier, b"", "image/png", like="digits")

    class Failing(LogisticRegression):
        def predict(self, *_):
            raise RuntimeError("two\nlines")

    failing = Failing().fit(np.eye(3), [0, 1, 2])
    body = json.dumps({"inputs": [{"name": "input", "datatype": "FP64", "shape": [1, 3], "data": [1, 0, 0]}]}).encode()
    with pytest.raises(ServingFailed, match=r"^clf raised RuntimeError: two lines\. Try it in a cell\.$"):
        reg.try_object(failing, body, **asked)


def test_items_of_a_request_are_answered_each_for_itself(reg, classifier, row, png_of):
    """Source: D6."""
    reg.register(classifier, "digits", adapter="image_classifier", labels=[*"0123456789"], config=GREY)
    asked = {"content_type": "application/json", "name": "clf"}
    sent = each_kind.pictures("image", png_of(row), b"no picture", png_of(row))
    first, refused, last = each_kind.answers(json.loads(reg.try_object(classifier, sent, like="digits", **asked)))
    assert first["classes"] == last["classes"]
    assert (first["version"], refused["code"]) == ("in memory", "bad_image")
    moods = each_kind.moods()
    reg.register(moods, "moods", adapter="text")
    sent = each_kind.pictures("text", b"good", b"\xff", b"bad")
    first, refused, last = each_kind.answers(json.loads(reg.try_object(moods, sent, like="moods", **asked)))
    assert [one["classes"][0]["label"] for one in (first, last)] == ["plus", "minus"]
    assert refused["code"] == "bad_input"


def test_an_item_that_the_object_fails_at_stops_no_other(reg):
    class Touchy(mm.ModelAdapter):
        input_type = "text"

        def load(self, local_path):
            pass

        def predict(self, batch):
            return [mm.Value(1 / len(text.strip())) for text in batch]

    sent = each_kind.texts("text", "four", "  ")
    answered, failed = each_kind.answers(json.loads(reg.try_object(Touchy(), sent, "application/json", name="touchy")))
    assert answered["value"] == 0.25
    assert failed["code"] == "bad_prediction"
    assert failed["message"] == "touchy raised ZeroDivisionError: division by zero. Try it in a cell."
