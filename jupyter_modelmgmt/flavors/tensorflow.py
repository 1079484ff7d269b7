"""TensorFlow modules as SavedModel folders.

Of the class `code`: TensorFlow itself tells to run no SavedModel of somebody one does not trust, its graph
reads and writes files. Two saves of one model differ: TensorFlow numbers functions as it goes.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.flavors import networks
from jupyter_modelmgmt.flavors.answers import ONE, named
from jupyter_modelmgmt.flavors.base import (
    DATATYPES,
    Description,
    Runner,
    Safety,
    Tensors,
    TensorSpec,
    ask_for_code,
    checked,
    imported,
    reason,
)

if TYPE_CHECKING:
    from tensorflow import Module

NAME = "tensorflow"
FRAMEWORK = "tensorflow"
SAFETY: Safety = "code"
FILE = "saved_model.pb"
SIGNATURE = "serving_default"

# Source: saved_model.proto: field 1 is the version, a number; field 2 the graph, a message.
_VERSION, _GRAPH = 0x08, 0x12


def handles(obj: object) -> bool:
    tf = sys.modules.get("tensorflow")
    kind = getattr(tf, "Module", None)
    return kind is not None and isinstance(obj, kind)


def describe(obj: "Module") -> Description:
    name = type(obj).__name__
    shapes = {f"{i} {variable.name}": variable.shape for i, variable in enumerate(obj.variables)}
    return Description(
        class_name=name,
        params={"parameters": sum(int(np.prod(shape)) for shape in shapes.values())},
        model_type=networks.model_type(name),
        architecture=networks.architecture(shapes),
    )


def weights(obj: "Module") -> dict[str, NDArray[Any]]:
    """Return the variables of the module by place and name."""
    return {f"{i:06} {variable.name}": variable.numpy() for i, variable in enumerate(obj.variables)}


def problem(obj: "Module") -> str:
    if not _functions(obj):
        return (
            f"This {type(obj).__name__} has no method that is a tf.function, so nothing of it can be served. "
            "Decorate __call__ with @tf.function."
        )
    if not _drawn(obj):
        return f"No tf.function of this {type(obj).__name__} has been called yet. Call it once on real input."
    return ""


def save(obj: "Module", folder: Path, *, example: Any = None) -> None:
    """Write a SavedModel whose signature is `__call__`, or the only tf.function that was called.

    Shapes are those of its `input_signature`, of the `example` or of its first call; of the latter two
    the first axis may have any length where the function allows it. Raises NotFitted and NotSavable.
    """
    tf = sys.modules["tensorflow"]
    if example is None and (missing := problem(obj)):
        raise NotFitted(missing)
    try:
        concrete = _concrete(obj, example)
        tf.saved_model.save(obj, str(folder), signatures={SIGNATURE: _flat_answers(tf, concrete)})
    except (ValueError, TypeError, AssertionError, AttributeError, RuntimeError, LookupError) as error:
        raise NotSavable(f"TensorFlow cannot save this {type(obj).__name__}: {reason(error)}") from error


def recognises(path: Path) -> bool:
    """Tell whether the file is the graph of a SavedModel, from its first fields. Raises BadFile."""
    if path.name != FILE:
        return False
    with path.open("rb") as file:
        head = file.read(3)
    if len(head) < 3 or head[0] != _VERSION or head[2] != _GRAPH:  # noqa: PLR2004  a tag, its number, a tag
        raise BadFile(f"{path.name} is not the graph of a SavedModel. Save the model again.")
    return True


def load(folder: Path, *, allow_code: bool = False) -> Any:
    """Return what TensorFlow restores; its methods are those that were tf.functions. Raises NeedsYes, NotLoadable."""
    ask_for_code("a TensorFlow SavedModel", allow_code=allow_code)
    tf = imported("tensorflow", "tensorflow")
    graphs = sorted(path for path in folder.rglob(FILE) if path.is_file())
    if len(graphs) != 1:
        raise NotLoadable(f"A version needs exactly one {FILE} to be loaded; it has {len(graphs)}.")
    recognises(graphs[0])
    try:
        return tf.saved_model.load(str(graphs[0].parent))
    except Exception as error:
        # A damaged graph or one with operations that are not here fails in many ways.
        raise NotLoadable(f"The installed TensorFlow cannot load the model: {reason(error)}") from error


def runner(folder: Path) -> Runner:
    return served(load(folder, allow_code=True))


def served(model: Any) -> Runner:
    """Return a model that is in memory, ready to serve. Raises NotLoadable for one without a signature."""
    signatures: Mapping[str, Any] = getattr(model, "signatures", {})
    if signature := signatures.get(SIGNATURE) or next(iter(signatures.values()), None):
        return SignatureRunner(signature)
    if not _functions(model) or not _drawn(model):
        raise NotLoadable("This SavedModel has no signature. Save it with signatures=... to serve it.")
    return FunctionRunner(model)


class SignatureRunner:
    """Calls one signature of a SavedModel; the names are those of the signature."""

    def __init__(self, signature: Any) -> None:
        self._signature = signature
        inputs = signature.structured_input_signature[1]
        self.inputs = tuple(_spec(name, tensor) for name, tensor in sorted(inputs.items()))
        self._types = {name: tensor.dtype for name, tensor in inputs.items()}
        self.outputs = tuple(_spec(name, tensor) for name, tensor in sorted(signature.structured_outputs.items()))

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        values = checked(inputs, self.inputs)
        return _called(self._signature, [], _tensors(values, self._types))


class FunctionRunner:
    """Calls the method that `save` makes the signature; it says itself what it takes."""

    inputs: tuple[TensorSpec, ...] = ()
    outputs: tuple[TensorSpec, ...] = ()

    def __init__(self, module: Any) -> None:
        concrete = _concrete(module, None)
        self._function = _functions(module)[_served_name(module)]
        self._types = {spec.name: spec.dtype for spec in _specs(concrete)}

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        names = list(self._types) if len(inputs) == 1 else list(inputs)
        values = dict(zip(names, inputs.values(), strict=False))
        return _called(self._function, [], _tensors(values, self._types))


def _functions(module: Any) -> dict[str, Any]:
    """Return the methods that are tf.functions."""
    kinds = {name for kind in type(module).__mro__ for name in vars(kind)} | set(vars(module))
    found = {
        name: getattr(module, name, None) for name in sorted(kinds) if not name.startswith("_") or name == "__call__"
    }
    return {name: value for name, value in found.items() if hasattr(value, "get_concrete_function")}


def _drawn(module: Any) -> list[str]:
    """Return the names of the functions that know what they take: called before, or told by `input_signature`."""
    return [name for name, function in _functions(module).items() if _first(function) is not None]


def _first(function: Any) -> Any:
    if getattr(function, "input_signature", None):
        return function.get_concrete_function()
    return next(iter(function._list_all_concrete_functions()), None)  # noqa: SLF001  no public list of them


def _served_name(module: Any) -> str:
    """Return the name of the function to serve. Raises NotSavable where none is the one."""
    functions = _functions(module)
    if "__call__" in functions:
        return "__call__"
    names = _drawn(module) or list(functions)
    if len(names) != 1:
        raise NotSavable(
            f"{type(module).__name__} has {len(names)} tf.functions that could be served: {', '.join(names)}. "
            "Name the one __call__."
        )
    return names[0]


def _concrete(module: Any, example: Any) -> Any:
    """Return the function to serve, drawn for inputs of any number of rows if it can be. Raises NotSavable."""
    import tensorflow as tf

    function = _functions(module)[_served_name(module)]
    known = _first(function)
    if getattr(function, "input_signature", None):
        return known
    types = {spec.name: spec.dtype for spec in _specs(known)} if known is not None else {}
    wanted = [*_specs(known)] if example is None else _specs_of(example, _first_argument(function), types)
    try:
        return function.get_concrete_function(**{spec.name: _any_rows(tf, spec) for spec in wanted})
    except (ValueError, TypeError):
        return known or function.get_concrete_function(**{spec.name: spec for spec in wanted})


def _specs_of(example: Any, only: str, types: Mapping[str, Any]) -> list[Any]:
    """Return what an example tells of the arguments: one array, which is `only`, or arrays by name."""
    import tensorflow as tf

    arrays = {str(name): np.asarray(value) for name, value in example.items()} if isinstance(example, Mapping) else {}
    if len(arrays) < 2:  # noqa: PLR2004  a single one may have any name
        arrays = {only: next(iter(arrays.values()), np.asarray(example))}
    narrow = {name: tf.float32 if array.dtype == np.float64 else array.dtype for name, array in arrays.items()}
    return [tf.TensorSpec(array.shape, types.get(name, narrow[name]), name) for name, array in arrays.items()]


def _any_rows(tf: Any, spec: Any) -> Any:
    rank = spec.shape.rank
    return tf.TensorSpec([None, *spec.shape[1:]], spec.dtype, spec.name) if rank else spec


def _first_argument(function: Any) -> str:
    names = [name for name in function.function_spec.arg_names if name != "self"]
    return names[0] if names else ONE


def _specs(concrete: Any) -> list[Any]:
    args, kwargs = concrete.structured_input_signature
    return [spec for spec in (*args, *kwargs.values()) if hasattr(spec, "dtype")]


def _flat_answers(tf: Any, concrete: Any) -> Any:
    """Return `concrete` as a signature: tensors by name go in, tensors by name come out."""
    specs = {spec.name: spec for spec in _specs(concrete)}

    def signature(**tensors: Any) -> dict[str, Any]:
        return dict(named(concrete(*[tensors[name] for name in specs])))

    return tf.function(signature).get_concrete_function(**specs)


def _tensors(values: Tensors, types: Mapping[str, Any]) -> dict[str, Any]:
    import tensorflow as tf

    return {name: tf.cast(tf.constant(value), types.get(name, value.dtype)) for name, value in values.items()}


def _called(function: Any, args: list[Any], tensors: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    import tensorflow as tf

    try:
        return {name: _plain(value) for name, value in named(function(*args, **tensors))}
    except (ValueError, TypeError, tf.errors.OpError) as error:
        raise BadTensor(f"The model refuses the input: {reason(error)}") from error


def _plain(tensor: Any) -> NDArray[Any]:
    array: NDArray[Any] = np.asarray(tensor.numpy())
    if array.dtype.kind in "OS":
        return np.array([text.decode(errors="replace") for text in array.ravel()], object).reshape(array.shape)
    return array if array.dtype.name in DATATYPES else array.astype(np.float32)


def _spec(name: str, tensor: Any) -> TensorSpec:
    rank = tensor.shape.rank
    shape = tuple(-1 if n is None else int(n) for n in tensor.shape) if rank is not None else (-1,)
    word = "BYTES" if tensor.dtype.name == "string" else DATATYPES.get(tensor.dtype.name, "FP32")
    return TensorSpec(name=name, datatype=word, shape=shape)
