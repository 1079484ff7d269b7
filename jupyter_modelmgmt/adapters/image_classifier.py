"""An image to ranked labels."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from jupyter_modelmgmt.adapters.activations import sigmoid, softmax
from jupyter_modelmgmt.adapters.image import ImageAdapter, Outputs
from jupyter_modelmgmt.adapters.preprocessing import ImageConfig, View
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.domain.predictions import ROUNDED, Classes, Label
from jupyter_modelmgmt.flavors import TensorSpec

# Rounding of 8-bit scores loses up to 1/512 a class, so a sum may fall far below 1.
_PROBABILITY_SUM = (0.4, 1.05)


class ClassifierConfig(ImageConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`top_k` labels at most, with at least `threshold`. `output` names the scores among several outputs.

    `activation` makes scores of raw outputs; `auto` takes the outputs as they are when they are
    probabilities, else their softmax.
    """

    top_k: Annotated[int, Meta(ge=1)] = 5
    threshold: Annotated[float, Meta(ge=0, le=1)] = 0.0
    activation: Literal["auto", "none", "softmax", "sigmoid"] = "auto"
    output: str | None = None


class ImageClassifier(ImageAdapter[ClassifierConfig]):
    """Works with any flavor whose model gives one score a class."""

    kind = ClassifierConfig

    def settle(self) -> None:
        self._output = self.output(self.settings.output, _candidates(self.runner.outputs), "output")
        self._activation = self.settings.activation
        if self._activation == "auto" and (self.flavor, self._output.name) == ("sklearn", "score"):
            self._activation = "softmax"  # Distances to a decision boundary, also when they lie between 0 and 1.
        count = self._output.shape[-1]
        if len(self._output.shape) > 1 and count > 1:
            self._names(count)

    def result(self, outputs: Outputs, view: View) -> Classes:  # noqa: ARG002  a label has no place in the image
        scores = scored(outputs[self._output.name], self._activation)
        names = self._names(len(scores))
        return ranked(scores, names, self.settings.top_k, self.settings.threshold)

    def _names(self, count: int) -> tuple[str, ...]:
        """Return a label for each of `count` scores. Raises BadField when there are more or fewer."""
        if not self.labels:
            return tuple(str(i) for i in range(count))
        if len(self.labels) != count:
            raise BadField(
                f"The version has {len(self.labels)} labels and its model {count} scores. Register it with {count} labels."
            )
        return self.labels


def ranked(scores: NDArray[np.float64], names: Sequence[str], top_k: int, threshold: float) -> Classes:
    """Return the best `top_k` labels with at least `threshold`."""
    best = np.argsort(-scores, kind="stable")[:top_k]
    return Classes(tuple(Label(label=names[i], score=float(scores[i])) for i in best if scores[i] >= threshold))


def _candidates(specs: tuple[TensorSpec, ...]) -> list[TensorSpec]:
    """Return outputs that look like scores, matrices before columns: labels and ids are whole numbers."""
    scores = [spec for spec in specs if spec.datatype.startswith("FP") or spec.scale]
    return sorted(scores, key=lambda spec: len(spec.shape) < 2)  # noqa: PLR2004  a matrix has two axes


def scored(raw: NDArray[Any], activation: str) -> NDArray[np.float64]:
    """Return confidences from what a model gives for each label; one number is that of the second of two."""
    values = np.asarray(raw, dtype=np.float64).ravel()
    if len(values) == 1:
        return _of_second(float(values[0]), activation)
    if activation == "none":
        return _confidences(values)
    if activation == "auto" and _are_probabilities(values):
        return values.clip(0, 1)
    if activation == "sigmoid":
        return sigmoid(values)
    return softmax(values)


def _confidences(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return scores that the configuration says need no activation. Raises BadPrediction for what is no confidence."""
    low, high = values.min(), values.max()
    if not (low >= -ROUNDED and high <= 1 + ROUNDED):
        raise BadPrediction(
            f"The model's scores reach from {low:g} to {high:g}, so they are no confidences. "
            "Set activation to softmax or sigmoid."
        )
    return values.clip(0, 1)


def _of_second(score: float, activation: str) -> NDArray[np.float64]:
    """Return the scores of two classes from that of the second."""
    if activation == "none" or (activation == "auto" and 0 <= score <= 1):
        (score,) = _confidences(np.array([score]))
        return np.array([1 - score, score])
    share = sigmoid(np.array(score))
    return np.array([1 - share, share])


def _are_probabilities(values: NDArray[np.float64]) -> bool:
    low, high = _PROBABILITY_SUM
    return bool(values.min() >= 0 and values.max() <= 1 and low <= values.sum() <= high)
