"""The records of deployments: what people want to run, what runs, and how it came to that."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum

from jupyter_modelmgmt.domain.brief import brief
from jupyter_modelmgmt.domain.records import DeploymentState, Task

HIDDEN = "***"  # stands for the value of a secret wherever a deployment is shown


class Outcome(StrEnum):
    """What became of a revision. `noted` ones changed nothing that runs."""

    PENDING = "pending"
    DEPLOYED = "deployed"
    FAILED = "failed"
    STOPPED = "stopped"
    REPLACED = "replaced"
    NOTED = "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One version of a deployment: `weight` percent of its requests, a copy of all if it is a `shadow`. Source: M21."""

    version: str
    weight: int = 100
    shadow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """What one worker may use: processor cores and MiB of memory (0: no limit), graphics processors. Source: M22, P7."""

    cpu: float = 0
    memory_mb: int = 0
    gpus: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentLimits:
    """The longest answer in seconds, requests that may wait, bytes of a body; None is what the host allows."""

    answer_s: float | None = None
    max_queue: int | None = None
    max_body: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Autoscale:
    """From `min` to `max` workers a version, so that each has about `target_ongoing` requests at once. Source: D34."""

    min: int = 1
    max: int = 1
    target_ongoing: float = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentSpec:
    """What people want of a deployment; every change of it is a revision. Source: P7, M22.

    `replicas` workers run each version. `max_batch` bounds the rows of a batch (None: 256).
    `environment` is `jupyter`, `isolated` or the path of an interpreter; `engine_address` is where
    another engine than `local` answers. The values of `secrets` are never given out.
    `private` lets clients with tokens in; `auto_stop_s` stops what nobody asked for so long.
    """

    versions: tuple[Share, ...]
    engine: str = "local"
    engine_address: str = ""
    replicas: int = 1
    resources: Resources = field(default_factory=Resources)
    limits: DeploymentLimits = field(default_factory=DeploymentLimits)
    max_batch: int | None = None
    environment: str = "jupyter"
    variables: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    private: bool = False
    auto_stop_s: int | None = None
    autoscale: Autoscale | None = None

    @property
    def main(self) -> str:
        """The version with the greatest share, the first of several."""
        return max((share for share in self.versions if not share.shadow), key=lambda share: share.weight).version


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment(DeploymentSpec):
    """A named service and what it shall be. `name` is its id in URLs, `title` what people call it. Source: P7, P12.

    `version` is the main one. `available` of `replicas` workers of it answer; `revision` counts its
    changes. `endpoint` is where it answers, empty while it does not. `host` is the machine and user
    that runs it.
    """

    name: str
    title: str
    model: str
    version: str
    state: DeploymentState
    message: str
    available: int
    revision: int
    created_at: datetime
    updated_at: datetime
    created_by: str
    updated_by: str
    endpoint: str = ""
    host: str = ""
    task: Task = Task.OTHER
    adapter: str = ""

    @property
    def spec(self) -> DeploymentSpec:
        """What is wanted of it, without the rest."""
        return DeploymentSpec(**{each.name: getattr(self, each.name) for each in fields(DeploymentSpec)})

    def __repr__(self) -> str:
        return brief(
            self, self.name, state=self.state, version=f"{self.model}@{self.version}", revision=self.revision,
            replicas=f"{self.available}/{self.replicas}", message=self.message,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One row of a deployment's history: `spec` is what was wanted from then on. Source: P13, N15."""

    revision: int
    at: datetime
    actor: str
    message: str
    running: bool
    spec: DeploymentSpec
    outcome: Outcome = Outcome.PENDING
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that differs between two revisions, as texts; `field` is `resources.cpu` or the like."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionMetrics:
    """What one version of a deployment did since its host began, and what its workers use now. Source: M26.

    `p50_ms` and `p99_ms` are None without a call. `compared` answers of a shadow were held against
    the given ones, `agreed` were the same.
    """

    version: str
    weight: int = 0
    shadow: bool = False
    replicas: int = 0
    calls: int = 0
    failures: int = 0
    p50_ms: float | None = None
    p99_ms: float | None = None
    cpu_percent: float = 0
    memory_bytes: int = 0
    compared: int = 0
    agreed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentMetrics:
    """What a deployment did: `waiting` requests are in it now."""

    name: str
    waiting: int = 0
    versions: tuple[VersionMetrics, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A name that may ask a private deployment. Source: P15."""

    name: str
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedClient(Client):
    """A client with its token, which is shown this once; only a hash of it is kept."""

    token: str
