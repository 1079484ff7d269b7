"""The class that every adapter is: it turns inputs into model input and model output into results."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.domain.evidence import Signature
from jupyter_modelmgmt.flavors import Runner

if TYPE_CHECKING:
    from PIL.Image import Image

Pixels = NDArray[np.uint8]
InputType = Literal["image", "text", "table", "tensor"]
BATCH_SIZE = 4


class Configuration(dict[str, Any]):
    """A version's configuration. `get(key, default)` writes the default back: every key used is seen. Source: D12."""

    def get(self, key: str, default: Any = None) -> Any:
        return self.setdefault(key, default)


class Progress:
    """What `train` is given to tell how far it is. Calls of it raise nothing that a loop must catch."""

    def __init__(self, told: Callable[[int, int, Mapping[str, float]], None]) -> None:
        self._told = told

    def __call__(self, i_epoch: int, n_epoch: int, **metrics: float) -> None:
        """Tell that `i_epoch` of `n_epoch` epochs are done; `metrics` become points of curves."""
        self._told(int(i_epoch), int(n_epoch), {name: float(value) for name, value in metrics.items()})


class ModelAdapter:
    """Subclass it, in a cell or a module, and write `load` and `predict`; leave `__init__` alone.

    Before `load`, the adapter gets the version's `flavor`, `configuration`, `labels` and `signature`. After it,
    `runner` is the loaded model where tensors are to be served too, and `shorter` the number of pixels
    that the shorter side of an image needs at least, which lets large photos be decoded faster.

    `input_type` says what `predict` gets: `image` a list of pixels, `text` a list of `str`, `table` a
    DataFrame, `tensor` a mapping of names to arrays. Optional are `prepare`, `embed`, `save`, `train`,
    `evaluate`. Source: D1, D2, S5.
    """

    input_type: ClassVar[InputType] = "image"
    flavor: str = ""
    labels: tuple[str, ...] = ()
    signature: Signature = Signature()
    runner: Runner | None = None
    shorter: int | None = None
    held: Runner | None = None  # a model in memory, which answers instead of one in files

    @property
    def configuration(self) -> Configuration:
        """The version's configuration; what is read with a default becomes visible."""
        found: Configuration = self.__dict__.setdefault("_configuration", Configuration())
        return found

    @configuration.setter
    def configuration(self, value: Mapping[str, Any]) -> None:
        self.__dict__["_configuration"] = Configuration(value)

    @property
    def config(self) -> Mapping[str, Any]:
        """The same mapping, by the name that a version's field has."""
        return self.configuration

    @property
    def batch_size(self) -> int:
        """How many items go through `predict` at once: 4, or `configuration['batch_size']`. Source: D6."""
        return max(1, int(self.configuration.get("batch_size", BATCH_SIZE)))

    @classmethod
    def check_config(cls, config: Mapping[str, Any]) -> None:
        """Raise BadField for a configuration that this adapter cannot use, as far as it tells without a model."""

    def load(self, local_path: Path) -> None:
        """Load the model from a folder with the version's files."""
        raise NotImplementedError(f"{type(self).__name__} has no load method.")

    def opened(self, local_path: Path) -> Runner:
        """Return the model that answers tensors: the one in memory that is tried, else that of the files."""
        return self.held or flavors.get(self.flavor).runner(local_path)

    def prepare(self, item: Any) -> Any:
        """Return one item as `predict` wants it; several items are prepared at a time, in threads. Source: D2."""
        return item

    def prepare_picture(self, picture: "Image") -> Any:
        """Return an image of mode RGB, upright, as `predict` wants it. Write `prepare`, which gets its pixels."""
        return self.prepare(np.asarray(picture))

    def predict(self, batch: Any) -> Any:
        """Return one result for each image, uint8 (height, width, 3), RGB; see `input_type` for other inputs.

        A result is `mm.Classes`, `mm.Boxes`, `mm.Mask`, `mm.Value`, `mm.Vector`, `mm.Text` or anything that
        JSON holds. Without `predict`, what `embed` returns is the answer.
        """
        return self.embed(batch)

    def embed(self, batch: Any) -> Sequence[Sequence[float]]:
        """Return one vector of `configuration['embeddings_size']` (256) numbers for each item. Source: D9, T11."""
        raise NotImplementedError(f"{type(self).__name__} has no predict method.")

    def save(self, local_path: Path) -> None:
        """Write the model, trained, into a folder from which `load` reads it."""
        raise NotImplementedError(f"{type(self).__name__} has no save method.")

    def train(self, data_path: Path, output_path: Path, *, progress: Progress, **params: Any) -> None:
        """Train on the data below `data_path`; what is written into `output_path` is kept, also on failure.

        `progress(i_epoch, n_epoch, loss=0.3)` tells how far it is. `save` is called afterwards.
        """
        raise NotImplementedError(f"{type(self).__name__} has no train method.")

    def evaluate(self, data_path: Path) -> Mapping[str, float]:
        """Return metrics on the data below `data_path`, instead of those that the task has."""
        raise NotImplementedError(f"{type(self).__name__} has no evaluate method.")


def writes(kind: type[ModelAdapter], method: str) -> bool:
    """Tell whether an adapter class has a method of its own."""
    return getattr(kind, method) is not getattr(ModelAdapter, method)
