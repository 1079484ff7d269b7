"""One input through a deployment, a version and an object in memory, from Python. Source: A6, N4."""

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression

from jupyter_modelmgmt.domain.errors import BadField, NotFound

CONFIG = {"size": [8, 8], "color": "GRAY", "mean": 0, "std": 15.9}


@pytest.fixture
def digit(digits):
    return Image.fromarray((digits[0][7].reshape(8, 8) * 15.9).astype(np.uint8))


@pytest.fixture
def clf(digits):
    x, y = digits
    return LogisticRegression(max_iter=300, C=0.1).fit(x[:300], y[:300])


def test_a6_a_deployment_a_version_and_an_object_answer_one_image(reg, classifier, clf, digit):
    said = {"adapter": "image_classifier", "config": CONFIG}
    reg.register(classifier, "digits", **said)
    version = reg.register(clf, "digits", **said)
    service = reg.deploy("digits@1.0.0", name="digits")
    found = reg.side_by_side(digit, service, version, clf, namespace={"clf": clf})
    assert [(a.name, a.where, a.problem) for a in found] == [
        ("digits", "deployment", ""), ("digits@1.1.0", "version", ""), ("clf", "memory", ""),
    ]  # fmt: skip
    assert [a.prediction.version for a in found] == ["1.0.0", "1.1.0", "in memory"]
    assert found.agree
    assert all(a.round_trip_ms > 0 and a.prediction.latency_ms > 0 for a in found)
    deployed, registered, here = next(one for one in found.differences if one.name == "7").values
    assert here == pytest.approx(registered, abs=1e-6)
    assert deployed < registered
    assert found.frame()["answer"].tolist() == ["7", "7", "7"]
    assert '<th scope="row">7</th>' in found._repr_html_()


def test_an_object_alone_is_asked_as_the_version_that_it_is(reg, clf, digit, digits):
    with pytest.raises(BadField, match="Nobody is asked"):
        reg.side_by_side(digit)
    (answer,) = reg.side_by_side(digits[0][:2], clf, namespace={})
    assert (answer.name, answer.prediction.outputs[0]["data"]) == ("LogisticRegression", [0, 1])
    assert reg.targets_take([clf]).takes == "tensor"
    reg.register(clf, "digits", adapter="image_classifier", config=CONFIG)
    assert reg.targets_take([clf]).takes == "image"
    (answer,) = reg.side_by_side(digit, clf, namespace={"clf": clf})
    assert answer.prediction.classes[0].label == "7"
    clf.fit(digits[0][300:600], digits[1][300:600])
    assert reg.targets_take([clf]).takes == "image"


def test_who_cannot_answer_says_why_beside_those_who_do(reg, clf, digits):
    reg.register(clf, "digits")
    unfitted = LogisticRegression()
    found = reg.side_by_side(digits[0][:1], "digits@1.0.0", unfitted, clf, namespace={"unfitted": unfitted})
    assert [bool(a.prediction) for a in found] == [True, False, True]
    assert "fit" in found[1].problem
    assert found.agree is None
    with pytest.raises(NotFound):
        reg.side_by_side(digits[0][:1], "digits@9.0.0")
