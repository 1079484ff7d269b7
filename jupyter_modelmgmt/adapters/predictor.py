"""A loaded version that answers images, texts, tables and tensors: what a worker holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt import flavors, images
from jupyter_modelmgmt.adapters import items, kinds, tables
from jupyter_modelmgmt.adapters.base import InputType, ModelAdapter
from jupyter_modelmgmt.domain.errors import BadTensor, Conflict
from jupyter_modelmgmt.domain.evidence import Signature
from jupyter_modelmgmt.domain.predictions import Boxes, Result
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors import Runner, Tensors, TensorSpec
from jupyter_modelmgmt.flavors.base import with_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An item ready for `predict`; an image with its size as displayed and what its boxes are enlarged by."""

    item: Any
    width: int = 0
    height: int = 0
    x: float = 1.0
    y: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictor:
    """`inputs` and `outputs` are empty for an adapter that serves no tensors."""

    runner: Runner | None
    adapter: ModelAdapter | None
    task: Task

    @property
    def takes(self) -> InputType:
        """What the version answers beside tensors, which are all that one without an adapter takes."""
        return self.adapter.input_type if self.adapter else "tensor"

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        return self.runner.inputs if self.runner else ()

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        return self.runner.outputs if self.runner else ()

    @property
    def batchable(self) -> bool:
        """Whether requests may be joined along the first axis and their answers split along it."""
        specs = (*self.inputs, *self.outputs)
        plain = self.adapter is None or self.takes != "table"
        return plain and bool(specs) and all(spec.shape and spec.shape[0] == -1 for spec in specs)

    @property
    def batch_size(self) -> int:
        return self.adapter.batch_size if self.adapter else 1

    def prepare_image(self, data: bytes) -> Prepared:
        """Return an encoded image ready for `predict_items`; safe to call from several threads.

        Raises BadImage, and Conflict for a version without an adapter for images.
        """
        adapter = self._adapter("image")
        image = images.decode(data, shorter=adapter.shorter)
        width, height = image.picture.size
        return Prepared(
            item=adapter.prepare_picture(image.picture),
            width=image.width, height=image.height, x=image.width / width, y=image.height / height,
        )  # fmt: skip

    def prepare_text(self, text: str) -> Prepared:
        """Return a text ready for `predict_items`. Raises Conflict for a version that takes no texts."""
        return Prepared(item=self._adapter("text").prepare(text))

    def predict_items(self, batch: Sequence[Prepared]) -> list[Result | Any]:
        """Return the result of each item. Raises BadPrediction, and what the adapter raises."""
        if self.adapter is None:
            raise Conflict("This version has no adapter. Register it with one.")
        results = items.answered(self.adapter, [one.item for one in batch])
        return [
            result.scaled(one.x, one.y) if isinstance(result, Boxes) else result
            for one, result in zip(batch, results, strict=True)
        ]

    def predict_image(self, data: bytes) -> tuple[Result | Any, int, int]:
        """Return the result for an encoded image, and its width and height as displayed. Raises BadImage, Conflict."""
        prepared = self.prepare_image(data)
        (result,) = self.predict_items([prepared])
        return result, prepared.width, prepared.height

    def predict_tensors(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        """Return the outputs by name. Raises BadTensor, and Conflict for an adapter that serves no tensors."""
        if self.adapter is not None and self.takes == "table":
            return tables.answered(self.adapter, inputs)
        if self.adapter is not None and self.takes == "tensor":
            return _named(self.adapter.predict(inputs))
        if self.runner is None:
            raise Conflict(
                f"The adapter {type(self.adapter).__name__} takes one {self.takes} an item and no tensors. Send that."
            )
        return self.runner.run(inputs)

    def _adapter(self, wanted: InputType) -> ModelAdapter:
        """Return the adapter. Raises Conflict where it does not take `wanted`."""
        if self.adapter is None:
            names = ", ".join(spec.name for spec in self.inputs)
            raise Conflict(
                f"This version has no adapter, so it takes tensors ({names}) and no {wanted}. "
                "Register a version with adapter='image_classifier' or another one."
            )
        if self.takes != wanted:
            raise Conflict(f"This version's adapter takes a {self.takes} and no {wanted}. Send a {self.takes}.")
        return self.adapter


def predictor(
    folder: Path,
    *,
    flavor: str,
    adapter: str,
    config: Mapping[str, Any],
    labels: Sequence[str],
    task: Task,
    signature: Signature | None = None,
) -> Predictor:
    """Load the version whose files lie in `folder`; that may run its code.

    Raises NotLoadable, BadFile, and BadField where configuration, labels and model do not fit.
    """
    if not adapter:
        return Predictor(runner=flavors.get(flavor).runner(folder), adapter=None, task=task)
    loaded = kinds.find(adapter, folder)()
    loaded.flavor, loaded.configuration, loaded.labels = flavor, config, tuple(labels)
    loaded.signature = signature or Signature()
    loaded.load(folder)
    return Predictor(runner=loaded.runner, adapter=loaded, task=task)


def _named(answer: Any) -> dict[str, NDArray[Any]]:
    """Return what a tensor adapter answered as named arrays. Raises BadTensor."""
    found = answer if isinstance(answer, Mapping) else {"output": answer}
    arrays = {str(name): np.atleast_1d(np.asarray(value)) for name, value in found.items()}
    for name, array in arrays.items():
        if array.dtype.kind not in "biufUSO":
            raise BadTensor(f"{name!r} is {array.dtype}. Return numbers or texts.")
    return {name: with_texts(array) for name, array in arrays.items()}
