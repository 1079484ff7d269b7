"""What is found out about a model before its version exists."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from jupyter_modelmgmt.capture import proof
from jupyter_modelmgmt.domain.errors import BadTensor
from jupyter_modelmgmt.domain.evidence import Field, Signature
from jupyter_modelmgmt.flavors import Description, Flavor, Tensors, TensorSpec
from jupyter_modelmgmt.flavors.base import DTYPES, ONLY_INPUT, datatype

_ROWS = 2


def architecture(model: object, known: Description) -> str:
    """Return what the model is built of: its class, those of the steps of a pipeline, or what its flavor says."""
    kind = type(model)
    named = f"{kind.__module__}.{kind.__qualname__}"
    steps = getattr(model, "steps", None)
    if isinstance(steps, list) and all(isinstance(step, tuple) and len(step) > 1 for step in steps):
        named += "(" + ", ".join(type(step[1]).__qualname__ for step in steps) + ")"
    return f"{named} {known.architecture}".strip()[:255]


def proven(flavor: Flavor, model: object, folder: Path, example: object) -> dict[str, Any]:
    """Return proof, cost and signature of what was saved into `folder`. Raises NotProven, BadTensor.

    Without an example one is made up where the inputs are numbers.
    """
    given = _tensors(flavor, model, example) if example is not None else _made_up(flavor, model)
    found = proof.prove(flavor, model, folder, given)
    signature = Signature(inputs=_columns(model, example) or found.signature.inputs, outputs=found.signature.outputs)
    return {"proof": found.proof, "cost": found.cost, "signature": signature}


def _columns(model: object, example: object) -> tuple[Field, ...]:
    """Return the columns of a DataFrame, or those that a model was fitted on and keeps the names of."""
    types = getattr(example, "dtypes", None)
    if hasattr(example, "columns") and types is not None:
        return tuple(Field(name=str(name), datatype=_word(kind)) for name, kind in types.items())
    return tuple(Field(name=str(name), datatype="") for name in getattr(model, "feature_names_in_", ()))


def _word(kind: Any) -> str:
    return datatype(kind) if isinstance(kind, np.dtype) else "BYTES"


def _tensors(flavor: Flavor, model: object, example: Any) -> Tensors:
    """Return an example as the tensors that a deployment would be sent."""
    if isinstance(example, Mapping):
        return {str(name): np.asarray(value) for name, value in example.items()}
    if not hasattr(example, "columns"):
        return {ONLY_INPUT: np.asarray(example)}
    by_name = {str(name): example[name].to_numpy() for name in example.columns}
    runner = flavor.served(model)
    try:
        runner.run(by_name)
    except BadTensor:
        if hasattr(model, "feature_names_in_"):
            raise
        return {ONLY_INPUT: example.to_numpy()}
    return by_name


def _made_up(flavor: Flavor, model: object) -> Tensors | None:
    """Return inputs of zeros that the model answers, None where there are none."""
    try:
        runner = flavor.served(model)
        if not all(_is_number(spec) for spec in runner.inputs):
            return None
        inputs = {spec.name: _zeros(spec) for spec in runner.inputs}
        runner.run(inputs)
    except Exception:  # noqa: BLE001 - a model of the user's may refuse zeros in any way it likes
        return None
    return inputs


def _is_number(spec: TensorSpec) -> bool:
    return spec.datatype != "BYTES" and bool(spec.shape) and all(length != -1 for length in spec.shape[1:])


def _zeros(spec: TensorSpec) -> Any:
    return np.zeros([_ROWS if length == -1 else length for length in spec.shape], DTYPES[spec.datatype])
