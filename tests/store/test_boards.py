"""Evaluations, and the board of S13."""

import math

import pytest

from jupyter_modelmgmt.domain.errors import BadField, BadMetric, NotFound
from jupyter_modelmgmt.domain.tracking import NewDataset
from jupyter_modelmgmt.store import boards, changes, datasets, evaluations, events, runs, versions


@pytest.fixture
def golden(store):
    for name in ("10k", "1k"):
        datasets.register(store, NewDataset(name=name, digest=f"sha256:{name}"), actor="ada")


@pytest.fixture
def three(store, new, golden):
    """Give three versions, two of them evaluated."""
    for i in range(3):
        versions.add(store, new(params={"i": i}), bump="minor", actor="ada")
    evaluate(store, "digits@1.0.0", "10k", loss=0.3)
    evaluate(store, "digits@1.0.0", "1k", loss=0.4)
    evaluate(store, "digits@1.1.0", "10k", loss=0.2, accuracy=0.9)


def evaluate(store, selector, dataset, *, run="", duration_s=None, **metrics):
    return evaluations.add(store, selector, dataset, metrics, duration_s=duration_s, run=run, actor="ada")


def shown(board):
    return [(row.version, *row.scores) for row in board.rows]


def test_an_evaluation_says_what_was_measured(store, new, golden):
    versions.add(store, new(), bump="minor", actor="ada")
    run = runs.start(store, "evaluate", params={}, tags="", source=None, actor="ada").id
    made = evaluate(store, "digits", "10k", loss=0.3, run=run, duration_s=1.5)
    assert (made.model, made.version, made.dataset, made.metrics) == ("digits", "1.0.0", "10k@1", {"loss": 0.3})
    assert (made.run, made.duration_s, made.created_by) == (run, 1.5, "ada")
    event = events.after(store, 0)[-1]
    assert (event.action, event.model, event.version) == ("evaluation.logged", "digits", "1.0.0")
    assert event.details == {"dataset": "10k@1", "metrics": {"loss": 0.3}}


def test_evaluations_are_appended_and_lists_show_the_newest(store, three):
    datasets.register(store, NewDataset(name="10k", digest="sha256:new"), actor="ada")
    evaluate(store, "digits@1.0.0", "10k", loss=0.25)
    page = evaluations.of_version(store, "digits@1.0.0", limit=50, cursor=None)
    assert [(e.dataset, e.metrics) for e in page.items] == [
        ("10k@2", {"loss": 0.25}), ("1k@1", {"loss": 0.4}), ("10k@1", {"loss": 0.3}),
    ]  # fmt: skip
    assert versions.get(store, "digits@1.0.0").evaluations == {"10k": {"loss": 0.25}, "1k": {"loss": 0.4}}
    of_model = evaluations.of_model(store, "digits", limit=3, cursor=None)
    rest = evaluations.of_model(store, "digits", limit=3, cursor=of_model.next_cursor)
    assert [e.version for e in (*of_model.items, *rest.items)] == ["1.0.0", "1.1.0", "1.0.0", "1.0.0"]
    assert evaluations.every(store, limit=50, cursor=None).items == of_model.items + rest.items


@pytest.mark.parametrize(
    ("said", "error"),
    [({"dataset": "nothing"}, NotFound), ({"selector": "digits@9.0.0"}, NotFound), ({"run": "x"}, NotFound),
     ({"metrics": {"loss": math.nan}}, BadMetric), ({"metrics": {"loss": "x"}}, BadMetric), ({"metrics": {}}, BadField),
     ({"duration_s": -1}, BadField), ({"duration_s": math.inf}, BadField)],
)  # fmt: skip
def test_an_evaluation_that_cannot_be_is_refused(store, new, golden, said, error):
    versions.add(store, new(), bump="minor", actor="ada")
    given = {"selector": "digits", "dataset": "10k", "metrics": {"loss": 1}, "duration_s": None, "run": ""} | said
    with pytest.raises(error):
        evaluations.add(store, given.pop("selector"), given.pop("dataset"), given.pop("metrics"), **given, actor="ada")
    assert evaluations.every(store, limit=50, cursor=None).items == ()


def test_the_board_holds_versions_against_datasets(store, three):
    board = boards.board(store, "digits", metrics=("loss",), datasets=("10k", "1k"))
    assert board.columns == ("loss @ 10k", "loss @ 1k")
    assert shown(board) == [("1.2.0", None, None), ("1.1.0", 0.2, None), ("1.0.0", 0.3, 0.4)]
    assert board.best == (1, None)
    assert not board.cut
    assert boards.board(store, "digits").columns == ("accuracy @ 10k", "loss @ 10k", "loss @ 1k")


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("loss @ 10k", ["1.1.0", "1.0.0", "1.2.0"]),
        ("-loss @ 10k", ["1.0.0", "1.1.0", "1.2.0"]),
        ("version", ["1.0.0", "1.1.0", "1.2.0"]),
        ("-version", ["1.2.0", "1.1.0", "1.0.0"]),
        ("loss @ nothing", ["1.2.0", "1.1.0", "1.0.0"]),
    ],
)
def test_the_board_is_sorted_by_any_column_and_what_has_no_score_is_last(store, three, sort, order):
    assert [row.version for row in boards.board(store, "digits", sort=sort).rows] == order


def test_the_board_is_cut_where_it_is_said(store, three):
    board = boards.board(store, "digits", sort="loss @ 10k", limit=2)
    assert (shown(board), board.cut) == ([("1.1.0", 0.9, 0.2, None), ("1.0.0", None, 0.3, 0.4)], True)
    assert not boards.board(store, "digits", limit=3).cut
    for limit in (0, 1001):
        with pytest.raises(BadField, match="limit"):
            boards.board(store, "digits", limit=limit)


def test_the_board_leaves_out_other_stages_and_the_trash(store, three):
    assert boards.board(store, "digits", stages="staging,production").rows == ()
    assert len(boards.board(store, "digits", stages=["development"]).rows) == 3
    changes.remove(store, "digits@1.1.0", actor="ada")
    assert shown(boards.board(store, "digits")) == [("1.2.0", None, None), ("1.0.0", 0.3, 0.4)]


def test_the_board_of_many_versions_takes_no_more_queries(store, three, new, counted):
    with counted() as few:
        boards.board(store, "digits")
    for i in range(20):
        made = versions.add(store, new(params={"more": i}), bump="minor", actor="ada")
        evaluate(store, made.selector, "1k", loss=i)
    with counted() as many:
        boards.board(store, "digits")
    assert len(few) == len(many) <= 5


def test_an_unknown_model_has_no_board(store):
    with pytest.raises(NotFound):
        boards.board(store, "nothing")


def test_the_noise_of_scores_is_known_by_repeating_them_or_by_the_samples(store, three):
    datasets.register(store, NewDataset(name="counted", digest="sha256:counted", rows=100), actor="ada")
    for loss in (0.30, 0.34, 0.26):
        evaluate(store, "digits@1.1.0", "1k", loss=loss)
    evaluate(store, "digits@1.1.0", "counted", accuracy=0.9, loss=0.1)
    first, second, third = evaluations.noise(store, [f"digits@1.{n}.0" for n in range(3)])
    assert first == {}
    assert second == {
        "loss @ 1k": pytest.approx(1.96 * 0.04, rel=1e-3),
        "accuracy @ counted": pytest.approx(0.0596, abs=1e-4),
    }
    assert third == {}


def test_a_new_number_of_a_dataset_is_measured_anew(store, three):
    for loss in (0.3, 0.4):
        evaluate(store, "digits@1.2.0", "10k", loss=loss)
    assert evaluations.noise(store, ["digits@1.2.0"])[0]
    datasets.register(store, NewDataset(name="10k", digest="sha256:another"), actor="ada")
    evaluate(store, "digits@1.2.0", "10k", loss=0.35)
    assert evaluations.noise(store, ["digits@1.2.0"]) == [{}]
