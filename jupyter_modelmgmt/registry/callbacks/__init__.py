"""Callbacks that log into a run while a framework trains; one file a framework, imported when it is asked for."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Protocol

from jupyter_modelmgmt.domain.errors import BadField

FRAMEWORKS = ("keras", "lightgbm", "lightning", "transformers", "xgboost")


class Log(Protocol):
    """The part of a run that callbacks write to."""

    def log_metrics(self, values: Mapping[str, float], step: float | None = None) -> None: ...
    def log_metric(self, name: str, value: float, step: float | None = None) -> None: ...


def callback(framework: str, run: Log) -> Any:
    """Return a callback of `framework` that logs into `run`. Raises BadField."""
    if framework not in FRAMEWORKS:
        raise BadField(f"There is no callback for {framework[:40]!r}; there are some for {', '.join(FRAMEWORKS)}.")
    try:
        return import_module(f"{__name__}.{framework}").made(run)
    except ImportError as error:
        raise BadField(f"{framework} is not installed here ({error}). Run: pip install {framework}") from None


def numbers(values: Mapping[str, Any] | None) -> dict[str, float]:
    """Return what is a number among `values`, as plain floats; tensors of one number count."""
    found = {}
    for name, value in (values or {}).items():
        try:
            found[str(name)] = float(value)
        except (TypeError, ValueError, RuntimeError):
            continue
    return found
