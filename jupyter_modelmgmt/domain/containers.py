"""A container image as a version: what to run, where it answers, how to tell that it is well. Source: M12.

A version with flavor `container` has no files; its configuration is a `Container` as a mapping.
"""

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.fields import checked_flag
from jupyter_modelmgmt.domain.refusals import BadHealthCheck

CONTAINER = "container"
DEFAULT_PORT = 8080

MAX_SECONDS = 3600
MAX_FAILURES = 1000
_MAX_PORT = 65535
_MAX_TEXT = 4096
_MAX_WORDS = 256
_MAX_REFERENCE = 512
# Source: the grammar of references in the OCI distribution specification, "Pulling manifests".
_NAME = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/)?"
_REFERENCE = re.compile(
    rf"{_HOST}{_NAME}(?:/{_NAME})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}})?(?:@sha256:[0-9a-f]{{64}})?", re.ASCII
)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_URL_PATH = re.compile(r"/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*", re.ASCII)


class HealthKind(StrEnum):
    """How a container is asked whether it is well."""

    HTTP = "http"
    COMMAND = "command"


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """`http` asks `path` on the container's port and wants a status below 400; `command` runs inside, wants exit code 0.

    The first check comes `delay_s` after the start, then one every `period_s`; `max_failures` in a row
    are too many.
    """

    kind: HealthKind = HealthKind.HTTP
    path: str = "/health"
    command: tuple[str, ...] = ()
    period_s: float = 5
    delay_s: float = 12
    max_failures: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """How to run `image`. With `replicate` a copy is kept: the image may change or go, and the version stays.

    `command` replaces the image's own; it listens on `port` inside the container. `environment` has no
    secrets: those belong to a deployment.
    """

    image: str
    replicate: bool = True
    port: int = DEFAULT_PORT
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    health: HealthCheck = field(default_factory=HealthCheck)

    @property
    def config(self) -> dict[str, Any]:
        """The container as JSON holds it: the configuration of its version."""
        told = asdict(self)
        told["command"], told["environment"] = list(self.command), dict(self.environment)
        told["health"] |= {"kind": self.health.kind.value, "command": list(self.health.command)}
        return told


def container(config: Mapping[str, Any]) -> Container:
    """Return the container that `config` describes. Raises BadField or BadHealthCheck, naming the field."""
    given = _known("container", config, Container)
    if "image" not in given:
        raise BadField("container.image is missing. Give the image, for example localhost/digits:1.0.")
    return Container(**{key: _CHECKS[key](f"container.{key}", value) for key, value in given.items()})


def _health(where: str, value: Any) -> HealthCheck:
    """Return a health check. Raises BadHealthCheck. Source: M20b, 3592."""
    try:
        given = _known(where, value, HealthCheck)
        checked = HealthCheck(**{key: _HEALTH_CHECKS[key](f"{where}.{key}", item) for key, item in given.items()})
    except BadHealthCheck:
        raise
    except BadField as error:
        raise BadHealthCheck(str(error)) from None
    if checked.kind is HealthKind.COMMAND and not checked.command:
        raise BadHealthCheck(f"{where}.command is missing. Give the command that tells whether the container is well.")
    if checked.kind is HealthKind.HTTP and checked.command:
        raise BadHealthCheck(f"{where}.command belongs to the kind 'command'. Set {where}.kind, or leave it out.")
    return checked


def _known(where: str, value: Any, record: type) -> dict[str, Any]:
    """Return the given keys, without those that are None. Raises BadField for one that is unknown."""
    names = [each.name for each in fields(record)]
    if not isinstance(value, Mapping):
        raise BadField(f"{where} is a mapping with the keys {', '.join(names)}.")
    for key in value:
        if key not in names:
            raise BadField(f"{where}.{str(key)[:80]} is not known. There are {', '.join(names)}.")
    return {key: item for key, item in value.items() if item is not None}


def _image(where: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MAX_REFERENCE or not _REFERENCE.fullmatch(value):
        raise BadField(
            f"{where} is {value!r:.120}, no path of an image. Write registry/name:tag in lower case, "
            "for example localhost/digits:1.0."
        )
    return value


def _whole(limit: int) -> Callable[[str, Any], int]:
    def check(where: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= limit:
            raise BadField(f"{where} is {value!r:.40}; it is a whole number from 1 to {limit}.")
        return value

    return check


def _seconds(least: float) -> Callable[[str, Any], float]:
    def check(where: str, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= MAX_SECONDS:
            raise BadField(f"{where} is {value!r:.40}; it is a number of seconds from {least:g} to {MAX_SECONDS}.")
        return value

    return check


def _command(where: str, value: Any) -> tuple[str, ...]:
    """Return a command's words, from a list or from text as a shell splits it."""
    try:
        words = shlex.split(value) if isinstance(value, str) else value
    except ValueError as error:
        raise BadField(f"{where} cannot be split into words: {error}. Give a list of words.") from None
    if not isinstance(words, Sequence) or len(words) > _MAX_WORDS or not all(_is_text(word) for word in words):
        raise BadField(f"{where} is a text or a list of at most {_MAX_WORDS} texts.")
    return tuple(words)


def _environment(where: str, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or len(value) > _MAX_WORDS:
        raise BadField(f"{where} is a mapping of at most {_MAX_WORDS} names to texts.")
    for key, item in value.items():
        if not isinstance(key, str) or not _VARIABLE.fullmatch(key):
            raise BadField(f"{where} has {str(key)[:80]!r}, no name of a variable. Use letters, digits and '_'.")
        if not _is_text(item):
            raise BadField(f"{where}.{key} is a text of at most {_MAX_TEXT} characters.")
    return dict(value)


def _url_path(where: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MAX_TEXT or not _URL_PATH.fullmatch(value):
        raise BadField(f"{where} is {value!r:.120}; it is a path that begins with '/', for example /health.")
    return value


def _kind(where: str, value: Any) -> HealthKind:
    try:
        return HealthKind(value)
    except ValueError:
        raise BadField(f"{where} is {value!r:.40}. Use one of {', '.join(HealthKind)}.") from None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _MAX_TEXT and "\x00" not in value


_HEALTH_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "kind": _kind,
    "path": _url_path,
    "command": _command,
    "period_s": _seconds(0.1),
    "delay_s": _seconds(0),
    "max_failures": _whole(MAX_FAILURES),
}
_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "image": _image,
    "replicate": checked_flag,
    "port": _whole(_MAX_PORT),
    "command": _command,
    "environment": _environment,
    "health": _health,
}
