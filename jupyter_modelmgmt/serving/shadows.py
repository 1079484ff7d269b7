"""Whether a shadow version answers as the one that people hear.

Another rule than `domain.side_by_side`: that shows a person each difference beyond noise, of answers of ours; this one
counts, of all requests and whatever they speak, tensors as bytes among it, those in which somebody would notice. A model
that was converted or quantised for speed is the usual shadow, and no digit of it is the same.
"""

import json
from math import isclose
from typing import Any

from jupyter_modelmgmt.serving.backend import Answer

_LABELS = ("label", "class", "classes")
_OWN = ("version", "model_version", "model_name", "latency_ms", "id", "parameters")
_TOLERANCE = 1e-3
_HEADER = b"inference-header-content-length"


def agree(one: Answer, other: Answer) -> bool:
    """Tell whether two answers say the same: the best label where there are labels, else equal values."""
    if one.status >= 400 or other.status >= 400:  # noqa: PLR2004  # HTTP's first error
        return one.status == other.status
    mine, theirs = _read(one), _read(other)
    if mine is None or theirs is None:
        return _tail(one) == _tail(other) and mine == theirs
    return _tail(one) == _tail(other) and _alike(_said(mine), _said(theirs))


def _read(answer: Answer) -> Any:
    """Return the JSON of an answer, without the binary tensors behind it; None when it is none."""
    length = next((int(value) for name, value in answer.headers if name.lower() == _HEADER), len(answer.body))
    try:
        return json.loads(answer.body[:length])
    except ValueError:
        return None


def _tail(answer: Answer) -> bytes:
    length = next((int(value) for name, value in answer.headers if name.lower() == _HEADER), len(answer.body))
    return answer.body[length:]


def _said(answer: Any) -> Any:
    """Return what of an answer counts."""
    if not isinstance(answer, dict):
        return answer
    if isinstance(answer.get("classes"), list):
        return [best.get("label") for best in answer["classes"][:1]]
    outputs = answer.get("outputs")
    if isinstance(outputs, list) and all(isinstance(tensor, dict) for tensor in outputs):
        named = {tensor.get("name"): tensor for tensor in outputs}
        if label := next((named[name] for name in _LABELS if name in named), None):
            return label.get("data")
    return {name: value for name, value in answer.items() if name not in _OWN}


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    return bool(one == other)
