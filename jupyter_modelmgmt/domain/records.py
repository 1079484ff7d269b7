"""The records that every layer passes on and that travel as JSON under the same names.

Times are timezone-aware UTC. Digests are `blake3:` and 64 hexadecimal digits. Sizes are bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Status(StrEnum):
    """Condition of a version. `deployed` follows from running deployments. Source: K5, D16."""

    DRAFT = "draft"
    TRAINING = "training"
    COMPLETED = "completed"
    DEPLOYED = "deployed"
    ARCHIVED = "archived"
    FAILED = "failed"
    CLONING = "cloning"


class Stage(StrEnum):
    """How far a version is promoted. Source: K14."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"
    ARCHIVED = "archived"


class DeploymentState(StrEnum):
    """Source: P9."""

    DEPLOYING = "Deploying"
    DEPLOYED = "Deployed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FAILED = "Failed"


class Task(StrEnum):
    """Source: K3."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"
    DETECTION = "detection"
    SEGMENTATION = "segmentation"
    OTHER = "other"


Params = Mapping[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file of a version: `path` inside the version, `digest` of its bytes, `size` in bytes."""

    path: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentBadge:
    """What a list shows of a deployment."""

    name: str
    state: DeploymentState
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSummary:
    """A version as a row of a list: everything but its files, labels and configuration."""

    model: str
    version: str
    sequence: int
    created_at: datetime
    updated_at: datetime
    created_by: str
    description: str = ""
    framework: str = "other"
    flavor: str = ""
    task: Task = Task.OTHER
    model_type: str = "custom"
    status: Status = Status.DRAFT
    stage: Stage = Stage.DEVELOPMENT
    tags: tuple[str, ...] = ()
    author: str = ""
    license: str = ""
    public: bool = False
    size: int = 0
    metrics: Mapping[str, float] = field(default_factory=dict)
    params: Params = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    deployments: tuple[DeploymentBadge, ...] = ()

    @property
    def selector(self) -> str:
        return f"{self.model}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion(VersionSummary):
    """A version with all it has.

    `adapter` turns inputs into predictions (`image_classifier`, ...), `config` is its
    configuration, `parent` the selector it was cloned from, `source` where its files come from.
    """

    adapter: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    parent: str = ""
    source: str = ""
    artifacts: tuple[Artifact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    """What a caller says of a version that does not exist yet; see `ModelVersion` for the fields."""

    model: str
    version: str
    artifacts: tuple[Artifact, ...]
    description: str = ""
    framework: str = "other"
    flavor: str = ""
    task: Task = Task.OTHER
    model_type: str = "custom"
    status: Status = Status.DRAFT
    tags: tuple[str, ...] = ()
    author: str = ""
    license: str = ""
    public: bool = False
    metrics: Mapping[str, float] = field(default_factory=dict)
    params: Params = field(default_factory=dict)
    adapter: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    parent: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A named line of versions. `latest` is the highest release, `newest` the last registered."""

    name: str
    description: str
    created_at: datetime
    updated_at: datetime
    created_by: str
    version_count: int
    latest: VersionSummary | None = None
    newest: VersionSummary | None = None
    deployments: tuple[DeploymentBadge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A named service. `available` of `replicas` workers answer; `revision` counts its changes."""

    name: str
    model: str
    version: str
    state: DeploymentState
    message: str
    replicas: int
    available: int
    revision: int
    created_at: datetime
    updated_at: datetime
    created_by: str
    engine: str = "local"
    task: Task = Task.OTHER
    adapter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change: who did what, when. `id` grows with every change of the registry."""

    id: int
    at: datetime
    actor: str
    action: str
    model: str = ""
    version: str = ""
    deployment: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryEntry:
    """A ready model that can be cloned. `source` names a package file or `trained`."""

    name: str
    title: str
    description: str
    task: Task
    framework: str
    license: str
    source: str
    size: int
    label_count: int
    cached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryModel:
    """An object in the kernel's memory that can be registered; `problem` says why it cannot."""

    variable: str
    class_name: str
    framework: str
    task: Task
    flavor: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list; `next_cursor` is None on the last."""

    items: tuple[T, ...]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadSession:
    """A file on its way in: the next byte goes to `offset`."""

    id: str
    offset: int
    limit: int
