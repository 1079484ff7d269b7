"""An image to a vector."""

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from jupyter_modelmgmt.adapters.image import ImageAdapter, Outputs
from jupyter_modelmgmt.adapters.items import vector
from jupyter_modelmgmt.adapters.preprocessing import ImageConfig, View
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.predictions import Vector
from jupyter_modelmgmt.flavors import TensorSpec


class EmbeddingConfig(ImageConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`embeddings_size` numbers a vector; left out, as many as the model gives. `normalize` makes its length 1."""

    embeddings_size: Annotated[int, Meta(ge=1)] | None = None
    normalize: bool = False
    output: str | None = None


class Embedding(ImageAdapter[EmbeddingConfig]):
    """Works with any flavor whose model gives numbers. Source: D9, T11."""

    kind = EmbeddingConfig

    def settle(self) -> None:
        self._output = self.output(self.settings.output, _floats(self.runner.outputs), "output").name
        size, shape = self.settings.embeddings_size, self._spec(self._output).shape[1:]
        known = int(np.prod(shape)) if shape and min(shape) > 0 else None
        if size is not None and known not in (None, size):
            raise BadField(f"embeddings_size is {size}; the model gives {known} numbers. Register it with {known}.")

    def result(self, outputs: Outputs, view: View) -> Vector:  # noqa: ARG002  a vector has no place in the image
        numbers: NDArray[Any] = np.asarray(outputs[self._output], dtype=np.float64).ravel()
        if self.settings.normalize:
            numbers = numbers / max(float(np.linalg.norm(numbers)), 1e-12)
        return vector(numbers, self.settings.embeddings_size or len(numbers))

    def _spec(self, name: str) -> TensorSpec:
        return next(spec for spec in self.runner.outputs if spec.name == name)


def _floats(specs: Sequence[TensorSpec]) -> list[TensorSpec]:
    return [spec for spec in specs if spec.datatype.startswith("FP") or spec.scale]
