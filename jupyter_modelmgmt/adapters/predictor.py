"""A loaded version that answers images and tensors: what a worker holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from numpy.typing import NDArray

from jupyter_modelmgmt import flavors, images
from jupyter_modelmgmt.adapters.base import ModelAdapter
from jupyter_modelmgmt.domain.errors import Conflict, NotLoadable
from jupyter_modelmgmt.domain.predictions import Boxes, Result
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors import Runner, Tensors, TensorSpec
from jupyter_modelmgmt.plugs import plugs


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictor:
    """`inputs` and `outputs` are empty for an adapter that serves no tensors."""

    runner: Runner | None
    adapter: ModelAdapter | None
    task: Task

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
        return bool(specs) and all(spec.shape and spec.shape[0] == -1 for spec in specs)

    def predict_image(self, data: bytes) -> tuple[Result, int, int]:
        """Return the result for an encoded image, and its width and height as displayed.

        Raises BadImage, and Conflict for a version without an adapter for images.
        """
        if self.adapter is None:
            names = ", ".join(spec.name for spec in self.inputs)
            raise Conflict(
                f"This version has no adapter, so it takes tensors ({names}) and no image. "
                "Register a version with adapter='image_classifier' or another one."
            )
        image = images.decode(data, shorter=self.adapter.shorter)
        (result,) = self.adapter.predict([image.pixels])
        if isinstance(result, Boxes):
            height, width = image.pixels.shape[:2]
            result = result.scaled(image.width / width, image.height / height)
        return result, image.width, image.height

    def predict_tensors(self, inputs: Tensors) -> dict[str, NDArray[Any]]:
        """Return the outputs by name. Raises BadTensor, and Conflict for an adapter that serves no tensors."""
        if self.runner is None:
            raise Conflict(f"The adapter {type(self.adapter).__name__} takes images and no tensors. Send an image.")
        return self.runner.run(inputs)


def predictor(
    folder: Path, *, flavor: str, adapter: str, config: Mapping[str, Any], labels: Sequence[str], task: Task
) -> Predictor:
    """Load the version whose files lie in `folder`.

    Raises NotLoadable, BadFile, and BadField where configuration, labels and model do not fit.
    """
    if not adapter:
        return Predictor(runner=flavors.get(flavor).runner(folder), adapter=None, task=task)
    loaded = _kind(adapter)()
    loaded.flavor, loaded.config, loaded.labels = flavor, config, tuple(labels)
    loaded.load(folder)
    return Predictor(runner=loaded.runner, adapter=loaded, task=task)


def check_config(adapter: str, config: Mapping[str, Any]) -> None:
    """Raise BadField for a key that `adapter` does not know or whose value is malformed, NotLoadable for no such adapter."""
    _kind(adapter).check_config(config)


def _kind(name: str) -> type[ModelAdapter]:
    plug = plugs("adapters").get(name)
    if plug is None:
        known = ", ".join(sorted(plugs("adapters")))
        raise NotLoadable(f"No installed adapter is called {name!r}. Installed are {known}.")
    return cast("type[ModelAdapter]", plug.load())
