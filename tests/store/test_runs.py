import pytest

from jupyter_modelmgmt.domain.errors import BadField, BadTag, NotFound, RunEnded, RunUnfinished
from jupyter_modelmgmt.domain.records import DatasetUse
from jupyter_modelmgmt.domain.tracking import NewDataset
from jupyter_modelmgmt.store import datasets, events, runs, versions
from jupyter_modelmgmt.store.points import packed


def start(store, name="train", **said):
    return runs.start(store, name, **{"params": {}, "tags": "", "source": None, "actor": "ada"} | said)


def log(store, run, **values):
    runs.log(store, run.id, {(name, ""): packed([(0.0, value, 0.0)]) for name, value in values.items()})


def actions(store):
    return [event.action for event in events.after(store, 0)]


def test_a_run_says_who_what_and_where(store):
    source = {"notebook": "train.ipynb", "cells": ["a", "b"], "git_commit": "abc", "script": ""}
    made = start(store, params={"lr": 0.1, "opt": "adam"}, tags="vision, big", source=source)
    found = runs.get(store, made.id)
    assert found == made
    assert (found.name, found.status, found.created_by, found.ended_at) == ("train", "running", "ada", None)
    assert (found.params, found.tags, found.source) == ({"lr": 0.1, "opt": "adam"}, ("vision", "big"), source)
    assert actions(store) == ["run.started"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"params": {"": 1}}, BadField), ({"params": 3}, BadField), ({"tags": "a" * 65}, BadTag),
     ({"source": {"x": object()}}, BadField), ({"name": ""}, BadField), ({"name": "a\nb"}, BadField)],
)  # fmt: skip
def test_a_run_that_says_it_wrongly_is_not_made(store, wrong, error):
    with pytest.raises(error):
        start(store, **wrong)
    assert runs.page(store).items == ()
    assert actions(store) == []


@pytest.mark.parametrize("status", ["finished", "failed", "killed"])
def test_a_run_ends_once_and_says_why(store, status):
    run = start(store)
    ended = runs.end(store, run.id, status, reason="because", actor="bo")
    assert (ended.status, ended.reason, ended.ended_at is not None) == (status, "because", True)
    with pytest.raises(RunEnded, match="has ended"):
        runs.end(store, run.id, "finished", actor="bo")
    resumed = runs.resume(store, run.id, actor="bo")
    assert (resumed.status, resumed.reason, resumed.ended_at) == ("running", "", None)
    assert runs.resume(store, run.id, actor="bo") == resumed
    assert actions(store) == ["run.started", f"run.{status}", "run.resumed"]


def test_an_ended_run_takes_tags_and_no_params(store):
    run = start(store, tags="a")
    runs.edit(store, run.id, params={"lr": 1}, tags="b", actor="ada")
    runs.end(store, run.id, "finished", actor="ada")
    with pytest.raises(RunEnded):
        runs.edit(store, run.id, params={"lr": 2}, tags="", actor="ada")
    found = runs.edit(store, run.id, params={}, tags="c,a", actor="ada")
    assert (found.params, found.tags) == ({"lr": 1}, ("a", "b", "c"))


def test_a_param_written_again_takes_the_new_value(store):
    run = start(store, params={"lr": 1, "n": 2})
    assert runs.edit(store, run.id, params={"lr": "auto"}, tags="", actor="ada").params == {"lr": "auto", "n": 2}


def test_runs_come_newest_first_in_pages(store):
    made = [start(store, f"train {i}") for i in range(5)]
    first = runs.page(store, limit=3)
    rest = runs.page(store, limit=3, cursor=first.next_cursor)
    assert [run.id for run in (*first.items, *rest.items)] == [run.id for run in reversed(made)]
    assert rest.next_cursor is None


def test_runs_are_found_by_name_status_and_tag(store):
    one, two = start(store, "Train A", tags="x"), start(store, "evaluate 100%", tags="x,y")
    runs.end(store, one.id, "failed", actor="ada")

    def ids(**said):
        return [run.id for run in runs.page(store, **said).items]

    assert ids(name="train") == ids(status="failed") == [one.id]
    assert ids(name="100%") == ids(tag="y") == ids(status="running", tag="x") == [two.id]
    assert ids(name="%") == [two.id]
    assert ids(tag="x") == [two.id, one.id]
    with pytest.raises(BadField, match="not the status of a run"):
        ids(status="done")


def test_a_list_of_runs_has_their_last_metrics(store):
    run = start(store)
    log(store, run, loss=0.5)
    log(store, run, loss=0.25, accuracy=0.9)
    runs.log(store, run.id, {("loss", "val"): packed([(0.0, 7.0, 0.0)])})
    (listed,) = runs.page(store).items
    assert listed.metrics == {"accuracy": 0.9, "loss": 0.25}
    assert listed.summaries == ()
    assert [(s.figure, s.legend, s.count) for s in runs.get(store, run.id).summaries] == [
        ("accuracy", "", 1), ("loss", "", 2), ("loss", "val", 1),
    ]  # fmt: skip


def test_a_version_takes_over_what_its_run_knows(store, new):
    datasets.register(store, NewDataset(name="train", digest="sha256:1"), actor="ada")
    datasets.register(store, NewDataset(name="golden", digest="sha256:2"), actor="ada")
    run = start(store, params={"lr": 0.1, "epochs": 3})
    log(store, run, loss=0.25, accuracy=0.9)
    runs.use(store, run.id, "train", "train", actor="ada")
    given = new(
        run=run.id,
        metrics={"accuracy": 0.95},
        params={"lr": 0.2},
        datasets=(DatasetUse(dataset="golden", role="golden"),),
    )
    made = versions.add(store, given, bump="minor", actor="ada")
    for version in (made, versions.get(store, "digits@1.0.0")):
        assert version.metrics == {"accuracy": 0.95, "loss": 0.25}
        assert version.params == {"lr": 0.2, "epochs": 3}
        assert version.run == run.id
        assert [(use.dataset, use.role, use.digest) for use in version.datasets] == [
            ("golden@1", "golden", "sha256:2"), ("train@1", "train", "sha256:1"),
        ]  # fmt: skip
    assert runs.get(store, run.id).versions == ("digits@1.0.0",)


def test_a_dataset_said_by_run_and_version_is_one(store, new):
    datasets.register(store, NewDataset(name="train", digest="sha256:1"), actor="ada")
    run = start(store)
    runs.use(store, run.id, "train", "train", actor="ada")
    runs.use(store, run.id, "train@1", "train", actor="ada")
    runs.use(store, run.id, "train", "validation", actor="ada")
    uses = (DatasetUse(dataset="train@1", role="train"),)
    made = versions.add(store, new(run=run.id, datasets=uses), bump="minor", actor="ada")
    assert [(use.dataset, use.role) for use in made.datasets] == [("train@1", "train"), ("train@1", "validation")]


@pytest.mark.parametrize("status", ["failed", "killed"])
def test_a_run_that_gave_up_gives_no_version(store, new, status):
    run = start(store)
    runs.end(store, run.id, status, reason="", actor="ada")
    with pytest.raises(RunUnfinished, match=f"{status}, and only"):
        versions.add(store, new(run=run.id), bump="minor", actor="ada")


def test_a_version_of_a_run_or_dataset_that_is_not_there_is_refused(store, new):
    with pytest.raises(NotFound, match="no run 'x'"):
        versions.add(store, new(run="x"), bump="minor", actor="ada")
    with pytest.raises(NotFound, match="no dataset 'x'"):
        versions.add(store, new(datasets=(DatasetUse(dataset="x", role="train"),)), bump="minor", actor="ada")
    datasets.register(store, NewDataset(name="x", digest="1"), actor="ada")
    with pytest.raises(BadField, match="not a role"):
        versions.add(store, new(datasets=(DatasetUse(dataset="x", role="fun"),)), bump="minor", actor="ada")
    with pytest.raises(NotFound):
        versions.get(store, "digits")
