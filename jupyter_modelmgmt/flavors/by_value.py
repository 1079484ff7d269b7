"""Objects with the code that they need, as bytes that load where the notebook and the modules beside it are not."""

import errno
import io
import pickle
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Lock
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, BinaryIO

import cloudpickle

from jupyter_modelmgmt.domain.errors import NotSavable
from jupyter_modelmgmt.flavors import vendored
from jupyter_modelmgmt.flavors.vendored import Own

_FILES = (io.FileIO, io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.TextIOWrapper)
_MAX_DEPTH = 40
_Dump = Callable[[object, BinaryIO], list[Own]]
_REGISTERED = Lock()  # cloudpickle keeps one list of modules for the whole process


class CannotTravel(TypeError):
    """An object that belongs to this process."""


def write(obj: object, path: Path, what: str, *, vendor: bool = True) -> list[Own]:
    """Write `obj` and return the classes and functions of the user's that went with it.

    What the notebook and modules that no package installs define travels as code, the rest by its name;
    without `vendor` all of it goes by its name. Raises NotSavable naming the variable that cannot travel;
    `what` is the name of `obj` in it.
    """
    dump = _dump if vendor else _dump_names
    try:
        with path.open("wb") as file:
            return dump(obj, file)
    except Exception as error:
        # Pickling runs methods of every class inside, whose errors share no base.
        path.unlink()
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise  # the object is not to blame
        raise NotSavable(_blamed(obj, what, error, dump)) from error


def source(own: list[Own]) -> str:
    """Return the text of what travelled, for people: as a module that runs where that can be had."""
    try:
        return vendored.closure(own)
    except NotSavable as error:
        head = f"# As it was written; it does not run by itself: {error}".replace("\n", " ")
        return "\n\n\n".join([head, *(_text(kind) for kind in own)]) + "\n"


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]  # it has no types
    """Notes the user's classes and functions, and refuses files, whose content cloudpickle would take along."""

    def __init__(self, file: BinaryIO, modules: set[ModuleType]) -> None:
        super().__init__(file)
        self.own: list[Own] = []
        self._modules = modules

    def reducer_override(self, obj: Any) -> Any:
        _refuse_files(obj)
        if isinstance(obj, type | FunctionType):
            self._note(obj)
        elif isinstance(obj, ModuleType):
            self._take(obj.__name__)
        return super().reducer_override(obj)

    def _note(self, obj: Own) -> None:
        if vendored.is_own(obj):
            self._take(obj.__module__)
            method = "." in obj.__qualname__.rpartition("<locals>.")[2]
            if not method and obj not in self.own:
                self.own.append(obj)

    def _take(self, name: str) -> None:
        module = sys.modules.get(name)
        if module is None or name == "__main__" or not vendored.is_own_module(name):
            return
        if name not in cloudpickle.list_registry_pickle_by_value():
            cloudpickle.register_pickle_by_value(module)
            self._modules.add(module)


def _dump(obj: object, file: BinaryIO) -> list[Own]:
    modules: set[ModuleType] = set()
    with _REGISTERED:
        try:
            pickler = _Pickler(file, modules)
            pickler.dump(obj)
        finally:
            for module in modules:
                cloudpickle.unregister_pickle_by_value(module)
    return pickler.own


class _Names(pickle.Pickler):
    """Names classes and functions, those of a notebook too."""

    def reducer_override(self, obj: Any) -> Any:
        _refuse_files(obj)
        return NotImplemented


def _dump_names(obj: object, file: BinaryIO) -> list[Own]:
    _Names(file).dump(obj)
    return []


def _refuse_files(obj: object) -> None:
    if isinstance(obj, _FILES):
        raise CannotTravel("an open file cannot be saved")


def _text(kind: Own) -> str:
    try:
        return vendored.source_of(kind).strip("\n")
    except NotSavable:
        return f"# {kind.__qualname__}: its text is not known."


def _blamed(obj: object, what: str, error: Exception, dump: _Dump) -> str:
    """Return the message that names the innermost part of `obj` that does not travel."""
    path, part, seen = [what], obj, {id(obj)}
    while len(path) < _MAX_DEPTH:
        bad = next(((n, p) for n, p in _parts(part) if id(p) not in seen and not _travels(p, dump)), None)
        if bad is None:
            break
        name, part = bad
        seen.add(id(part))
        path.append(name)
    kind = f"{type(part).__module__}.{type(part).__qualname__}".removeprefix("builtins.")
    if len(path) == 1:
        return (
            f"{what} cannot be saved: {error!s:.300}. Register its files, or an object that holds only data and code."
        )
    return (
        f"{what} cannot be saved: {'.'.join(path)} is a {kind}, which belongs to this process and cannot travel. "
        "Open or make it inside the function or method that uses it."
    )


def _travels(part: object, dump: _Dump) -> bool:
    try:
        dump(part, io.BytesIO())
    except Exception:  # noqa: BLE001  what cannot be pickled raises what it likes
        return False
    return True


def _parts(obj: object) -> Iterator[tuple[str, object]]:
    """Yield what `obj` holds, by name: attributes, items, and the variables around a function."""
    match obj:
        case FunctionType():
            yield from _around(obj)
        case MethodType():
            yield from (("self", obj.__self__), (obj.__name__, obj.__func__))
        case partial():
            yield from (("func", obj.func), ("args", obj.args), ("keywords", obj.keywords))
        case dict():
            yield from ((str(key), value) for key, value in obj.items())
        case list() | tuple() | set() | frozenset():
            yield from ((str(place), value) for place, value in enumerate(obj))
        case type():
            yield from vars(obj).items()
        case _:
            yield from getattr(obj, "__dict__", {}).items()
            yield type(obj).__name__, type(obj)


def _around(function: FunctionType) -> Iterator[tuple[str, object]]:
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:  # not filled yet
            continue
    for name in _names(function.__code__):
        if name in function.__globals__:
            yield name, function.__globals__[name]
    yield "defaults", function.__defaults__


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
