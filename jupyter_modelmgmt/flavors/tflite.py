"""TensorFlow Lite models: `.tflite` files, run by LiteRT."""

import os
import struct
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotLoadable, NotSavable
from jupyter_modelmgmt.flavors.base import (
    Description,
    Safety,
    Tensors,
    TensorSpec,
    checked,
    datatype,
    only_file,
    reason,
)

if TYPE_CHECKING:
    from ai_edge_litert.interpreter import Interpreter

MAX_THREADS = 4
NAME = "tflite"
FRAMEWORK = "tflite"
SAFETY: Safety = "data"
SUFFIX = ".tflite"

_IDENTIFIER = b"TFL3"
_SUBGRAPHS_SLOT = 4 + 2 * 2  # A vtable begins with two lengths; `subgraphs` is the third field of the schema.


def handles(obj: object) -> bool:  # noqa: ARG001  no object in memory can be written back as a .tflite file
    return False


def describe(obj: object) -> Description:
    return Description(class_name=type(obj).__name__)


def problem(obj: object) -> str:  # noqa: ARG001  see `handles`
    return "Register the .tflite file with register_files."


def save(obj: object, folder: Path) -> None:  # noqa: ARG001  see `handles`
    raise NotSavable(problem(obj))


def recognises(path: Path) -> bool:
    """Tell whether the file is TensorFlow Lite, from the head of its FlatBuffer. Raises BadFile."""
    if path.suffix.lower() != SUFFIX:
        return False
    with path.open("rb") as file:
        data = file.read()
    if data[4:8] != _IDENTIFIER:
        raise BadFile(
            f"{path.name} is not a TensorFlow Lite model: its identifier is missing. Convert the model again."
        )
    try:
        graphs = _subgraph_count(data)
    except struct.error:
        graphs = 0
    if not graphs:
        raise BadFile(f"{path.name} is a truncated or empty TensorFlow Lite model. Convert the model again.")
    return True


def load(folder: Path, *, allow_code: bool = False) -> "Interpreter":  # noqa: ARG001  nothing here runs code
    """Return an interpreter with its tensors allocated. Raises BadFile and NotLoadable."""
    from ai_edge_litert.interpreter import Interpreter

    path = only_file(folder, SUFFIX)
    recognises(path)
    try:
        # LiteRT takes one thread unless told; ONNX Runtime takes all cores by itself.
        interpreter = Interpreter(model_path=str(path), num_threads=min(MAX_THREADS, os.cpu_count() or 1))
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise NotLoadable(f"LiteRT cannot load {path.name}: {reason(error)}") from error
    return interpreter


def runner(folder: Path) -> "TfliteRunner":
    return served(load(folder))


def served(model: Any) -> "TfliteRunner":
    """Return an interpreter, ready to serve."""
    return TfliteRunner(model)


class TfliteRunner:
    """Runs a model as it is: quantised tensors go in and come out quantised, see their `scale`."""

    def __init__(self, interpreter: "Interpreter") -> None:
        self._interpreter = interpreter
        self._lock = Lock()
        inputs, outputs = interpreter.get_input_details(), interpreter.get_output_details()
        self._inputs = {detail["name"]: detail["index"] for detail in inputs}
        self._outputs = {detail["name"]: detail["index"] for detail in outputs}
        self.inputs = tuple(_spec(detail) for detail in inputs)
        self.outputs = tuple(_spec(detail) for detail in outputs)

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        values = checked(inputs, self.inputs)
        with self._lock:
            for name, value in values.items():
                self._feed(self._inputs[name], value)
            self._interpreter.invoke()
            return {name: self._interpreter.get_tensor(index) for name, index in self._outputs.items()}

    def _feed(self, index: int, value: NDArray[Any]) -> None:
        now = self._interpreter.get_tensor(index).shape
        if now != value.shape:
            try:
                self._interpreter.resize_tensor_input(index, value.shape, strict=True)
                self._interpreter.allocate_tensors()
            except (ValueError, RuntimeError) as error:
                raise BadTensor(f"The model refuses the shape {list(value.shape)}: {reason(error)}") from error
        self._interpreter.set_tensor(index, value)


def _spec(detail: dict[str, Any]) -> TensorSpec:
    signature = detail.get("shape_signature")
    shape = detail["shape"] if signature is None or not len(signature) else signature
    scales = detail["quantization_parameters"]["scales"]
    scale, zero_point = detail["quantization"] if len(scales) == 1 else (0.0, 0)
    return TensorSpec(
        name=detail["name"],
        datatype=datatype(np.dtype(detail["dtype"])),
        shape=tuple(int(n) for n in shape),
        scale=float(scale),
        zero_point=int(zero_point),
    )


def _subgraph_count(data: bytes) -> int:
    """Return the length of the `subgraphs` vector. Source: FlatBuffers internals; TFLite schema, table Model."""
    (table,) = struct.unpack_from("<I", data, 0)
    (back,) = struct.unpack_from("<i", data, table)
    vtable = table - back
    (vtable_size,) = struct.unpack_from("<H", data, _inside(vtable, data))
    if vtable_size <= _SUBGRAPHS_SLOT:
        return 0
    (field,) = struct.unpack_from("<H", data, vtable + _SUBGRAPHS_SLOT)
    if not field:
        return 0
    (vector,) = struct.unpack_from("<I", data, table + field)
    (count,) = struct.unpack_from("<I", data, table + field + vector)
    return int(count)


def _inside(offset: int, data: bytes) -> int:
    if not 0 <= offset < len(data):
        raise struct.error
    return offset
