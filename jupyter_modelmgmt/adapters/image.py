"""What the image adapters share: images go through the model, floats come back per image."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.adapters.base import ModelAdapter, Pixels
from jupyter_modelmgmt.adapters.preprocessing import ImageConfig, Preprocessing, View, read_config
from jupyter_modelmgmt.adapters.probing import probed
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.predictions import Result
from jupyter_modelmgmt.flavors import Runner, TensorSpec

if TYPE_CHECKING:
    from PIL.Image import Image

Config = TypeVar("Config", bound=ImageConfig)
Outputs = dict[str, NDArray[Any]]


class ImageAdapter(ModelAdapter, Generic[Config]):
    """Subclasses say how one image's outputs become a result, in `result`."""

    kind: type[Config]
    settings: Config
    runner: Runner

    @classmethod
    def check_config(cls, config: Mapping[str, Any]) -> None:
        read_config(config, cls.kind)

    def load(self, local_path: Path) -> None:
        """Load the model. Raises BadField where configuration, labels and model do not fit together."""
        self.settings = read_config(self.config, self.kind)
        self.configuration.update(msgspec.to_builtins(self.settings) | self.configuration)
        opened = self.opened(local_path)
        # A PyTorch module without an example, in memory or saved, does not tell what it takes.
        self.runner = opened if opened.inputs else probed(opened, self.settings, self.signature.inputs)
        if len(self.runner.inputs) != 1:
            names = ", ".join(spec.name for spec in self.runner.inputs)
            raise BadField(f"The model takes {names}; an image adapter needs exactly one input. Leave the adapter out.")
        self._preprocessing = Preprocessing(self.settings, self.runner.inputs[0])
        self.shorter = self._preprocessing.shorter
        self.settle()

    def settle(self) -> None:
        """Check the rest of the configuration against the loaded model. Raises BadField."""

    def result(self, outputs: Outputs, view: View) -> Result:
        """Return the result of one image; outputs are floats, without the batch axis."""
        raise NotImplementedError(f"{type(self).__name__} has no result method.")

    def prepare(self, item: Pixels) -> tuple[NDArray[Any], View]:
        """Return the tensor of one image, and what part of the image it shows."""
        return self._preprocessing.fit(item)

    def prepare_picture(self, picture: "Image") -> Any:
        """Return the same without the way over pixels, unless a subclass prepares in a way of its own."""
        if type(self).prepare is not ImageAdapter.prepare:
            return super().prepare_picture(picture)
        return self._preprocessing.fit_picture(picture)

    def predict(self, batch: Sequence[tuple[NDArray[Any], View]]) -> list[Result]:
        """Return one result for each prepared image."""
        spec = self.runner.inputs[0]
        together = [[tensor for tensor, _ in batch]] if spec.shape[0] == -1 else [[tensor] for tensor, _ in batch]
        answers = [self.runner.run({spec.name: np.stack(tensors)}) for tensors in together if tensors]
        rows = [row for answer in answers for row in _rows(answer, self.runner.outputs, len(batch) // len(answers))]
        return [self.result(row, view) for row, (_, view) in zip(rows, batch, strict=True)]

    def output(self, name: str | None, candidates: Sequence[TensorSpec], key: str) -> TensorSpec:
        """Return the output that the configuration names under `key`, or the first candidate."""
        found = [spec for spec in self.runner.outputs if spec.name == name] if name else candidates
        if not found:
            names = ", ".join(f"{spec.name} {list(spec.shape)}" for spec in self.runner.outputs)
            raise BadField(f"{key} is to name an output of the model; it has {names}.")
        return found[0]


def _rows(answer: Outputs, specs: Sequence[TensorSpec], count: int) -> list[Outputs]:
    """Return the outputs of each of `count` images, dequantised.

    Detectors for one image often leave the batch axis out; their outputs are that image's.
    """
    values = {spec.name: _floats(answer[spec.name], spec) for spec in specs}
    if count == 1:
        return [{name: value[0] if value.shape[:1] == (1,) else value for name, value in values.items()}]
    batched = {name: value for name, value in values.items() if value.shape[:1] == (count,)}
    return [{name: value[i] for name, value in batched.items()} for i in range(count)]


def _floats(value: NDArray[Any], spec: TensorSpec) -> NDArray[Any]:
    if not spec.scale:
        return value
    return (value.astype(np.float32) - spec.zero_point) * np.float32(spec.scale)
