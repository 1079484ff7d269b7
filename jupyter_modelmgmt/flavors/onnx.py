"""ONNX models: `.onnx` files and `onnx.ModelProto` objects, run by ONNX Runtime."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotLoadable, NotSavable
from jupyter_modelmgmt.flavors.base import Description, Safety, Tensors, TensorSpec, checked, only_file, reason
from jupyter_modelmgmt.flavors.onnx_file import check

if TYPE_CHECKING:
    from onnx import ModelProto
    from onnxruntime import InferenceSession

NAME = "onnx"
FRAMEWORK = "onnx"
SAFETY: Safety = "data"
SUFFIX = ".onnx"

_DATATYPES = {
    "bool": "BOOL", "uint8": "UINT8", "uint16": "UINT16", "uint32": "UINT32", "uint64": "UINT64",
    "int8": "INT8", "int16": "INT16", "int32": "INT32", "int64": "INT64",
    "float16": "FP16", "float": "FP32", "double": "FP64", "string": "BYTES",
}  # fmt: skip


def handles(obj: object) -> bool:
    onnx = sys.modules.get("onnx")
    return onnx is not None and isinstance(obj, onnx.ModelProto)


def describe(obj: "ModelProto") -> Description:
    opsets = {f"opset {o.domain or 'ai.onnx'}": o.version for o in obj.opset_import}
    params = {"ir_version": obj.ir_version, "producer": obj.producer_name, **opsets}
    return Description(class_name=type(obj).__name__, params=params)


def problem(obj: "ModelProto") -> str:
    return "" if obj.graph.node else "This ModelProto has an empty graph. Build or load the model first."


def save(obj: "ModelProto", folder: Path) -> None:
    """Write `model.onnx`. Raises NotSavable for an empty graph and for weights kept in other files."""
    if empty := problem(obj):
        raise NotSavable(empty)
    path = folder / f"model{SUFFIX}"
    try:
        path.write_bytes(obj.SerializeToString())
        check(path)
    except (ValueError, BadFile) as error:  # protobuf refuses messages above 2 GiB with a ValueError
        raise NotSavable(f"The ModelProto cannot be saved as one file: {error} Register its files instead.") from error


def recognises(path: Path) -> bool:
    """Tell whether the file is ONNX; its structure is read, nothing of it runs. Raises BadFile."""
    if path.suffix.lower() != SUFFIX:
        return False
    check(path)
    return True


def load(folder: Path, *, allow_code: bool = False) -> "InferenceSession":  # noqa: ARG001  nothing here runs code
    """Return an inference session. Raises BadFile and NotLoadable."""
    return _session(folder, {})


def runner(folder: Path) -> "OnnxRunner":
    # Beside decoders and other workers, threads that spin while they wait for work take it from those that have some.
    return OnnxRunner(_session(folder, {"session.intra_op.allow_spinning": "0"}))


def _session(folder: Path, entries: Mapping[str, str]) -> "InferenceSession":
    import onnxruntime

    path = only_file(folder, SUFFIX)
    check(path)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    for key, value in entries.items():
        options.add_session_config_entry(key, value)
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        # ONNX Runtime's exceptions share no base but Exception.
        raise NotLoadable(f"ONNX Runtime cannot load {path.name}: {_reason(error)}") from error


def served(model: "ModelProto") -> "OnnxRunner":
    """Return a model that is in memory, ready to serve."""
    with TemporaryDirectory() as folder:
        save(model, Path(folder))
        return runner(Path(folder))


class OnnxRunner:
    """Runs a session; the probability maps that converters put behind classifiers become a matrix."""

    def __init__(self, session: "InferenceSession") -> None:
        self._session = session
        self.inputs = tuple(_spec(node) for node in session.get_inputs())
        self.outputs = tuple(_spec(node) for node in session.get_outputs())
        self._names = [spec.name for spec in self.outputs]

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        from onnxruntime.capi.onnxruntime_pybind11_state import InvalidArgument

        try:
            answers = self._session.run(self._names, checked(inputs, self.inputs))
        except InvalidArgument as error:
            raise BadTensor(f"The model refuses the input: {_reason(error)}") from error
        return {name: _plain(answer) for name, answer in zip(self._names, answers, strict=True)}


def _spec(node: Any) -> TensorSpec:
    if node.type.startswith("seq(map("):
        return TensorSpec(name=node.name, datatype="FP32", shape=(-1, -1))
    word = node.type.removeprefix("tensor(").removesuffix(")")
    if word not in _DATATYPES:
        raise NotLoadable(
            f"{node.name!r} is a {node.type}; only tensors are served. Export the model with plain tensors."
        )
    shape = tuple(n if isinstance(n, int) and n > 0 else -1 for n in node.shape)
    return TensorSpec(name=node.name, datatype=_DATATYPES[word], shape=shape)


def _reason(error: Exception) -> str:
    """Return the reason without ONNX Runtime's own codes, the place of the file and C++ signatures."""
    text = re.sub(
        r"^\[ONNXRuntimeError\] : \d+ : \w+ : |Load model from .* failed: ?|\S+\.(h|cc):\d+ .*?\) ", "", str(error)
    )
    return reason(RuntimeError(text))


def _plain(answer: Any) -> NDArray[Any]:
    if isinstance(answer, list):
        return np.array([list(row.values()) for row in answer], dtype=np.float32)
    return np.asarray(answer)
