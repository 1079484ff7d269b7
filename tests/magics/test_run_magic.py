"""`%%model run NAME`: a cell as a run."""

import pytest
from IPython.core.error import UsageError

from jupyter_modelmgmt.registry import connect
from tests.servers.registries import opened, shell_with_magics


@pytest.fixture
def shell(sqlite_url, monkeypatch):
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", sqlite_url)
    with opened(sqlite_url), shell_with_magics() as made:
        yield made


def cell(shell, text):
    return shell.run_cell(text, store_history=True)


DATA = "from sklearn.datasets import load_iris\nx, y = load_iris(return_X_y=True)"


def test_a_cell_is_a_run_with_its_curves_and_versions(shell):
    cell(shell, DATA)
    done = cell(
        shell,
        "%%model run 'train iris' --params depth=2,lr=0.1 --tags a,b\n"
        "from sklearn.ensemble import GradientBoostingClassifier\n"
        "model = GradientBoostingClassifier(n_estimators=4, max_depth=2).fit(x, y)\n"
        "version = %model register model iris",
    )
    assert done.success
    (run,) = connect().runs()
    assert (run.name, run.status, run.params, run.tags) == (
        "train iris",
        "finished",
        {"depth": 2, "lr": 0.1},
        ("a", "b"),
    )
    assert run.source["cells"] == [2]
    assert shell.user_ns["version"].run == run.id
    assert connect().get_run(run.id).series("score/train").count == 4
    assert done.result.id == run.id


def test_what_the_cell_logs_itself_is_not_logged_twice(shell):
    cell(shell, DATA + "\nfrom sklearn.ensemble import GradientBoostingClassifier")
    cell(
        shell,
        "%%model run train --as run\nmodel = GradientBoostingClassifier(n_estimators=3).fit(x, y)\n"
        "run.log_series('score', [0], [1.0], legend='train')\nrun.log_metric('accuracy', 0.5)",
    )
    run = connect().get_run(connect().runs()[0].id)
    assert run.series("score/train").count == 1
    assert run.metrics["accuracy"] == 0.5


def test_a_cell_that_fails_ends_its_run_with_the_reason(shell):
    done = cell(shell, "%%model run train\nvalue = 3\n1 / 0")
    assert isinstance(done.error_in_exec, ZeroDivisionError)
    (run,) = connect().runs()
    assert (run.status, run.reason) == ("failed", "ZeroDivisionError: division by zero")
    assert shell.user_ns["value"] == 3


def test_the_last_expression_is_shown(shell, capsys):
    cell(shell, "%%model run train\nvalue = 40\nvalue + 2")
    assert "42" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "said"),
    [("walk train", "no verb"), ("run", "name"), ("run ''", "run"), ("run x --params a", "variable")],
)
def test_mistakes_in_the_line_are_one_line_and_start_nothing(shell, line, said):
    with pytest.raises(UsageError, match=said):
        shell.run_cell_magic("model", line, "ran = 1")
    assert connect().runs() == ()
    assert "ran" not in shell.user_ns


def test_a_cell_that_is_no_python_starts_nothing(shell):
    assert isinstance(cell(shell, "%%model run train\nx = (").error_in_exec, SyntaxError)
    assert connect().runs() == ()


def test_help_is_printed(shell, capsys):
    assert shell.run_cell_magic("model", "run --help", "pass") is None
    assert "--params" in capsys.readouterr().out


def test_curves_of_a_version_that_the_cell_registers_are_logged_once(shell):
    cell(shell, DATA + "\nfrom sklearn.ensemble import GradientBoostingClassifier")
    cell(
        shell,
        "%%model run train\nfirst, second = (GradientBoostingClassifier(n_estimators=n).fit(x, y) for n in (3, 4))\n"
        "%model register first iris",
    )
    curves = connect().get_run(connect().runs()[0].id).curves()
    assert [(curve.legend, curve.count) for curve in curves] == [("second train", 4), ("train", 3)]
