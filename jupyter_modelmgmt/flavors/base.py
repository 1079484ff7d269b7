"""What every flavor speaks: its verbs, tensors described, a runner that serves."""

import importlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadTensor, NeedsYes, NotLoadable
from jupyter_modelmgmt.domain.records import Params, Task

Tensors = Mapping[str, NDArray[Any]]
Safety = Literal["data", "code"]
ONLY_INPUT = ""
MAX_REASON = 300

# Source: Open Inference Protocol v2, "Tensor Data Types".
DATATYPES = {
    "bool": "BOOL", "uint8": "UINT8", "uint16": "UINT16", "uint32": "UINT32", "uint64": "UINT64",
    "int8": "INT8", "int16": "INT16", "int32": "INT32", "int64": "INT64",
    "float16": "FP16", "float32": "FP32", "float64": "FP64",
}  # fmt: skip
DTYPES = {word: np.dtype(name) for name, word in DATATYPES.items()} | {"BYTES": np.dtype(object)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorSpec:
    """A tensor that a model takes or gives; -1 in `shape` is any length.

    `datatype` is a word of the Open Inference Protocol. A quantised tensor holds
    `round(value / scale) + zero_point`; `scale` is 0 for others.
    """

    name: str
    datatype: str
    shape: tuple[int, ...]
    scale: float = 0.0
    zero_point: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What an object tells of itself when it is registered.

    `architecture` is what its class does not tell: layers and shapes of a network.
    """

    class_name: str
    task: Task = Task.OTHER
    labels: tuple[str, ...] = ()
    params: Params = field(default_factory=dict)
    model_type: str = "custom"
    architecture: str = ""


class Runner(Protocol):
    """A loaded model that answers tensors; safe to call from several threads.

    One that takes whatever its code takes has `guesses = True`: its `inputs` and `outputs` are no more.
    """

    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        """Return the outputs by name. Raises BadTensor for inputs that do not fit, see `checked`."""
        ...


class Flavor(Protocol):
    """The verbs of a flavor module; `FRAMEWORK` is the word that people read.

    `SAFETY` tells whether loading only reads data or can run code of the file.
    """

    NAME: str
    FRAMEWORK: str
    SAFETY: Safety

    def handles(self, obj: object) -> bool:
        """Tell whether this flavor saves `obj`, without importing the framework."""
        ...

    def describe(self, obj: object) -> Description: ...

    def problem(self, obj: object) -> str:
        """Return in one line why `obj` cannot be registered yet, or an empty text."""
        ...

    def save(self, obj: object, folder: Path) -> None:
        """Write `obj` into `folder`. Raises NotFitted or NotSavable."""
        ...

    def recognises(self, path: Path) -> bool:
        """Tell whether the file is of this flavor, running nothing of it.

        Raises BadFile for a file that claims the format by its name and breaks it.
        """
        ...

    def load(self, folder: Path, *, allow_code: bool = False) -> object:
        """Return the model. Raises NotLoadable, and NeedsYes where loading runs code of the file."""
        ...

    def runner(self, folder: Path) -> Runner:
        """Return the model ready to serve; only for a worker process, where code of the file may run."""
        ...

    def served(self, model: Any) -> Runner:
        """Return a model that is in memory ready to serve: what a fresh process must answer, too."""
        ...


def datatype(dtype: np.dtype[Any]) -> str:
    """Return the protocol's word for `dtype`; texts and objects are BYTES."""
    return DATATYPES.get(dtype.name, "BYTES")


def with_texts(array: NDArray[Any]) -> NDArray[Any]:
    """Return texts of a fixed width as objects, which is how BYTES are held here; anything else as it is."""
    return array.astype(object) if array.dtype.kind in "US" else array


def reason(error: Exception) -> str:
    """Return what a framework's error says, as one line of at most 300 characters."""
    first = str(error).strip().partition("\n")[0]
    return first if len(first) <= MAX_REASON else f"{first[: MAX_REASON - 3]}..."


def imported(module: str, extra: str) -> ModuleType:
    """Return a framework's module. Raises NotLoadable with the line that installs the framework."""
    try:
        return importlib.import_module(module)
    except (ImportError, OSError) as error:  # OSError: a compiled library of it, or of the system, is missing
        raise NotLoadable(
            f"This version needs {module.partition('.')[0]}, which cannot be imported: {reason(error)}. "
            f'Install it: pip install "jupyter_modelmgmt[{extra}]"'
        ) from error


def ask_for_code(what: str, *, allow_code: bool) -> None:
    """Raise NeedsYes unless `allow_code`; `what` names the thing that is loaded."""
    if not allow_code:
        raise NeedsYes(
            f"Loading {what} runs code that travels in its files. "
            "If you trust who made it, use v.load(allow_code=True) or `%model load NAME --allow-code`. "
            "Use a deployment otherwise: it runs in a process of its own."
        )


def only_file(folder: Path, suffix: str) -> Path:
    """Return the one file of `folder` with `suffix`. Raises NotLoadable for none and for several."""
    found = sorted(Path(top, name) for top, _, names in os.walk(folder) for name in names if name.endswith(suffix))
    if len(found) != 1:
        names = ", ".join(p.relative_to(folder).as_posix() for p in found) or "none"
        raise NotLoadable(f"A version needs exactly one {suffix} file to be loaded; it has {names}.")
    return found[0]


def checked(inputs: Tensors, specs: Sequence[TensorSpec]) -> dict[str, NDArray[Any]]:
    """Return `inputs` as a model with `specs` takes them. Raises BadTensor.

    The name "" stands for a model's only input. A value of a narrower type is widened; one that
    would lose information is refused.
    """
    names = [spec.name for spec in specs]
    if list(inputs) == [ONLY_INPUT] and len(names) == 1:
        inputs = {names[0]: inputs[ONLY_INPUT]}
    if sorted(inputs) != sorted(names):
        raise BadTensor(
            f"The inputs are {', '.join(sorted(inputs)) or 'none'}; the model takes {', '.join(names)}. Name them so."
        )
    return {spec.name: _checked(np.asarray(inputs[spec.name]), spec) for spec in specs}


def refuse_columns(given: Iterable[str], wanted: Sequence[str]) -> None:
    """Raise BadTensor when a table lacks columns that a model takes, or has more, naming them."""
    refuse_missing(given, wanted)
    if more := [name for name in given if name not in wanted]:
        raise BadTensor(f"The table has more columns than {', '.join(wanted)}. Leave out {', '.join(more)}.")


def refuse_missing(given: Iterable[str], wanted: Sequence[str]) -> None:
    """Raise BadTensor when a table lacks columns that a model takes."""
    there = list(given)
    if missing := [name for name in wanted if name not in there]:
        others = [name for name in there if name not in wanted]
        instead = f"; it has {', '.join(others)} instead" if others else ""
        raise BadTensor(
            f"The table has no column {', '.join(missing)}{instead}. The model takes {', '.join(wanted)}. Send all of them."
        )


def _checked(value: NDArray[Any], spec: TensorSpec) -> NDArray[Any]:
    fits = len(value.shape) == len(spec.shape) and all(
        want in (-1, got) for want, got in zip(spec.shape, value.shape, strict=True)
    )
    if not fits:
        raise BadTensor(f"{spec.name!r} has shape {list(value.shape)}; the model takes {list(spec.shape)}. Reshape it.")
    wanted = DTYPES[spec.datatype]
    if value.dtype == wanted:
        return value
    if not _widens(value.dtype, wanted):
        raise BadTensor(
            f"{spec.name!r} has datatype {datatype(value.dtype)}; the model takes {spec.datatype}. Convert it."
        )
    return value.astype(wanted)


def _widens(given: np.dtype[Any], wanted: np.dtype[Any]) -> bool:
    if wanted.kind == "O":
        return given.kind in "US"
    # Between floats the model's own precision decides: clients often send FP64 by habit.
    return np.can_cast(given, wanted, "safe") or (wanted.kind == "f" and given.kind in "iuf")
