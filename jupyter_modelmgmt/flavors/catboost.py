"""CatBoost models as `.cbm`, which keeps classes, parameters and the names of columns.

The same model gives the same bytes; one trained again gives others, since CatBoost writes the time in.
"""

import sys
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain.errors import BadFile, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.flavors import estimator, sklearn
from jupyter_modelmgmt.flavors.base import Description, Safety, imported, only_file, reason
from jupyter_modelmgmt.flavors.estimator import EstimatorRunner

NAME = "catboost"
FRAMEWORK = "catboost"
SAFETY: Safety = "data"
SUFFIX = ".cbm"

_KEPT = "catboost.json"
_CLASSES = ("CatBoostClassifier", "CatBoostRegressor", "CatBoostRanker", "CatBoost")
_HEAD = b"CBM1"
_AT_ONCE = 64 << 20  # bytes; CatBoost takes a fifth less time over what is in memory, which then holds it twice


def handles(obj: object) -> bool:
    catboost = sys.modules.get("catboost")
    return catboost is not None and isinstance(obj, catboost.CatBoost)


def describe(obj: Any) -> Description:
    return sklearn.describe(obj)


def problem(obj: Any) -> str:
    if obj.is_fitted():
        return ""
    return f"This {type(obj).__name__} is not fitted yet. Call its fit method before registering it."


def save(obj: Any, folder: Path) -> None:
    """Write `model.cbm` and `catboost.json`. Raises NotFitted, and NotSavable for classes of one's own."""
    kind = type(obj)
    if kind.__name__ not in _CLASSES or not kind.__module__.startswith("catboost."):
        raise NotSavable(estimator.stranger(obj, FRAMEWORK))
    if unfit := problem(obj):
        raise NotFitted(unfit)
    estimator.keep(folder / _KEPT, obj)
    obj.save_model(str(folder / f"model{SUFFIX}"))


def recognises(path: Path) -> bool:
    """Tell whether the file is a CatBoost model, by its head and length. Raises BadFile for a broken one."""
    if path.suffix.lower() != SUFFIX:
        return False
    with path.open("rb") as file:
        head, length = file.read(4), int.from_bytes(file.read(4), "little")
    if head != _HEAD or path.stat().st_size < length + 8:
        raise BadFile(f"{path.name} is no CatBoost model, or is cut off. Save it again with save_model.")
    return True


def load(folder: Path, *, allow_code: bool = False) -> Any:  # noqa: ARG001  nothing here runs code
    """Return the model, as `CatBoost` where its class was not saved. Raises BadFile and NotLoadable."""
    catboost = imported("catboost", NAME)
    path = only_file(folder, SUFFIX)
    recognises(path)
    kept = estimator.kept(path.with_name(_KEPT), _CLASSES)
    try:
        model = getattr(catboost, kept.class_name if kept else "CatBoost")()
        if path.stat().st_size <= _AT_ONCE:
            model.load_model(blob=path.read_bytes())
        else:
            model.load_model(str(path))
        if kept:
            model._init_params = dict(kept.params)  # noqa: SLF001  the file keeps those of the training, filled up
    except (catboost.CatBoostError, TypeError, ValueError) as error:
        raise NotLoadable(f"The installed CatBoost cannot load {path.name}: {reason(error)}") from error
    return model


def runner(folder: Path) -> EstimatorRunner:
    return served(load(folder))


def served(model: Any) -> EstimatorRunner:
    """Return a model that is in memory, ready to serve."""
    from catboost import CatBoostError

    names: list[str] = list(model.feature_names_)
    spoken = [*model.get_cat_feature_indices(), *model.get_text_feature_indices()]
    named = bool(spoken) or names != [str(i) for i in range(len(names))]
    return EstimatorRunner(
        model,
        estimator.methods(model) if type(model).__name__ in _CLASSES[:2] else {"value": "predict"},
        names=names if named else (),
        width=len(names),
        kinds={names[i]: "BYTES" for i in spoken},
        kinds_as="object",
        refusals=(CatBoostError,),
    )
