"""What tables show of kept tests and their results."""

from collections.abc import Callable
from typing import Any

from jupyter_modelmgmt.domain.kept import KeptResult, KeptTest, kind_of
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.registry.figures import figure, size, when

_SHOWN = 60


def _test(test: KeptTest) -> dict[str, Any]:
    return {
        "Test": test.name,
        "Input": f"{test.media}, {size(test.size)}",
        "Expected": answer(test.expected),
        "From": test.expected.version,
        "Tolerance": figure(test.tolerance),
        "Kept at": when(test.created_at),
        "Kept by": test.created_by,
    }


def _result(result: KeptResult) -> dict[str, Any]:
    return {
        "Test": result.test,
        "Version": result.version,
        "State": result.state.value,
        "Difference": result.difference,
        "Latency": f"{figure(result.latency_ms)} ms" if result.latency_ms else "",
        "At": when(result.at),
    }


def answer(said: Prediction) -> str:
    """Return an answer in a few words: its best label, what was counted, a number, the beginning of others."""
    match kind_of(said):
        case "classes":
            best = (said.classes or ())[:1]
            return f"{best[0].label} {best[0].score:.2f}" if best else "no label"
        case "boxes":
            labels = [box.label for box in said.boxes or ()]
            return ", ".join(f"{labels.count(label)} {label}" for label in dict.fromkeys(labels)) or "nothing"
        case "mask":
            return ", ".join(said.mask.share) if said.mask else ""
        case kind:
            text = str(getattr(said, kind))
            return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


KEPT: dict[type, Callable[[Any], dict[str, Any]]] = {KeptResult: _result, KeptTest: _test}
