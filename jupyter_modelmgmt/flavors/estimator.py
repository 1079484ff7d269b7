"""What estimators with scikit-learn's manners tell and answer; flavors of several frameworks serve such."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadTensor, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.records import Params
from jupyter_modelmgmt.flavors.base import (
    DTYPES,
    ONLY_INPUT,
    Tensors,
    TensorSpec,
    checked,
    datatype,
    reason,
    refuse_columns,
    with_texts,
)

INPUT = "input"
_NO_KINDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of an estimator beside the framework's own file."""

    class_name: str
    params: Params
    facts: Mapping[str, Any]


def keep(path: Path, obj: Any, **facts: Any) -> None:
    """Write class, parameters and `facts` of an estimator as JSON. Raises NotSavable for a parameter that is no data."""
    kind = type(obj).__name__
    params = {name: _json(kind, name, value) for name, value in sorted(obj.get_params().items())}
    path.write_text(json.dumps({"class": kind, "params": params, "facts": facts}, indent=1))


def kept(path: Path, classes: Sequence[str]) -> Kept | None:
    """Return what `keep` wrote, None without such a file. Raises NotLoadable for a class outside `classes`."""
    try:
        told = json.loads(path.read_bytes())
        found = Kept(class_name=told["class"], params=dict(told["params"]), facts=dict(told["facts"]))
    except FileNotFoundError:
        return None
    except (ValueError, LookupError, TypeError) as error:
        raise NotLoadable(f"{path.name} is damaged: {reason(error)}. Register the model again.") from error
    if found.class_name not in classes:
        raise NotLoadable(f"{path.name} names {str(found.class_name)[:80]!r}; there are {', '.join(classes)}.")
    return found


def stranger(obj: object, framework: str) -> str:
    """Return why an object whose class only derives from the framework's cannot be saved as data."""
    return (
        f"{type(obj).__name__} is no class of {framework} itself, so its file would not bring it back. "
        'Register it with flavor="python", which saves its code too.'
    )


def methods(model: Any) -> dict[str, str]:
    """Return the names of outputs with the methods that give them. Raises NotLoadable when there is none."""
    from sklearn.base import is_classifier, is_regressor

    if is_regressor(model):
        return {"value": "predict"}
    if not hasattr(model, "predict"):
        if not hasattr(model, "transform"):
            raise NotLoadable(
                f"{type(model).__name__} neither predicts nor transforms new data, so it cannot be served."
            )
        return {"output": "transform"}
    found = {"label": "predict"}
    if is_classifier(model) and not _has_many_outputs(model):
        if hasattr(model, "predict_proba"):
            found["probability"] = "predict_proba"
        elif hasattr(model, "decision_function"):
            found["score"] = "decision_function"
    return found


class EstimatorRunner:
    """One input, `input`: rows of features, FP64, or texts for a pipeline that begins with a vectoriser.

    A model that knows its columns by name also takes one tensor per column; one with categories,
    whose datatypes `kinds` gives by column, takes only those. Outputs: a classifier gives `label`
    and `probability` (without `predict_proba`: `score`), a regressor `value`, a transformer
    `output`, anything else that predicts `label`. `refusals` are the errors that a framework raises
    for wrong inputs beside ValueError and TypeError.
    """

    def __init__(
        self,
        model: Any,
        answers: Mapping[str, str],
        *,
        names: Sequence[str] = (),
        width: int | None = None,
        kinds: Mapping[str, str] = _NO_KINDS,
        kinds_as: str = "category",
        refusals: tuple[type[Exception], ...] = (),
    ) -> None:
        self._model = model
        self._methods = answers
        self._names = [str(name) for name in names]
        self._kinds = kinds
        self._kinds_as = kinds_as
        self._refusals: tuple[type[Exception], ...] = (ValueError, TypeError, *refusals)
        self.inputs = self._columns() if kinds else (_rows(width),)
        self.outputs = tuple(_spec(name, model) for name in answers)

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        rows = self._read(inputs)
        try:
            answers = {name: getattr(self._model, method)(rows) for name, method in self._methods.items()}
        except self._refusals as error:
            raise BadTensor(f"{type(self._model).__name__} refuses the input: {reason(error)}") from error
        return {spec.name: _plain(answers[spec.name], spec) for spec in self.outputs}

    def _columns(self) -> tuple[TensorSpec, ...]:
        return tuple(TensorSpec(name=name, datatype=self._kinds.get(name, "FP64"), shape=(-1,)) for name in self._names)

    def _read(self, inputs: Tensors) -> Any:
        """Return the rows as the model takes them: a DataFrame where it knows its columns by name."""
        if not self._names:
            return checked(inputs, self.inputs)[INPUT]
        import pandas as pd

        if self._kinds:
            frame = pd.DataFrame(dict(checked(inputs, self.inputs)))
            return frame.astype(dict.fromkeys(self._kinds, self._kinds_as))
        if inputs.keys() != set(self._names) and not _is_matrix(inputs):
            refuse_columns(inputs, self._names)
        if inputs.keys() == set(self._names):
            return pd.DataFrame({name: _column(name, inputs[name]) for name in self._names})
        return pd.DataFrame(checked(inputs, self.inputs)[INPUT], columns=self._names)


def _is_matrix(inputs: Tensors) -> bool:
    """Tell whether all columns come as one tensor, or are none."""
    return not inputs or bool({INPUT, ONLY_INPUT} & set(inputs)) or any(np.ndim(v) > 1 for v in inputs.values())


def _column(name: str, values: NDArray[Any]) -> NDArray[Any]:
    column = np.asarray(values)
    if column.ndim != 1:
        raise BadTensor(f"The column {name!r} has shape {list(column.shape)}; a column has one axis.")
    return column


def _rows(width: int | None) -> TensorSpec:
    if width is None:
        return TensorSpec(name=INPUT, datatype="BYTES", shape=(-1,))
    return TensorSpec(name=INPUT, datatype="FP64", shape=(-1, width))


def _spec(name: str, model: Any) -> TensorSpec:
    classes: Any = getattr(model, "classes_", ())
    many = _has_many_outputs(model)
    if name == "label":
        first = np.asarray(classes[0] if many else classes)
        kind = datatype(first.dtype) if first.size else "INT64"
        return TensorSpec(name=name, datatype=kind, shape=(-1, len(classes)) if many else (-1,))
    if name == "score":  # Of two classes the second alone is scored; of more, classes or pairs of them.
        return TensorSpec(name=name, datatype="FP64", shape=(-1,) if len(classes) == 2 else (-1, -1))  # noqa: PLR2004
    if name == "probability":
        return TensorSpec(name=name, datatype="FP64", shape=(-1, len(classes)))
    width = (-1,) if name == "output" or getattr(model, "n_outputs_", 1) > 1 else ()
    return TensorSpec(name=name, datatype="FP64", shape=(-1, *width))


def _plain(value: Any, spec: TensorSpec) -> NDArray[Any]:
    """Return an answer with the datatype that `spec` promises; CatBoost's column of labels as one axis."""
    array = np.asarray(value.toarray() if hasattr(value, "toarray") else value)
    if len(spec.shape) == 1 and array.ndim == 2 and array.shape[1] == 1:  # noqa: PLR2004
        array = array[:, 0]
    return array.astype(DTYPES[spec.datatype]) if array.dtype.kind == "f" else with_texts(array)


def _has_many_outputs(model: Any) -> bool:
    return isinstance(getattr(model, "classes_", None), list)


def _json(kind: str, name: str, value: Any) -> Any:
    """Return a parameter as JSON holds it. Raises NotSavable."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        raise NotSavable(
            f"The parameter {name!r} of {kind} is a {type(value).__name__}, which is no plain data. "
            f'Take it out with set_params({name}=None), or register with flavor="python".'
        ) from None
    return value
