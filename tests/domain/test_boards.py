import pytest

from jupyter_modelmgmt.domain import boards
from jupyter_modelmgmt.domain.errors import BadField

KNOWN = [("loss", "10k"), ("loss", "1k"), ("accuracy", "1k")]


@pytest.mark.parametrize(
    ("metrics", "datasets", "found"),
    [
        ((), (), [("accuracy", "1k"), ("loss", "10k"), ("loss", "1k")]),
        (("loss",), (), [("loss", "10k"), ("loss", "1k")]),
        ((), ("1k",), [("accuracy", "1k"), ("loss", "1k")]),
        (("loss",), ("1k", "10k"), [("loss", "1k"), ("loss", "10k")]),
        # What was asked for by name is a column even while nothing has it.
        (("f1",), ("1k",), [("f1", "1k")]),
    ],
)
def test_columns_are_what_was_asked_for_else_what_there_is(metrics, datasets, found):
    assert list(boards.columns(metrics, datasets, KNOWN)) == found


def test_a_board_has_a_bound():
    with pytest.raises(BadField, match="at most 100"):
        boards.columns([str(i) for i in range(11)], [str(i) for i in range(10)], ())


@pytest.mark.parametrize(
    ("text", "column"),
    [("version", None), ("-version", None), ("loss @ 10k", ("loss", "10k")), ("-a @ b@10k", ("a @ b", "10k"))],
)
def test_sorting_names_a_column(text, column):
    assert boards.sorting(text) == column


@pytest.mark.parametrize("text", ["", "loss", "@", "loss @", "@ 10k", "drop table"])
def test_sorting_by_anything_else_is_refused(text):
    with pytest.raises(BadField, match="Sort by"):
        boards.sorting(text)


@pytest.mark.parametrize(
    ("metric", "scores", "best"),
    [
        ("loss", [0.3, 0.2, None], 1),
        ("accuracy", [0.3, 0.2, None], 0),
        ("accuracy", [0.3, 0.9, 0.9], 1),
        ("loss", [0.3, None], None),
        ("loss", [0.3, 0.3], None),
        ("loss", [], None),
    ],
)
def test_the_best_is_least_or_greatest_by_the_words_of_the_metric(metric, scores, best):
    assert boards.best(metric, scores) == best
