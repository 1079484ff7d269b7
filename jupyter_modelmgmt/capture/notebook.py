"""What a notebook knows of a model at the moment of registering."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.capture import values
from jupyter_modelmgmt.capture.cells import Cell, Shell, backwards, executed, last_changes, slice_of
from jupyter_modelmgmt.capture.notebook_data import datasets_of
from jupyter_modelmgmt.capture.repository import Repository, repository
from jupyter_modelmgmt.capture.sources_written import NOTEBOOK, PROGRAM, notebook, program

UNKNOWN = "unknown"
DIFF = "uncommitted.diff"
TOLD = "JUPYTER_MODELMGMT_NOTEBOOK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What was captured.

    `code` is for the version: notebook, cells, git_commit, git_branch, dirty. `files` has artifacts
    by name, `datasets` DataFrames, arrays and paths of files by name; `cell` is the number of the
    cell that last changed the model, `variable` its name; both are empty outside a notebook.
    """

    code: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)
    datasets: Mapping[str, object] = field(default_factory=dict)
    cell: int | None = None
    variable: str = ""


def captured(model: object, namespace: Mapping[str, object], shell: Shell | None) -> Captured:
    """Return the cells, the data and the state of the repository that `model` comes from.

    Outside IPython nothing is known. No output, no environment variable and nothing that looks
    like a password is captured.
    """
    if shell is None:
        return Captured(code={"notebook": UNKNOWN})
    names = names_of(model, namespace)
    cells = slice_of(names, shell) if names else _slice_of_the_last(shell)
    path = notebook_path()
    around = repository(Path(path).parent if path != UNKNOWN else Path.cwd())
    where: dict[str, Any] = {"notebook": path, "cells": [cell.count for cell in cells]}
    known = values.of_cells(cells, namespace, shell)
    facts = {"variable": names[0] if names else ""}
    files = {NOTEBOOK: notebook(cells, known, facts), PROGRAM: program(cells)} if cells else {}
    return Captured(
        code=where | _of_repository(around),
        files=files | ({DIFF: around.diff.encode()} if around and around.diff else {}),
        datasets=datasets_of(cells, namespace),
        cell=last_changes(shell).get(names[0]) if names else (cells[-1].count if cells else None),
        variable=names[0] if names else "",
    )


def names_of(model: object, namespace: Mapping[str, object]) -> list[str]:
    """Return the variables that hold this very object, the user's own names."""
    return sorted(name for name, obj in tuple(namespace.items()) if obj is model and not name.startswith("_"))


def notebook_is(path: str) -> None:
    """Note what the front end says the notebook's path is; "" takes it back."""
    os.environ[TOLD] = path


def notebook_path() -> str:
    """Return the path of the notebook as the front end told it, else "unknown": it is never guessed.

    What the Jupyter server told when the kernel started is stale after a rename; then the file is gone.
    """
    if told := os.environ.get(TOLD):
        return told
    said = os.environ.get("JPY_SESSION_NAME", "")
    return said if said.endswith(".ipynb") and Path(said).is_file() else UNKNOWN


def _slice_of_the_last(shell: Shell) -> tuple[Cell, ...]:
    """Return the cell that runs now and what it depends on: the model has no name of its own."""
    cells = executed(shell).cells
    return (*backwards(cells[:-1], cells[-1].reads), cells[-1]) if cells else ()


def _of_repository(around: Repository | None) -> dict[str, Any]:
    if around is None:
        return {}
    return {"git_commit": around.commit, "git_branch": around.branch, "dirty": around.dirty}
