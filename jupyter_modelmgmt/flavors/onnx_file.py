"""Reading the structure of an ONNX file without running or trusting anything of it.

A walk over the protobuf wire format, so that neither `onnx` nor native code sees bytes that nobody
has looked at. Field numbers are those of onnx.proto (ONNX 1.x, IR versions 3 and up).
Source: protobuf.dev, "Encoding"; onnx/onnx, `onnx/onnx.proto`.
"""

import mmap
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from jupyter_modelmgmt.domain.errors import BadFile

_MODEL_IR_VERSION, _MODEL_GRAPH, _MODEL_FUNCTIONS = 1, 7, 25
_GRAPH_NODE, _GRAPH_INITIALIZER, _GRAPH_OUTPUT, _GRAPH_SPARSE = 1, 5, 12, 15
_TENSOR_EXTERNAL_DATA = 13
_ENTRY_KEY, _ENTRY_VALUE = 1, 2

# Where a message can hold tensors, however deep: kind of message -> field -> kind of message below.
_BELOW = {
    "model": {_MODEL_GRAPH: "graph", _MODEL_FUNCTIONS: "function"},
    "graph": {_GRAPH_NODE: "node", _GRAPH_INITIALIZER: "tensor", _GRAPH_SPARSE: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {_TENSOR_EXTERNAL_DATA: "entry"},
    "entry": {},
}
_MAX_DEPTH = 64
_MAX_KEY_BYTES = 4096

Span = tuple[int, int]


def check(path: Path) -> None:
    """Raise BadFile unless the file is an ONNX model whose weights all lie in its own folder."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            _check_model(data, path)
    except (ValueError, IndexError, RecursionError) as error:
        detail = str(error) or "it ends too early"
        raise BadFile(f"{path.name} is not an ONNX model: {detail}. Export the model again.") from error


def _check_model(data: mmap.mmap, path: Path) -> None:
    whole = (0, len(data))
    top = [(number, wire) for number, wire, _ in fields(data, whole)]
    graphs = [span for number, wire, span in fields(data, whole) if (number, wire) == (_MODEL_GRAPH, 2)]
    if (_MODEL_IR_VERSION, 0) not in top or len(graphs) != 1:
        raise ValueError("it has no IR version and graph")
    parts = {number for number, _, _ in fields(data, graphs[0])}
    if not {_GRAPH_NODE, _GRAPH_OUTPUT} <= parts:
        raise ValueError("its graph has no nodes or no outputs")
    for location in _locations(data, whole, "model", 0):
        _check_location(location, path)


def _locations(data: mmap.mmap, span: Span, kind: str, depth: int) -> Iterator[str]:
    """Yield the `location` of every tensor whose values lie in another file."""
    if depth > _MAX_DEPTH:
        raise ValueError("its graphs are nested too deep")
    if kind == "entry":
        key, value = _entry(data, span)
        if key == "location":
            yield value
        return
    below = _BELOW[kind]
    for number, wire, inner in fields(data, span):
        if wire == 2 and number in below:  # noqa: PLR2004  wire type 2 is "length-delimited"
            yield from _locations(data, inner, below[number], depth + 1)


def _check_location(location: str, path: Path) -> None:
    """Refuse weights outside the model's folder: a loader would read any file of the machine."""
    parts = PurePosixPath(location.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in location or "\x00" in location:
        raise BadFile(
            f"{path.name} keeps weights in {location[:80]!r}, outside its folder. Export it with its weights inside."
        )
    file = path.parent / parts
    if not file.resolve().is_relative_to(path.parent.resolve()):
        raise BadFile(f"{path.name} keeps weights in {location[:80]!r}, a link that leaves its folder.")
    if not file.is_file():
        raise BadFile(
            f"{path.name} keeps weights in {location[:80]!r}, which is not beside it. Register the whole folder."
        )


def _entry(data: mmap.mmap, span: Span) -> tuple[str, str]:
    texts = {_ENTRY_KEY: "", _ENTRY_VALUE: ""}
    for number, wire, (start, end) in fields(data, span):
        if wire == 2 and number in texts:  # noqa: PLR2004  as above
            texts[number] = data[start : min(end, start + _MAX_KEY_BYTES)].decode()
    return texts[_ENTRY_KEY], texts[_ENTRY_VALUE]


def fields(data: mmap.mmap, span: Span) -> Iterator[tuple[int, int, Span]]:
    """Yield number, wire type and value span of each field of a message. Raises ValueError."""
    at, end = span
    while at < end:
        key, at = varint(data, at, end)
        number, wire = key >> 3, key & 7
        start, stop = _value_span(data, at, end, wire)
        if not number or stop > end:
            raise ValueError("its fields do not fit into each other")
        yield number, wire, (start, stop)
        at = stop


def _value_span(data: mmap.mmap, at: int, end: int, wire: int) -> Span:
    if wire == 0:
        return at, varint(data, at, end)[1]
    if wire == 1:
        return at, at + 8
    if wire == 2:  # noqa: PLR2004  "length-delimited"
        length, start = varint(data, at, end)
        return start, start + length
    if wire == 5:  # noqa: PLR2004  "32 bit"
        return at, at + 4
    raise ValueError("it is no protobuf message")


def varint(data: mmap.mmap, at: int, end: int) -> tuple[int, int]:
    """Return a number and the place behind it. Raises ValueError."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= end:
            break
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004  the top bit says that another byte follows
            return value, at
    raise ValueError("it ends too early")
