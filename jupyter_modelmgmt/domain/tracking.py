"""Records of how a version came to be: runs, series, datasets, evaluations, lineage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from jupyter_modelmgmt.domain.brief import brief
from jupyter_modelmgmt.domain.records import DatasetUse, Params, Status


class RunStatus(StrEnum):
    """Only a finished run gives versions; see RunUnfinished. Source: M10."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    KILLED = "killed"


class Role(StrEnum):
    """What a dataset was used for. Source: D16, W15."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"
    GOLDEN = "golden"


class NodeKind(StrEnum):
    VERSION = "version"
    RUN = "run"
    DATASET = "dataset"
    CODE = "code"
    ENVIRONMENT = "environment"
    DEPLOYMENT = "deployment"
    SOURCE = "source"


class EdgeKind(StrEnum):
    """What an edge says, read from its start to its end: cause to effect."""

    PRODUCED = "produced"
    TRAINED = "trained"
    EVALUATED = "evaluated"
    CLONED = "cloned"
    RAN = "ran"
    DEPLOYED = "deployed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One point of a curve: a line `legend` in a chart `figure`. Source: D24."""

    figure: str
    x: float
    y: float
    legend: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSummary:
    """A metric series without its points: how many there are, the last, the least, the greatest.

    `last` is None when the last point is no finite number, the others when no point is.
    """

    figure: str
    legend: str
    count: int
    last_x: float
    last: float | None
    least: float | None
    greatest: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The points of one series in the order they were logged; `at` is seconds since 1970, UTC.

    A `y` that is no finite number is None here: JSON has none. `count` tells how many points there
    are when only some of them came along.
    """

    figure: str
    legend: str
    x: tuple[float, ...]
    y: tuple[float | None, ...]
    at: tuple[float, ...]
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training execution.

    `metrics` has the last value of each plain series, `summaries` what there is of all; lists leave
    the summaries out. `source` says where the code is: notebook, cells, git_commit, script. `reason`
    says why it failed.
    """

    id: str
    name: str
    status: RunStatus
    started_at: datetime
    created_by: str
    ended_at: datetime | None = None
    reason: str = ""
    params: Params = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    summaries: tuple[SeriesSummary, ...] = ()
    tags: tuple[str, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict)
    datasets: tuple[DatasetUse, ...] = ()
    versions: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return brief(
            self, self.id, name=self.name, status=self.status, reason=self.reason, metrics=self.metrics,
            versions=self.versions,
        )  # fmt: skip


Statistics = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDataset:
    """What a caller says of a dataset; see `Dataset` for the fields."""

    name: str
    digest: str
    fields: Mapping[str, str] = field(default_factory=dict)
    size: int = 0
    rows: int | None = None
    source: str = ""
    description: str = ""
    statistics: Statistics = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A named, fingerprinted set of data. `version` counts the digests that had this name, from 1.

    `fields` is its schema: name and type of each column. `size` is in bytes, `rows` None when unknown.
    `statistics` has numbers by column: missing, least, greatest, mean, deviation; lists leave them out.
    """

    name: str
    version: int
    digest: str
    created_at: datetime
    created_by: str
    fields: Mapping[str, str] = field(default_factory=dict)
    size: int = 0
    rows: int | None = None
    source: str = ""
    description: str = ""
    statistics: Statistics = field(default_factory=dict)

    @property
    def selector(self) -> str:
        return f"{self.name}@{self.version}"

    def __repr__(self) -> str:
        return brief(self, self.selector, rows=self.rows, columns=len(self.fields) or None, digest=self.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The metrics of one version on one golden dataset, `name@3`."""

    id: int
    model: str
    version: str
    dataset: str
    metrics: Mapping[str, float]
    created_at: datetime
    created_by: str
    duration_s: float | None = None
    run: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One version on the board; `scores` by column, None where it was not evaluated."""

    model: str
    version: str
    status: Status
    stage: str
    scores: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Versions against golden datasets: `loss @ 10k`. Source: S13.

    `best` has the best row of each column; `cut` when the model has more versions than rows.
    """

    columns: tuple[str, ...]
    rows: tuple[BoardRow, ...]
    best: tuple[int | None, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """`id` is kind and name (`version:digits@1.0.0`); `depth` is steps from the asked one, negative for causes."""

    id: str
    kind: NodeKind
    name: str
    depth: int
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    start: str
    end: str
    kind: EdgeKind
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageGraph:
    """Where a version comes from and what came of it; `cut` when more lies beyond the limit. Source: W11."""

    root: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    cut: bool = False
