"""PyTorch Lightning: `Trainer(callbacks=[reg.callback("lightning")])`."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from jupyter_modelmgmt.registry.callbacks import Log, numbers


def made(run: Log) -> Any:
    """Return a callback that logs what the module logs, after each epoch of training and of validation."""

    def log(_self: object, trainer: Any, _module: object) -> None:
        if not getattr(trainer, "sanity_checking", False):
            run.log_metrics(numbers(trainer.callback_metrics), trainer.global_step)

    base = import_module("lightning.pytorch" if find_spec("lightning") else "pytorch_lightning").Callback
    return type("LogToRun", (base,), {"on_train_epoch_end": log, "on_validation_epoch_end": log})()
