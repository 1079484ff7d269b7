"""Runs, datasets, boards and lineage in a terminal."""

import json

import pytest


@pytest.fixture
def told(run, reg, weights):
    """Give a registry with a run, a version of it and its evaluation."""
    with reg.run("train", tags="a") as made:
        made.log_metric("loss", 0.5)
        reg.register_files(weights, "net")
    run("dataset", "10k", "--data", weights)
    run("log-evaluation", "net@1.0.0", "10k", "loss=0.25")
    return made.id


def test_lists_are_tables_and_json_arrays(run, told):
    for words, said in ((["runs"], told), (["datasets"], "25.6 kB"), (["evaluations", "net"], "0.25")):
        code, out, err = run(*words)
        assert (code, said in out, err) == (0, True, "")
        assert len(json.loads(run(*words, "--json")[1])) == 1


def test_a_run_is_logged_into_and_shown(run, reg):
    made = reg.start_run("train")
    assert run("log", made.id, "loss=0.5", "accuracy=0.9", "--step", "3")[:2] == (
        0,
        f"2 points logged into {made.id}.\n",
    )
    shown = json.loads(run("run", made.id, "--json")[1])
    assert (shown["status"], shown["metrics"]) == ("running", {"accuracy": 0.9, "loss": 0.5})
    assert "accuracy" in run("run", made.id)[1]


def test_a_run_without_a_notebook_is_started_logged_into_and_ended(run, weights):
    made = json.loads(run("start-run", "train", "--params", "lr=0.1", "--script", "train.py", "--json")[1])
    for step, loss in enumerate((0.5, 0.25)):
        run("log", made["id"], f"loss={loss}", "--step", step)
    lines = [line.split() for line in run("series", made["id"])[1].splitlines() if line.strip()]
    assert (lines[0], lines[2:]) == (["Figure", "Legend", "X", "Y"], [["loss", "0", "0.5"], ["loss", "1", "0.25"]])
    assert json.loads(run("series", made["id"], "loss", "--json")[1])[0]["y"] == [0.5, 0.25]
    code, out, _ = run("register", weights, "net", "--run", made["id"], "--datasets", f"train={weights}", "--json")
    version = json.loads(out)
    assert (code, version["run"], version["metrics"]) == (0, made["id"], {"loss": 0.25})
    assert (version["datasets"][0]["role"], version["datasets"][0]["dataset"]) == ("train", "net-train@1")
    assert json.loads(run("edit-run", made["id"], "--status", "finished", "--json")[1])["status"] == "finished"


def test_the_board_is_a_table(run, told):
    lines = [line.split() for line in run("board", "net")[1].splitlines() if line.strip()]
    assert lines[0] == ["Model", "link", "Version", "Status", "Loss", "@", "10k"]
    assert lines[2] == ["net@1.0.0", "1.0.0", "draft,", "development", "0.25"]
    assert json.loads(run("board", "net", "--json")[1])["columns"] == ["loss @ 10k"]


def test_the_lineage_is_a_tree(run, told):
    assert run("lineage", "net")[1].splitlines() == [
        "net@1.0.0 (draft, development)",
        "comes from:",
        "  - dataset 10k@1 [evaluated: loss=0.25]",
        "  - run train (finished) [produced]",
    ]
    assert json.loads(run("lineage", "net", "--json")[1])["root"] == "version:net@1.0.0"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["run", "x"], "not_found", "no run"),
        (["log", "net@1.0.0", "loss"], "bad_field", "name=value"),
        (["log", "net@9.0.0", "loss=1"], "not_found", "no version"),
        (["dataset", "x"], "not_found", "dataset x --data PATH"),
        (["dataset", "x", "--data", "nothing.csv"], "bad_file", "no file"),
        (["log-evaluation", "net", "nothing", "loss=1"], "not_found", "no dataset"),
        (["evaluations", "nothing"], "not_found", "no model"),
        (["board", "net", "--sort", "x"], "bad_field", "Sort by"),
        (["lineage", "net", "--depth", "99"], "bad_field", "depth"),
    ],
)
def test_mistakes_are_one_line_with_a_code(run, told, words, code, said):
    assert run(*words)[0] == 1
    error = json.loads(run(*words, "--json")[2])
    assert (error["code"], said in error["message"], "\n" in error["message"]) == (code, True, False)
