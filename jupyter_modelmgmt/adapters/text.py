"""A text to labels, a vector, a number or a text."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from jupyter_modelmgmt.adapters.base import InputType, ModelAdapter
from jupyter_modelmgmt.adapters.image_classifier import ranked, scored
from jupyter_modelmgmt.adapters.preprocessing import read_config
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.predictions import Result, Text, Value, Vector
from jupyter_modelmgmt.flavors import Runner, TensorSpec

_MATRIX = 2


class TextConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`output` names the model's output that answers; left out, scores come before texts and numbers.

    Scores become the `top_k` labels with at least `threshold`; see the image classifier for `activation`.
    """

    output: str | None = None
    top_k: Annotated[int, Meta(ge=1)] = 5
    threshold: Annotated[float, Meta(ge=0, le=1)] = 0.0
    activation: Literal["auto", "none", "softmax", "sigmoid"] = "auto"
    batch_size: Annotated[int, Meta(ge=1, le=1024)] = 4


class TextAdapter(ModelAdapter):
    """Works with any flavor whose model takes texts: scores with labels, vectors, numbers or texts come out."""

    input_type: ClassVar[InputType] = "text"
    runner: Runner

    @classmethod
    def check_config(cls, config: Mapping[str, Any]) -> None:
        read_config(config, TextConfig)

    def load(self, local_path: Path) -> None:
        """Load the model. Raises BadField for one that takes no texts."""
        self.settings = read_config(self.configuration, TextConfig)
        self.configuration.update(msgspec.to_builtins(self.settings) | self.configuration)
        self.runner = self.opened(local_path)
        inputs = self.runner.inputs
        if len(inputs) != 1 or inputs[0].datatype != "BYTES":
            named = ", ".join(f"{spec.name} ({spec.datatype})" for spec in inputs)
            raise BadField(f"The model takes {named}; the text adapter needs a model with one input of texts.")
        self._answer = self._chosen(self.runner.outputs)
        self._activation = self.settings.activation
        if self._activation == "auto" and self._answer.name == "score":
            self._activation = "softmax"  # distances to a decision boundary

    def predict(self, batch: Sequence[str]) -> list[Result]:
        """Return one result for each text."""
        spec = self.runner.inputs[0]
        texts = np.array([*batch], dtype=object).reshape(len(batch), *(1,) * (len(spec.shape) - 1))
        answer = self.runner.run({spec.name: texts})[self._answer.name]
        return [self._result(row) for row in answer]

    def _result(self, row: Any) -> Result:
        if self._answer.datatype == "BYTES":
            return Text(str(np.ravel(row)[0]))
        values: NDArray[np.float64] = np.asarray(row, dtype=np.float64).ravel()
        if self.labels and (len(values) == len(self.labels) or (len(values) == 1 and len(self.labels) == _MATRIX)):
            return ranked(scored(values, self._activation), self.labels, self.settings.top_k, self.settings.threshold)
        return Value(float(values[0])) if len(values) == 1 else Vector(tuple(values.tolist()))

    def _chosen(self, specs: Sequence[TensorSpec]) -> TensorSpec:
        floats = [spec for spec in specs if spec.datatype.startswith("FP")]
        ordered = [*sorted(floats, key=lambda spec: len(spec.shape) < _MATRIX), *specs]
        found = [spec for spec in specs if spec.name == self.settings.output] if self.settings.output else ordered
        if not found:
            raise BadField(f"output is to name one of {', '.join(spec.name for spec in specs)}.")
        return found[0]
