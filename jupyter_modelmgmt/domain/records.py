"""The records that every layer passes on and that travel as JSON under the same names.

Times are timezone-aware UTC. Digests are `blake3:` and 64 hexadecimal digits. Sizes are bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from jupyter_modelmgmt.domain.brief import brief
from jupyter_modelmgmt.domain.evidence import Cost, Proof, Signature, Verdict
from jupyter_modelmgmt.domain.interfaces import Interface

T = TypeVar("T")


_MEANT = {"created": "draft", "pending": "training", "trained": "completed", "pre-trained": "completed"}


class Status(StrEnum):
    """Condition of a version. `deployed` follows from running deployments. Source: K5, D16."""

    DRAFT = "draft"
    TRAINING = "training"
    COMPLETED = "completed"
    DEPLOYED = "deployed"
    ARCHIVED = "archived"
    FAILED = "failed"
    CLONING = "cloning"

    @classmethod
    def _missing_(cls, value: object) -> "Status | None":
        """Return the status that a word of other systems means. Source: D16, `rules.md`."""
        return cls(_MEANT[value]) if isinstance(value, str) and value in _MEANT else None


class Stage(StrEnum):
    """How far a version is promoted: the stages every registry begins with. Source: K14."""

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


Scalar = str | int | float | bool | None
Params = Mapping[str, Scalar]


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
class Alias:
    """A movable name of one version; while `protected` it stays where it is. Source: W2, W4."""

    alias: str
    version: str
    protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetUse:
    """A dataset as a run or version used it: `dataset` is `name@3`, `role` what for. Source: W15."""

    dataset: str
    role: str
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSummary:
    """A version as a row of a list: everything but its files, labels and configuration.

    `evaluations` has the newest metrics by dataset; `downloadable` is false for versions that may
    be deployed and nothing else (M9).
    """

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
    stage: str = Stage.DEVELOPMENT
    tags: tuple[str, ...] = ()
    author: str = ""
    license: str = ""
    public: bool = False
    downloadable: bool = True
    size: int = 0
    metrics: Mapping[str, float] = field(default_factory=dict)
    params: Params = field(default_factory=dict)
    properties: Params = field(default_factory=dict)
    evaluations: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    deployments: tuple[DeploymentBadge, ...] = ()

    @property
    def selector(self) -> str:
        return f"{self.model}@{self.version}"

    def __repr__(self) -> str:
        return brief(
            self, self.selector, stage=self.stage, status=self.status, framework=self.framework, metrics=self.metrics,
            aliases=self.aliases, deployments=tuple(badge.name for badge in self.deployments),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ModelVersion(VersionSummary):
    """A version with all it has.

    `adapter` turns inputs into predictions (`image_classifier`, ...), `config` is its
    configuration, `parent` the selector it was cloned from, `source` where its files come from.
    `run` is the id of the run that made it, `code` where its code is (notebook, cells, git_commit,
    script), `environment` what it was made with. `architecture` names the class or network, `weights` is the
    digest of what it learned; `signature`, `proof`, `cost` and `safety` were found out before it
    existed. `interface` says what its services take, and which kinds of them it may become.
    `notice` is what registering it has to say.
    """

    adapter: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    parent: str = ""
    source: str = ""
    run: str = ""
    code: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)
    architecture: str = ""
    weights: str = ""
    signature: Signature = field(default_factory=Signature)
    proof: Proof | None = None
    cost: Cost | None = None
    safety: tuple[Verdict, ...] = ()
    interface: Interface = field(default_factory=Interface)
    datasets: tuple[DatasetUse, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    notice: str = ""

    @property
    def id_to_label_map(self) -> dict[int, str]:
        """Labels by the position that the model answers with. Source: D17."""
        return dict(enumerate(self.labels))

    @property
    def label_to_id_map(self) -> dict[str, int]:
        return {label: i for i, label in enumerate(self.labels)}


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
    downloadable: bool = True
    metrics: Mapping[str, float] = field(default_factory=dict)
    params: Params = field(default_factory=dict)
    properties: Params = field(default_factory=dict)
    adapter: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    parent: str = ""
    source: str = ""
    run: str = ""
    code: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)
    architecture: str = ""
    weights: str = ""
    signature: Signature = field(default_factory=Signature)
    proof: Proof | None = None
    cost: Cost | None = None
    safety: tuple[Verdict, ...] = ()
    interface: Interface = field(default_factory=Interface)
    datasets: tuple[DatasetUse, ...] = ()


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
    aliases: tuple[Alias, ...] = ()
    deployments: tuple[DeploymentBadge, ...] = ()

    def __repr__(self) -> str:
        latest = self.latest.version if self.latest else ""
        names = tuple(badge.name for badge in self.deployments)
        return brief(self, self.name, latest=latest, versions=self.version_count, deployments=names)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file by its version (`name@1.2.0`) and its path there."""

    version: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What collecting removed: `count` blobs and `leftovers` of broken writes, together `size_bytes`.

    `images` are copies of container images on this machine. `kept` blobs are named by no version either,
    but were registered within the grace. `expired` are the versions whose lifetime was over: they went to
    the trash, which keeps their bytes.
    """

    count: int
    size_bytes: int
    kept: int
    leftovers: int = 0
    images: int = 0
    expired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What reading all bytes found: `checked` blobs; files that are `damaged` or `missing`.

    `extra` blobs are named by no version; collecting removes them.
    """

    checked: int
    size_bytes: int
    damaged: tuple[StoredFile, ...] = ()
    missing: tuple[StoredFile, ...] = ()
    extra: int = 0
