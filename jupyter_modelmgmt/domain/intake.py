"""What people say of a new version, checked before anything is written."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jupyter_modelmgmt.domain import lifecycle, versions
from jupyter_modelmgmt.domain.errors import BadField, BadPath
from jupyter_modelmgmt.domain.records import Artifact, NewVersion, Params, Status, Task

MAX_FACTS = 1000
MAX_LABELS = 100_000
FIELDS = (
    "description", "framework", "flavor", "task", "model_type", "status", "tags", "author", "license",
    "public", "metrics", "params", "adapter", "config", "labels", "parent", "source",
)  # fmt: skip


def new_version(name: str, version: str | None, artifacts: Sequence[Artifact], fields: Mapping[str, Any]) -> NewVersion:
    """Return a version that may be added. Raises BadName, BadVersion or BadField with what to mend.

    A field that is None or missing takes its default.
    """
    given = {field: value for field, value in fields.items() if value is not None}
    for field in given:
        if field not in FIELDS:
            raise BadField(f"{field!r} is not a field of a version. There are {', '.join(FIELDS)}.")
    return NewVersion(
        model=lifecycle.checked_name(name),
        version="" if version is None else str(versions.parse(version)),
        artifacts=_artifacts(artifacts),
        **{field: _checked(field, value) for field, value in given.items()},
    )


def _checked(field: str, value: Any) -> Any:
    check = _CHECKS.get(field)
    return check(field, value) if check else _text(field, value)


def _artifacts(artifacts: Sequence[Artifact]) -> tuple[Artifact, ...]:
    """Return artifacts whose paths stay inside the version and differ, in whatever case (Windows, macOS)."""
    seen: set[str] = set()
    for artifact in artifacts:
        key = lifecycle.checked_path(artifact.path).casefold()
        if key in seen:
            raise BadPath(f"Two files are called {artifact.path!r}. Rename one of them.")
        seen.add(key)
    return tuple(artifacts)


def _text(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadField(f"{field} is a text.")
    return lifecycle.checked_text(field, value)


def _public(_field: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadField("public is true or false.")
    return value


def _task(_field: str, value: Any) -> Task:
    try:
        return Task(value)
    except ValueError:
        raise BadField(f"{value!r} is not a task. Use one of {', '.join(Task)}.") from None


def _metrics(_field: str, value: Any) -> dict[str, float]:
    return {key: _number(key, number) for key, number in _mapping("metrics", value).items()}


def _number(key: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise BadField(f"The metric {key!r} is not a number.") from None
    if not math.isfinite(number):
        raise BadField(f"The metric {key!r} is {number}. Leave it out or give a finite number.")
    return number


def _params(_field: str, value: Any) -> Params:
    return {key: _scalar(value) for key, value in _mapping("params", value).items()}


def _scalar(value: Any) -> str | int | float | bool | None:
    """Return a parameter as JSON holds it; numpy scalars as numbers, objects as their text."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return lifecycle.checked_text("a parameter", repr(value)[:1000])


def _mapping(field: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or len(value) > MAX_FACTS:
        raise BadField(f"{field} is a mapping of names to values, at most {MAX_FACTS}.")
    for key in value:
        if not isinstance(key, str) or not 0 < len(key) <= 255 or not key.isprintable():  # noqa: PLR2004 - the column
            raise BadField(f"{str(key)[:80]!r} cannot be a name in {field}. Use 1 to 255 printable characters.")
    return value


def _config(_field: str, value: Any) -> Mapping[str, Any]:
    return _mapping("config", value)


def _labels(_field: str, value: Any) -> tuple[str, ...]:
    labels = tuple(str(label) for label in value)
    if len(labels) > MAX_LABELS or any(len(label) > lifecycle.MAX_TEXT for label in labels):
        raise BadField(f"labels are at most {MAX_LABELS} texts.")
    return labels


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "config": _config,
    "framework": lambda _field, value: lifecycle.checked_framework(value),
    "labels": _labels,
    "metrics": _metrics,
    "params": _params,
    "public": _public,
    "status": lambda _field, value: lifecycle.next_status(value, ()) if value != Status.CLONING else Status.CLONING,
    "tags": lambda _field, value: lifecycle.tag_list(value),
    "task": _task,
}
