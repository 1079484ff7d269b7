"""PyTorch Lightning: `Trainer(callbacks=[reg.callback("lightning")])`."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from jupyter_modelmgmt.registry.callbacks import Log, numbers


def made(run: Log) -> Any:
    """Return a callback that logs what the module logs, each figure once: after an epoch, or after a validation."""
    before: dict[str, Any] = {}
    judged: set[str] = set()

    def begin(_self: object, trainer: Any, _module: object) -> None:
        before.clear()
        before.update(trainer.callback_metrics)

    def validated(_self: object, trainer: Any, _module: object) -> None:
        if trainer.sanity_checking:
            return
        # What training logged stands there too, as of an epoch ago: the same objects as before.
        found = {name: value for name, value in trainer.callback_metrics.items() if before.get(name) is not value}
        judged.update(found)
        run.log_metrics(numbers(found), trainer.global_step)

    def trained(_self: object, trainer: Any, _module: object) -> None:
        found = {name: value for name, value in trainer.callback_metrics.items() if name not in judged}
        run.log_metrics(numbers(found), trainer.global_step)

    base = import_module("lightning.pytorch" if find_spec("lightning") else "pytorch_lightning").Callback
    hooks = {"on_validation_start": begin, "on_validation_epoch_end": validated, "on_train_epoch_end": trained}
    return type("LogToRun", (base,), hooks)()
