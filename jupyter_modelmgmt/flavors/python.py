"""Plain functions and any object with `predict`, as code: cloudpickle by value, and `model.py` for people.

Saving the same object twice in one process gives the same bytes; another process gives others.
"""

import builtins
import inspect
import json
import logging
import pickle
import platform
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FunctionType, MappingProxyType
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotFitted, NotLoadable
from jupyter_modelmgmt.flavors import sklearn
from jupyter_modelmgmt.flavors.base import (
    ONLY_INPUT,
    Description,
    Runner,
    Safety,
    Tensors,
    TensorSpec,
    ask_for_code,
    only_file,
    reason,
)

NAME = "python"
FRAMEWORK = "python"
SAFETY: Safety = "code"
SUFFIX = ".cloudpickle"

FACTS = "python.json"
SOURCE = "model.py"  # `source.py` is the cells that capture keeps
_INPUT = "input"
_OUTPUT = "output"
_PICKLE = b"\x80"
_OURS = __name__.partition(".")[0]
_log = logging.getLogger("modelmgmt.python")


def handles(obj: object) -> bool:
    """Tell whether `obj` is a function, or of a class that predicts, or fits and transforms."""
    kind = type(obj)
    if isinstance(obj, type) or kind.__module__.partition(".")[0] == _OURS:
        return False
    able = hasattr(kind, "predict") or (hasattr(kind, "fit") and hasattr(kind, "transform"))
    return isinstance(obj, FunctionType) or able


def describe(obj: Any) -> Description:
    if sklearn.handles(obj):
        return sklearn.describe(obj)
    return Description(class_name=_name(obj))


def problem(obj: Any) -> str:
    return sklearn.problem(obj) if sklearn.handles(obj) else ""


def save(obj: object, folder: Path, *, vendor: bool = True) -> None:
    """Write `model.cloudpickle`, `python.json` and, if code of the user's travels, `model.py`.

    Without `vendor` none does: whoever loads it must be able to import it. Raises NotFitted, and
    NotSavable naming the variable that cannot travel.
    """
    from jupyter_modelmgmt.flavors import by_value

    if unfit := problem(obj):
        raise NotFitted(unfit)
    own = by_value.write(obj, folder / f"model{SUFFIX}", _name(obj), vendor=vendor)
    facts = {"python": minor(), "name": _name(obj)}
    (folder / FACTS).write_text(json.dumps(facts, indent=1))
    if own:
        (folder / SOURCE).write_text(by_value.source(own), encoding="utf-8")


def recognises(path: Path) -> bool:
    """Tell whether the file is what `save` writes; nothing of it runs. Raises BadFile for a broken one."""
    if path.suffix.lower() != SUFFIX:
        return False
    check_whole(path)
    return True


def check_whole(path: Path) -> None:
    """Raise BadFile unless the file begins and ends as a pickle does."""
    with path.open("rb") as file:
        start = file.read(1)
        file.seek(max(0, path.stat().st_size - 1))
        end = file.read(1)
    if start != _PICKLE or end != pickle.STOP:
        raise BadFile(f"{path.name} is no pickle, or is cut off. Register the object again.")


def load(folder: Path, *, allow_code: bool = False) -> object:
    """Return the function or object. Raises NeedsYes, NotLoadable, and BadFile for a broken file."""
    path = only_file(folder, SUFFIX)
    recognises(path)
    check_minor(path.with_name(FACTS))
    ask_for_code("a Python object", allow_code=allow_code)
    return unpickled(path)


def unpickled(path: Path, around: Mapping[str, object] = MappingProxyType({})) -> Any:
    """Return what a pickle holds; this runs code of it, which sees the names `around` it. Raises NotLoadable."""
    reading = FunctionType(_read.__code__, {"__builtins__": builtins, **around})
    try:
        with path.open("rb") as file:
            return reading(pickle.load, file)
    except ModuleNotFoundError as error:
        missing = str(error.name).partition(".")[0]
        raise NotLoadable(f"This version needs {missing}, which is not installed here. Install it first.") from error
    except Exception as error:
        # Code of the user's runs here and raises what it likes.
        raise NotLoadable(f"{path.name} does not load here: {type(error).__name__}: {reason(error)}") from error


def _read(load: Callable[[BinaryIO], object], file: BinaryIO) -> object:
    return load(file)


def runner(folder: Path) -> Runner:
    return served(load(folder, allow_code=True))


def served(model: Any) -> Runner:
    if sklearn.handles(model) and hasattr(model, "n_features_in_"):
        return sklearn.served(model)
    if isinstance(model, FunctionType):
        return PythonRunner(model, tuple(inspect.signature(model).parameters), model.__name__)
    method = "predict" if hasattr(model, "predict") else "transform"
    return PythonRunner(getattr(model, method), (), f"{_name(model)}.{method}")


class PythonRunner:
    """Hands on what arrives: by name to a function's parameters, alone to a method, several as a DataFrame.

    `inputs` tell the names; datatypes and shapes there are a guess, any are taken. What comes back is
    `output`, or has the names of a mapping, of the columns of a DataFrame, or `output_0`, ... for a tuple.
    """

    guesses = True

    def __init__(self, call: Callable[..., Any], names: tuple[str, ...], what: str) -> None:
        self._call = call
        self._names = names
        self._what = what
        self.inputs = tuple(TensorSpec(name=n, datatype="FP64", shape=(-1, -1)) for n in names or (_INPUT,))
        # Without an axis for rows requests are never joined: nobody knows what the code makes of them.
        self.outputs: tuple[TensorSpec, ...] = (TensorSpec(name=_OUTPUT, datatype="FP64", shape=()),)

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        arguments, named = self._arguments(inputs)
        try:
            answer = self._call(*arguments, **named)
        except Exception as error:
            # The user's own code raises what it likes; the log has the whole story.
            _log.exception("%s failed", self._what)
            raise BadTensor(f"{self._what} raised {type(error).__name__}: {reason(error)}") from error
        return {name: self._array(value) for name, value in _named(answer).items()}

    def _arguments(self, inputs: Tensors) -> tuple[list[Any], dict[str, Any]]:
        if not inputs:
            raise BadTensor(f"There is no input. {self._takes()}")
        if set(inputs) <= set(self._names):
            return [], self._bound(inputs)
        if len(self._names) > 1:
            raise BadTensor(f"The inputs are {', '.join(sorted(inputs))}. {self._takes()}")
        if len(inputs) == 1 and set(inputs) <= {ONLY_INPUT, _INPUT}:
            return [*inputs.values()], {}
        return [_frame(inputs)], {}

    def _bound(self, inputs: Tensors) -> dict[str, Any]:
        try:
            inspect.signature(self._call).bind(**inputs)
        except TypeError as error:
            raise BadTensor(f"{self._what}: {reason(error)}. {self._takes()}") from error
        return dict(inputs)

    def _takes(self) -> str:
        return f"{self._what} takes {', '.join(self._names) or 'one array or columns'}."

    def _array(self, value: Any) -> NDArray[Any]:
        """Return numbers or texts. Raises BadTensor."""
        try:
            array = np.atleast_1d(np.asarray(value.to_numpy() if hasattr(value, "to_numpy") else value))
        except ValueError as error:
            raise BadTensor(f"{self._what} answered what is no array: {reason(error)}") from error
        if array.dtype.kind in "US":
            return array.astype(object)
        if array.dtype.kind not in "biuf" and not all(isinstance(item, str) for item in array.flat):
            raise BadTensor(f"{self._what} answered {array.dtype} values. Let it return numbers or texts.")
        return array


def _named(answer: Any) -> Mapping[str, Any]:
    if isinstance(answer, Mapping):
        return {str(name): value for name, value in answer.items()}
    if hasattr(answer, "columns") and hasattr(answer, "to_numpy"):
        return {str(name): answer[name] for name in answer.columns}
    if isinstance(answer, tuple):
        return {f"{_OUTPUT}_{place}": value for place, value in enumerate(answer)}
    return {_OUTPUT: answer}


def _frame(columns: Tensors) -> Any:
    import pandas as pd

    try:
        return pd.DataFrame({name: np.asarray(values) for name, values in columns.items()})
    except ValueError as error:
        raise BadTensor(f"The inputs are no columns of one table: {reason(error)}") from error


def _name(obj: object) -> str:
    return obj.__name__ if isinstance(obj, FunctionType) else type(obj).__name__


def minor() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def check_minor(path: Path) -> None:
    """Raise NotLoadable for another Python: what functions are compiled to differs between minors."""
    try:
        saved = json.loads(path.read_text())["python"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise NotLoadable(f"{path.name} is missing or damaged. Register the object again.") from error
    if saved != minor():
        raise NotLoadable(
            f"Python {saved} saved this version and this is {platform.python_version()}: its code loads only there. "
            f"Use Python {saved}, or run {SOURCE} here and register the object again."
        )
