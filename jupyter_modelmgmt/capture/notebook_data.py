"""The data that cells use: DataFrames and arrays in memory, files and folders that are read."""

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from jupyter_modelmgmt.capture import scopes
from jupyter_modelmgmt.capture.cells import Cell
from jupyter_modelmgmt.capture.harmless import READS_FILES

_MAX_FILES = 50


def datasets_of(cells: Iterable[Cell], namespace: Mapping[str, object]) -> dict[str, object]:
    """Return the DataFrames and arrays that `cells` use, and the paths that they read, each once, by name."""
    kept = list(cells)
    found: dict[str, object] = {}
    for name in sorted(set().union(*(cell.reads | cell.writes for cell in kept))):
        obj = namespace.get(name)
        if is_data(obj) and not name.startswith("_") and not any(obj is other for other in found.values()):
            found[name] = obj
    for path in _paths(kept, namespace):
        found.setdefault(path.name, path)
    return found


def is_data(obj: object) -> bool:
    """Tell whether an object is a DataFrame, a Series or an array, importing nothing."""
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and isinstance(obj, numpy.ndarray):
        return bool(obj.ndim)
    return pandas is not None and isinstance(obj, pandas.DataFrame | pandas.Series)


def _paths(cells: Iterable[Cell], namespace: Mapping[str, object]) -> list[Path]:
    said = dict.fromkeys(path for cell in cells for path in _read_by(cell.python, namespace))
    return [path for path in said if _is_there(path)][:_MAX_FILES]


def _read_by(source: str, namespace: Mapping[str, object]) -> Iterator[Path]:
    """Give the paths that calls which read files are given, as texts or in variables."""
    for statement in scopes.parsed(source):
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and _reads(node.func):
                for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                    yield from _path(argument, namespace)


def _reads(func: ast.expr) -> bool:
    name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    return name in READS_FILES or name.startswith("read_") or name == "Path"


def _path(argument: ast.expr, namespace: Mapping[str, object]) -> Iterator[Path]:
    value: object = argument.value if isinstance(argument, ast.Constant) else None
    if isinstance(argument, ast.Name):
        value = namespace.get(argument.id)
    if isinstance(value, str | Path) and str(value).strip():
        yield Path(value)


def _is_there(path: Path) -> bool:
    try:
        here = Path.cwd()
        return path.is_file() or (path.is_dir() and path.resolve() not in (here, *here.parents))
    except (OSError, ValueError):
        return False
