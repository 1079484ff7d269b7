"""Tensors in and tensors out, as the model has them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from numpy.typing import NDArray

from jupyter_modelmgmt.adapters.base import InputType, ModelAdapter
from jupyter_modelmgmt.adapters.preprocessing import read_config
from jupyter_modelmgmt.flavors import Runner, Tensors


class TensorConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nothing is configured but how many rows belong together."""

    batch_size: int = 256


class TensorAdapter(ModelAdapter):
    """Works with any flavor."""

    input_type: ClassVar[InputType] = "tensor"
    runner: Runner

    @classmethod
    def check_config(cls, config: Mapping[str, Any]) -> None:
        read_config(config, TensorConfig)

    def load(self, local_path: Path) -> None:
        """Load the model."""
        self.runner = self.opened(local_path)

    def predict(self, batch: Tensors) -> dict[str, NDArray[Any]]:
        """Return the outputs by name. Raises BadTensor."""
        return self.runner.run(batch)
