"""Results of statsmodels, as its own pickle: code, since a formula is Python that runs at every prediction.

The pickle holds the data of the fit; `results.remove_data()` takes them out where that is supported.
The same results give the same bytes until they work out more, for a summary: that they keep, too. What a
formula calls in the notebook travels with it, see `by_value`.
"""

import inspect
import json
import logging
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadTensor, NotFitted, NotLoadable
from jupyter_modelmgmt.domain.records import Params, Task
from jupyter_modelmgmt.flavors import python
from jupyter_modelmgmt.flavors.base import (
    Description,
    Safety,
    Tensors,
    TensorSpec,
    ask_for_code,
    checked,
    imported,
    only_file,
    reason,
)

NAME = "statsmodels"
FRAMEWORK = "statsmodels"
SAFETY: Safety = "code"
SUFFIX = ".statsmodels"

_AROUND = "formula.pickle"
_INPUT = "input"
_STEPS = "steps"
_OUTPUT = "value"
_CLASSES = ("BinaryModel", "MultinomialModel", "OrderedModel")
_WORD = re.compile(r"[^\W\d]\w*")
_log = logging.getLogger("modelmgmt.statsmodels")


def handles(obj: object) -> bool:
    return any(isinstance(obj, kind) for kind in _kinds())


def describe(obj: Any) -> Description:
    model = getattr(obj, "model", obj)
    return Description(class_name=type(model).__name__, task=_task(model), params=_params(model))


def problem(obj: Any) -> str:
    if hasattr(obj, "params"):
        return ""
    return f"This {type(obj).__name__} is a model without results. Call its fit method and register what that returns."


def save(obj: Any, folder: Path, *, vendor: bool = True) -> None:
    """Write `model.statsmodels`, and what a formula uses. Raises NotFitted, and NotSavable for what cannot travel.

    Without `vendor` no code of the user's goes with it.
    """
    from jupyter_modelmgmt.flavors import by_value

    if unfit := problem(obj):
        raise NotFitted(unfit)
    own = by_value.write(obj, folder / f"model{SUFFIX}", type(obj).__name__, vendor=vendor)
    if around := _around(obj.model):
        own += by_value.write(around, folder / _AROUND, "The formula", vendor=vendor)
    if own:
        (folder / python.FACTS).write_text(json.dumps({"python": python.minor()}))
        (folder / python.SOURCE).write_text(by_value.source(own), encoding="utf-8")


def recognises(path: Path) -> bool:
    """Tell whether the file is what `save` writes; nothing of it runs. Raises BadFile for a broken one."""
    if path.suffix.lower() != SUFFIX:
        return False
    python.check_whole(path)
    return True


def load(folder: Path, *, allow_code: bool = False) -> Any:
    """Return the results. Raises NeedsYes, NotLoadable, and BadFile for a broken file."""
    imported("statsmodels.api", NAME)
    path = only_file(folder, SUFFIX)
    recognises(path)
    facts, around = path.with_name(python.FACTS), path.with_name(_AROUND)
    if facts.is_file():
        python.check_minor(facts)
    ask_for_code("results of statsmodels", allow_code=allow_code)
    # statsmodels builds a formula's columns anew and looks for its names around the reader.
    return python.unpickled(path, python.unpickled(around) if around.is_file() else {})


def runner(folder: Path) -> "StatsmodelsRunner":
    return served(load(folder, allow_code=True))


def served(model: Any) -> "StatsmodelsRunner":
    return StatsmodelsRunner(model)


class StatsmodelsRunner:
    """Gives `value`: of `input`, rows as the model was fitted with; of the columns of a formula; of `steps` ahead."""

    inputs: tuple[TensorSpec, ...]

    def __init__(self, results: Any) -> None:
        self._results = results
        model = results.model
        if columns := _columns(model):
            self._answer: Callable[[dict[str, NDArray[Any]]], Any] = self._of_columns
            self.inputs = tuple(TensorSpec(name=n, datatype=kind, shape=(-1,)) for n, kind in columns)
        elif _forecasts(results):
            self._answer = self._ahead
            self.inputs = (TensorSpec(name=_STEPS, datatype="INT64", shape=(1,)),)
        elif getattr(model, "exog", None) is not None and hasattr(results, "predict"):
            self._answer = self._of_rows
            self.inputs = (TensorSpec(name=_INPUT, datatype="FP64", shape=(-1, model.exog.shape[1])),)
        else:
            raise NotLoadable(
                f"The results of {type(model).__name__} predict nothing from inputs, so they are not served."
            )
        # Without an axis for rows requests are not joined: a formula may look at all rows of one.
        self.outputs: tuple[TensorSpec, ...] = (TensorSpec(name=_OUTPUT, datatype="FP64", shape=()),)

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        values = checked(inputs, self.inputs)
        try:
            return {_OUTPUT: np.asarray(self._answer(values), dtype=np.float64)}
        except Exception as error:
            # A formula runs functions of the user's, which raise what they like.
            _log.exception("predict failed")
            raise BadTensor(f"{type(self._results.model).__name__} refuses the input: {reason(error)}") from error

    def _of_columns(self, values: dict[str, NDArray[Any]]) -> Any:
        import pandas as pd

        return self._results.predict(pd.DataFrame(values))

    def _of_rows(self, values: dict[str, NDArray[Any]]) -> Any:
        return self._results.predict(values[_INPUT])

    def _ahead(self, values: dict[str, NDArray[Any]]) -> Any:
        return self._results.forecast(int(values[_STEPS][0]))


def _kinds() -> tuple[type, ...]:
    places = (("statsmodels.base.model", "Model"), ("statsmodels.base.model", "Results"),
              ("statsmodels.base.wrapper", "ResultsWrapper"))  # fmt: skip
    return tuple(getattr(sys.modules[module], name) for module, name in places if module in sys.modules)


def _task(model: object) -> Task:
    names = {base.__name__ for base in type(model).__mro__}
    if names.intersection(_CLASSES):
        return Task.CLASSIFICATION
    return Task.OTHER if ".tsa." in type(model).__module__ else Task.REGRESSION


def _params(model: object) -> Params:
    family = getattr(model, "family", None)
    told = {
        "formula": getattr(model, "formula", None),
        "family": type(family).__name__ if family is not None else None,
        "link": type(family.link).__name__ if family is not None else None,
        "order": str(model.order) if hasattr(model, "order") else None,
        "seasonal_order": str(model.seasonal_order) if hasattr(model, "seasonal_order") else None,
    }
    return {name: value for name, value in told.items() if isinstance(value, str)}


def _around(model: Any) -> dict[str, Any]:
    """Return what the formula of `model` names beside columns: functions and modules of the notebook."""
    infos = getattr(getattr(model.data, "model_spec", None), "factor_infos", {})
    found: dict[str, Any] = {}
    for info in infos.values():
        names = info.state["eval_env"].namespace
        found |= {word: names[word] for word in _words(info.factor.code) if word in names}
    return found


def _columns(model: Any) -> Sequence[tuple[str, str]]:
    """Return the columns that a formula predicts from, with their datatypes; none without a formula."""
    formula, frame = getattr(model, "formula", None), getattr(model.data, "frame", None)
    if not formula or frame is None:
        return ()
    words = set(_words(formula.partition("~")[2]))
    return [
        (str(name), "FP64" if frame[name].dtype.kind in "biuf" else "BYTES") for name in frame.columns if name in words
    ]


def _words(code: str) -> list[str]:
    return sorted(set(_WORD.findall(code)))


def _forecasts(results: Any) -> bool:
    forecast = getattr(results, "forecast", None)
    return forecast is not None and next(iter(inspect.signature(forecast).parameters), "") == _STEPS
