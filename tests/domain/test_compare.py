from datetime import UTC, datetime

import pytest

from jupyter_modelmgmt.domain import compare
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.records import ModelVersion

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
