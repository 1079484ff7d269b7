"""The class that every adapter is: it turns inputs into model input and model output into results."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.predictions import Result
from jupyter_modelmgmt.flavors import Runner

Pixels = NDArray[np.uint8]


class ModelAdapter:
    """Subclass it and write `load` and `predict`; a subclass may leave `__init__` alone.

    Before `load`, the adapter gets the version's `flavor`, `config` and `labels`. After it, `runner`
    is the loaded model where tensors are to be served too, and `shorter` the number of pixels that
    the shorter side of an image needs at least, which lets large photos be decoded faster.
    """

    flavor: str = ""
    config: Mapping[str, Any] = MappingProxyType({})
    labels: tuple[str, ...] = ()
    runner: Runner | None = None
    shorter: int | None = None

    @classmethod
    def check_config(cls, config: Mapping[str, Any]) -> None:
        """Raise BadField for a configuration that this adapter cannot use, as far as it tells without a model."""

    def load(self, local_path: Path) -> None:
        """Load the model from a folder with the version's files."""
        raise NotImplementedError(f"{type(self).__name__} has no load method.")

    def predict(self, batch: Sequence[Pixels]) -> list[Result]:
        """Return one result for each image, uint8 (height, width, 3), RGB."""
        raise NotImplementedError(f"{type(self).__name__} has no predict method.")
