"""PyTorch modules: the graph (`.pt2`) where an example lets it be drawn, else weights, source and structure.

Both are of the class `code`: `torch.export.load` unpickles parts of a `.pt2` file freely when they do not
pass as plain weights. Weights alone are data: see the flavor `safetensors`.
"""

import dataclasses
import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadFile, NotFitted
from jupyter_modelmgmt.flavors import networks, safetensors, torch_graph, torch_structure, zips
from jupyter_modelmgmt.flavors.answers import named
from jupyter_modelmgmt.flavors.base import (
    ONLY_INPUT,
    Description,
    Runner,
    Safety,
    Tensors,
    TensorSpec,
    ask_for_code,
    checked,
    only_file,
)

if TYPE_CHECKING:
    from torch.nn import Module

NAME = "torch"
FRAMEWORK = "pytorch"
SAFETY: Safety = "code"
SUFFIX = torch_graph.SUFFIX
SIGNATURE = "signature.json"


def handles(obj: object) -> bool:
    module = sys.modules.get("torch.nn.modules.module")
    return module is not None and isinstance(obj, module.Module)


def describe(obj: "Module") -> Description:
    """Return plain attributes of the module as parameters, with the number of its weights."""
    module = _plain(obj)
    if not _is_built(module):
        return Description(class_name=type(module).__name__)
    params = {name: value for name, value in vars(module).items() if _is_param(name, value)}
    count = sum(parameter.numel() for parameter in module.parameters() if not _is_lazy(parameter))
    name = type(module).__name__
    shapes = {key: tensor.shape for key, tensor in module.state_dict().items() if not _is_lazy(tensor)}
    return Description(
        class_name=name,
        params={**params, "parameters": count},
        model_type=networks.model_type(name),
        architecture=networks.architecture(shapes),
    )


def weights(obj: "Module") -> dict[str, NDArray[Any]]:
    """Return what the module learned, without a copy where it lies on the CPU; nothing for one without values."""
    return {} if problem(obj) else safetensors.weights(_plain(obj).state_dict())


def tensors(obj: "Module", example: Any) -> dict[str, NDArray[Any]]:
    """Return an example as a deployment is sent it: several by the names of the arguments. Raises NotSavable."""
    module = _plain(obj)
    args, kwargs = torch_graph.tensors_of(example, module)
    if len(args) + len(kwargs) == 1:
        return {ONLY_INPUT: torch_graph.plain(*args, *kwargs.values())}
    named = dict(zip(torch_graph.names(module, args), args, strict=True)) | kwargs
    return {name: torch_graph.plain(tensor) for name, tensor in named.items()}


def problem(obj: "Module") -> str:
    if not _is_built(obj):
        return f"This {type(obj).__name__} is half built. Call super().__init__() in its __init__, and make it again."
    tensors = [*obj.named_parameters(), *obj.named_buffers()]
    for name, tensor in tensors:
        if _is_lazy(tensor):
            return f"{name!r} of this {type(obj).__name__} has no shape yet. Call the module once on real input."
        if tensor.device.type == "meta":
            return f"{name!r} of this {type(obj).__name__} is on the device 'meta', without values. Load weights first."
    return ""


def save(obj: "Module", folder: Path, *, example: Any = None, vendor: bool = True) -> None:
    """Write `model.pt2` with an `example` of the input, if the module can be drawn as a graph; else its parts.

    The graph is that of evaluation mode; the parts keep the mode that the module is in, and are
    served in evaluation mode. Without `vendor` the parts lack the source of the user's classes. The same
    module gives the same bytes. Raises NotFitted and NotSavable.
    """
    if missing := problem(obj):
        raise NotFitted(missing)
    module = _plain(obj)
    if example is not None and _save_with(module, example, folder):
        return
    torch_structure.write(module, folder, vendor=vendor)


def recognises(path: Path) -> bool:
    """Tell whether the file is a `.pt2` archive or a structure that `save` wrote. Raises BadFile."""
    if path.name == torch_structure.STRUCTURE:
        with path.open("rb") as file:
            return file.read(1) == b"\x80"
    if path.suffix.lower() != SUFFIX:
        return False
    if not any(name.endswith("models/model.json") for name in zips.members(path, "PyTorch export")):
        raise BadFile(f"{path.name} holds no exported program. Write it with torch.export.save.")
    return True


def load(folder: Path, *, allow_code: bool = False) -> "Module":
    """Return the module on the CPU; of a graph, a module of its own class. Raises NeedsYes and NotLoadable."""
    ask_for_code("a PyTorch module", allow_code=allow_code)
    if (folder / torch_structure.STRUCTURE).is_file():
        return torch_structure.read(folder)
    path = only_file(folder, SUFFIX)
    recognises(path)
    return torch_graph.read(path).module()


def runner(folder: Path) -> Runner:
    """Return what serves the module in evaluation mode; of parts without an example it takes what the module takes."""
    if not (folder / torch_structure.STRUCTURE).is_file():
        path = only_file(folder, SUFFIX)
        recognises(path)
        return torch_graph.GraphRunner(torch_graph.read(path))
    signature = folder / SIGNATURE
    told = json.loads(signature.read_text()) if signature.is_file() else None
    return ModuleRunner(torch_structure.read(folder).eval(), told)


def served(model: "Module") -> Runner:
    """Return a module that is in memory, ready to serve; the mode that it is in stays."""
    return ModuleRunner(_plain(model))


class ModuleRunner:
    """Calls a module as in evaluation mode; `inputs` and `outputs` are empty where no example told of them."""

    def __init__(self, module: "Module", told: "dict[str, Any] | None" = None) -> None:
        import torch

        self._module = module
        self._mode = torch_graph.evaluating if any(part.training for part in module.modules()) else nullcontext
        told = told or {"by_name": False, "types": {}, "inputs": (), "outputs": ()}
        self._by_name: bool = told["by_name"]
        self._types = {name: getattr(torch, dtype) for name, dtype in told["types"].items()}
        self.inputs = tuple(_spec(tensor) for tensor in told["inputs"])
        self.outputs = tuple(_spec(tensor) for tensor in told["outputs"])

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        args, kwargs = self._arguments(inputs)
        with self._mode(self._module):
            return torch_graph.called(self._module, args, kwargs)

    def _arguments(self, inputs: Tensors) -> torch_graph.Example:
        if not self.inputs:
            return torch_graph.tensors_of(inputs, self._module)
        values = checked(inputs, self.inputs)
        tensors = {name: torch_graph.given(value, self._types[name]) for name, value in values.items()}
        return torch_graph.bound(tensors, self._module) if self._by_name else ([*tensors.values()], {})


def _save_with(module: "Module", example: Any, folder: Path) -> bool:
    """Write the graph, or what a module of parts takes and gives, and tell whether it is the graph."""
    tensors = torch_graph.tensors_of(example, module)
    with torch_graph.evaluating(module):
        answer = torch_graph.answer(module, tensors)
        if torch_graph.write(module, tensors, folder):
            return True
    args, kwargs = tensors
    inputs = dict(zip(torch_graph.names(module, args), args, strict=True)) | kwargs
    lengths = {tensor.shape[axis] for tensor in inputs.values() for axis in torch_graph.open_axes(tensor)}
    told = {
        "by_name": bool(kwargs),
        "types": {name: str(tensor.dtype).removeprefix("torch.") for name, tensor in inputs.items()},
        "inputs": [_told(name, tensor, torch_graph.open_axes(tensor)) for name, tensor in inputs.items()],
        "outputs": [
            _told(name, tensor, [axis for axis, n in enumerate(tensor.shape) if n in lengths])
            for name, tensor in named(answer)
        ],
    }
    (folder / SIGNATURE).write_text(json.dumps(told, indent=1))
    return False


def _plain(obj: Any) -> "Module":
    """Return the module inside of `torch.compile` and data parallel wrappers."""
    while _is_built(obj) and (inner := getattr(obj, "_orig_mod", None) or _parallel(obj)) is not None:
        obj = inner
    return obj


def _parallel(obj: Any) -> Any:
    return obj.module if type(obj).__name__ in {"DataParallel", "DistributedDataParallel"} else None


def _is_param(name: str, value: object) -> bool:
    return not name.startswith("_") and name != "training" and isinstance(value, bool | int | float | str)


def _is_built(module: "Module") -> bool:
    return "_parameters" in vars(module)


def _is_lazy(tensor: Any) -> bool:
    return hasattr(tensor, "materialize")


def _told(name: str, tensor: Any, axes: Sequence[int]) -> dict[str, Any]:
    return dataclasses.asdict(torch_graph.spec(name, tensor, any_length=axes))


def _spec(told: dict[str, Any]) -> TensorSpec:
    return TensorSpec(**{**told, "shape": tuple(told["shape"])})
