"""The JSON of predictions and errors, as host and workers write it and the client reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from http import HTTPStatus
from typing import Any

import msgspec

from jupyter_modelmgmt.domain.errors import ModelManagementError, ServingFailed
from jupyter_modelmgmt.domain.predictions import Boxes, Classes, Mask, Prediction, Result, Text, Value, Vector
from jupyter_modelmgmt.domain.records import Task

_FIELDS = tuple(field.name for field in fields(Prediction))
_DECODER = msgspec.json.Decoder(Prediction)


def prediction(
    result: Result | Any, *, task: Task, version: str, latency_ms: float, size: tuple[int, int]
) -> Prediction:
    """Return an adapter's `result` as a prediction; `size` is (width, height) of the image, or zeros."""
    width, height = size
    return Prediction(
        task=task, version=version, latency_ms=round(latency_ms, 3), width=width, height=height, **_result(result)
    )


def _result(result: Result | Any) -> dict[str, Any]:
    match result:
        case Mask():
            return {"mask": result}
        case Classes() | Boxes() | Value() | Vector() | Text():
            (field,) = fields(result)
            return {field.name: getattr(result, field.name)}
        case _:
            return {"outputs": result}


def prediction_body(answer: Prediction) -> bytes:
    """Return the JSON of a prediction without the fields that are not set."""
    return msgspec.json.encode(_set(answer))


def prediction_fields(answer: Prediction) -> dict[str, Any]:
    """Return the fields of a prediction that are set, as JSON holds them."""
    fields_: dict[str, Any] = msgspec.to_builtins(_set(answer))
    return fields_


def _set(answer: Prediction) -> dict[str, Any]:
    values = ((name, getattr(answer, name)) for name in _FIELDS)
    return {name: value for name, value in values if value is not None}


def read_prediction(body: bytes) -> Prediction:
    return _DECODER.decode(body)


def read_outcome(body: bytes) -> Prediction | ModelManagementError:
    """Return the prediction of one of several items, or the error that it failed with."""
    fields_ = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    return read_error(HTTPStatus.BAD_REQUEST, body) if "error" in fields_ else read_prediction(body)


def jsonable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that JSON can hold."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        try:
            found[key] = msgspec.json.decode(msgspec.json.encode(value))
        except (TypeError, ValueError, OverflowError):
            found[key] = str(value)[:200]
    return found


def error_body(code: str, message: str) -> bytes:
    """Return an error in our shape and in that of the Open Inference Protocol at once."""
    return msgspec.json.encode({"code": code, "message": message, "error": message})


def read_error(status: int, body: bytes) -> ModelManagementError:
    """Return the error that a host answered, as the class that its code names."""
    try:
        fields_ = msgspec.json.decode(body, type=dict[str, str])
    except msgspec.DecodeError:
        return ServingFailed(f"The serving host answered {status} without a reason. See its log.")
    kind = _BY_CODE.get(fields_.get("code", ""), ServingFailed)
    # The message is complete already, so __init__, which may compose one, is left out.
    return kind.__new__(kind, fields_.get("message") or f"The serving host answered {status}.")


def _tree(kind: type[ModelManagementError]) -> Iterator[type[ModelManagementError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _tree(child)


_BY_CODE = {kind.code: kind for kind in _tree(ModelManagementError)}
