"""A PyTorch module as its parts: weights as data, the source of its classes, and the structure that joins them.

The structure is a pickle in which tensors and the user's own classes are names: it is small, holds no
bytecode and so belongs to no Python version. Reading it runs code.
"""

import pickle
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from jupyter_modelmgmt.domain.errors import NotLoadable, NotSavable
from jupyter_modelmgmt.flavors import safetensors, vendored
from jupyter_modelmgmt.flavors.base import imported, only_file, reason

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

STRUCTURE = "structure.pickle"
_PROTOCOL = 4
_OWN, _TENSOR, _PARAMETER = "own", "tensor", "parameter"


def write(module: "Module", folder: Path, *, vendor: bool = True) -> None:
    """Write `structure.pickle`, `weights.safetensors` and, unless `vendor` is false, `classes.py`. Raises NotSavable.

    The weights have the names of the state dict; tensors outside of it come after them. Gradients and
    the devices of tensors are not kept.
    """
    names = {id(tensor): name for name, tensor in module.state_dict(keep_vars=True).items()}
    with (folder / STRUCTURE).open("wb") as file:
        pickler = _Pickler(file, names, vendor=vendor)
        try:
            pickler.dump(module)
        except (pickle.PicklingError, TypeError, AttributeError, RuntimeError, RecursionError) as error:
            raise NotSavable(
                f"{type(module).__name__} cannot be saved as its parts: {reason(error)}. "
                "Take that attribute off the module, or give an input_example: then its graph is saved."
            ) from error
    vendored.write(pickler.own, folder)
    if pickler.tensors:
        safetensors.save(pickler.tensors, folder)


def read(folder: Path) -> "Module":
    """Return the module, on the CPU; this runs code of the files. Raises NotLoadable."""
    imported("torch", "torch")
    source = vendored.opened(folder)
    path = only_file(folder, STRUCTURE)
    weights = [p for p in folder.rglob(f"*{safetensors.SUFFIX}") if p.is_file()]
    tensors = safetensors.load(folder) if weights else {}
    try:
        with path.open("rb") as file:
            module: Module = _Unpickler(file, tensors, source).load()
    except Exception as error:
        # Classes of every framework may be built here, and raise what they like.
        raise NotLoadable(f"The installed PyTorch cannot rebuild {path.name}: {reason(error)}") from error
    return module


class _Pickler(pickle.Pickler):
    """Puts tensors and the user's own classes aside: into `tensors` and `own`."""

    def __init__(self, file: Any, names: dict[int, str], *, vendor: bool) -> None:
        import torch

        super().__init__(file, protocol=_PROTOCOL)
        self.own: set[vendored.Own] = set()
        self.tensors: dict[str, Tensor] = {}
        self._names = names
        self._vendor = vendor
        self._kept: list[Tensor] = []
        self._kinds: tuple[Any, Any] = torch.Tensor, torch.nn.Parameter

    def persistent_id(self, obj: Any) -> object:
        tensor, parameter = self._kinds
        if isinstance(obj, tensor):
            kind = _PARAMETER if isinstance(obj, parameter) else _TENSOR
            return kind, self._name(obj), obj.requires_grad
        if self._vendor and vendored.is_own(obj):
            self.own.add(obj)
            return _OWN, obj.__qualname__, None
        return None

    def _name(self, tensor: "Tensor") -> str:
        name = self._names.setdefault(id(tensor), f"outside.{len(self._kept)}")
        self._kept.append(tensor)  # an id is only its own as long as the tensor lives
        self.tensors[name] = tensor
        return name


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: Any, tensors: "dict[str, Tensor]", source: ModuleType | None) -> None:
        import torch

        super().__init__(file)
        self._tensors = tensors
        self._source = source
        self._parameters: dict[str, Any] = {}
        self._parameter: Callable[..., Any] = torch.nn.Parameter

    def persistent_load(self, pid: Any) -> Any:
        kind, name, requires_grad = pid
        if kind == _OWN:
            return vendored.found(self._source, name)
        if kind == _PARAMETER:
            return self._parameters.setdefault(name, self._parameter(self._tensors[name], requires_grad))
        return self._tensors[name].requires_grad_(requires_grad)
