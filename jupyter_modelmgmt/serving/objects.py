"""Answers of an object in memory, in the JSON that a deployed version answers with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from jupyter_modelmgmt.adapters import Predictor, Prepared
from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.serving import answers, carried, protocol

IN_MEMORY = "in memory"  # stands where a version's number would


def answered(model: Predictor, body: bytes, content_type: str, *, name: str) -> bytes:
    """Return the JSON that `model`, an object called `name`, answers to an encoded image, a text or an inference request.

    Raises BadImage, BadTensor, BadInput, Conflict for an input that it does not take, and BadPrediction,
    with what the object raised, in one line.
    """
    if content_type.startswith("image/"):
        return answers.prediction_body(_of_image(model, body, name))
    if content_type.startswith("text/plain"):
        return answers.prediction_body(_of_text(model, body, name))
    asked = protocol.decode_request(body)
    if found := carried.items(asked, model):
        kind, given = found
        look = _of_text if kind == "text" else _of_image
        outputs = carried.answered([_outcome(look, model, data, name) for data in given])
    else:
        with _told(name):
            outputs = model.predict_tensors(carried.tensors(asked))
    return protocol.encode_response(asked, outputs, model=name, version=IN_MEMORY).body


def _of_image(model: Predictor, data: bytes, name: str) -> Prediction:
    return _predicted(model, lambda: model.prepare_image(data), name)


def _of_text(model: Predictor, data: bytes, name: str) -> Prediction:
    text = carried.text(data)
    return _predicted(model, lambda: model.prepare_text(text), name)


def _outcome(
    look: Callable[[Predictor, bytes, str], Prediction], model: Predictor, data: bytes, name: str
) -> Prediction | ModelManagementError:
    try:
        return look(model, data, name)
    except ModelManagementError as error:
        return error


def _predicted(model: Predictor, prepare: Callable[[], Prepared], name: str) -> Prediction:
    start = perf_counter()
    with _told(name):
        item = prepare()
        (result,) = model.predict_items([item])
    took_ms = (perf_counter() - start) * 1000
    return answers.prediction(
        result, task=model.task, version=IN_MEMORY, latency_ms=took_ms, size=(item.width, item.height)
    )


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Tell in a line what the object called `name` raises; it is the user's code."""
    try:
        yield
    except ModelManagementError:
        raise
    except Exception as error:
        told = " ".join(str(error).split())[:300]
        raise BadPrediction(
            f"{name} raised {type(error).__name__}: {told or 'no reason'}. Try it in a cell."
        ) from error
