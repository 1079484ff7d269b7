"""Keras 3 models, as `.keras`: data, loaded in Keras' safe mode. With classes of the user's their source goes along.

A version with such source is of the class `code`: loading it runs the source.
"""

import importlib.util
import json
import os
import shutil
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from packaging.version import Version

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors import networks, vendored, zips
from jupyter_modelmgmt.flavors.answers import named
from jupyter_modelmgmt.flavors.base import (
    DATATYPES,
    Description,
    Runner,
    Safety,
    Tensors,
    TensorSpec,
    ask_for_code,
    checked,
    imported,
    only_file,
    reason,
)

if TYPE_CHECKING:
    from keras import Model

NAME = "keras"
FRAMEWORK = "keras"
SAFETY: Safety = "code"  # of classes of the user's alone; the verdict on each file tells
SUFFIX = ".keras"
BACKEND = "backend.json"

# The first whose safe mode holds for all of a `.keras` file: CVE-2025-9906.
SAFE = Version("3.11.0")
_TIME = (1980, 1, 1, 0, 0, 0)
_HDF5 = b"\x89HDF\r\n\x1a\n"
_HEAD_BYTES = 1 << 20


def handles(obj: object) -> bool:
    keras = sys.modules.get("keras")
    kind = getattr(keras, "Model", None)
    return kind is not None and isinstance(obj, kind)


def describe(obj: "Model") -> Description:
    name = type(obj).__name__
    if not _is_built(obj):
        return Description(class_name=name)
    loss, optimizer = getattr(obj, "loss", None), getattr(obj, "optimizer", None)
    params: dict[str, str | int] = {"layers": len(obj.layers), "parameters": int(obj.count_params())}
    params |= {"loss": loss} if isinstance(loss, str) else {}
    params |= {"optimizer": str(optimizer.name)} if optimizer is not None else {}
    return Description(
        class_name=name,
        task=_task(loss),
        params=params,
        model_type=networks.model_type(f"{name} {obj.name}"),
        architecture=networks.architecture({f"{i}": variable.shape for i, variable in enumerate(obj.weights)}),
    )


def weights(obj: "Model") -> dict[str, NDArray[Any]]:
    """Return what the model learned by place: names are counted up anew in every process."""
    import keras

    found = obj.weights if _is_built(obj) else []
    return {f"{i:06}": keras.ops.convert_to_numpy(variable) for i, variable in enumerate(found)}


def problem(obj: "Model") -> str:
    if not _is_built(obj):
        return f"This {type(obj).__name__} has no weights yet. Fit it, or call it once on real input."
    return ""


def save(obj: "Model", folder: Path, *, vendor: bool = True) -> None:
    """Write `model.keras`, and `classes.py` for classes of the user's unless `vendor` is false.

    The same model gives the same bytes. Raises NotFitted, and NotSavable for Lambda layers and
    for classes whose source cannot be taken along.
    """
    import keras

    if unbuilt := problem(obj):
        raise NotFitted(unbuilt)
    if names := [layer.name for layer in _layers(obj) if isinstance(layer, keras.layers.Lambda)]:
        raise NotSavable(
            f"{', '.join(names)}: a Lambda layer hides code in the file. Write a class of keras.layers.Layer instead."
        )
    if vendor:
        vendored.write(_own(obj), folder)
    drafted = folder / f"draft{SUFFIX}"
    try:
        obj.save(drafted)
    except (TypeError, ValueError, NotImplementedError, AttributeError, RuntimeError) as error:
        raise NotSavable(f"Keras cannot save this {type(obj).__name__}: {reason(error)}") from error
    _repeatable(drafted, folder / f"model{SUFFIX}")
    drafted.unlink()
    (folder / BACKEND).write_text(json.dumps({"backend": keras.backend.backend()}))


def recognises(path: Path) -> bool:
    """Tell whether the file is a `.keras` archive, from its members. Raises BadFile, also for a model in `.h5`."""
    if path.suffix.lower() in {".h5", ".hdf5"}:
        _refuse_hdf5(path)
    if path.suffix.lower() != SUFFIX:
        return False
    inside = zips.members(path, "Keras")
    if not {"config.json", "metadata.json"} <= inside or not any(name.startswith("model.weights") for name in inside):
        raise BadFile(
            f"{path.name} is not a Keras file: config, metadata or weights are missing. Save the model again."
        )
    if "class_name" not in zips.json_of(path, "config.json", "Keras"):
        raise BadFile(f"{path.name} is not a Keras file: its config names no class. Save the model again.")
    return True


def load(folder: Path, *, allow_code: bool = False) -> "Model":
    """Return the model, with its training configuration. Raises NotLoadable; NeedsYes where source came along."""
    if (folder / vendored.SOURCE).is_file():
        ask_for_code("a Keras model with classes of its own", allow_code=allow_code)
    path = only_file(folder, SUFFIX)
    recognises(path)
    keras = _imported(folder)
    source = vendored.opened(folder)
    mine = {name: value for name, value in vars(source).items() if vendored.is_own(value)} if source else {}
    try:
        return keras.saving.load_model(path, custom_objects=mine, safe_mode=True)
    except Exception as error:
        # Layers raise what they like when they are built.
        raise NotLoadable(f"The installed Keras cannot load {path.name}: {reason(error)}") from error


def runner(folder: Path) -> Runner:
    return served(load(folder, allow_code=True))


def served(model: "Model") -> Runner:
    """Return a model that is in memory, ready to serve."""
    return KerasRunner(model)


class KerasRunner:
    """Predicts; inputs and outputs have the names of the model's own, and are empty for a model without a graph."""

    def __init__(self, model: "Model") -> None:
        self._model = model
        self._lock = Lock()
        self.inputs = tuple(_spec(tensor.name, tensor) for tensor in _tensors(model, "inputs"))
        names: list[str] = getattr(model, "output_names", None) or []
        self.outputs = tuple(
            _spec(name, tensor) for name, tensor in zip(names, _tensors(model, "outputs"), strict=False)
        )

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        try:
            with self._lock:  # the first call compiles
                answer = self._model.predict_on_batch(self._arguments(inputs))
        except (ValueError, TypeError, RuntimeError, KeyError, IndexError, ArithmeticError) as error:
            raise BadTensor(f"{type(self._model).__name__} refuses the input: {reason(error)}") from error
        tensors = [(name, np.asarray(value)) for name, value in named(answer)]
        if len(tensors) == len(self.outputs):
            return {spec.name: value for spec, (_, value) in zip(self.outputs, tensors, strict=True)}
        return dict(tensors)

    def _arguments(self, inputs: Tensors) -> Any:
        import keras

        if not self.inputs:
            return next(iter(inputs.values())) if len(inputs) == 1 else dict(inputs)
        values = checked(inputs, self.inputs)
        ordered = [values[spec.name] for spec in self.inputs]
        if len(ordered) == 1:
            return ordered[0]
        return keras.tree.pack_sequence_as(self._model.input, ordered)


def _imported(folder: Path) -> Any:
    """Return Keras, with the backend that the model was saved under where nobody has chosen one."""
    told = folder / BACKEND
    if "keras" not in sys.modules and "KERAS_BACKEND" not in os.environ and told.is_file():
        backend = json.loads(told.read_text()).get("backend")
        if backend in {"tensorflow", "torch", "jax"} and importlib.util.find_spec(backend):
            os.environ["KERAS_BACKEND"] = backend
    keras = imported("keras", "keras")
    if Version(keras.__version__) < SAFE:
        raise NotLoadable(
            f"Keras {keras.__version__} does not load files safely. "
            'Install a newer one: pip install "jupyter_modelmgmt[keras]"'
        )
    return keras


def _repeatable(drafted: Path, path: Path) -> None:
    """Write the file `drafted` to `path` without the time of day, which Keras and zip keep."""
    with zipfile.ZipFile(drafted) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.infolist():
            copied = zipfile.ZipInfo(member.filename, _TIME)
            with source.open(member) as read, target.open(copied, "w", force_zip64=True) as write:
                if member.filename == "metadata.json":
                    told = {key: value for key, value in json.load(read).items() if key != "date_saved"}
                    write.write(json.dumps(told).encode())
                else:
                    shutil.copyfileobj(read, write, 1 << 20)


def _is_built(model: "Model") -> bool:
    return bool(vars(model).get("built"))


def _refuse_hdf5(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(_HDF5) and b"model_config" in head:
        raise BadFile(
            f"{path.name} is a Keras model in HDF5, which no safe mode guards. "
            "Load it in Keras and save it as .keras; weights alone may stay .h5."
        )


def _layers(model: "Model") -> list[Any]:
    """Return the model and all layers inside of it."""
    return list(model._flatten_layers())  # noqa: SLF001  `layers` has not those inside of layers


def _own(model: "Model") -> set[vendored.Own]:
    """Return the user's classes and functions that the file names."""
    held = [value for layer in _layers(model) for value in (layer, *vars(layer).values())]
    trained = [getattr(model, "loss", None), getattr(model, "optimizer", None), _metrics(model)]
    return {kind for value in _flat([*held, *trained]) for kind in (value, type(value)) if vendored.is_own(kind)}


def _metrics(model: "Model") -> object:
    return getattr(getattr(model, "_compile_metrics", None), "_user_metrics", None)


def _flat(values: Any) -> Iterator[Any]:
    if isinstance(values, Mapping):
        values = list(values.values())
    if isinstance(values, list | tuple):
        for value in values:
            yield from _flat(value)
    else:
        yield values


def _task(loss: object) -> Task:
    word = str(getattr(loss, "name", loss)).lower()
    if "crossentropy" in word:
        return Task.CLASSIFICATION
    return Task.REGRESSION if word.startswith(("mean_", "mse", "mae", "huber")) else Task.OTHER


def _tensors(model: "Model", side: str) -> list[Any]:
    try:
        return list(getattr(model, side, None) or ())
    except (AttributeError, ValueError):  # a model without a graph knows neither
        return []


def _spec(name: str, tensor: Any) -> TensorSpec:
    shape = tuple(-1 if n is None else int(n) for n in tensor.shape)
    return TensorSpec(name=name, datatype=DATATYPES.get(str(tensor.dtype), "FP32"), shape=shape)
