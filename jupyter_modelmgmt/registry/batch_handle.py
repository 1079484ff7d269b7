"""A batch with the verbs that make sense on it."""

import dataclasses
from pathlib import Path
from typing import Any, Protocol

from jupyter_modelmgmt.domain.batches import Batch
from jupyter_modelmgmt.registry import batch_results, display


class BatchVerbs(Protocol):
    """What a batch's handle asks of the registry."""

    def get_batch(self, batch: str) -> "RunningBatch": ...
    def cancel_batch(self, batch: str) -> "RunningBatch": ...


class RunningBatch(Batch):
    """A batch that can be watched and cancelled; `.frame()` has its results."""

    __slots__ = ("_registry",)
    _registry: BatchVerbs

    @classmethod
    def of(cls, record: Batch, registry: BatchVerbs) -> "RunningBatch":
        batch = cls(**{field.name: getattr(record, field.name) for field in dataclasses.fields(Batch)})
        object.__setattr__(batch, "_registry", registry)
        return batch

    def refresh(self) -> "RunningBatch":
        """Return the batch as it is now."""
        return self._registry.get_batch(self.id)

    def cancel(self) -> "RunningBatch":
        """Let the batch end; what is done stays."""
        return self._registry.cancel_batch(self.id)

    def frame(self) -> Any:
        """Return the results so far as a DataFrame: item, status, error, and what the version answered."""
        return batch_results.read(Path(self.output))

    def _repr_html_(self) -> str:
        return display.html([self])
