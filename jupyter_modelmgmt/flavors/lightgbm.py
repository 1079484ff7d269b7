"""LightGBM models as its text: Boosters, and the classes of the scikit-learn interface, rebuilt around them.

The same model gives the same bytes. What a training tells of itself (`evals_result_`) does not travel.
"""

import mmap
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from jupyter_modelmgmt.domain.errors import BadFile, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.flavors import estimator, sklearn
from jupyter_modelmgmt.flavors.base import Description, Safety, datatype, imported, only_file, reason
from jupyter_modelmgmt.flavors.estimator import EstimatorRunner, Kept

NAME = "lightgbm"
FRAMEWORK = "lightgbm"
SAFETY: Safety = "data"
SUFFIX = ".txt"

_KEPT = "lightgbm.json"
_CLASSES = ("LGBMClassifier", "LGBMRegressor", "LGBMRanker")
_HEAD = b"tree\nversion="
_END = b"\nend of trees"
_INFOS = re.compile(r"^feature_infos=(.*)$", re.MULTILINE)


def handles(obj: object) -> bool:
    lightgbm = sys.modules.get("lightgbm")
    return lightgbm is not None and isinstance(obj, lightgbm.Booster | lightgbm.LGBMModel)


def describe(obj: Any) -> Description:
    if hasattr(obj, "get_params"):
        return sklearn.describe(obj)
    params = {name: value for name, value in getattr(obj, "params", {}).items() if isinstance(value, str | int | float)}
    return Description(class_name=type(obj).__name__, params=params)


def problem(obj: Any) -> str:
    fitted = obj.__sklearn_is_fitted__() if hasattr(obj, "get_params") else hasattr(obj, "_handle") and obj.num_trees()
    return "" if fitted else f"This {type(obj).__name__} is not fitted yet. Train it before registering it."


def save(obj: Any, folder: Path) -> None:
    """Write `model.txt`, and `lightgbm.json` for estimators. Raises NotFitted, and NotSavable for classes of one's own."""
    kind = type(obj)
    if kind.__name__ not in ("Booster", *_CLASSES) or not kind.__module__.startswith("lightgbm."):
        raise NotSavable(estimator.stranger(obj, FRAMEWORK))
    if unfit := problem(obj):
        raise NotFitted(unfit)
    booster = obj
    if kind.__name__ in _CLASSES:
        booster = obj.booster_
        estimator.keep(folder / _KEPT, obj, **_facts(obj))
    # All trees go in: by default those after the best iteration are left out.
    booster.save_model(folder / f"model{SUFFIX}", num_iteration=-1)


def recognises(path: Path) -> bool:
    """Tell whether a `.txt` file is a LightGBM model, by its first lines. Raises BadFile for one that is cut off."""
    if path.suffix.lower() != SUFFIX:
        return False
    with path.open("rb") as file:
        if file.read(len(_HEAD)) != _HEAD:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            if text.rfind(_END) < 0:
                raise BadFile(f"{path.name} is a LightGBM model that is cut off. Save it again with save_model.")
    return True


def load(folder: Path, *, allow_code: bool = False) -> Any:  # noqa: ARG001  nothing here runs code
    """Return the estimator, or the Booster where only that was saved. Raises BadFile and NotLoadable."""
    lightgbm = imported("lightgbm", NAME)
    path = only_file(folder, SUFFIX)
    if not recognises(path):
        raise NotLoadable(f"{path.name} is no LightGBM model.")
    kept = estimator.kept(path.with_name(_KEPT), _CLASSES)
    try:
        booster = lightgbm.Booster(model_file=path)
        return _rebuilt(getattr(lightgbm, kept.class_name), kept, booster) if kept else booster
    except (lightgbm.basic.LightGBMError, TypeError, ValueError, LookupError) as error:
        raise NotLoadable(f"The installed LightGBM cannot load {path.name}: {reason(error)}") from error


def runner(folder: Path) -> EstimatorRunner:
    return served(load(folder))


def served(model: Any) -> EstimatorRunner:
    """Return a model that is in memory, ready to serve."""
    from lightgbm.basic import LightGBMError

    booster = getattr(model, "booster_", model)
    names, width = booster.feature_name(), booster.num_feature()
    named = names != [f"Column_{i}" for i in range(width)]
    return EstimatorRunner(
        model,
        _methods(model),
        names=names if named else (),
        width=width,
        kinds=_kinds(booster, names),
        refusals=(LightGBMError,),
    )


def _methods(model: Any) -> dict[str, str]:
    if not hasattr(model, "get_params"):
        return {"output": "predict"}
    return {"value": "predict"} if type(model).__name__ == "LGBMRanker" else estimator.methods(model)


def _facts(obj: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "named": hasattr(obj, "feature_names_in_") and obj._fitted_with_feature_names,  # noqa: SLF001  see `_rebuilt`
        "objective": obj.objective_,
        "best_iteration": obj.best_iteration_,
    }
    if hasattr(obj, "classes_"):
        classes = np.asarray(obj.classes_)
        facts |= {"classes": classes.tolist(), "dtype": "str" if classes.dtype.kind == "U" else classes.dtype.name}
    return facts


def _rebuilt(kind: Any, kept: Kept, booster: Any) -> Any:
    """Return an estimator as `fit` leaves it; LightGBM itself has no way back from its file."""
    model = kind(**kept.params)
    facts = kept.facts
    booster.best_iteration = facts["best_iteration"]
    width = booster.num_feature()
    found = {
        "_Booster": booster, "_n_features": width, "_n_features_in": width, "fitted_": True,
        "_fitted_with_feature_names": facts["named"], "_objective": facts["objective"],
        "_best_iteration": facts["best_iteration"],
    }  # fmt: skip
    if "classes" in facts:
        from sklearn.preprocessing import LabelEncoder

        encoder = LabelEncoder()
        encoder.classes_ = classes = np.array(facts["classes"], dtype=facts["dtype"])
        codes = {name: np.int64(code) for code, name in enumerate(classes)}
        found |= {"_le": encoder, "_classes": classes, "_n_classes": len(classes), "_class_map": codes}
    vars(model).update(found)
    return model


def _kinds(booster: Any, names: list[str]) -> Mapping[str, str]:
    """Return the datatypes of categorical columns: they are listed in their order, `feature_infos` tells which."""
    listed = booster.pandas_categorical or []
    infos = _INFOS.search(booster.model_to_string(num_iteration=1))
    each = infos[1].split(" ") if infos else []
    columns = [name for name, info in zip(names, each, strict=False) if info != "none" and not info.startswith("[")]
    if len(columns) != len(listed):
        return {}
    return {name: datatype(np.asarray(values).dtype) for name, values in zip(columns, listed, strict=True)}
