"""The Open Inference Protocol v2 with its binary tensor extension: bytes to arrays and back.

A BYTES tensor is an object array of `bytes`. Source: kserve/open-inference-protocol, "HTTP/REST";
Triton's "Binary Tensor Data Extension"; `content_type` base64 as MLServer writes it.
"""

import base64
import binascii
import math
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadInput, BadTensor
from jupyter_modelmgmt.serving import json_data

Array = NDArray[Any]

HEADER_LENGTH = "Inference-Header-Content-Length"
DATATYPES = {
    "BOOL": np.dtype(np.bool_),
    "UINT8": np.dtype(np.uint8), "UINT16": np.dtype(np.uint16), "UINT32": np.dtype(np.uint32), "UINT64": np.dtype(np.uint64),
    "INT8": np.dtype(np.int8), "INT16": np.dtype(np.int16), "INT32": np.dtype(np.int32), "INT64": np.dtype(np.int64),
    "FP16": np.dtype(np.float16), "FP32": np.dtype(np.float32), "FP64": np.dtype(np.float64),
}  # fmt: skip
_NAMES = {dtype: name for name, dtype in DATATYPES.items()}
_KINDS = {"b": "b", "u": "iu", "i": "iu", "f": "iuf"}
_BASE64 = "base64"
_LENGTH = re.compile(r"\d{1,18}", re.ASCII)
_MAX_AXES = 64  # source: NumPy 2, "NPY_MAXDIMS"


class _Parameters(msgspec.Struct):
    binary_data: bool | None = None
    binary_data_size: int | None = None
    binary_data_output: bool = False
    content_type: str = ""


class _Input(msgspec.Struct):
    name: str
    shape: list[int]
    datatype: str
    data: list[Any] | None = None
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


class _Output(msgspec.Struct):
    name: str
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


class _Request(msgspec.Struct):
    inputs: list[_Input]
    id: str = ""
    outputs: list[_Output] = []
    parameters: _Parameters = msgspec.field(default_factory=_Parameters)


class _Response(msgspec.Struct):
    outputs: list[_Input]
    model_version: str | None = None


_REQUEST = msgspec.json.Decoder(_Request)
_RESPONSE = msgspec.json.Decoder(_Response)


@dataclass(frozen=True, slots=True, kw_only=True)
class InferRequest:
    """`outputs` are the wanted names, all if empty; `binary` says which of them go out as raw bytes."""

    id: str
    inputs: dict[str, Array]
    outputs: tuple[str, ...]
    binary: Mapping[str, bool]
    binary_default: bool

    def is_binary(self, output: str) -> bool:
        return self.binary.get(output, self.binary_default)


@dataclass(frozen=True, slots=True, kw_only=True)
class InferResponse:
    """`version` is the one that answered, "" where the server does not say it."""

    outputs: dict[str, Array]
    version: str


@dataclass(frozen=True, slots=True)
class Message:
    """A body with the length of its JSON part, None when it is JSON throughout."""

    body: bytes
    json_length: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        if self.json_length is None:
            return {"Content-Type": "application/json"}
        return {"Content-Type": "application/octet-stream", HEADER_LENGTH: str(self.json_length)}


def decode_request(body: bytes, json_length: str | None = None) -> InferRequest:
    """Return an infer request. Raises BadInput for what is no JSON of the protocol, BadTensor for its tensors."""
    head, rest = _parted(body, json_length)
    try:
        request = _REQUEST.decode(head)
    except msgspec.DecodeError as error:
        raise BadInput(f"The body is not an inference request: {error}. Send JSON with `inputs`.") from None
    except RecursionError:
        raise BadInput("The body is not an inference request: it is nested too deeply. Send flat `data`.") from None
    return InferRequest(
        id=request.id,
        inputs=_tensors(request.inputs, rest),
        outputs=tuple(output.name for output in request.outputs),
        binary={o.name: o.parameters.binary_data for o in request.outputs if o.parameters.binary_data is not None},
        binary_default=request.parameters.binary_data_output,
    )


def decode_response(body: bytes, json_length: str | None = None) -> dict[str, Array]:
    """Return the outputs of an infer response."""
    return decode_answer(body, json_length).outputs


def decode_answer(body: bytes, json_length: str | None = None) -> InferResponse:
    """Return an infer response."""
    head, rest = _parted(body, json_length)
    response = _RESPONSE.decode(head)
    return InferResponse(outputs=_tensors(response.outputs, rest), version=response.model_version or "")


def encode_request(inputs: Mapping[str, Array], *, binary: bool) -> Message:
    """Return an infer request; with `binary` its tensors, and those of the answer, are raw bytes."""
    blobs: list[bytes] = []
    head: dict[str, Any] = {"inputs": [_encoded(n, a, blobs if binary else None) for n, a in inputs.items()]}
    if binary:
        head["parameters"] = {"binary_data_output": True}
    return _message(head, blobs)


def encode_response(request: InferRequest, outputs: Mapping[str, Array], *, model: str, version: str) -> Message:
    """Return the answer to `request`. Raises BadTensor when it asks for an output that there is not."""
    names = request.outputs or tuple(outputs)
    for name in names:
        if name not in outputs:
            raise BadTensor(f"There is no output {name!r}. Ask for {', '.join(outputs)}.")
    blobs: list[bytes] = []
    head: dict[str, Any] = {"model_name": model, "model_version": version}
    if request.id:
        head["id"] = request.id
    head["outputs"] = [_encoded(n, outputs[n], blobs if request.is_binary(n) else None) for n in names]
    return _message(head, blobs)


def texts(array: Array) -> Array:
    """Return a BYTES tensor as an array of `str`. Raises BadTensor for bytes that are no UTF-8."""
    try:
        return np.array([item.decode() for item in array.flat], dtype=object).reshape(array.shape)
    except UnicodeDecodeError:
        raise BadTensor("A text in a BYTES tensor is not UTF-8. Send it so.") from None


def _parted(body: bytes, json_length: str | None) -> tuple[bytes, memoryview]:
    if json_length is None:
        return body, memoryview(b"")
    if not _LENGTH.fullmatch(json_length) or int(json_length) > len(body):
        raise BadInput(f"{HEADER_LENGTH} is the number of bytes of the JSON part, at most that of the body.")
    length = int(json_length)
    return body[:length], memoryview(body)[length:]


def _tensors(tensors: Sequence[_Input], rest: memoryview) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    for tensor in tensors:
        if tensor.name in arrays:
            raise BadTensor(f"{tensor.name!r} is there twice. Send each tensor once.")
        size = tensor.parameters.binary_data_size
        if size is None:
            arrays[tensor.name] = _from_json(tensor)
            continue
        if not 0 <= size <= len(rest):
            raise BadTensor(
                f"{tensor.name!r} announces {size} bytes; {len(rest)} are left of the body. Send all of it."
            )
        arrays[tensor.name] = _from_binary(tensor, rest[:size])
        rest = rest[size:]
    if len(rest):
        raise BadTensor(f"{len(rest)} bytes behind the last tensor belong to none. Check each binary_data_size.")
    return arrays


def _from_json(tensor: _Input) -> Array:
    if tensor.data is None:
        raise BadTensor(f"{tensor.name!r} has neither `data` nor `binary_data_size`. Give one.")
    if tensor.datatype == "BYTES":
        return _shaped(tensor, _bytes_from_json(tensor))
    dtype = _dtype(tensor)
    raw = _numbers(tensor)
    if raw.size and raw.dtype.kind not in _KINDS[dtype.kind]:
        raise BadTensor(f"The data of {tensor.name!r} does not fit its datatype {tensor.datatype}. Change one of them.")
    if raw.size and not _fits(raw, dtype):
        raise BadTensor(
            f"A number of {tensor.name!r} does not fit into {tensor.datatype}. Send it as a wider datatype."
        )
    return _shaped(tensor, raw.astype(dtype, copy=False))


def _numbers(tensor: _Input) -> Array:
    try:
        raw = np.asarray(tensor.data)
        if raw.dtype.kind == "f" and tensor.datatype == "UINT64":
            # NumPy sees floats where integers from 2**63 on stand beside smaller ones.
            exact = np.asarray(tensor.data, dtype=np.uint64)
            raw = exact if exact.tolist() == tensor.data else raw
        if raw.dtype == object and tensor.datatype.startswith("FP"):
            raw = json_data.with_gaps(raw)
    except (ValueError, OverflowError):
        raise BadTensor(f"The data of {tensor.name!r} is nested unevenly or too large. Send it flat.") from None
    return raw


def _fits(raw: Array, dtype: np.dtype[Any]) -> bool:
    """Tell whether a number's size is within `dtype`; JSON has no infinities that one could be meant as."""
    if dtype.kind == "b":
        return True
    raw = raw[~np.isnan(raw)] if raw.dtype.kind == "f" else raw
    if not raw.size:
        return True
    bounds = np.iinfo(dtype) if dtype.kind in "iu" else np.finfo(dtype)
    return bool(bounds.min <= raw.min() and raw.max() <= bounds.max)


def _bytes_from_json(tensor: _Input) -> Array:
    flat = list(json_data.flat(tensor.data or []))
    if not all(isinstance(item, str) for item in flat):
        raise BadTensor(f"The data of {tensor.name!r} is BYTES: write texts.")
    if tensor.parameters.content_type != _BASE64:
        return _objects(item.encode() for item in flat)
    try:
        return _objects(base64.b64decode(item, validate=True) for item in flat)
    except binascii.Error:
        raise BadTensor(
            f"The data of {tensor.name!r} is not base64. Encode it so, or leave content_type out."
        ) from None


def _objects(items: Iterable[Any]) -> Array:
    found = list(items)
    array = np.empty(len(found), dtype=object)
    array[:] = found
    return array


def _from_binary(tensor: _Input, blob: memoryview) -> Array:
    if tensor.datatype == "BYTES":
        return _shaped(tensor, _objects(_counted(tensor.name, blob)))
    dtype = _dtype(tensor)
    if len(blob) % dtype.itemsize:
        raise BadTensor(
            f"{len(blob)} bytes of {tensor.name!r} are no whole number of {tensor.datatype}. Check its datatype."
        )
    if dtype.kind == "b":  # any byte but 0 is true; NumPy would keep what it is
        return _shaped(tensor, np.frombuffer(blob, dtype=np.uint8) != 0)
    return _shaped(tensor, np.frombuffer(blob, dtype=dtype.newbyteorder("<")).astype(dtype, copy=False))


def _counted(name: str, blob: memoryview) -> Iterable[bytes]:
    while len(blob):
        size = struct.unpack_from("<I", blob)[0] if len(blob) >= 4 else len(blob)  # noqa: PLR2004  # uint32
        if 4 + size > len(blob):
            raise BadTensor(
                f"A text of {name!r} is longer than the bytes that are left. Write its length before it, as a uint32."
            )
        yield bytes(blob[4 : 4 + size])
        blob = blob[4 + size :]


def _dtype(tensor: _Input) -> np.dtype[Any]:
    if tensor.datatype not in DATATYPES:
        raise BadTensor(f"{tensor.datatype!r} is not a datatype. Use BYTES, {', '.join(DATATYPES)}.")
    return DATATYPES[tensor.datatype]


def _shaped(tensor: _Input, array: Array) -> Array:
    shape = tensor.shape
    if any(n < 0 for n in shape) or math.prod(shape) != array.size:
        raise BadTensor(f"{tensor.name!r} has shape {shape} but {array.size} values. Make them agree.")
    if len(shape) > _MAX_AXES:
        raise BadTensor(f"{tensor.name!r} has {len(shape)} axes; {_MAX_AXES} are the most. Reshape it.")
    return array.reshape(shape)


def _encoded(name: str, array: Array, blobs: list[bytes] | None) -> dict[str, Any]:
    """Return the JSON of a tensor; its bytes are added to `blobs` if there is such a list."""
    dtype = array.dtype
    datatype = _NAMES.get(dtype.newbyteorder("=")) if dtype.kind in _KINDS else "BYTES"
    if datatype is None:
        raise BadTensor(f"{name!r} is {dtype}, which the protocol does not know. Convert it to float32.")
    head: dict[str, Any] = {"name": name, "shape": list(array.shape), "datatype": datatype}
    if blobs is not None:
        blob = _counted_bytes(array) if datatype == "BYTES" else array.astype(dtype.newbyteorder("<")).tobytes()
        blobs.append(blob)
        return {**head, "parameters": {"binary_data_size": len(blob)}}
    if datatype == "BYTES":
        return {**head, **_bytes_to_json(array)}
    return {**head, "data": array.ravel().tolist()}


def _counted_bytes(array: Array) -> bytes:
    return b"".join(struct.pack("<I", len(item)) + item for item in map(_raw, array.flat))


def _bytes_to_json(array: Array) -> dict[str, Any]:
    items = [_raw(item) for item in array.flat]
    try:
        return {"data": [item.decode() for item in items]}
    except UnicodeDecodeError:
        encoded = [base64.b64encode(item).decode() for item in items]
        return {"parameters": {"content_type": _BASE64}, "data": encoded}


def _raw(item: Any) -> bytes:
    return item if isinstance(item, bytes) else str(item).encode()


def _message(head: dict[str, Any], blobs: Sequence[bytes]) -> Message:
    encoded = msgspec.json.encode(head)
    if not blobs:
        return Message(encoded)
    return Message(b"".join([encoded, *blobs]), len(encoded))
