"""What is found out about a model before its version exists."""

import inspect
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from jupyter_modelmgmt.capture import curves, datasets, environment, memory, notebook, proof
from jupyter_modelmgmt.domain.errors import BadField, BadFile, BadTensor
from jupyter_modelmgmt.domain.evidence import Field, Safety, Signature, Verdict
from jupyter_modelmgmt.flavors import Description, Flavor, Runner, Tensors, TensorSpec, safety
from jupyter_modelmgmt.flavors.base import DTYPES, ONLY_INPUT, datatype

# The way to go without proofs everywhere, for machines where no process may be started.
PROVE_VARIABLE = "JUPYTER_MODELMGMT_PROVE"
_ROWS = 2
_JUDGED = ("test", "validation", "golden")


def described(flavor: Flavor, model: object) -> dict[str, Any]:
    """Return the fields of a version that a model tells of itself."""
    known = flavor.describe(model)
    return {
        "flavor": flavor.NAME,
        "framework": flavor.FRAMEWORK,
        "task": known.task,
        "labels": known.labels,
        "params": known.params,
        "model_type": known.model_type,
        "architecture": architecture(model, known),
    }


def save(flavor: Flavor, model: object, folder: Path, example: object, *, vendor: bool = True) -> None:
    """Save a model into `folder`; with the example, where a flavor traces the model with one.

    Without `vendor` the source of the user's classes stays behind.
    """
    said: dict[str, object] = {"example": example} if example is not None else {}
    if not vendor:
        said["vendor"] = False
    taken = inspect.signature(flavor.save).parameters
    flavor.save(model, folder, **{word: value for word, value in said.items() if word in taken})


def found_out(
    flavor: Flavor, model: object, folder: Path, example: object, *, prove: bool, capture: bool
) -> dict[str, Any]:
    """Return the fields of a version that are found out once it is saved into `folder`. Raises NotProven, BadTensor."""
    found: dict[str, Any] = {}
    if prove and os.environ.get(PROVE_VARIABLE) != "no":
        found |= proven(flavor, model, folder, example)
    elif capture:
        found |= unproven(flavor, model, example)
    found["safety"] = judged(flavor, folder)
    if capture:
        found |= surroundings(model, folder)
    return found


def judged(flavor: Flavor, folder: Path) -> tuple[Verdict, ...]:
    """Return the verdict of each file that a flavor wrote; what a flavor of data wrote needs no second look."""
    if Safety(flavor.SAFETY) is Safety.CODE:
        return safety.of_folder(folder)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return tuple(Verdict(path=name, safety=Safety.DATA) for name in files)


def registered(model: object, selector: str) -> None:
    """Note in a notebook that `model` is `selector` now, so that a later refit is told as one."""
    if shell := _shell():
        memory.registered(model, selector, shell.user_ns)


def weights(model: object) -> str:
    """Return the digest of what a model learned, "" for one that does not tell it."""
    return memory.digest(model)


def surroundings(model: object, folder: Path) -> dict[str, Any]:
    """Return where a model comes from and what it learned: code, data, environment, the digest of its weights.

    Its cells are written into `folder`.
    """
    shell = _shell()
    found = notebook.captured(model, shell.user_ns if shell else {}, shell)
    for name, content in found.files.items():
        (folder / name).write_bytes(content)
    data = [facts for name, value in found.datasets.items() if (facts := _facts(name, value))]
    code = {**found.code, **({"data": data} if data else {})}
    return {"code": code, "environment": environment.environment([model]), "weights": weights(model)}


def drawn(model: object, data: Mapping[str, object] | Sequence[object]) -> tuple[curves.Line, ...]:
    """Return the curves that a model keeps of its fit; with rows and their answers among `data`, the staged one too."""
    given = data if isinstance(data, Mapping) else {}
    pairs = [given[role] for role in (*_JUDGED, "train") if isinstance(given.get(role), tuple)]
    pair = pairs[0] if pairs else None
    return curves.curves_of(model, pair if isinstance(pair, tuple) and len(pair) == 2 else None)  # noqa: PLR2004


def leak(data: Mapping[str, object]) -> str:
    """Return a warning when test or golden data have rows of the training data; "" when not. Source: N7."""
    train = _rows(data.get("train"))
    if train is None:
        return ""
    for role in _JUDGED:
        if role in data and (shared := datasets.shared_rows(train, _rows(data[role]))):
            rows = "row" if shared == 1 else "rows"
            return f"{role} shares {shared} {rows} with train: its metrics look better than they are."
    return ""


def _rows(data: object) -> object:
    """Return the rows of data that may be a pair of rows and their answers."""
    return data[0] if isinstance(data, tuple) and data else data


def _shell() -> Any:
    """Return IPython's shell if the caller runs in one."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _facts(name: str, value: object) -> dict[str, Any]:
    """Return what is known of data that the cells used, {} for what has no lasting form."""
    try:
        found = datasets.fingerprint(value)
    except (BadField, BadFile):
        return {}
    return {"name": name, "digest": found.digest, "rows": found.rows, "size": found.size}


def architecture(model: object, known: Description) -> str:
    """Return what the model is built of: its class, those of the steps of a pipeline, or what its flavor says."""
    kind = type(model)
    named = f"{kind.__module__}.{kind.__qualname__}"
    steps = getattr(model, "steps", None)
    if isinstance(steps, list) and all(isinstance(step, tuple) and len(step) > 1 for step in steps):
        named += "(" + ", ".join(type(step[1]).__qualname__ for step in steps) + ")"
    return f"{named} {known.architecture}".strip()[:255]


def signed(flavor: Flavor, model: object, example: object) -> dict[str, Any]:
    """Return the signature of a model in memory, as its proof would find it."""
    given = _tensors(flavor, model, example) if example is not None else None
    runner = flavor.served(model)
    answer = runner.run(given) if given is not None and getattr(runner, "guesses", False) else {}
    return {"signature": _signature(runner, _columns(model, example, given), given, answer)}


def unproven(flavor: Flavor, model: object, example: object) -> dict[str, Any]:
    """Return the signature of a model that no fresh process is asked for; nothing where it cannot answer here.

    Raises BadTensor for an example that does not fit. Of the user's own code that is not known: what it
    raises may be for want of a package or a device that only those who load it have.
    """
    runner = None
    try:
        given = _tensors(flavor, model, example) if example is not None else None
        runner = flavor.served(model)
        answer = runner.run(given) if given is not None else {}
        columns = _columns(model, example, given)
    except BadTensor:
        if not getattr(runner, "guesses", False):
            raise
        return {}
    except Exception:  # noqa: BLE001 - whether the model works is what a proof would tell, and none was wanted
        return {}
    return {"signature": _signature(runner, columns, given, answer)}


def _signature(runner: Runner, columns: tuple[Field, ...], given: Tensors | None, answer: Tensors) -> Signature:
    inputs, outputs = (tuple(_field(spec) for spec in specs) for specs in (runner.inputs, runner.outputs))
    guessed = getattr(runner, "guesses", False)
    found = proof.signature(inputs, outputs, guessed=guessed, example=given, answer=answer)
    return replace(found, inputs=columns) if columns else found


def _field(spec: TensorSpec) -> Field:
    return Field(name=spec.name, datatype=spec.datatype, shape=spec.shape)


def proven(flavor: Flavor, model: object, folder: Path, example: object) -> dict[str, Any]:
    """Return proof, cost and signature of what was saved into `folder`. Raises NotProven, BadTensor.

    Without an example one is made up where the inputs are numbers.
    """
    given = _tensors(flavor, model, example) if example is not None else _made_up(flavor, model)
    found = proof.prove(flavor, model, folder, given)
    signature = Signature(
        inputs=_columns(model, example, given) or found.signature.inputs, outputs=found.signature.outputs
    )
    packages = environment.loaded([model], found.versions)
    return {"proof": replace(found.proof, packages=packages), "cost": found.cost, "signature": signature}


def _columns(model: object, example: object, given: Tensors | None) -> tuple[Field, ...]:
    """Return the columns of a DataFrame that went by name, or those that a model was fitted on and keeps the names of."""
    types = getattr(example, "dtypes", None)
    if types is not None and given is not None and ONLY_INPUT not in given:
        return tuple(Field(name=str(name), datatype=_word(kind)) for name, kind in types.items())
    return tuple(Field(name=str(name), datatype="") for name in getattr(model, "feature_names_in_", ()))


def _word(kind: Any) -> str:
    return datatype(kind) if isinstance(kind, np.dtype) else "BYTES"


def _tensors(flavor: Flavor, model: object, example: Any) -> Tensors:
    """Return an example as the tensors that a deployment would be sent."""
    if told := getattr(flavor, "tensors", None):
        found: Tensors = told(model, example)
        return found
    if isinstance(example, Mapping):
        return {str(name): np.asarray(value) for name, value in example.items()}
    if not hasattr(example, "columns"):
        return _several(flavor, model, example) or {ONLY_INPUT: np.asarray(example)}
    by_name = {str(name): example[name].to_numpy() for name in example.columns}
    runner = flavor.served(model)
    try:
        runner.run(by_name)
    except BadTensor:
        if hasattr(model, "feature_names_in_"):
            raise
        return {ONLY_INPUT: example.to_numpy()}
    return by_name


def _several(flavor: Flavor, model: object, example: object) -> Tensors:
    """Return a list or tuple of arrays by the names of the model's inputs, nothing where the model has one."""
    if not isinstance(example, list | tuple) or not all(hasattr(part, "shape") for part in example):
        return {}
    names = [spec.name for spec in flavor.served(model).inputs]
    if len(names) < 2 or len(names) != len(example):  # noqa: PLR2004 - one input takes all parts as its rows
        return {}
    return {name: np.asarray(part) for name, part in zip(names, example, strict=True)}


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
