"""Digests of what cells gave, so that a reproduction can tell where it went another way."""

import time
from collections.abc import Mapping, Sequence
from types import ModuleType

from jupyter_modelmgmt.capture import state
from jupyter_modelmgmt.capture.cells import Cell, Shell, last_changes

BUDGET_S = 0.05
MAX_BYTES = 64 << 20


def of_cells(cells: Sequence[Cell], namespace: Mapping[str, object], shell: Shell) -> dict[int, dict[str, str]]:
    """Return digests of the variables that `cells` gave and that nothing changed since, by the cell's number.

    It stops after 50 ms: what is not there is not compared.
    """
    kept = {cell.count for cell in cells}
    last = last_changes(shell)
    until = time.monotonic() + BUDGET_S
    found: dict[int, dict[str, str]] = {}
    for name, count in sorted(last.items(), key=lambda item: (item[1], item[0])):
        if count in kept and name in namespace and time.monotonic() < until:
            value = of_value(namespace[name])
            if value:
                found.setdefault(count, {})[name] = value
    return found


def of_value(obj: object) -> str:
    """Return the digest of a variable, "" for what tells none: modules, functions, classes, what is too large."""
    if isinstance(obj, ModuleType | type) or callable(obj) or nbytes(obj) > MAX_BYTES:
        return ""
    return state.digest(obj)


def nbytes(obj: object) -> int:
    """Return how many bytes an array or DataFrame has; 0 for other objects."""
    size = getattr(obj, "nbytes", None)
    if size is None and hasattr(obj, "memory_usage"):
        size = obj.memory_usage(index=False)
        size = size.sum() if hasattr(size, "sum") else size
    return int(size) if isinstance(size, int) else 0
