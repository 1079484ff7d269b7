"""Requests without JSON: a body that is nothing but a model's only tensor gets the head that it lacks.

Source: Triton's "Binary Tensor Data Extension", "Raw Binary Request".
"""

import math
import struct
from collections.abc import Sequence

import msgspec

from jupyter_modelmgmt.domain.errors import BadTensor
from jupyter_modelmgmt.flavors import TensorSpec
from jupyter_modelmgmt.serving import protocol
from jupyter_modelmgmt.serving.protocol import InferRequest


def decode(body: bytes, specs: Sequence[TensorSpec]) -> InferRequest:
    """Return the request; all outputs go out as bytes.

    The length of one axis follows from that of the body. Of two that are open, the first is one row; a text is the
    whole body. Raises BadTensor where that does not tell the shape.
    """
    if len(specs) != 1:
        names = ", ".join(spec.name for spec in specs) or "what it does not say"
        raise BadTensor(f"A body without JSON is one tensor; the model takes {names}. Send JSON with `inputs`.")
    (spec,) = specs
    shape = _shape(spec, len(body))
    if spec.datatype == "BYTES":
        body = struct.pack("<I", len(body)) + body
    tensor = {"name": spec.name, "shape": shape, "datatype": spec.datatype,
              "parameters": {"binary_data_size": len(body)}}  # fmt: skip
    head = msgspec.json.encode({"inputs": [tensor], "parameters": {"binary_data_output": True}})
    return protocol.decode_request(head + body, str(len(head)))


def _shape(spec: TensorSpec, size: int) -> list[int]:
    """Return the shape of a tensor of `size` bytes. Raises BadTensor where it does not follow."""
    shape = list(spec.shape)
    if spec.datatype == "BYTES":
        return [1] * len(shape)
    if shape.count(-1) > 1 and shape[0] == -1:
        shape[0] = 1
    if shape.count(-1) > 1:
        raise BadTensor(f"{spec.name!r} has shape {shape}, which no number of bytes tells. Send JSON with `inputs`.")
    if -1 in shape:
        known = math.prod(n for n in shape if n != -1) * protocol.DATATYPES[spec.datatype].itemsize
        shape[shape.index(-1)] = size // known if known else 0
    return shape
