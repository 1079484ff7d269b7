"""Answers of an object in memory, in the JSON that a deployed version answers with."""

from collections.abc import Callable, Mapping
from time import perf_counter

import numpy as np

from jupyter_modelmgmt.adapters import Predictor, Prepared
from jupyter_modelmgmt.domain.errors import BadInput, ModelManagementError
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.serving import answers, protocol

IN_MEMORY = "in memory"  # stands where a version's number would


def answered(model: Predictor, body: bytes, content_type: str, *, name: str) -> bytes:
    """Return the JSON that `model`, an object called `name`, answers to an encoded image, a text or an inference request.

    Raises BadImage, BadTensor, BadInput, Conflict for an input that it does not take, and BadPrediction,
    with what the object raised, in one line.
    """
    try:
        if content_type.startswith("image/"):
            return answers.prediction_body(_predicted(model, lambda: model.prepare_image(body)))
        if content_type.startswith("text/plain"):
            return _of_text(model, body)
        return _inferred(model, body, name)
    except ModelManagementError:
        raise
    except Exception as error:
        told = " ".join(str(error).split())[:300]
        raise BadPrediction(
            f"{name} raised {type(error).__name__}: {told or 'no reason'}. Try it in a cell."
        ) from error


def _predicted(model: Predictor, prepare: Callable[[], Prepared]) -> Prediction:
    start = perf_counter()
    item = prepare()
    (result,) = model.predict_items([item])
    took_ms = (perf_counter() - start) * 1000
    return answers.prediction(
        result, task=model.task, version=IN_MEMORY, latency_ms=took_ms, size=(item.width, item.height)
    )


def _inferred(model: Predictor, body: bytes, name: str) -> bytes:
    asked = protocol.decode_request(body)
    given = [data for array in asked.inputs.values() if array.dtype == object for data in array.flat]
    if given and model.takes == "text":
        outputs: Mapping[str, protocol.Array] = {
            "prediction": np.array([_of_text(model, one) for one in given], dtype=object)
        }
    else:
        outputs = model.predict_tensors(
            {key: protocol.texts(array) if array.dtype == object else array for key, array in asked.inputs.items()}
        )
    return protocol.encode_response(asked, outputs, model=name, version=IN_MEMORY).body


def _of_text(model: Predictor, data: bytes) -> bytes:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise BadInput("The text is not UTF-8. Send it so.") from None
    return answers.prediction_body(_predicted(model, lambda: model.prepare_text(text)))
