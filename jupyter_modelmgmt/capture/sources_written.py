"""Captured cells as a notebook and as a program."""

import ast
import json
from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_modelmgmt.capture import scopes
from jupyter_modelmgmt.capture.cells import Cell
from jupyter_modelmgmt.capture.secret_texts import without_secrets

NOTEBOOK = "source.ipynb"
PROGRAM = "source.py"
OURS = "modelmgmt"
MAX_SOURCE = 1 << 20


def notebook(cells: Sequence[Cell], values: Mapping[int, Mapping[str, str]], facts: Mapping[str, Any]) -> bytes:
    """Return a notebook of `cells` without outputs.

    `values` has digests of what cells gave, by the cell's number; `facts` go into the notebook's own
    data. The same cells give the same bytes, whatever their numbers were.
    """
    document = {
        "cells": [_cell(position, cell, values.get(cell.count, {})) for position, cell in enumerate(cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            OURS: dict(facts),
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace") + b"\n"


def _cell(position: int, cell: Cell, values: Mapping[str, str]) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if values:
        metadata[OURS] = {"values": dict(values)}
    if cell.failed:
        metadata["tags"] = ["raises-exception"]
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": f"cell-{position + 1}",
        "metadata": metadata,
        "outputs": [],
        "source": _bounded(without_secrets(cell.source)).splitlines(keepends=True),
    }


def program(cells: Sequence[Cell]) -> bytes:
    """Return a program of `cells`; magics are the calls that IPython makes of them."""
    texts = [f"# Cell {position}\n{_program_text(cell)}" for position, cell in enumerate(cells, 1)]
    return "\n\n".join(texts).encode("utf-8", "replace")


def _program_text(cell: Cell) -> str:
    text = _bounded(without_secrets(cell.python)).rstrip() + "\n"
    if not cell.failed:
        return text
    # It ran until its error; what came after it in the notebook ran all the same.
    guarded = ast.parse("try:\n    pass\nexcept Exception:\n    pass")
    block = guarded.body[0]
    if isinstance(block, ast.Try):
        block.body = scopes.parsed(text)
    return f"# This cell ended with {cell.failed}.\n{ast.unparse(guarded)}\n"


def _bounded(text: str) -> str:
    if len(text) <= MAX_SOURCE:
        return text
    return f"# Left out: this cell has {len(text):,} characters.\n"
