"""A cell as a run: `%%model run NAME`."""

import ast
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from jupyter_modelmgmt.capture.cells import last_changes
from jupyter_modelmgmt.capture.curves import curves_of
from jupyter_modelmgmt.capture.memory import in_memory
from jupyter_modelmgmt.capture.notebook import notebook_path
from jupyter_modelmgmt.registry.logged_run import LoggedRun


class CellShell(Protocol):
    """The part of IPython's shell that runs a cell."""

    user_ns: dict[str, Any]
    history_manager: Any
    compile: Any

    def transform_cell(self, raw_cell: str) -> str: ...
    def transform_ast(self, node: ast.Module) -> ast.Module: ...


def compiled(shell: CellShell, body: str) -> list[Any]:
    """Return the code of a cell; its last expression is shown, as in any cell. Raises SyntaxError."""
    text = shell.transform_cell(body)
    named = shell.compile.cache(text, _number(shell))
    tree = shell.transform_ast(shell.compile.ast_parse(text, filename=named))
    last = tree.body[-1:] if tree.body and isinstance(tree.body[-1], ast.Expr) else []
    first = tree.body[: len(tree.body) - len(last)]
    return [
        shell.compile(ast.Module(first, []), named, "exec"),
        *(shell.compile(ast.Interactive([expression]), named, "single") for expression in last),
    ]


def source_of(shell: CellShell) -> dict[str, Any]:
    """Return where the cell is that runs now, as runs keep it."""
    return {"notebook": notebook_path(), "cells": [_number(shell)]}


def run_cell(run: LoggedRun, shell: CellShell, steps: Iterable[Any]) -> LoggedRun:
    """Run a compiled cell in the notebook as `run` and return that; its curves are kept without a call.

    Versions registered in it link to the run. What it raises ends the run as failed and goes on.
    """
    before = {variable: id(obj) for variable, obj in shell.user_ns.items()}
    with run:
        for step in steps:
            exec(step, shell.user_ns)  # noqa: S102 - the user's own cell
        _log_curves(run, shell, before)
    return run


def _number(shell: CellShell) -> int:
    """Return the number of the cell that runs; IPython's own counter may be ahead of it."""
    return len(shell.history_manager.input_hist_raw) - 1


def _log_curves(run: LoggedRun, shell: CellShell, before: Mapping[str, int]) -> None:
    """Log the curves of what the cell made or changed, except those that it logged itself."""
    now = last_changes(shell)
    number = _number(shell)
    mine = [n for n in shell.user_ns if now.get(n) == number or before.get(n) != id(shell.user_ns[n])]
    models = {model.variable for model in in_memory({name: shell.user_ns[name] for name in mine})}
    kept = run.curves()  # a version that was registered in the cell brought its own
    logged = {(curve.figure, curve.legend) for curve in kept}
    drawn = {(curve.figure, tuple(curve.y)) for curve in kept}
    several = sum(bool(curves_of(shell.user_ns[name])) for name in models) > 1
    seen: set[int] = set()
    for name in sorted(mine, key=lambda name: (name not in models, name)):
        obj = shell.user_ns[name]
        if id(obj) in seen or name.startswith("_") or isinstance(obj, type):
            continue
        seen.add(id(obj))
        for line in curves_of(obj):
            legend = f"{name} {line.legend}".strip() if several else line.legend
            if (line.figure, legend) not in logged and (line.figure, tuple(line.y)) not in drawn:
                logged.add((line.figure, legend))
                run.log_series(line.figure, line.x, line.y, legend=legend)
