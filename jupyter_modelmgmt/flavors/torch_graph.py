"""A PyTorch module as the graph that `torch.export` draws of it: a `.pt2` file, without any class."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadTensor, NotLoadable, NotSavable
from jupyter_modelmgmt.flavors.answers import named
from jupyter_modelmgmt.flavors.base import DATATYPES, Tensors, TensorSpec, checked, imported, reason

if TYPE_CHECKING:
    from torch import Tensor
    from torch.export import ExportedProgram
    from torch.nn import Module

SUFFIX = ".pt2"

Example = tuple["list[Tensor]", "dict[str, Tensor]"]


def tensors_of(example: Any, module: "Module") -> Example:
    """Return an example of a user's as arguments of `module`, on its device: positional and by name.

    An array, a tensor, a DataFrame, a list or tuple of them for several arguments, or a mapping of
    arguments by name, where a single one may have any name. Numbers from numpy and pandas get the
    precision of the module. Raises NotSavable.
    """
    import torch

    first = next((tensor for tensor in module.parameters() if tensor.is_floating_point()), torch.zeros(0))

    def tensor(value: Any) -> "Tensor":
        if isinstance(value, torch.Tensor):
            return value.detach().to(first.device)
        try:
            array = np.asarray(value)
        except ValueError as error:  # parts of several shapes, one inside of the other
            raise NotSavable(f"The input example is no array: {reason(error)}. Give one for each argument.") from None
        if array.dtype.kind not in "biuf":
            raise NotSavable(f"The input example holds {array.dtype} values. Give tensors or arrays of numbers.")
        made = torch.tensor(array, device=first.device)
        return made.to(first.dtype) if made.is_floating_point() else made

    if isinstance(example, Mapping):
        return bound({str(name): tensor(value) for name, value in example.items()}, module)
    several = isinstance(example, list | tuple) and all(hasattr(part, "shape") for part in example)
    return [tensor(part) for part in (example if several else (example,))], {}


def bound(named: "dict[str, Tensor]", module: "Module") -> Example:
    """Return tensors by name as arguments of `module`: by place those that `forward` takes no other way."""
    found = arguments(module)
    if len(named) == 1 and not named.keys() <= {parameter.name for parameter in found}:
        return [*named.values()], {}
    rest = next((p.name for p in found if p.kind is p.VAR_POSITIONAL), "")
    placed = [p.name for p in found if p.kind is p.POSITIONAL_ONLY or (rest and p.kind is p.POSITIONAL_OR_KEYWORD)]
    placed += [f"{rest}_{place}" for place in range(len(named))] if rest else []
    by_name = {name: tensor for name, tensor in named.items() if name not in placed}
    return [named[name] for name in placed if name in named], by_name


def names(module: "Module", args: Sequence[Any]) -> list[str]:
    """Return the argument that each of `args` is; those of `*rest` are `rest_0`, `rest_1`. Raises NotSavable."""
    found = [p for p in arguments(module) if p.kind not in (p.KEYWORD_ONLY, p.VAR_KEYWORD)]
    rest = found.pop().name if found and found[-1].kind is inspect.Parameter.VAR_POSITIONAL else ""
    known = [parameter.name for parameter in found] + [f"{rest}_{place}" for place in range(len(args)) if rest]
    if len(args) > len(known):
        raise NotSavable(
            f"The input example has {len(args)} arrays; {type(module).__name__}.forward takes {len(known)}. "
            "Give one for each argument; many rows go into one array."
        )
    return known[: len(args)]


def answer(module: "Module", example: Example) -> Any:
    """Return what `module` answers to the example. Raises NotSavable if it refuses it."""
    import torch

    try:
        with torch.no_grad():
            return module(*example[0], **example[1])
    except Exception as error:
        # The user's own forward raises what it likes.
        raise NotSavable(
            f"{type(module).__name__} refuses the input example: {reason(error)}. Give some rows that it accepts."
        ) from error


def write(module: "Module", example: Example, folder: Path) -> bool:
    """Write `model.pt2` if `module`, in evaluation mode, can be drawn as a graph, and tell whether.

    Answers may be tensors, tuples, lists and dicts of them: other classes would be needed to load it.
    """
    import torch

    args, kwargs = _two_rows(example)
    axes = [_any_length(tensor) for tensor in args], {name: _any_length(tensor) for name, tensor in kwargs.items()}
    try:
        program = torch.export.export(module, tuple(args), kwargs, dynamic_shapes=_axes_by_name(module, *axes))
        program.example_inputs = None  # the user's data are no part of the model
        for node in program.graph.nodes:
            node.meta.pop("stack_trace", None)  # neither are the places of the user's files
        torch.export.save(program, folder / f"model{SUFFIX}")
    except Exception:  # noqa: BLE001  what cannot be drawn fails in a hundred ways, and is saved as its parts
        (folder / f"model{SUFFIX}").unlink(missing_ok=True)
        return False
    return True


def read(path: Path) -> "ExportedProgram":
    """Return the graph; this runs code of the file. Raises NotLoadable."""
    torch = imported("torch", "torch")
    try:
        return torch.export.load(path)
    except Exception as error:
        # A file of another version, or for another device, fails in a hundred ways.
        raise NotLoadable(f"The installed PyTorch cannot load {path.name}: {reason(error)}") from error


class GraphRunner:
    """Answers like the module; a single output is called `output`, those of a tuple `output_0` and so on."""

    def __init__(self, program: "ExportedProgram") -> None:
        from torch.utils import _pytree

        nodes = {node.name: node.meta.get("val") for node in program.graph.nodes}
        signature = program.graph_signature
        names = [str(name) for name in signature.user_inputs]
        self._types = [nodes[name].dtype for name in names]
        self.inputs = tuple(spec(name, nodes[name]) for name in names)
        values = [nodes.get(str(name)) for name in signature.user_outputs]  # a constant is no node
        self.outputs = tuple(
            spec(name, value) for name, value in named(_pytree.tree_unflatten(values, program.call_spec.out_spec))
        )
        self._arguments: Callable[..., Any] = lambda tensors: _pytree.tree_unflatten(tensors, program.call_spec.in_spec)
        self._module = program.module()

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        values = checked(inputs, self.inputs)
        args, kwargs = self._arguments([
            given(values[spec.name], dtype) for spec, dtype in zip(self.inputs, self._types, strict=True)
        ])  # fmt: skip
        return called(self._module, args, kwargs)


def called(module: "Module", args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Return what `module` answers, by name. Raises BadTensor for what it refuses."""
    import torch

    try:
        with torch.no_grad():
            return {name: plain(value) for name, value in named(module(*args, **kwargs))}
    except (RuntimeError, ValueError, IndexError, TypeError, AssertionError) as error:
        raise BadTensor(f"The model refuses the input: {reason(error)}") from error


@contextmanager
def evaluating(module: "Module") -> Iterator[None]:
    """Hold `module` in evaluation mode, and give each part its own mode back."""
    modes = {part: part.training for part in module.modules()}
    with suppress(NotImplementedError):  # a graph that was loaded has no modes
        module.eval()
    try:
        yield
    finally:
        for part, mode in modes.items():
            part.training = mode


def spec(name: str, tensor: "Tensor", *, any_length: Sequence[int] = ()) -> TensorSpec:
    """Return what a tensor is; -1 for symbolic axes and those of `any_length`. bfloat16 travels as FP32."""
    shape = tuple(
        -1 if axis in any_length or not isinstance(n, int) else n for axis, n in enumerate(tuple(tensor.shape))
    )
    return TensorSpec(name=name, datatype=DATATYPES.get(str(tensor.dtype).removeprefix("torch."), "FP32"), shape=shape)


def open_axes(tensor: "Tensor") -> range:
    """Return the axes of an input that may have any length: the first, of whole numbers (tokens) every one."""
    return range(min(tensor.ndim, 1) if tensor.is_floating_point() else tensor.ndim)


def given(value: NDArray[Any], dtype: Any = None) -> "Tensor":
    """Return an array as a tensor, of another precision if `dtype` says so."""
    import torch

    tensor = torch.from_numpy(value if value.flags.writeable else value.copy())
    return tensor if dtype is None else tensor.to(dtype)


def plain(tensor: "Tensor") -> NDArray[Any]:
    known = str(tensor.dtype).removeprefix("torch.") in DATATYPES
    array: NDArray[Any] = (tensor if known else tensor.float()).detach().cpu().numpy()
    return array


def arguments(module: "Module") -> list[inspect.Parameter]:
    """Return the arguments of `forward`."""
    return list(inspect.signature(module.forward).parameters.values())


def _two_rows(example: Example) -> Example:
    """Return the example with two rows where it has one: `torch.export` takes a 1 for a fixed length."""
    args, kwargs = example
    if any(tensor.ndim == 0 or len(tensor) != 1 for tensor in (*args, *kwargs.values())):
        return example
    return [tensor.repeat_interleave(2, 0) for tensor in args], {
        name: tensor.repeat_interleave(2, 0) for name, tensor in kwargs.items()
    }


def _any_length(tensor: "Tensor") -> dict[int, Any] | None:
    import torch

    return dict.fromkeys(open_axes(tensor), torch.export.Dim.AUTO) or None


def _axes_by_name(module: "Module", args: list[Any], kwargs: dict[str, Any]) -> Any:
    """Return axes as `torch.export` wants them: by the names of the arguments, in their order."""
    found = arguments(module)
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in found):
        return ((*args,),)
    return dict(zip([parameter.name for parameter in found], args, strict=False)) | kwargs
