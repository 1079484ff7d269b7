"""transformers: `Trainer(..., callbacks=[reg.callback("transformers")])`."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from jupyter_modelmgmt.registry.callbacks import Log, numbers


def made(run: Log) -> Any:
    """Return a callback that logs what the trainer logs, by its step, on the first process alone."""

    def on_log(
        _self: object, _args: object, state: Any, _control: object, logs: Mapping[str, Any] | None = None, **_more: Any
    ) -> None:
        if state.is_world_process_zero:
            run.log_metrics(numbers(logs), state.global_step)

    base = import_module("transformers").TrainerCallback
    return type("LogToRun", (base,), {"on_log": on_log})()
