"""scikit-learn estimators and pipelines, as `.skops`: data that is audited before anything is built.

Only types of the reviewed list in `sklearn_trust` are loaded; what travels in the file is never asked.
"""

import io
import json
import re
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.records import Params, Task
from jupyter_modelmgmt.flavors.base import (
    Description,
    Safety,
    Tensors,
    TensorSpec,
    checked,
    datatype,
    only_file,
    reason,
)
from jupyter_modelmgmt.flavors.sklearn_trust import TRUSTED, check_arrays

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

NAME = "sklearn"
FRAMEWORK = "scikit-learn"
SAFETY: Safety = "data"
SUFFIX = ".skops"

MAX_LABELS = 100_000
# What building objects from a file raises when its parts do not fit together; all share no base.
_BROKEN = (
    ImportError,
    AttributeError,
    TypeError,
    ValueError,
    LookupError,
    MemoryError,
    OverflowError,
    zipfile.BadZipFile,
)
_ADDRESS = re.compile(r'("__id__": |"file": ")([0-9a-f-]+)')
_HEADER = 4096
_NO_TIME = (1980, 1, 1, 0, 0, 0)
MAX_SCHEMA_BYTES = 256 << 20
MAX_UNPACKED_BYTES = 8 << 30
MAX_RATIO = 1000


def handles(obj: object) -> bool:
    base = sys.modules.get("sklearn.base")
    return base is not None and isinstance(obj, base.BaseEstimator)


def describe(obj: "BaseEstimator") -> Description:
    return Description(
        class_name=type(obj).__name__, task=_task(obj), labels=_labels(obj), params=_scalars(obj.get_params())
    )


def problem(obj: "BaseEstimator") -> str:
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(obj)
    except (NotFittedError, TypeError):
        return f"This {type(obj).__name__} is not fitted yet. Call its fit method before registering it."
    return ""


def save(obj: "BaseEstimator", folder: Path) -> None:
    """Write `model.skops`. Raises NotFitted, and NotSavable naming the types outside the reviewed list."""
    import skops.io
    from skops.io.exceptions import UnsupportedTypeException

    if unfit := problem(obj):
        raise NotFitted(unfit)
    path = folder / f"model{SUFFIX}"
    drafted = folder / "draft"
    try:
        skops.io.dump(obj, drafted)
    except UnsupportedTypeException as error:
        raise NotSavable(f"{type(obj).__name__} cannot be saved as data: {reason(error)}") from error
    _repeatable(drafted, path)
    drafted.unlink()
    if strangers := sorted(set(skops.io.get_untrusted_types(file=path)) - TRUSTED):
        path.unlink()
        raise NotSavable(_stranger_message(obj, strangers))


def recognises(path: Path) -> bool:
    if path.suffix.lower() != SUFFIX:
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            _check_size(archive, path)
            schema = json.loads(archive.read("schema.json"))
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise BadFile(f"{path.name} is not a skops file: {error}. Save the model again with skops.io.dump.") from error
    if not isinstance(schema, dict) or "__loader__" not in schema:
        raise BadFile(f"{path.name} is not a skops file: its schema describes no object.")
    return True


def load(folder: Path, *, allow_code: bool = False) -> "BaseEstimator":  # noqa: ARG001  nothing here runs code
    """Return the estimator. Raises NotLoadable for a type outside the reviewed list."""
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    path = only_file(folder, SUFFIX)
    recognises(path)
    try:
        model: BaseEstimator = skops.io.load(path, trusted=sorted(TRUSTED))
        check_arrays(model)
    except UntrustedTypesFoundException as error:
        raise NotLoadable(
            f"{path.name} holds types outside the reviewed list, so it is not loaded: {reason(error)}"
        ) from error
    except _BROKEN as error:
        raise NotLoadable(
            f"The installed scikit-learn cannot load {path.name}: {reason(error)}. It is damaged or of another version."
        ) from error
    return model


def runner(folder: Path) -> "SklearnRunner":
    return SklearnRunner(load(folder))


class SklearnRunner:
    """One input, `input`: rows of features, FP64, or texts for a pipeline that begins with a vectoriser.

    Outputs: a classifier gives `label` and `probability` (without `predict_proba`: `score`), a
    regressor `value`, a transformer `output`, anything else that predicts `label`.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._names: list[str] | None = list(getattr(model, "feature_names_in_", ())) or None
        features = getattr(model, "n_features_in_", None)
        self.inputs = (
            TensorSpec(name="input", datatype="BYTES", shape=(-1,))
            if features is None
            else TensorSpec(name="input", datatype="FP64", shape=(-1, int(features))),
        )
        self._methods = _methods(model)
        self.outputs = tuple(_spec(name, model) for name in self._methods)

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        rows = self._named(checked(inputs, self.inputs)["input"])
        try:
            answers = {name: getattr(self._model, method)(rows) for name, method in self._methods.items()}
        except ValueError as error:
            raise BadTensor(f"{type(self._model).__name__} refuses the input: {reason(error)}") from error
        return {name: _plain(value) for name, value in answers.items()}

    def _named(self, rows: NDArray[Any]) -> Any:
        if not self._names:
            return rows
        import pandas as pd

        return pd.DataFrame(rows, columns=self._names)


def _repeatable(drafted: Path, path: Path) -> None:
    """Write the skops file `drafted` to `path` so that the same object gives the same bytes.

    skops names members and nodes by memory address, and zip keeps the time of day.
    """
    with zipfile.ZipFile(drafted) as source, zipfile.ZipFile(path, "w") as target:
        schema = source.read("schema.json").decode()
        names: dict[str, str] = {}
        schema = _ADDRESS.sub(lambda match: f"{match[1]}{_renamed(names, match[2])}", schema)
        members = [name for name in source.namelist() if name != "schema.json"]
        for name in sorted(members, key=lambda name: int(_renamed(names, Path(name).stem))):
            _pack(target, _renamed(names, Path(name).stem) + Path(name).suffix, _settled(source.read(name)))
        _pack(target, "schema.json", schema.encode())


def _renamed(names: dict[str, str], address: str) -> str:
    return names.setdefault(address, str(len(names)))


def _settled(data: bytes) -> bytes:
    """Return an `.npy` file with zeros in the gaps between the fields of its records: trees leave chance bytes there."""
    if not data.startswith(b"\x93NUMPY") or b"|V" not in data[:_HEADER]:
        return data
    array = np.load(io.BytesIO(data), allow_pickle=False)
    settled = np.zeros(array.shape, array.dtype)
    for field in array.dtype.names or ():
        settled[field] = array[field]
    buffer = io.BytesIO()
    np.save(buffer, settled)
    return buffer.getvalue()


def _pack(target: zipfile.ZipFile, name: str, data: bytes) -> None:
    member = zipfile.ZipInfo(name, _NO_TIME)
    member.external_attr = 0o644 << 16
    target.writestr(member, data, zipfile.ZIP_DEFLATED, compresslevel=1)


def _methods(model: Any) -> dict[str, str]:
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


def _plain(value: Any) -> NDArray[Any]:
    array = np.asarray(value.toarray() if hasattr(value, "toarray") else value)
    return array.astype(object) if array.dtype.kind in "US" else array


def _has_many_outputs(model: Any) -> bool:
    return isinstance(getattr(model, "classes_", None), list)


def _task(obj: "BaseEstimator") -> Task:
    from sklearn.base import is_classifier, is_regressor

    if is_classifier(obj):
        return Task.CLASSIFICATION
    return Task.REGRESSION if is_regressor(obj) else Task.OTHER


def _labels(obj: Any) -> tuple[str, ...]:
    try:
        classes = np.asarray(getattr(obj, "classes_", ()))
    except ValueError:  # Several outputs with different numbers of classes have no one list.
        return ()
    if classes.ndim != 1 or len(classes) > MAX_LABELS:
        return ()
    return tuple(str(name) for name in classes.tolist())


def _scalars(params: Mapping[str, object]) -> Params:
    """Return the parameters that are plain values, those of the steps of a pipeline too."""
    return {name: value for name, value in params.items() if value is None or isinstance(value, str | int | float)}


def _stranger_message(obj: object, strangers: list[str]) -> str:
    hint = (
        "Register its best_estimator_ instead." if hasattr(obj, "best_estimator_") else "Use scikit-learn's own types."
    )
    return (
        f"{type(obj).__name__} holds {', '.join(strangers)}, outside the reviewed list of types that load "
        f"without running code. {hint}"
    )


def _check_size(archive: zipfile.ZipFile, path: Path) -> None:
    unpacked = sum(member.file_size for member in archive.infolist())
    packed = path.stat().st_size
    schema = archive.getinfo("schema.json").file_size
    if schema > MAX_SCHEMA_BYTES or unpacked > min(MAX_UNPACKED_BYTES, MAX_RATIO * packed):
        raise BadFile(f"{path.name} unpacks to {unpacked:,} bytes, too many for a file of {packed:,}.")
