"""The source of a user's classes and functions, with all that they lean on, as one module that loads elsewhere."""

import ast
import hashlib
import inspect
import linecache
import symtable
import sys
import sysconfig
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from jupyter_modelmgmt.domain.errors import NotLoadable, NotSavable
from jupyter_modelmgmt.flavors.base import reason

SOURCE = "classes.py"  # `source.py` is the cells that capture keeps
MAX_LITERAL = 100_000
Own = type | FunctionType

_INSTALLED = {"site-packages", "dist-packages"}
_FUTURE = "from __future__ import annotations"


def is_own(obj: object) -> bool:
    """Tell whether `obj` is a class or function of the user's: of a cell, a script or a module that is not installed."""
    return isinstance(obj, Own) and is_own_module(obj.__module__)


def closure(kinds: Iterable[Own]) -> str:
    """Return the text of a module with `kinds` and what they use. Raises NotSavable naming what has no source.

    What installed packages bring is imported there, constants are written out, the rest is copied.
    """
    gathered = _Gathered()
    for kind in kinds:
        gathered.add_own(_outermost(kind))
    return gathered.text()


def write(kinds: Iterable[Own], folder: Path) -> None:
    """Write `classes.py` into `folder` if there are any `kinds`. Raises NotSavable."""
    if wanted := sorted(kinds, key=lambda kind: kind.__qualname__):
        (folder / SOURCE).write_text(closure(wanted), encoding="utf-8")


def opened(folder: Path, file: str = SOURCE) -> ModuleType | None:
    """Return the module that `write` wrote into `folder`, run once a process; None if there is none.

    This runs code of the file. Raises NotLoadable.
    """
    path = folder / file
    if not path.is_file():
        return None
    data = path.read_bytes()
    name = f"modelmgmt_source_{hashlib.sha256(data).hexdigest()[:16]}"
    if name not in sys.modules:
        sys.modules[name] = _run(name, data, file)
    return sys.modules[name]


def found(module: ModuleType | None, qualname: str, file: str = SOURCE) -> Any:
    """Return what `module` defines as `qualname`. Raises NotLoadable."""
    value: Any = module
    for part in qualname.split("."):
        value = getattr(value, part, None)
    if value is None:
        raise NotLoadable(f"{file} of this version does not define {qualname!r}. Register the model again.")
    return value


class _Gathered:
    """Definitions in the order in which they can be run."""

    def __init__(self) -> None:
        self._known: dict[str, object] = {}
        self._imports: set[str] = set()
        self._parts: list[str] = []
        self._has_future = False

    def text(self) -> str:
        future = [_FUTURE] if self._has_future else []
        head = "\n".join([*future, *sorted(self._imports)])
        return "\n\n\n".join(part for part in (head, *self._parts) if part) + "\n"

    def add_own(self, kind: Own) -> None:
        name = kind.__name__
        if not self._is_new(name, kind):
            return
        source = source_of(kind)
        space = kind.__globals__ if isinstance(kind, FunctionType) else vars(sys.modules[kind.__module__])
        self._has_future |= getattr(space.get("annotations"), "compiler_flag", None) is not None
        for used in sorted(_globals_of(source) - {name}):
            if used in space:
                self._add(used, space[used], name)
        self._imports |= {f"import {module}" for module in _submodules_of(source, space)}
        self._parts.append(source.strip("\n"))

    def _add(self, name: str, value: object, user: str) -> None:
        if isinstance(value, Own) and is_own(value):
            self._add_renamed(name, _outermost(value), value)
        elif self._is_new(name, value):
            if line := _imported(name, value):
                self._imports.add(line)
            else:
                self._parts.append(_constant(name, value, user))

    def _add_renamed(self, name: str, outermost: Own, value: Own) -> None:
        self.add_own(outermost)
        if name != value.__qualname__ and self._is_new(name, value):
            self._parts.append(f"{name} = {value.__qualname__}")

    def _is_new(self, name: str, value: object) -> bool:
        if name not in self._known:
            self._known[name] = value
            return True
        if self._known[name] is not value:
            raise NotSavable(
                f"The model uses two different things called {name!r}. Rename one, or run the cell that defines it "
                "and those that build the model again."
            )
        return False


@cache
def is_own_module(name: str) -> bool:
    if name.partition(".")[0] == __name__.partition(".")[0] or name in sys.builtin_module_names:
        return False
    file = getattr(sys.modules.get(name), "__file__", None)
    if file is None:
        return name == "__main__"
    path, paths = Path(file), sysconfig.get_paths()
    shipped = any(path.is_relative_to(paths[kind]) for kind in ("stdlib", "platstdlib"))
    return not shipped and _INSTALLED.isdisjoint(path.parts)


def _outermost(kind: Own) -> Own:
    """Return the class at the top of a module in which `kind` lies, itself mostly. Raises NotSavable."""
    if "<" in kind.__qualname__:
        raise NotSavable(
            f"{kind.__qualname__} is a lambda or is defined inside a function, so its source cannot be taken along. "
            "Define it at the top of a cell or module."
        )
    if "." not in kind.__qualname__:
        return kind
    outermost: Own = getattr(sys.modules[kind.__module__], kind.__qualname__.partition(".")[0])
    return outermost


def _globals_of(source: str) -> set[str]:
    """Return the names that `source` takes from around it."""
    tables, names = [symtable.symtable(source, SOURCE, "exec")], set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        names |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_global() or (table.get_type() == "module" and symbol.is_referenced())
        }
    return names


def _submodules_of(source: str, space: Mapping[str, object]) -> Iterator[str]:
    """Give the modules that `source` reaches with dots: `import xml` alone does not bring `xml.dom`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            root, *rest = ast.unparse(node).split(".")
            module = space.get(root)
            if isinstance(module, ModuleType) and module.__name__ == root and ".".join([root, *rest]) in sys.modules:
                yield ".".join([root, *rest])


def _imported(name: str, value: object) -> str:
    """Return the line that imports `value` as `name` from an installed package, or an empty text."""
    if isinstance(value, ModuleType):
        return _imported_module(name, value)
    home = getattr(value, "__module__", None)
    for module in filter(None, (home, str(home).partition(".")[0])):
        for there in dict.fromkeys((name, getattr(value, "__name__", name))):
            if getattr(sys.modules.get(module), there, None) is value and not is_own_module(module):
                return f"from {module} import {there}" + ("" if there == name else f" as {name}")
    return ""


def _imported_module(name: str, module: ModuleType) -> str:
    if is_own_module(module.__name__):
        raise NotSavable(
            f"The model uses the module {module.__name__!r}, which no package installs. "
            f"Import what it needs by name: from {module.__name__} import ..."
        )
    return f"import {module.__name__}" + ("" if name == module.__name__ else f" as {name}")


def _constant(name: str, value: object, user: str) -> str:
    text = repr(value)
    if f"{type(value).__module__}.{type(value).__qualname__}" == "torch.device":
        return f'{name} = __import__("torch").device({str(value)!r})'
    try:
        if len(text) <= MAX_LITERAL and ast.literal_eval(text) == value:
            return f"{name} = {text}"
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        pass
    raise NotSavable(
        f"{user} uses {name!r}, a {type(value).__name__} around it, which cannot be taken along. "
        f"Give it to {user} as an argument or an attribute."
    )


def source_of(kind: Own) -> str:
    try:
        text = _function_source(kind) if isinstance(kind, FunctionType) else _class_source(kind)
        ast.parse(text)
    except (OSError, TypeError, SyntaxError) as error:
        raise NotSavable(
            f"The source of {kind.__qualname__} cannot be read: {reason(error)}. Define it in a cell or a file."
        ) from error
    return text


def _function_source(kind: FunctionType) -> str:
    if kind.__closure__:
        raise NotSavable(f"{kind.__qualname__} was made by a decorator or another function; take the plain function.")
    return textwrap.dedent(inspect.getsource(kind))


def _class_source(kind: type) -> str:
    """Return the text of a class, of one with methods even if its name was defined again since. Raises OSError.

    `inspect` alone finds no class of a notebook before Python 3.13: `__main__` has no file there.
    """
    for code in _codes(kind):
        lines = linecache.getlines(code.co_filename)
        if text := _class_in(lines, kind.__name__, code.co_firstlineno):
            return text
    file = getattr(sys.modules[kind.__module__], "__file__", None)
    for name in [file] if file else [name for name in reversed(tuple(linecache.cache)) if "ipykernel" in name]:
        if text := _class_in(linecache.getlines(name), kind.__name__, None):
            return text
    raise OSError("it has no text")


def _codes(kind: type) -> Iterator[CodeType]:
    for value in vars(kind).values():
        function = inspect.unwrap(getattr(value, "__func__", None) or getattr(value, "fget", None) or value)
        if isinstance(function, FunctionType) and function.__module__ == kind.__module__:
            yield function.__code__


def _class_in(lines: list[str], name: str, inside: int | None) -> str:
    """Return the class `name` around the line `inside`, the last one for None; an empty text for none."""
    try:
        tree = ast.parse("".join(lines))
    except SyntaxError:
        return ""
    text = ""
    for node in tree.body:
        if _defines(node, name):
            first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
            if inside is None or first <= inside <= (node.end_lineno or first):
                text = "".join(lines[first - 1 : node.end_lineno])
    return text


def _defines(node: ast.stmt, name: str) -> bool:
    """Tell whether a statement is the class `name` or, as for a named tuple, assigns it."""
    if isinstance(node, ast.Assign):
        return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    return isinstance(node, ast.ClassDef) and node.name == name


def _run(name: str, data: bytes, file: str) -> ModuleType:
    module = ModuleType(name)
    module.__file__ = f"<{name}>"
    sys.modules[name] = module  # dataclasses look their module up while they are made
    try:
        text = data.decode()
        exec(compile(text, module.__file__, "exec"), vars(module))  # noqa: S102  the caller was told yes
    except Exception as error:
        # Whatever the user's source raises when it is run here.
        del sys.modules[name]
        raise NotLoadable(f"{file} of this version does not run here: {reason(error)}") from error
    # So tracebacks show it, and a model that was loaded can be registered again.
    linecache.cache[module.__file__] = (len(data), None, text.splitlines(keepends=True), module.__file__)
    return module
