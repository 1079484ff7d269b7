"""The notebook on serving runs from top to bottom, and says what it promises."""

import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from jupyter_modelmgmt.registry import connect
from tests.notebooks.test_adapters import place, shown

__all__ = ["place"]  # a fixture
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "serving.ipynb"


def test_the_notebook_on_serving_runs_and_says_what_it_promises(place, tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    said = [(cell.source, shown(cell)) for cell in notebook.cells if cell.cell_type == "code"]

    def of(words):
        return next(text for source, text in said if words in source)

    assert re.search(r"array\(\[\d, \d, \d\]\)", of('name="digits"'))
    assert "1.1.0" in of("try 1.1.0")
    assert re.search(r"1\.1\.0</td>\s*<td>shadow</td>.*\d+/\d+</td>", of("compare first"), re.DOTALL)
    assert "curl -sS -u" in of("add_client")
    assert of("service.logs").strip().endswith("Ready")
    assert re.search(r"Roll back to revision \d \(1\.0\.0\): the app cannot use it", of("service.history()"))
    assert "versions.1.1.0" in of("service.diff")
    registry = connect(place)
    assert registry.deployment("digits").state == "Stopped"
    assert [row.message for row in registry.deployment_history("digits")][-2:] == ["try 1.1.0", "first"]
    registry.close()
