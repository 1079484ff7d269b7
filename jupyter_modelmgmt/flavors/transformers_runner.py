"""How models and pipelines of transformers answer: texts classified, or tensors in and tensors out."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadTensor
from jupyter_modelmgmt.flavors import torch_graph
from jupyter_modelmgmt.flavors.base import Tensors, TensorSpec, checked, reason

if TYPE_CHECKING:
    from transformers import Pipeline, PreTrainedModel

_DUMMY_LENGTH = 5
_DUMMY_ROWS = 2


class TextRunner:
    """Classifies texts: `text` in; `label` and, in the order of the labels, `probability` out."""

    def __init__(self, pipeline: "Pipeline") -> None:
        self._pipeline = pipeline
        self._labels = labels_of(pipeline.model)
        self.inputs: tuple[TensorSpec, ...] = (TensorSpec(name="text", datatype="BYTES", shape=(-1,)),)
        self.outputs: tuple[TensorSpec, ...] = (
            TensorSpec(name="label", datatype="BYTES", shape=(-1,)),
            TensorSpec(name="probability", datatype="FP32", shape=(-1, len(self._labels))),
        )

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        texts = [str(text) for text in checked(inputs, self.inputs)["text"]]
        try:
            answers = self._pipeline(texts, top_k=None, truncation=True) if texts else []
        except (RuntimeError, ValueError, IndexError) as error:
            raise BadTensor(f"The model refuses the text: {reason(error)}") from error
        scores = [{part["label"]: part["score"] for part in answer} for answer in answers]
        rows = [[score[label] for label in self._labels] for score in scores]
        probability = np.array(rows, np.float32).reshape(len(texts), len(self._labels))
        labels = np.array(self._labels, object)
        return {"label": labels[probability.argmax(axis=1)], "probability": probability}


class TensorRunner:
    """Calls the model: token ids (the mask may be left out), pixels or samples in; logits or hidden states out."""

    def __init__(self, model: "PreTrainedModel") -> None:
        self._model = model
        self.inputs = _inputs(model)
        self.outputs = self._probed()

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        main = self.inputs[0].name
        given = {name or main: value for name, value in inputs.items()}
        wanted = [spec for spec in self.inputs if spec.name in given or spec.name == main]
        values = checked(given, wanted)
        precision = self._model.dtype
        tensors = {
            name: torch_graph.given(value, precision) if value.dtype.kind == "f" else torch_graph.given(value)
            for name, value in values.items()
        }
        with torch_graph.evaluating(self._model):
            answer = torch_graph.called(self._model, [], tensors)
        return {name: value for name, value in answer.items() if not name.startswith("past_key_values")}

    def _probed(self) -> tuple[TensorSpec, ...]:
        """Return what the model answers to zeros; nothing if it wants more than its main input."""
        spec = self.inputs[0]
        lengths = [_DUMMY_ROWS, *[_DUMMY_LENGTH if n == -1 else n for n in spec.shape[1:]]]
        try:
            answer = self.run({spec.name: np.zeros(lengths, np.int64 if spec.datatype == "INT64" else np.float32)})
        except BadTensor:
            return ()
        opened = {_DUMMY_LENGTH} if -1 in spec.shape[1:] else set()
        return tuple(
            TensorSpec(
                name=name,
                datatype="FP32" if value.dtype.kind == "f" else "INT64",
                shape=tuple(-1 if axis == 0 or n in opened else n for axis, n in enumerate(value.shape)),
            )
            for name, value in answer.items()
        )


def labels_of(model: "PreTrainedModel") -> tuple[str, ...]:
    """Return the classes in the order of the logits."""
    return tuple(str(label) for _, label in sorted(model.config.id2label.items()))


def classifies_text(model: "PreTrainedModel") -> bool:
    """Tell whether the model sorts texts into classes, so not one that gives a number."""
    return type(model).__name__.endswith("ForSequenceClassification") and model.config.num_labels > 1


def _inputs(model: "PreTrainedModel") -> tuple[TensorSpec, ...]:
    name, config = str(model.main_input_name), model.config
    if name == "pixel_values":
        size = getattr(config, "image_size", -1) or -1
        height, width = size if isinstance(size, list | tuple) else (size, size)
        channels = int(getattr(config, "num_channels", 3))
        return (TensorSpec(name=name, datatype="FP32", shape=(-1, channels, int(height), int(width))),)
    if name == "input_ids":
        return tuple(TensorSpec(name=n, datatype="INT64", shape=(-1, -1)) for n in (name, "attention_mask"))
    rank = 3 if name == "input_features" else 2
    return (TensorSpec(name=name, datatype="FP32", shape=(-1,) * rank),)
