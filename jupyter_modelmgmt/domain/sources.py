"""Where an imported version comes from: one record a kind, told apart by `kind`. Source: S8, M10-M18, P1-P4.

All have `services`, the kinds of services that the version may become, and most a `mode`, what its
services take and give; left out, it follows from the source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from jupyter_modelmgmt.domain.containers import DEFAULT_PORT, HealthCheck
from jupyter_modelmgmt.domain.interfaces import Api, Mode, Service

MAX_OBJECTS = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSource:
    """What a finished run wrote to `path`, a folder, file, archive or URL.

    `requirements` are lines for pip; without them a requirements.txt in the folder counts. Source: M10.
    """

    run: str
    path: str
    kind: Literal["run"] = "run"
    requirements: tuple[str, ...] = ()
    mode: Mode | None = None
    services: tuple[Service, ...] = tuple(Service)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSource:
    """Files at `path` by a template: its name, or a file of one. The mode of a template stays. Source: M11."""

    template: str
    path: str
    kind: Literal["template"] = "template"
    mode: Mode | None = None
    services: tuple[Service, ...] = tuple(Service)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerSource:
    """A container image; see `Container` for the fields. Source: M12."""

    image: str
    kind: Literal["container"] = "container"
    replicate: bool = True
    port: int = DEFAULT_PORT
    command: tuple[str, ...] | str = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    health: HealthCheck = field(default_factory=HealthCheck)
    apis: tuple[Api, ...] = ()
    mode: Mode | None = None
    services: tuple[Service, ...] = tuple(Service)


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageSource:
    """A folder, a file, an archive (zip or tar), or a URL `s3://`, `gs://`, `az://`; with `config.json` or without.

    Source: M13, M16, M17.
    """

    path: str
    kind: Literal["storage"] = "storage"
    mode: Mode | None = None
    services: tuple[Service, ...] = tuple(Service)


@dataclass(frozen=True, slots=True, kw_only=True)
class MlflowSource:
    """A version of a registered model on an MLflow server; `uri` is MLFLOW_TRACKING_URI where it is left out.

    Source: P1-P4.
    """

    model: str
    version: str
    kind: Literal["mlflow"] = "mlflow"
    uri: str = ""
    services: tuple[Service, ...] = tuple(Service)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSource:
    """A file that `export` wrote; the version keeps its name and number unless others are given."""

    file: str
    kind: Literal["export"] = "export"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceSource:
    """Files that stay where they are, at most `max_objects`: a folder or file, `s3://`, `gs://`, `az://`, `https://`.

    Without `checksum` names and sizes alone are kept. Source: W9.
    """

    uri: str
    kind: Literal["reference"] = "reference"
    checksum: bool = True
    max_objects: int = MAX_OBJECTS


Source = RunSource | TemplateSource | ContainerSource | StorageSource | MlflowSource | ExportSource | ReferenceSource
SOURCES: dict[str, type[Any]] = {
    "run": RunSource,
    "template": TemplateSource,
    "container": ContainerSource,
    "storage": StorageSource,
    "mlflow": MlflowSource,
    "export": ExportSource,
    "reference": ReferenceSource,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """How a kind of model is imported. `type`, `engine` and `environment` are what lists are filtered by.

    `mode` stays as it is; a template without one lets the importer choose. `files` are patterns of files
    that must be there. Source: M11.
    """

    name: str
    title: str
    description: str = ""
    type: str = "other"
    engine: str = "other"
    environment: str = ""
    mode: Mode | None = None
    services: tuple[Service, ...] = tuple(Service)
    adapter: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MlflowModel:
    """A registered model of an MLflow server; times are UTC. `link` opens it in MLflow. Source: P1, P2."""

    name: str
    latest_version: str
    created_at: str
    updated_at: str
    description: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MlflowVersion:
    """A version on an MLflow server, with what its run logged; tags of MLflow's own are left out.

    `imported` are the versions here that come from it, `deployed_by` their deployments. Source: P2, P4.
    """

    model: str
    version: str
    created_at: str
    updated_at: str
    description: str
    link: str
    run: str = ""
    run_link: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    imported: tuple[str, ...] = ()
    deployed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePlace:
    """Where references lie; a local place is absolute."""

    uri: str
    checksum: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A file that a version refers to: `path` below the place, `size` in bytes, `checksum` `blake3:...` or `etag:...`."""

    path: str
    size: int
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceCheck:
    """What became of the files that a version refers to, by their paths. Source: W9."""

    uri: str
    checked: int
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
