"""An ONNX file written node by node, without the onnx package.

Source: `onnx.proto3` (IR version 8) for the numbers of the fields.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

IR_VERSION = 8
OPSET = 13
_FLOAT = 1
_INT64 = 7
_ATTRIBUTE_INT, _ATTRIBUTE_STRING, _ATTRIBUTE_INTS = 2, 3, 7


@dataclass(slots=True)
class Graph:
    """A graph from one input to one output, each a batch of float tensors; values are named `v0`, `v1`, ..."""

    name: str
    _nodes: list[bytes] = field(default_factory=list)
    _weights: list[bytes] = field(default_factory=list)
    _count: int = 0

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: int | str | Iterable[int]) -> str:
        """Add a node and return the name of what it gives."""
        output = output or f"v{self._count}"
        self._count += 1
        said = b"".join(_text(1, name) for name in inputs) + _text(2, output) + _text(3, f"{operator}_{self._count}")
        self._nodes.append(said + _text(4, operator) + b"".join(_part(5, _attribute(*a)) for a in attributes.items()))
        return output

    def weight(self, value: NDArray[Any], name: str) -> str:
        """Add a constant tensor, float32 or int64, and return its name."""
        kind = _INT64 if value.dtype == np.int64 else _FLOAT
        data = np.ascontiguousarray(value, np.int64 if kind == _INT64 else np.float32).tobytes()
        dims = b"".join(_number(1, side) for side in value.shape)
        self._weights.append(dims + _number(2, kind) + _text(8, name) + _part(9, data))
        return name

    def file(self, inputs: Mapping[str, tuple[int, ...]], outputs: Mapping[str, tuple[int, ...]]) -> bytes:
        """Return the file. Shapes leave out the batch, which may have any length."""
        graph = b"".join(_part(1, node) for node in self._nodes) + _text(2, self.name)
        graph += b"".join(_part(5, weight) for weight in self._weights)
        graph += b"".join(_part(11, _value(*each)) for each in inputs.items())
        graph += b"".join(_part(12, _value(*each)) for each in outputs.items())
        opset = _text(1, "") + _number(2, OPSET)
        return _number(1, IR_VERSION) + _text(2, "jupyter_modelmgmt") + _part(7, graph) + _part(8, opset)


def _value(name: str, shape: tuple[int, ...]) -> bytes:
    dims = _part(1, _text(2, "batch")) + b"".join(_part(1, _number(1, side)) for side in shape)
    return _text(1, name) + _part(2, _part(1, _number(1, _FLOAT) + _part(2, dims)))


def _attribute(name: str, value: Any) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _ATTRIBUTE_INT)
    if isinstance(value, str):
        return _text(1, name) + _text(4, value) + _number(20, _ATTRIBUTE_STRING)
    return _text(1, name) + b"".join(_number(8, each) for each in value) + _number(20, _ATTRIBUTE_INTS)


def _text(number: int, text: str) -> bytes:
    return _part(number, text.encode())


def _part(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits a byte
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
