from datetime import UTC, datetime

import pytest

from jupyter_modelmgmt.domain import compare
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.evidence import Cost, Field, Signature
from jupyter_modelmgmt.domain.records import Artifact, DatasetUse, ModelVersion

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def version(number, **fields):
    return ModelVersion(
        model="m", version=number, sequence=1, created_at=NOW, updated_at=NOW, created_by="me", **fields
    )


def row(table, name):
    return next(row for row in table.rows if row.name == name)


def test_the_best_metric_is_marked_in_its_own_direction():
    table = compare.table(
        [
            version("1.0.0", metrics={"accuracy": 0.9, "val_loss": 0.3}),
            version("1.1.0", metrics={"accuracy": 0.95, "val_loss": 0.4}),
        ]
    )
    assert row(table, "accuracy").best == (1,)
    assert row(table, "val_loss").best == (0,)
    assert row(table, "accuracy").deltas == pytest.approx((0.0, 0.05))


def test_a_missing_metric_has_no_delta_and_equal_ones_no_best():
    table = compare.table(
        [version("1.0.0", metrics={"a": 1.0}), version("1.1.0", metrics={"a": 1.0, "b": 2.0})], base=1
    )
    assert row(table, "b").deltas == (None, 0.0)
    assert row(table, "a").best == ()
    assert not row(table, "a").differs
    assert row(table, "b").differs


def test_another_base_changes_the_deltas_alone():
    table = compare.table([version("1.0.0", metrics={"a": 1.0}), version("1.1.0", metrics={"a": 3.0})])
    moved = compare.rebased(table, 1)
    assert row(moved, "a").deltas == (-2.0, 0.0)
    assert row(moved, "a").values == row(table, "a").values


@pytest.mark.parametrize(
    ("name", "lower"),
    [
        ("loss", True),
        ("val_loss", True),
        ("rmse", True),
        ("latency_ms", True),
        ("accuracy", False),
        ("f1", False),
        ("gloss", False),
    ],
)
def test_the_direction_follows_from_the_words_of_the_name(name, lower):
    assert compare.lower_is_better(name) is lower


def test_nothing_and_too_much_cannot_be_compared():
    with pytest.raises(BadField):
        compare.table([])
    with pytest.raises(BadField):
        compare.table([version("1.0.0")], base=3)


FIRST = version(
    "1.0.0",
    evaluations={"golden": {"accuracy": 0.9, "loss": 0.4}},
    labels=("cat", "dog"),
    signature=Signature(inputs=(Field(name="x", datatype="FP32", shape=(-1, 64)),)),
    environment={"python": "3.11.7", "packages": {"numpy": "2.0"}, "cuda": None},
    datasets=(DatasetUse(dataset="d@1", role="train", digest="blake3:0123456789abcdef"),),
    cost=Cost(size_bytes=10, load_ms=1.0),
    artifacts=(Artifact(path="a/m.onnx", digest="blake3:aa", size=10),),
    code={"notebook": "n.ipynb", "cells": ["0"]},
)
SECOND = version(
    "1.1.0",
    evaluations={"golden": {"accuracy": 0.95}},
    labels=("dog", "cow"),
    environment={"python": "3.11.7", "packages": {"numpy": "2.1", "torch": "2.9"}},
    cost=Cost(size_bytes=8, load_ms=2.0, latency_ms=3.0),
    artifacts=(Artifact(path="a/m.onnx", digest="blake3:bb", size=8),),
)


@pytest.mark.parametrize(
    ("group", "name", "values", "differs"),
    [
        ("evaluation", "accuracy @ golden", (0.9, 0.95), True),
        ("evaluation", "loss @ golden", (0.4, None), True),
        ("label", "cat", (0, None), True),
        ("label", "dog", (1, 0), True),
        ("label", "cow", (None, 1), True),
        ("signature", "input x", ("FP32 [-1, 64]", None), True),
        ("environment", "python", ("3.11.7", "3.11.7"), False),
        ("environment", "numpy", ("2.0", "2.1"), True),
        ("environment", "torch", (None, "2.9"), True),
        ("dataset", "train", ("d@1 (0123456789ab)", None), True),
        ("cost", "latency_ms", (None, 3.0), True),
        ("file", "a/m.onnx", ("blake3:aa", "blake3:bb"), True),
        ("code", "notebook", ("n.ipynb", None), True),
    ],
)
def test_versions_are_compared_in_all_that_is_known(group, name, values, differs):
    table = compare.table([FIRST, SECOND])
    (found,) = [row for row in table.rows if (row.group, row.name) == (group, name)]
    assert (found.values, found.differs) == (values, differs)


def test_scores_on_datasets_and_costs_have_a_best_and_deltas():
    table = compare.table([FIRST, SECOND])
    assert row(table, "accuracy @ golden").best == (1,)
    assert row(table, "accuracy @ golden").deltas == pytest.approx((0.0, 0.05))
    assert row(table, "load_ms").best == (0,)
    assert row(table, "size_bytes").deltas == (0, -2)


def test_a_version_of_which_nothing_is_known_has_facts_alone():
    groups = {row.group for row in compare.table([version("1.0.0")]).rows}
    assert groups == {"fact"}


def test_scores_on_datasets_tell_their_noise_where_it_is_known():
    versions = [version(f"1.{n}.0", evaluations={"golden": {"accuracy": 0.9, "loss": 0.4}}) for n in range(2)]
    table = compare.table(versions, 0, [{"accuracy @ golden": 0.02}, {}])
    assert row(table, "accuracy @ golden").noise == (0.02, None)
    assert row(table, "loss @ golden").noise == ()
    assert row(compare.rebased(table, 1), "accuracy @ golden").noise == (0.02, None)
