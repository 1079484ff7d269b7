"""A model in memory that does not tell what it takes: blank images find it out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.adapters.preprocessing import ImageConfig
from jupyter_modelmgmt.domain.errors import BadField, BadTensor
from jupyter_modelmgmt.domain.evidence import Field
from jupyter_modelmgmt.flavors import Runner, Tensors, TensorSpec
from jupyter_modelmgmt.flavors.base import DATATYPES

_INPUT = "input"
# Two images tell which axes count them; a model for one image refuses them.
_COUNTS = (2, 1)


@dataclass(slots=True, kw_only=True)
class Probed:
    """A runner with what its model was found to take and to give."""

    runner: Runner
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]

    def run(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        return self.runner.run(inputs)


def probed(runner: Runner, settings: ImageConfig, known: Sequence[Field]) -> Runner:
    """Return `runner` with the input and outputs that a blank image of the configuration's size shows.

    Without `size` the image is as the inputs of a version, `known`, say. Where no `layout` is told, the first
    that the model takes counts: NCHW, NHWC, flat. Raises BadField.
    """
    refused = ""
    for shape in _shapes(settings, known):
        for count in _COUNTS:
            try:
                answer = runner.run({_INPUT: np.zeros((count, *shape), np.float32)})
            except BadTensor as error:
                refused = refused or str(error)
                continue
            given = TensorSpec(name=_INPUT, datatype="FP32", shape=_opened((count, *shape), count))
            return Probed(runner=runner, inputs=(given,), outputs=tuple(_outputs(answer, count)))
    raise BadField(f"No image goes through the model with this configuration; change size, color or layout. {refused}")


def _shapes(settings: ImageConfig, known: Sequence[Field]) -> list[tuple[int, ...]]:
    """Return how one image's tensor may look. Raises BadField where nothing tells its size."""
    if settings.size is None:
        (shape,) = [tuple(field.shape[1:]) for field in known] if len(known) == 1 else [()]
        if not shape or min(shape) < 1:
            raise BadField("The configuration needs the key size, [height, width]: a model in memory does not tell it.")
        return [shape]
    (height, width), channels = settings.size, 1 if settings.color == "GRAY" else 3
    shapes: dict[str, tuple[int, ...]] = {
        "NCHW": (channels, height, width), "NHWC": (height, width, channels), "flat": (height * width * channels,),
    }  # fmt: skip
    return [shapes[settings.layout]] if settings.layout else [*shapes.values()]


def _outputs(answer: Tensors, count: int) -> Iterator[TensorSpec]:
    for name, value in answer.items():
        yield TensorSpec(name=name, datatype=DATATYPES.get(value.dtype.name, "FP32"), shape=_opened(value.shape, count))


def _opened(shape: tuple[int, ...], count: int) -> tuple[int, ...]:
    """Return a shape whose first axis is of any length where it counts several images."""
    return (-1, *shape[1:]) if count > 1 and shape[:1] == (count,) else shape
