"""The verbs on runs, datasets, evaluations and lineage in a cell."""

import pytest
from IPython.core.error import UsageError

from jupyter_modelmgmt.registry import connect
from tests.servers.registries import shell_with_magics


@pytest.fixture
def registry(sqlite_url, monkeypatch, classifier):
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", sqlite_url)
    opened = connect(sqlite_url)
    opened.register(classifier, "digits")
    yield opened
    opened.close()


@pytest.fixture
def model(registry):
    with shell_with_magics() as shell:
        yield lambda line: shell.run_line_magic("model", line)


def test_runs_are_listed_shown_and_logged_into(model, registry):
    run = registry.start_run("train", tags="a")
    assert model(f"log {run.id} loss=0.5 accuracy=0.25 --step 2") == f"2 points logged into {run.id}."
    assert model(f"log {run.id} loss=nan") == f"1 point logged into {run.id}."
    run.finish()
    assert [r.id for r in model("runs train --status finished --tag a")] == [run.id]
    assert model("runs other") == ()
    shown = model(f"run {run.id}")
    assert (shown.name, shown.metrics) == ("train", {"accuracy": 0.25})
    assert shown.series("loss").x.tolist() == [2, 3]


def test_a_run_is_started_written_into_and_ended(model):
    model("dataset 10k --digest sha256:1")
    run = model("start-run train --params lr=0.1 --tags a --script train.py")
    assert (run.status, run.params, run.tags, run.source) == ("running", {"lr": 0.1}, ("a",), {"script": "train.py"})
    model(f"log {run.id} loss=0.5 --step 1")
    model(f"log {run.id} loss=0.25 --step 2")
    ended = model(
        f"edit-run {run.id} --tags b --params depth=3 --datasets train=10k@1 --status failed --reason 'no luck'"
    )
    assert (ended.status, ended.reason, ended.tags) == ("failed", "no luck", ("a", "b"))
    assert (ended.params, ended.datasets[0].dataset, ended.datasets[0].role) == (
        {"lr": 0.1, "depth": 3},
        "10k@1",
        "train",
    )
    assert model(f"series {run.id}").frame()["y"].tolist() == [0.5, 0.25]
    assert model(f"edit-run {run.id} --status running").status == "running"
    with pytest.raises(UsageError, match="finished, failed"):
        model(f"edit-run {run.id} --status tired")


def test_points_of_a_version_are_shown_by_figure(model):
    model("log digits@1.0.0 loss=0.5 accuracy=0.9 --step 1")
    (curve,) = model("series digits@1.0.0 accuracy")
    assert (curve.figure, curve.x.tolist(), curve.y.tolist()) == ("accuracy", [1], [0.9])
    with pytest.raises(UsageError, match="points is a number"):
        model("series digits@1.0.0 --points 1")


def test_points_of_a_version_are_logged(model, registry):
    model("log digits@1.0.0 loss=0.5 --step 1")
    assert registry.series("digits")[0].x.tolist() == [1]


def test_datasets_are_registered_and_shown(model, tmp_path):
    (tmp_path / "a.csv").write_text("x\n1\n")
    made = model(f"dataset train --data {tmp_path / 'a.csv'} --fields x=int64 --rows 1")
    assert (made.selector, made.size, made.fields) == ("train@1", 4, {"x": "int64"})
    assert model("dataset train@1") == made
    assert list(model("datasets")) == [made]
    assert model("datasets other") == ()


def test_evaluations_make_a_board_and_a_lineage(model):
    model("dataset 10k --digest sha256:1")
    made = model("log-evaluation digits@1.0.0 10k loss=0.3,f1=0.9 --duration 2")
    assert (made.metrics, made.duration_s) == ({"loss": 0.3, "f1": 0.9}, 2)
    assert list(model("evaluations digits")) == list(model("evaluations digits@1.0.0")) == [made]
    board = model("board digits --metrics loss --sort='loss @ 10k'")
    assert list(board.frame().columns) == ["Model link", "Version", "Status", "Loss @ 10k"]
    assert "dataset 10k@1" in repr(model("lineage digits@1.0.0 --depth 1"))
    assert "digits@1.0.0" in repr(model("lineage dataset:10k"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("run x", "no run 'x'"),
        ("log digits@1.0.0 loss", "not name=value"),
        ("log digits@9.0.0 loss=1", "no version"),
        ("log 0123456789abcdef loss=1", "no run"),
        ("dataset x", "no dataset 'x'"),
        ("dataset x --data nothing.csv", "no file"),
        ("log-evaluation digits x loss=1", "no dataset 'x'"),
        ("log-evaluation digits x loss=y", "name=value"),
        ("board nothing", "no model"),
        ("board digits --sort x", "Sort by"),
        ("lineage digits --limit 0", "limit"),
        ("evaluations digits@", "ends at"),
    ],
)
def test_mistakes_are_one_line(model, line, said):
    with pytest.raises(UsageError, match=said) as raised:
        model(line)
    assert "\n" not in str(raised.value)
