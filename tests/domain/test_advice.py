from dataclasses import replace
from datetime import UTC, datetime

import pytest

from jupyter_modelmgmt.domain.advice import advise, chosen
from jupyter_modelmgmt.domain.errors import BumpTooSmall
from jupyter_modelmgmt.domain.evidence import Field, Signature
from jupyter_modelmgmt.domain.records import Artifact, DatasetUse, ModelVersion, Task

INPUTS = (Field(name="age", datatype="FP64"), Field(name="income", datatype="FP64"))
BASE = ModelVersion(
    model="churn", version="1.1.0", sequence=2, created_at=datetime(2026, 1, 1, tzinfo=UTC), created_by="ada",
    updated_at=datetime(2026, 1, 1, tzinfo=UTC), framework="scikit-learn", task=Task.CLASSIFICATION,
    architecture="sklearn.linear_model.LogisticRegression", labels=("no", "yes"), params={"C": 1.0},
    metrics={"accuracy": 0.9, "loss": 0.4}, weights="blake3:aa", artifacts=(Artifact(path="m", digest="a", size=1),),
    signature=Signature(inputs=INPUTS, outputs=(Field(name="label", datatype="INT64"),)),
    datasets=(DatasetUse(dataset="churn@1", role="train", digest="d1"),),
)  # fmt: skip
REFIT = replace(BASE, weights="blake3:bb")


def inputs(*fields):
    return replace(REFIT, signature=replace(BASE.signature, inputs=fields))


@pytest.mark.parametrize(
    ("after", "bump", "reason"),
    [
        (BASE, "none", "nothing changed: no new version needed"),
        (replace(BASE, description="better words"), "none", "nothing changed"),
        (REFIT, "patch", "other weights of the same architecture"),
        (replace(REFIT, metrics={"accuracy": 0.903, "loss": 0.399}), "patch", "other weights"),
        (replace(REFIT, metrics={"accuracy": 0.93}), "minor", "accuracy is better by 0.03"),
        (replace(REFIT, metrics={"loss": 0.2}), "minor", "loss is better by 0.2"),
        (replace(REFIT, metrics={"accuracy": 0.8}), "patch", "accuracy is worse by 0.1"),
        (replace(REFIT, params={"C": 2.0}), "minor", "param C changed"),
        (replace(REFIT, config={"top_k": 3}), "minor", "configuration top_k changed"),
        (replace(REFIT, labels=("no", "yes", "maybe")), "minor", "label maybe came"),
        (replace(REFIT, labels=("no",)), "major", "label yes is gone"),
        (replace(REFIT, labels=("yes", "no")), "major", "labels are in another order"),
        (replace(REFIT, framework="onnx"), "major", "another framework: onnx instead of scikit-learn"),
        (replace(REFIT, architecture="sklearn.svm.SVC"), "major", "another architecture: sklearn.svm.SVC"),
        (replace(REFIT, datasets=(DatasetUse(dataset="churn@2", role="train", digest="d2"),)), "minor", "other data"),
        (inputs(Field(name="Age", datatype="FP64"), INPUTS[1]), "major", "input age is gone"),
        (inputs(INPUTS[0]), "major", "input income is gone"),
        (inputs(*INPUTS, Field(name="city", datatype="BYTES")), "major", "input city came"),
        (inputs(Field(name="age", datatype="INT64"), INPUTS[1]), "major", "input age is INT64 instead of FP64"),
        (inputs(Field(name="age", datatype="FP64", shape=(-1, 3)), INPUTS[1]), "major", "has shape [-1, 3] instead of"),
        (replace(BASE, weights="", artifacts=(Artifact(path="m", digest="b", size=1),)), "patch", "other files"),
    ],
)  # fmt: skip
def test_a_change_asks_for_its_part_of_the_number(after, bump, reason):
    advice = advise(BASE, after)
    assert advice.bump == bump
    assert any(reason in found.text for found in advice.reasons)
    assert advice.base == "churn@1.1.0"


def test_the_weightiest_reason_comes_first_and_none_is_lost():
    after = replace(REFIT, params={"C": 2.0}, labels=("no",), metrics={"accuracy": 0.95})
    advice = advise(BASE, after)
    assert [reason.bump for reason in advice.reasons] == ["major", "minor", "minor", "patch"]


def test_a_side_that_says_nothing_is_not_compared():
    after = replace(REFIT, signature=Signature(), architecture="", datasets=())
    assert advise(BASE, after).bump == "patch"
    assert advise(replace(BASE, labels=()), REFIT).bump == "patch"


@pytest.mark.parametrize(
    ("before", "after", "bump", "reason"),
    [
        ("tensor", "image", "minor", "it takes an image besides tensors"),
        ("image", "tensor", "major", "it takes a tensor instead of an image"),
        ("image", "text", "major", "it takes a text instead of an image"),
        ("", "image", "patch", "other weights"),
    ],
)
def test_what_it_is_asked_with_counts(before, after, bump, reason):
    old, new = (
        replace(version, signature=replace(version.signature, takes=takes))
        for version, takes in ((BASE, before), (REFIT, after))
    )
    advice = advise(old, new)
    assert (advice.bump, advice.reasons[0].text.startswith(reason)) == (bump, True)


@pytest.mark.parametrize(
    ("after", "bump", "chosen_bump"),
    [
        (replace(REFIT, architecture="sklearn.svm.SVC"), "minor", "minor"),  # advised major, and the user decides
        (replace(REFIT, architecture="sklearn.svm.SVC"), None, None),
        (replace(REFIT, labels=("no",)), None, "major"),
        (replace(REFIT, labels=("no",)), "major", "major"),
        (REFIT, "patch", "patch"),
    ],
)
def test_what_breaks_those_who_use_it_is_major(after, bump, chosen_bump):
    assert chosen(BASE, replace(after, version=""), bump, "")[0] == chosen_bump


def test_what_breaks_is_no_minor_without_a_reason():
    broken = replace(REFIT, labels=("no",), version="")
    for bump in ("minor", "patch"):
        with pytest.raises(BumpTooSmall, match="label yes is gone"):
            chosen(BASE, broken, bump, "")
        assert chosen(BASE, broken, bump, "nobody asked for it")[0] == bump
    with pytest.raises(BumpTooSmall):
        chosen(BASE, replace(broken, version="1.2.0"), None, "")
    assert chosen(BASE, replace(broken, version="2.0.0"), None, "")[0] is None


def test_scores_grow_with_labels_that_came():
    def with_scores(count, *labels):
        scores = Field(name="probability", datatype="FP64", shape=(-1, count))
        return replace(REFIT, labels=labels, signature=replace(BASE.signature, outputs=(scores,)))

    two = with_scores(2, "no", "yes")
    assert advise(two, with_scores(3, "no", "yes", "maybe")).bump == "minor"
    for other in (with_scores(3, "no", "yes"), with_scores(3, "maybe", "no", "yes"), with_scores(4, "no", "yes", "?")):
        assert advise(two, other).bump == "major"


def test_many_names_are_cut():
    after = replace(REFIT, params={f"p{i}": i for i in range(9)})
    assert "and 5 more changed" in advise(BASE, after).reasons[0].text


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        (0.0, 0.004, False), (0.0, 0.006, True), (1.0, 0.996, False), (1.0, 0.99, True),  # scores: half a percent of 1
        (100.0, 100.9, False), (100.0, 102.0, True), (-100.0, -100.9, False), (-100.0, -98.0, True),  # others: 1 %
        (0.5, float("nan"), False), (0.5, float("inf"), False),
    ],
)  # fmt: skip
def test_noise_in_a_metric_is_no_reason(before, after, is_told):
    advice = advise(replace(BASE, metrics={"f1": before}), replace(REFIT, metrics={"f1": after}))
    assert any(reason.text.startswith("f1 is ") for reason in advice.reasons) is is_told
