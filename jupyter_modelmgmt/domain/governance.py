"""Records of who may move a version where, and of who did."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ApprovalState(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRule:
    """A stage of this registry and what it asks.

    `exclusive`: one version per model is in it at most. `protected`: what is in it is not deleted.
    `approval`: nobody enters without an approved request. `transitions`: the stages that follow it,
    None for any. `gates`: searches that a version must match to enter.
    """

    name: str
    exclusive: bool = False
    protected: bool = False
    approval: bool = False
    transitions: tuple[str, ...] | None = None
    gates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A request to move a version to a stage, and what became of it."""

    id: int
    model: str
    version: str
    stage: str
    state: ApprovalState
    asked_by: str
    asked_at: datetime
    comment: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """One entry of a version's status log. Source: D15."""

    at: datetime
    actor: str
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePeriod:
    """How long a version was in a stage; `left_at` is None while it is there."""

    model: str
    version: str
    stage: str
    entered_at: datetime
    actor: str
    left_at: datetime | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trashed:
    """A version in the trash: it keeps its number, and comes back by `restore`."""

    model: str
    version: str
    deleted_at: datetime
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """How many `days` after its creation a version goes to the trash; None for never. Source: W10.

    `inherited`: the days are the model's. `kept_by` names what keeps the version for as long as it
    lasts: a deployment, an alias, a stage that is not the first or the last. `expires_at` is None
    while something keeps it, and for a whole model.
    """

    days: int | None = None
    inherited: bool = False
    expires_at: datetime | None = None
    kept_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What holds for the whole registry. `first_version` is the number a model begins with."""

    first_version: str = "1.0.0"
