"""What the headers of safetensors and ONNX files tell, read without a framework and without loading a tensor."""

import mmap
import struct
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain.errors import BadFile
from jupyter_modelmgmt.domain.previews import Header, TensorHeader
from jupyter_modelmgmt.flavors import safetensors
from jupyter_modelmgmt.flavors.base import reason
from jupyter_modelmgmt.flavors.onnx_file import Span, fields, varint

SHOWN_TENSORS = 500
_SHOWN_OPERATORS = 8
_TEXT_BYTES = 1000

# Field numbers of onnx.proto. Source: onnx/onnx, `onnx/onnx.proto`.
_MODEL_TEXTS = {2: "Producer", 3: "Producer version", 4: "Domain"}
_IR_VERSION, _GRAPH, _OPSET = 1, 7, 8
_NODE, _GRAPH_NAME, _INITIALIZER, _INPUT, _OUTPUT = 1, 2, 5, 11, 12
_NODE_OPERATOR = 4
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_NAME = 1, 2, 8
_VALUE_NAME, _VALUE_TYPE = 1, 2
_TYPES = {
    1: "FLOAT32", 2: "UINT8", 3: "INT8", 4: "UINT16", 5: "INT16", 6: "INT32", 7: "INT64", 8: "STRING", 9: "BOOL",
    10: "FLOAT16", 11: "FLOAT64", 12: "UINT32", 13: "UINT64", 14: "COMPLEX64", 15: "COMPLEX128", 16: "BFLOAT16",
}  # fmt: skip


def of_safetensors(path: Path) -> Header:
    """Return the tensors of a safetensors file. Raises BadFile."""
    try:
        return _safetensors(safetensors.header(path, path.stat().st_size))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, struct.error) as error:
        raise BadFile(f"Its header is not one of safetensors: {reason(error)}. Save the tensors again.") from error


def of_onnx(path: Path) -> Header:
    """Return inputs, outputs, weights and operators of an ONNX file. Raises BadFile."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _onnx(data)
    except (ValueError, IndexError) as error:
        raise BadFile(f"It is not an ONNX model: {reason(error)}. Export the model again.") from error


def _safetensors(header: dict[str, Any]) -> Header:
    said = header.pop("__metadata__", {})
    tensors = tuple(
        TensorHeader(name=name, datatype=str(tensor["dtype"]), shape=tuple(int(length) for length in tensor["shape"]))
        for name, tensor in islice(header.items(), SHOWN_TENSORS)
    )
    facts = {str(key): str(value)[:_TEXT_BYTES] for key, value in said.items()}
    return Header(facts=facts, tensors=tensors, count=len(header))


def _onnx(data: mmap.mmap) -> Header:
    facts: dict[str, str] = {}
    tensors: list[TensorHeader] = []
    for number, wire, span in fields(data, (0, len(data))):
        if number == _IR_VERSION and wire == 0:
            facts["IR version"] = str(varint(data, *span)[0])
        elif number in _MODEL_TEXTS:
            facts[_MODEL_TEXTS[number]] = _text(data, span)
        elif number == _OPSET:
            facts["Opset"] = ", ".join(filter(None, [facts.get("Opset", ""), _opset(data, span)]))
        elif number == _GRAPH:
            facts |= _graph_facts(data, span)
            tensors = list(_graph_tensors(data, span))
    return Header(
        facts={key: value for key, value in facts.items() if value},
        tensors=tuple(tensors[:SHOWN_TENSORS]),
        count=len(tensors),
    )


def _opset(data: mmap.mmap, span: Span) -> str:
    found = {number: inner for number, _, inner in fields(data, span)}
    domain = _text(data, found[1]) if 1 in found else ""
    number = varint(data, *found[2])[0] if 2 in found else 0  # noqa: PLR2004 - the field's number
    return f"{domain} {number}".strip()


def _graph_facts(data: mmap.mmap, graph: Span) -> dict[str, str]:
    operators: Counter[str] = Counter()
    name = ""
    for number, _, span in fields(data, graph):
        if number == _GRAPH_NAME:
            name = _text(data, span)
        elif number == _NODE:
            operators.update(_text(data, inner) for part, _, inner in fields(data, span) if part == _NODE_OPERATOR)
    shown = ", ".join(f"{count} {operator}" for operator, count in operators.most_common(_SHOWN_OPERATORS))
    more = len(operators) - _SHOWN_OPERATORS
    return {
        "Graph": name,
        "Nodes": str(operators.total()),
        "Operators": f"{shown} and {more} more kinds" if more > 0 else shown,
    }


def _graph_tensors(data: mmap.mmap, graph: Span) -> Iterator[TensorHeader]:
    """Yield inputs, outputs and weights; inputs that have a value of their own are weights."""
    parts = [(number, span) for number, _, span in fields(data, graph)]
    weights = [_weight(data, span) for number, span in parts if number == _INITIALIZER]
    known = {weight.name for weight in weights}
    for wanted, role in ((_INPUT, "input"), (_OUTPUT, "output")):
        values = (_value(data, span, role) for number, span in parts if number == wanted)
        yield from (value for value in values if value.name not in known)
    yield from weights


def _weight(data: mmap.mmap, span: Span) -> TensorHeader:
    shape: list[int | str] = []
    kind, name = 0, ""
    for number, wire, inner in fields(data, span):
        if number == _TENSOR_DIMS:
            shape += _numbers(data, inner) if wire == 2 else [varint(data, *inner)[0]]  # noqa: PLR2004 - packed
        elif number == _TENSOR_TYPE:
            kind = varint(data, *inner)[0]
        elif number == _TENSOR_NAME:
            name = _text(data, inner)
    return TensorHeader(name=name, datatype=_TYPES.get(kind, str(kind)), shape=tuple(shape))


def _numbers(data: mmap.mmap, span: Span) -> Iterator[int]:
    at, end = span
    while at < end:
        number, at = varint(data, at, end)
        yield number


def _value(data: mmap.mmap, span: Span, role: str) -> TensorHeader:
    found: dict[int, Span] = {number: inner for number, _, inner in fields(data, span)}
    kind, shape = "", ()
    # TypeProto.tensor_type is field 1; a sequence or a map has others and is shown without a shape.
    for number, _, inner in fields(data, found[_VALUE_TYPE]) if _VALUE_TYPE in found else ():
        if number == 1:
            kind, shape = _tensor_type(data, inner)
    name = _text(data, found[_VALUE_NAME]) if _VALUE_NAME in found else ""
    return TensorHeader(name=name, datatype=kind, shape=shape, role=role)


def _tensor_type(data: mmap.mmap, span: Span) -> tuple[str, tuple[Any, ...]]:
    found = {number: inner for number, _, inner in fields(data, span)}
    kind = varint(data, *found[1])[0] if 1 in found else 0
    dims = fields(data, found[2]) if 2 in found else ()  # noqa: PLR2004 - the field's number
    return _TYPES.get(kind, str(kind)), tuple(_length(data, inner) for number, _, inner in dims if number == 1)


def _length(data: mmap.mmap, span: Span) -> int | str:
    for number, wire, inner in fields(data, span):
        if number == 1 and wire == 0:
            return varint(data, *inner)[0]
        if number == 2:  # noqa: PLR2004 - the field's number
            return _text(data, inner) or "?"
    return "?"


def _text(data: mmap.mmap, span: Span) -> str:
    start, end = span
    return data[start : min(end, start + _TEXT_BYTES)].decode("utf-8", "replace")
