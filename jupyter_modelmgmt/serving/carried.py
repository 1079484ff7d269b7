"""Images and texts that an inference request carries in BYTES tensors: each is answered for itself. Source: D6."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from jupyter_modelmgmt.adapters import Predictor
from jupyter_modelmgmt.domain.errors import BadInput, ModelManagementError
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.serving import answers, protocol
from jupyter_modelmgmt.serving.protocol import Array, InferRequest

OUTPUT = "prediction"
Kind = Literal["image", "text"]


def items(asked: InferRequest, model: Predictor) -> tuple[Kind, list[bytes]] | None:
    """Return what a request carries for the adapter of `model`; None where its tensors are meant for the model itself."""
    given = [data for array in asked.inputs.values() if array.dtype == object for data in array.flat]
    if given and model.takes == "text":
        return "text", given
    if given and model.takes == "image" and not any(tensor.datatype == "BYTES" for tensor in model.inputs):
        return "image", given
    return None


def tensors(asked: InferRequest) -> dict[str, Array]:
    """Return the tensors of a request for the model itself, BYTES as texts. Raises BadTensor."""
    return {name: protocol.texts(array) if array.dtype == object else array for name, array in asked.inputs.items()}


def text(data: bytes) -> str:
    """Return an item as a text. Raises BadInput."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BadInput("The text is not UTF-8. Send it so.") from None


def answered(outcomes: Sequence[Prediction | BaseException]) -> dict[str, Array]:
    """Return the JSON of each item's prediction, or of its error, as one tensor. Raises what is no error of ours."""
    bodies = np.empty(len(outcomes), dtype=object)
    for place, outcome in enumerate(outcomes):
        if isinstance(outcome, ModelManagementError):
            bodies[place] = answers.error_body(outcome.code, str(outcome))
        elif isinstance(outcome, BaseException):
            raise outcome
        else:
            bodies[place] = answers.prediction_body(outcome)
    return {OUTPUT: bodies}
