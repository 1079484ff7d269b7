"""XGBoost: `XGBClassifier(callbacks=[reg.callback("xgboost")])`, or `xgboost.train(..., callbacks=[...])`."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from jupyter_modelmgmt.registry.callbacks import Log


def made(run: Log) -> Any:
    """Return a callback that logs `validation_0-logloss` and its like after each round."""

    def after_iteration(
        _self: object, _model: object, epoch: int, evals_log: Mapping[str, Mapping[str, Sequence[Any]]]
    ) -> bool:
        for data, metrics in evals_log.items():
            for metric, values in metrics.items():
                # With cross-validation a value is a mean and its deviation.
                last = values[-1][0] if isinstance(values[-1], tuple) else values[-1]
                run.log_metric(f"{data}-{metric}", float(last), epoch)
        return False

    base = import_module("xgboost").callback.TrainingCallback
    return type("LogToRun", (base,), {"after_iteration": after_iteration})()
