"""The notebook on adapters runs from top to bottom, and says what it promises."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from jupyter_modelmgmt.registry import connect

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "adapters.ipynb"


@pytest.fixture
def place(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'registry' / 'registry.db'}"
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", url)
    monkeypatch.delenv("JUPYTER_MODELMGMT_ARTIFACTS", raising=False)
    monkeypatch.delenv("JUPYTER_MODELMGMT_PROVE", raising=False)
    yield url
    registry = connect(url)
    if host := registry.running_host():
        host.shutdown()
    registry.close()


def shown(cell):
    """Return everything a cell shows, as text."""
    parts = []
    for output in cell.outputs:
        parts += [str(value) for value in output.get("data", {}).values()]
        parts.append(output.get("text", ""))
    return "\n".join(parts)


def test_the_notebook_on_adapters_runs_and_says_what_it_promises(place, tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    said = [(cell.source, shown(cell)) for cell in notebook.cells if cell.cell_type == "code"]

    def of(words):
        return next(text for source, text in said if words in source)

    assert "adapter.py:Nearest" in of("reg.register_files")
    assert "'sharpness': 0.02" in of("reg.register_files")
    assert "green" in of("service = reg.deploy")
    assert re.search(r"1 of 3 items failed.*1: This is no known format", of("predict_items"))
    assert "{0: 'red', 2: 'blue'}" in of("predict_items")
    assert "train colours@1.1.0" in of("%model jobs")
    registry = connect(place)
    first, better = (registry.evaluations(f"colours@{version}")[0] for version in ("1.0.0", "1.1.0"))
    assert better.metrics["accuracy"] >= first.metrics["accuracy"] > 1 / 3
    assert registry.get("colours@1.1.0").status == "completed"
    assert all(d.state == "Stopped" for d in registry.deployments())
    registry.close()
