"""PyTorch weights: dicts of tensors such as a `state_dict`, as `.safetensors`, which is data."""

import json
import struct
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotLoadable, NotSavable
from jupyter_modelmgmt.flavors import networks
from jupyter_modelmgmt.flavors.base import (
    DATATYPES,
    Description,
    Runner,
    Safety,
    Tensors,
    TensorSpec,
    imported,
    only_file,
    reason,
)

if TYPE_CHECKING:
    from torch import Tensor

NAME = "safetensors"
FRAMEWORK = "pytorch"
SAFETY: Safety = "data"
SUFFIX = ".safetensors"

# Source: the format's own limit on its header, github.com/huggingface/safetensors.
MAX_HEADER_BYTES = 100_000_000
_LENGTH = struct.Struct("<Q")


def handles(obj: object) -> bool:
    """Tell whether `obj` is a dict of names to tensors and nothing else."""
    torch = sys.modules.get("torch")
    kind = getattr(torch, "Tensor", None)
    if kind is None or not isinstance(obj, dict) or not obj:
        return False
    return all(isinstance(name, str) and isinstance(value, kind) for name, value in obj.items())


def describe(obj: "Mapping[str, Tensor]") -> Description:
    return Description(
        class_name=type(obj).__name__,
        params={"tensors": len(obj), "parameters": sum(tensor.numel() for tensor in obj.values())},
        architecture=networks.architecture({name: tensor.shape for name, tensor in obj.items()}),
    )


def weights(obj: "Mapping[str, Tensor]") -> dict[str, NDArray[Any]]:
    """Return the tensors as arrays, without a copy where they lie on the CPU; nothing if any has no values."""
    import torch

    if problem(obj):
        return {}
    plain = {name: tensor.detach().cpu() for name, tensor in obj.items()}
    known = {name: str(tensor.dtype).removeprefix("torch.") in DATATYPES for name, tensor in plain.items()}
    return {
        name: (tensor if known[name] else tensor.contiguous().view(torch.uint8)).numpy()
        for name, tensor in plain.items()
    }


def problem(obj: "Mapping[str, Tensor]") -> str:
    return next((text for name, tensor in obj.items() if (text := _unsavable(name, tensor))), "")


def save(obj: "Mapping[str, Tensor]", folder: Path) -> None:
    """Write `weights.safetensors`, streamed from the tensors' own memory. Raises NotSavable.

    Tensors on another device are brought to the CPU; a tensor under two names is written once and
    is one tensor again when loaded.
    """
    if unsavable := problem(obj):
        raise NotSavable(unsavable)
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    plain, again = _without_sharing(obj)
    try:
        save_file(plain, folder / f"weights{SUFFIX}", metadata={"format": "pt", **again})
    except (SafetensorError, KeyError, ValueError) as error:
        raise NotSavable(f"The tensors cannot be written as safetensors: {reason(error)}") from error


def recognises(path: Path) -> bool:
    """Tell whether the file is safetensors, from its header. Raises BadFile."""
    if path.suffix.lower() != SUFFIX:
        return False
    size = path.stat().st_size
    try:
        ends = [end for begin, end in _places(header(path, size)) if 0 <= begin <= end]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, struct.error) as error:
        raise BadFile(f"{path.name} is not a safetensors file: {reason(error)}. Save the tensors again.") from error
    with path.open("rb") as file:
        (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
    if max(ends, default=0) != size - _LENGTH.size - length:
        raise BadFile(f"{path.name} is cut off: its header tells of other tensors than it holds. Copy it again.")
    return True


def load(folder: Path, *, allow_code: bool = False) -> "dict[str, Tensor]":  # noqa: ARG001  nothing here runs code
    """Return the tensors by name, on the CPU. Raises NotLoadable."""
    path = only_file(folder, SUFFIX)
    imported("torch", "torch")
    safetensors = imported("safetensors", "torch")
    try:
        with safetensors.safe_open(path, "pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  it is no mapping
            again = file.metadata() or {}
    except safetensors.SafetensorError as error:
        raise NotLoadable(f"safetensors cannot load {path.name}: {reason(error)}") from error
    return tensors | {name: tensors[kept] for name, kept in again.items() if kept in tensors}


def runner(folder: Path) -> Runner:
    return served(load(folder))


def served(model: "Mapping[str, Tensor]") -> Runner:
    """Return what answers nothing: there is no model to call."""
    return WeightsRunner(model)


class WeightsRunner:
    """Holds weights, takes and gives nothing."""

    inputs: tuple[TensorSpec, ...] = ()
    outputs: tuple[TensorSpec, ...] = ()

    def __init__(self, tensors: "Mapping[str, Tensor]") -> None:
        self._count = len(tensors)

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:  # noqa: ARG002  there is no model to give them to
        raise BadTensor(
            f"This version holds {self._count} tensors without a model, so it answers nothing. "
            "Register the module that they belong to."
        )


def _unsavable(name: str, tensor: "Tensor") -> str:
    if tensor.device.type == "meta":
        return f"The tensor {name!r} is on the device 'meta', so it has no values. Load the weights first."
    if str(tensor.layout) != "torch.strided" or tensor.is_quantized:
        return f"The tensor {name!r} is sparse or quantised. Call to_dense() or dequantize() on it first."
    return ""


def _without_sharing(tensors: "Mapping[str, Tensor]") -> "tuple[dict[str, Tensor], dict[str, str]]":
    """Return tensors that share no memory, and for each name left out the one that has its values."""
    plain: dict[str, Tensor] = {}
    again: dict[str, str] = {}
    views: dict[Any, str] = {}
    memories: set[int] = set()
    for name, tensor in tensors.items():
        memory = tensor.untyped_storage().data_ptr()
        view = (memory, tensor.data_ptr(), tensor.dtype, tuple(tensor.shape), tensor.stride())
        if memory and view in views:
            again[name] = views[view]
            continue
        views[view] = name
        plain[name] = tensor.detach().clone() if memory and memory in memories else tensor.detach().contiguous()
        memories.add(memory)
    return plain, again


def header(path: Path, size: int) -> dict[str, Any]:
    """Return the header of a file of `size` bytes, its tensors by name. Raises ValueError, struct.error."""
    with path.open("rb") as file:
        (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
        if length > min(MAX_HEADER_BYTES, size):
            raise ValueError(f"its header claims {length:,} bytes")
        found: dict[str, Any] = json.loads(file.read(length))
    return found


def _places(header: dict[str, Any]) -> Iterator[tuple[int, int]]:
    for name, tensor in header.items():
        if name != "__metadata__":
            begin, end = tensor["data_offsets"]
            yield int(begin), int(end)
