"""LightGBM: `model.fit(..., callbacks=[reg.callback("lightgbm")])`, or `lightgbm.train(..., callbacks=[...])`."""

from importlib import import_module
from typing import Any

from jupyter_modelmgmt.registry.callbacks import Log


def made(run: Log) -> Any:
    """Return a callback that logs `valid_0-logloss` and its like after each round."""
    import_module("lightgbm")

    def log_to_run(env: Any) -> None:
        for data, metric, value, *_ in env.evaluation_result_list or ():
            run.log_metric(f"{data}-{metric}", float(value), env.iteration)

    return log_to_run
