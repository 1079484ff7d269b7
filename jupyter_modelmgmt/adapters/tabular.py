"""A table to a table: the columns that the version's signature names, and what the model says of each row."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from jupyter_modelmgmt.adapters.base import InputType, ModelAdapter
from jupyter_modelmgmt.adapters.preprocessing import read_config
from jupyter_modelmgmt.domain.errors import BadField, BadTensor
from jupyter_modelmgmt.flavors import Runner, Tensors

if TYPE_CHECKING:
    import pandas as pd

_MATRIX = 2


class TabularConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`outputs` are the model's outputs that become columns, all when empty."""

    outputs: tuple[str, ...] = ()
    batch_size: Annotated[int, Meta(ge=1)] = 1024


class Tabular(ModelAdapter):
    """Works with any flavor whose model takes its columns by name, or rows of numbers."""

    input_type: ClassVar[InputType] = "table"
    runner: Runner

    @classmethod
    def check_config(cls, config: Mapping[str, Any]) -> None:
        read_config(config, TabularConfig)

    def load(self, local_path: Path) -> None:
        """Load the model. Raises BadField for an output that it does not have."""
        self.settings = read_config(self.configuration, TabularConfig)
        self.runner = self.opened(local_path)
        known = [spec.name for spec in self.runner.outputs]
        for name in self.settings.outputs:
            if name not in known:
                raise BadField(f"outputs names {name!r}; the model has {', '.join(known)}.")

    def predict(self, batch: "pd.DataFrame") -> dict[str, NDArray[Any]]:
        """Return the outputs as columns: one a label, where an output is a matrix. Raises BadTensor."""
        outputs = self._run(batch)
        columns: dict[str, NDArray[Any]] = {}
        for name in self.settings.outputs or outputs:
            columns |= dict(self._columns(name, outputs[name]))
        return columns

    def _run(self, batch: "pd.DataFrame") -> dict[str, NDArray[Any]]:
        by_name: Tensors = {str(name): _plain(batch[name].to_numpy()) for name in batch.columns}
        try:
            return self.runner.run(by_name)
        except BadTensor:
            if len(self.runner.inputs) != 1 or any(column.dtype == object for column in by_name.values()):
                raise
        return self.runner.run({self.runner.inputs[0].name: np.column_stack(list(by_name.values()))})

    def _columns(self, name: str, values: NDArray[Any]) -> list[tuple[str, NDArray[Any]]]:
        if values.ndim < _MATRIX:
            return [(name, values)]
        flat = values.reshape(len(values), -1)
        fits = len(self.labels) == flat.shape[1]
        return [(f"{name}_{self.labels[i] if fits else i}", flat[:, i]) for i in range(flat.shape[1])]


def _plain(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(object) if values.dtype.kind in "USO" or values.dtype.name == "str" else values
