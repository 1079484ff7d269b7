"""Open a version as a notebook, and rebuild it in a clean kernel. Source: N11, N17."""

import json
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

from jupyter_modelmgmt import verbs
from jupyter_modelmgmt.domain.errors import BadField, NeedsYes, NotFound, TimedOut
from jupyter_modelmgmt.registry import connect

VALUES = "jupyter_modelmgmt.capture.values"
DATA = "from sklearn.datasets import load_iris\nfrom sklearn.svm import SVC\nx, y = load_iris(return_X_y=True)"


@pytest.fixture
def made(sqlite_url, tmp_path, monkeypatch):
    """Give a function: run cells in a real kernel, register `clf` there, return the registry."""
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", sqlite_url)
    monkeypatch.setenv("JUPYTER_MODELMGMT_PROVE", "no")
    monkeypatch.chdir(tmp_path)
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path))
    registry = connect(sqlite_url)
    # All variables are compared, however slow this machine is.
    client.execute_interactive(
        f"import {VALUES} as v; v.BUDGET_S = 60; del v", silent=True, store_history=False, timeout=120
    )

    def make(*cells, register="%load_ext jupyter_modelmgmt\nversion = %model register clf iris"):
        for cell in (*cells, register):
            reply = client.execute_interactive(cell, timeout=120, output_hook=lambda _message: None)["content"]
            assert reply["status"] == "ok" or "# fails" in cell, reply
        return registry

    yield make
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()
    registry.close()


def test_a_version_is_rebuilt_exactly_by_its_cells_alone(made):
    reg = made(DATA, "c = missing  # fails", "c = 2.0", "other = 1 / 3", "clf = SVC(C=c).fit(x, y)", "c = 5")
    version = reg.get("iris")
    assert version.code["cells"] == [1, 3, 5]
    found = verbs.run(reg, "%model", ["reproduce", "iris", "--allow-code"], {})
    assert (str(found), found.largest, found.version) == ("exactly", 0, "iris@1.0.0")
    assert len(reg.versions("iris")) == 1


@pytest.mark.heavy
def test_a_cell_that_registers_does_so_in_a_registry_of_its_own(made):
    reg = made(DATA, register="%load_ext jupyter_modelmgmt\nclf = SVC().fit(x, y)\nversion = %model register clf iris")
    assert str(reg.reproduce("iris", allow_code=True)) == "exactly"
    assert len(reg.versions("iris")) == 1


@pytest.mark.heavy
def test_what_comes_out_another_way_is_told_with_its_cell(made, tmp_path):
    (tmp_path / "scale.txt").write_text("1.0")
    reg = made(
        DATA,
        "from sklearn.linear_model import Ridge",
        "scale = float(open('scale.txt').read())",
        "clf = Ridge(alpha=scale).fit(x, y)",
    )
    (tmp_path / "scale.txt").write_text("0.01")
    found = reg.reproduce("iris", allow_code=True)
    assert (found.verdict, found.cell, found.difference) == ("not", 3, "the variable 'scale'")
    assert str(found) == "not, first difference in cell 3: the variable 'scale'"
    (tmp_path / "scale.txt").write_text("1.0000000001")
    assert str(reg.reproduce("iris", allow_code=True)) == "within 1e-6"
    (tmp_path / "scale.txt").unlink()
    gone = reg.reproduce("iris", allow_code=True)
    assert (gone.cell, gone.difference[:17]) == (3, "FileNotFoundError")


def test_it_runs_nothing_without_a_yes_and_not_for_ever(made):
    reg = made(DATA, "import time\nslow = 0", "time.sleep(slow)\nclf = SVC().fit(x, y)", "slow = 100")
    with pytest.raises(NeedsYes, match="open_notebook"):
        reg.reproduce("iris")
    with pytest.raises(TimedOut, match="timeout_s"):
        reg.reproduce("iris", allow_code=True, timeout_s=0.5)


def test_a_version_without_cells_says_so(reg, classifier):
    reg.register(classifier, "digits", prove=False)
    for verb in (reg.open_notebook, reg.reproduce):
        with pytest.raises(NotFound, match="no captured cells"):
            verb("digits")


@pytest.mark.heavy
def test_an_opened_notebook_rebuilds_the_version(made, tmp_path):
    reg = made(DATA, "clf = SVC().fit(x, y)", "open('x.txt', 'w')  # fails")
    path = reg.open_notebook("iris@1.0.0")
    assert path == Path("iris-1.0.0.ipynb")
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    sources = [cell.source for cell in notebook.cells]
    assert sources[3:5] == [DATA, "clf = SVC().fit(x, y)"]
    assert f"scikit-learn=={__import__('sklearn').__version__}" in sources[1]
    assert verbs.run(reg, "%model", ["open-notebook", "iris"], {}) == Path("iris-1.0.0-2.ipynb")
    with pytest.raises(BadField, match="another path"):
        reg.open_notebook("iris", path)
    with pytest.raises(BadField, match="cannot be written"):
        reg.open_notebook("iris", tmp_path / "no" / "folder.ipynb")
    from nbclient import NotebookClient

    notebook.cells.append(nbformat.v4.new_code_cell("assert (saved.predict(x) == clf.predict(x)).all()"))
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert json.loads(path.read_text())["nbformat"] == 4
    assert sys.executable
