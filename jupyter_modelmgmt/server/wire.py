"""Records as JSON, and the bodies and queries that only HTTP has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Generic, Literal, TypeVar

import msgspec

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.records import Artifact

T = TypeVar("T")


def encode(record: Any) -> bytes:
    """Return a record as JSON; mappings, tuples, times and enumerations included."""
    return msgspec.json.encode(record)


def decode(data: bytes, kind: type[T]) -> T:
    """Return JSON as a record of `kind`. Raises BadField, which names the field.

    A key that the record does not have is refused: who misspelt it must not believe it was heard.
    """
    try:
        if is_dataclass(kind):
            _refuse_unknown(data, tuple(field.name for field in fields(kind)))
        return msgspec.json.decode(data, type=kind)
    except msgspec.DecodeError as error:
        why = str(error)
    except UnicodeDecodeError:
        why = "a text in it is not UTF-8"
    except RecursionError:
        why = "it is nested too deeply"
    raise BadField(f"The body is not what this route takes: {why}.")


def _refuse_unknown(data: bytes, known: Sequence[str]) -> None:
    for key in msgspec.json.decode(data, type=dict[str, msgspec.Raw]):
        if key not in known:
            raise msgspec.ValidationError(f"there is no {key[:80]!r}, only {', '.join(known)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Items(Generic[T]):
    """A list that has no pages."""

    items: tuple[T, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """The one shape of all errors."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsQuery:
    search: str = ""
    filter: str = ""
    sort: str = "name"
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsQuery:
    filter: str = ""
    sort: str = "-sequence"
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsQuery:
    after: int = 0
    limit: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmQuery:
    confirm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogsQuery:
    """The last `lines` (2,000 at most) of all replicas or of some, those with the text `filter` in any case in them.

    `replica` is the name of one, `1.2.0-0`, a version or a number. With `follow`, plain text: these
    lines and then each that comes, until the deployment stops. With `download`, plain text: all that
    is kept, as a file.
    """

    lines: int = 200
    replica: str = ""
    filter: str = ""
    follow: bool = False
    download: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestQuery:
    """`digest` and `size` are what the bytes should have; browsers, which cannot compute a digest, give the size."""

    digest: str = ""
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewModelBody:
    """A model without versions."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEdit:
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersionBody:
    """A version whose files were uploaded before. Fields as in `ModelVersion`."""

    artifacts: tuple[Artifact, ...]
    version: str | None = None
    bump: Literal["major", "minor", "patch"] | None = None
    description: str | None = None
    framework: str | None = None
    task: str | None = None
    model_type: str | None = None
    status: str | None = None
    tags: tuple[str, ...] | str | None = None
    author: str | None = None
    license: str | None = None
    public: bool | None = None
    metrics: dict[str, float] | None = None
    params: dict[str, str | int | float | bool | None] | None = None
    adapter: str | None = None
    config: dict[str, Any] | None = None
    labels: tuple[str, ...] | None = None
    properties: dict[str, str | int | float | bool | None] | None = None
    downloadable: bool | None = None
    run: str | None = None
    datasets: dict[str, str] | None = None
    code: dict[str, Any] | None = None
    environment: dict[str, Any] | None = None
    allow_identical: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageBody:
    stage: str
    comment: str = ""
    archive_previous: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneBody:
    """The copy's name, and what differs from what it is copied from."""

    name: str
    version: str | None = None
    bump: Literal["major", "minor", "patch"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneVersionBody:
    """The copy's name, and what differs from its parent; `config` is merged over the parent's."""

    name: str
    version: str | None = None
    bump: Literal["major", "minor", "patch"] | None = None
    description: str | None = None
    tags: tuple[str, ...] | str | None = None
    config: dict[str, Any] | None = None
    labels: tuple[str, ...] | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteQuery:
    delete_aliases: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    """Lines, oldest first, and which replicas have a log; of several, a line begins with its replica: `[1.2.0-0] Ready`."""

    text: str
    replicas: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """What runs where. `host` is None when no host runs."""

    package: str
    store: str
    artifacts: str
    image_limit: int
    upload_limit: int
    last_event: int
    versions: Mapping[str, str] = field(default_factory=dict)
    host: Mapping[str, Any] | None = None
