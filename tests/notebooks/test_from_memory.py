"""The notebook on what is in memory runs from top to bottom, and says what it promises."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from jupyter_modelmgmt.registry import connect
from tests.notebooks.test_adapters import shown

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "from_memory.ipynb"


@pytest.fixture
def place(tmp_path, monkeypatch, proving):
    url = f"sqlite:///{tmp_path / 'registry' / 'registry.db'}"
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", url)
    monkeypatch.delenv("JUPYTER_MODELMGMT_ARTIFACTS", raising=False)
    return url


def test_the_notebook_on_memory_runs_and_says_what_it_promises(place, tmp_path):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    said = [(cell.source, shown(cell)) for cell in notebook.cells if cell.cell_type == "code"]

    def of(words):
        return [text for source, text in said if words in source]

    before, after = of("%model memory")
    assert "not registered" in before
    assert "differs from tumours 1.0.0, refit in cell 11" in after
    assert "difference=0.0" in of("v.proof")[0]
    assert "mean radius" in of("v.signature")[0]
    assert "clf = fitted(train, C=0.001)" in of("source.py")[0]
    assert "exactly" in of("reg.reproduce")[0]
    assert "['benign' 'malignant']" in of("subprocess.run")[0]
    assert "accuracy is better" in of("advice = ")[0]
    assert "Use bump='major'" in of('bump="patch"')[0]
    assert "class Threshold:" in of("class Threshold")[0]
    assert "Nothing was registered" in of("moody")[0]
    registry = connect(place)
    assert {model.name: model.version_count for model in registry.models()} == {"tumours": 2, "tumours-rule": 1}
    assert registry.get("tumours").version == "1.1.0"
    registry.close()
