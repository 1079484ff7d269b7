"""The tensors of a PyTorch file of the old format, read as data: neither PyTorch nor its unpickler runs.

Source: `torch.serialization`, which wrote it up to 1.5: pickles of a magic number, a protocol, sizes, the
state and the storages' names; then each storage, its length before it.
"""

import pickle
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadFile

_MAGIC = 0x1950A86A20F9469CFC6C
_DTYPES = {
    "FloatStorage": "<f4",
    "LongStorage": "<i8",
    "HalfStorage": "<f2",
    "DoubleStorage": "<f8",
    "IntStorage": "<i4",
}
_BROKEN = (pickle.UnpicklingError, EOFError, KeyError, ValueError, IndexError, TypeError, AttributeError, MemoryError)


def tensors(path: Path) -> dict[str, NDArray[Any]]:
    """Return the tensors of a state dict by name. Raises BadFile for anything else."""
    try:
        with path.open("rb") as file:
            return _read(file)
    except _BROKEN as error:
        raise BadFile(
            f"{path.name} is no file of tensors by name: {error}. Save it with torch.save(model.state_dict(), path)."
        ) from error


def _read(file: BinaryIO) -> dict[str, NDArray[Any]]:
    storages: dict[str, tuple[str, int]] = {}
    if _Reader(file, storages).load() != _MAGIC:
        raise ValueError("it does not begin as PyTorch's files do")
    for _ in range(2):
        _Reader(file, storages).load()
    state = _Reader(file, storages).load()
    values = {}
    for name in _Reader(file, storages).load():
        dtype, count = storages[name]
        if int.from_bytes(file.read(8), "little") != count:
            raise ValueError("a storage has another length than announced")
        size = count * np.dtype(dtype).itemsize
        data = file.read(size)
        values[name] = np.frombuffer(data, dtype, count)
    return {str(name): view(values) for name, view in state.items()}


class _Reader(pickle.Unpickler):
    """Builds ordered dicts and views of storages, and refuses everything else."""

    def __init__(self, file: BinaryIO, storages: dict[str, tuple[str, int]]) -> None:
        super().__init__(file)
        self._storages = storages

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _view
        if module == "torch" and name in _DTYPES:
            return name
        raise pickle.UnpicklingError(f"it names {module}.{name}, which is no tensor")

    def persistent_load(self, pid: Any) -> str:
        _, kind, name, _, count, *_ = pid
        self._storages[name] = (_DTYPES[kind], int(count))
        return str(name)


def _view(
    storage: str, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> Callable[[dict[str, NDArray[Any]]], NDArray[Any]]:
    """Return what makes the tensor once its storage was read."""
    if len(shape) != len(strides) or min(offset, *shape, *strides, 0) < 0:
        raise ValueError("a tensor has an impossible shape")

    def made(values: dict[str, NDArray[Any]]) -> NDArray[Any]:
        data = values[storage][offset:]
        last = sum((side - 1) * stride for side, stride in zip(shape, strides, strict=True))
        if 0 not in shape and last >= len(data):
            raise ValueError("a tensor is longer than its storage")
        return np.lib.stride_tricks.as_strided(data, shape, [stride * data.itemsize for stride in strides])

    return made
