"""scikit-learn estimators and pipelines, as `.skops`: data that is audited before anything is built.

Only types of the reviewed list in `sklearn_trust` are loaded; what travels in the file is never asked.
"""

import io
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from jupyter_modelmgmt.domain.errors import BadFile, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.records import Params, Task
from jupyter_modelmgmt.flavors import estimator
from jupyter_modelmgmt.flavors.base import (
    Description,
    Safety,
    only_file,
    reason,
)
from jupyter_modelmgmt.flavors.estimator import EstimatorRunner
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
    """Return what an estimator tells. Raises NotFitted for one whose class was never called."""
    try:
        return Description(class_name=type(obj).__name__, task=task(obj), labels=labels(obj), params=scalars(obj))
    except AttributeError as error:
        raise NotFitted(
            f"This {type(obj).__name__} is half-built: {reason(error)}. Make a new one and fit it."
        ) from error


def task(obj: object) -> Task:
    from sklearn.base import is_classifier, is_regressor

    if is_classifier(obj):
        return Task.CLASSIFICATION
    return Task.REGRESSION if is_regressor(obj) else Task.OTHER


def labels(obj: Any) -> tuple[str, ...]:
    try:
        classes = np.asarray(getattr(obj, "classes_", ()))
    except ValueError:  # Several outputs with different numbers of classes have no one list.
        return ()
    if classes.ndim != 1 or len(classes) > MAX_LABELS:
        return ()
    return tuple(str(name) for name in classes.tolist())


def scalars(obj: Any) -> Params:
    """Return the parameters that are plain values, those of the steps of a pipeline too."""
    params = obj.get_params().items()
    return {name: value for name, value in params if value is None or isinstance(value, str | int | float)}


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
        _check_size(path)
        with zipfile.ZipFile(path) as archive:
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
    try:
        _check_size(path)
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


def runner(folder: Path) -> EstimatorRunner:
    return served(load(folder))


def served(model: Any) -> EstimatorRunner:
    """Return an estimator that is in memory, ready to serve."""
    features = getattr(model, "n_features_in_", None)
    return EstimatorRunner(
        model,
        estimator.methods(model),
        names=getattr(model, "feature_names_in_", ()),
        width=None if features is None else int(features),
    )


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
    if not array.dtype.names:  # numbers, too, may look like "|V"
        return data
    settled = np.zeros(array.shape, array.dtype)
    for field in array.dtype.names:
        settled[field] = array[field]
    buffer = io.BytesIO()
    np.save(buffer, settled)
    return buffer.getvalue()


def _pack(target: zipfile.ZipFile, name: str, data: bytes) -> None:
    member = zipfile.ZipInfo(name, _NO_TIME)
    member.external_attr = 0o644 << 16
    target.writestr(member, data, zipfile.ZIP_DEFLATED, compresslevel=1)


def _stranger_message(obj: object, strangers: list[str]) -> str:
    hint = 'Register it with flavor="python": that saves code too and asks for a yes at load.'
    if hasattr(obj, "best_estimator_"):
        hint = f"Register its best_estimator_ instead. Or: {hint}"
    return (
        f"{type(obj).__name__} holds {', '.join(strangers)}, outside the reviewed list of types that load "
        f"without running code. {hint}"
    )


def _check_size(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        schema = archive.getinfo("schema.json").file_size
    packed = path.stat().st_size
    if schema > MAX_SCHEMA_BYTES or unpacked > min(MAX_UNPACKED_BYTES, MAX_RATIO * packed):
        raise BadFile(f"{path.name} unpacks to {unpacked:,} bytes, too many for a file of {packed:,}.")
