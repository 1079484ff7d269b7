"""Batches: many inputs through one version, each with a status of its own. Source: M23."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_IMAGE_BYTES = 10 * 10**6
MAX_CSV_BYTES = 12 * 10**6
MAX_RUNNING = 1000


class BatchState(StrEnum):
    """`interrupted` is one whose process ended without a word. Source: M24 ("finished")."""

    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class ItemStatus(StrEnum):
    """What became of one input. Source: M23."""

    SUCCESSFUL = "SUCCESSFUL"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Many inputs on their way through a version.

    `target` is the deployment whose replicas work, "" for a worker of its own. `inputs` tells what
    went in, `output` is the file of results. `total` is 0 until the inputs are counted; `successful` and
    `failed` count those that are done.
    """

    id: str
    model: str
    version: str
    target: str
    inputs: str
    output: str
    state: BatchState
    total: int
    successful: int
    failed: int
    message: str
    created_at: datetime
    updated_at: datetime
    created_by: str

    @property
    def done(self) -> int:
        return self.successful + self.failed
