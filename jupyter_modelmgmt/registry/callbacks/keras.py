"""Keras: `model.fit(..., callbacks=[reg.callback("keras")])`."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from jupyter_modelmgmt.registry.callbacks import Log, numbers


def made(run: Log) -> Any:
    """Return a callback that logs loss and metrics, those of validation as `val_...`, after each epoch."""

    def on_epoch_end(_self: object, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        run.log_metrics(numbers(logs), epoch)

    base = import_module("keras").callbacks.Callback
    return type("LogToRun", (base,), {"on_epoch_end": on_epoch_end})()
