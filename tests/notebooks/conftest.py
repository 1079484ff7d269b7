"""Notebooks run by a real kernel, in a folder and a registry of their own."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.servers.registries import opened

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


class Said(list):
    """What the cells of a notebook showed, as (source, text); `of` finds it by words of the source."""

    def of(self, words):
        return self.all_of(words)[0]

    def all_of(self, words):
        return [text for source, text in self if words in source]


@pytest.fixture
def registry(sqlite_url, proving, monkeypatch):
    """Give the registry that the notebook's kernel works on."""
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", sqlite_url)
    with opened(sqlite_url) as registry:
        yield registry


@pytest.fixture
def said_by(registry, tmp_path):
    """Give a function that runs a notebook from top to bottom and tells what its cells showed."""

    def run(name):
        notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
        return Said((cell.source, shown(cell)) for cell in notebook.cells if cell.cell_type == "code")

    return run


def shown(cell):
    """Return everything a cell shows, as text."""
    parts = []
    for output in cell.outputs:
        parts += [str(value) for value in output.get("data", {}).values()]
        parts.append(output.get("text", ""))
    return "\n".join(parts)
