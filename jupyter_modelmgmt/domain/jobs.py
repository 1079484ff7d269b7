"""Work that takes long and runs in a process of its own: training and evaluating."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobKind(StrEnum):
    TRAIN = "train"
    EVALUATE = "evaluate"


class JobStatus(StrEnum):
    """A created job waits for its turn: one runs at a time in each process. Source: D27."""

    CREATED = "Created"
    RUNNING = "In Progress"
    SUCCESS = "Success"
    FAILED = "Failed"


ENDED = (JobStatus.SUCCESS, JobStatus.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`progress` is the part that is done, in [0, 1]; `duration_s` counts from its start. Source: D27.

    `version` is what is trained or evaluated, `run` the id of the run with its curves, `service` what runs it.
    """

    id: int
    kind: JobKind
    model: str
    version: str
    dataset: str
    status: JobStatus
    progress: float
    created_at: datetime
    created_by: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    duration_s: float | None = None
    reason: str = ""
    run: str = ""
    service: str = "local"

    @property
    def name(self) -> str:
        return f"{self.kind.value} {self.model}@{self.version}"
