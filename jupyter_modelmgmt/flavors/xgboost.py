"""XGBoost models as `.ubj`: Boosters, and the classes of the scikit-learn interface with their parameters.

The same model gives the same bytes. What a training tells of itself (`evals_result`) does not travel.
"""

import sys
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain.errors import BadFile, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.flavors import estimator, sklearn
from jupyter_modelmgmt.flavors.base import Description, Safety, imported, only_file, reason
from jupyter_modelmgmt.flavors.estimator import EstimatorRunner

NAME = "xgboost"
FRAMEWORK = "xgboost"
SAFETY: Safety = "data"
SUFFIX = ".ubj"

_KEPT = "xgboost.json"
_CLASSES = ("XGBClassifier", "XGBRegressor", "XGBRanker", "XGBRFClassifier", "XGBRFRegressor")
_HEAD = 64
_CATEGORY = "c"


def handles(obj: object) -> bool:
    xgboost = sys.modules.get("xgboost")
    return xgboost is not None and isinstance(obj, xgboost.Booster | xgboost.XGBModel)


def describe(obj: Any) -> Description:
    return sklearn.describe(obj) if hasattr(obj, "get_params") else Description(class_name=type(obj).__name__)


def problem(obj: Any) -> str:
    fitted = obj.__sklearn_is_fitted__() if hasattr(obj, "get_params") else _trained(obj)
    return "" if fitted else f"This {type(obj).__name__} is not fitted yet. Train it before registering it."


def save(obj: Any, folder: Path) -> None:
    """Write `model.ubj`, and `xgboost.json` for estimators. Raises NotFitted, and NotSavable for classes of one's own."""
    kind = type(obj)
    if kind.__name__ not in ("Booster", *_CLASSES) or not kind.__module__.startswith("xgboost."):
        raise NotSavable(estimator.stranger(obj, FRAMEWORK))
    if unfit := problem(obj):
        raise NotFitted(unfit)
    if kind.__name__ in _CLASSES:
        estimator.keep(folder / _KEPT, obj)
    obj.save_model(folder / f"model{SUFFIX}")


def recognises(path: Path) -> bool:
    """Tell whether the file is a model in XGBoost's UBJSON. Raises BadFile for a broken one."""
    if path.suffix.lower() != SUFFIX:
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(max(0, path.stat().st_size - 1))
        whole = head.startswith(b"{") and b"learner" in head and file.read(1) == b"}"
    if not whole:
        raise BadFile(f"{path.name} is no XGBoost model, or is cut off. Save it again with save_model.")
    return True


def load(folder: Path, *, allow_code: bool = False) -> Any:  # noqa: ARG001  nothing here runs code
    """Return the estimator, or the Booster where only that was saved. Raises BadFile and NotLoadable."""
    xgboost = imported("xgboost", NAME)
    path = only_file(folder, SUFFIX)
    recognises(path)
    kept = estimator.kept(path.with_name(_KEPT), _CLASSES)
    try:
        model = getattr(xgboost, kept.class_name)(**kept.params) if kept else xgboost.Booster()
        model.load_model(path)
    except (xgboost.core.XGBoostError, TypeError, ValueError) as error:
        raise NotLoadable(f"The installed XGBoost cannot load {path.name}: {reason(error)}") from error
    # Loading overwrites some parameters with what training made of them.
    vars(model).update(kept.params if kept else {})
    return model


def runner(folder: Path) -> EstimatorRunner:
    return served(load(folder))


def served(model: Any) -> EstimatorRunner:
    """Return a model that is in memory, ready to serve."""
    booster = model.get_booster() if hasattr(model, "get_booster") else model
    names = booster.feature_names or [f"f{i}" for i in range(booster.num_features())]
    types = zip(names, booster.feature_types or [], strict=False)
    kinds = {name: "BYTES" for name, kind in types if kind == _CATEGORY}
    return EstimatorRunner(
        model if hasattr(model, "get_booster") else _Rows(model),
        _methods(model),
        names=names if booster.feature_names else (),
        width=booster.num_features(),
        kinds=kinds if booster.feature_names else {},
    )


class _Rows:
    """A Booster that predicts rows instead of a DMatrix."""

    def __init__(self, booster: Any) -> None:
        self._booster = booster

    def predict(self, rows: Any) -> Any:
        from xgboost import DMatrix

        return self._booster.predict(DMatrix(rows, enable_categorical=True))


def _trained(booster: Any) -> bool:
    try:
        return bool(booster.num_features())
    except (ValueError, AttributeError):  # XGBoostError: a Booster that never saw data cannot be asked
        return False


def _methods(model: Any) -> dict[str, str]:
    if not hasattr(model, "get_params"):
        return {"output": "predict"}
    return {"value": "predict"} if type(model).__name__ == "XGBRanker" else estimator.methods(model)
