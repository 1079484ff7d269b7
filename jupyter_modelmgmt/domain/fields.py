"""What the fields of a model, a version and a deployment may hold, checked before anything is written."""

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from jupyter_modelmgmt.domain import versions
from jupyter_modelmgmt.domain.errors import (
    BadField,
    BadMetric,
    BadName,
    BadPath,
    BadProperty,
    BadStatus,
    BadTag,
    StatusDerived,
)
from jupyter_modelmgmt.domain.evidence import Cost, Proof, Signature, Verdict
from jupyter_modelmgmt.domain.interfaces import Interface
from jupyter_modelmgmt.domain.records import Artifact, DatasetUse, NewVersion, Params, Scalar, Status, Task

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
FRAMEWORK = re.compile(r"[a-z0-9][a-z0-9.+-]{0,39}", re.ASCII)
TAG = re.compile(r"[^\s,][^,\n\r\t]{0,63}")

FRAMEWORKS = (
    "pytorch", "tensorflow", "onnx", "scikit-learn", "tflite", "xgboost", "lightgbm", "catboost", "statsmodels",
    "keras", "transformers", "python", "other",
)  # fmt: skip
MODEL_TYPES = ("custom", "resnet", "bert", "yolo", "other")
LICENSES = ("MIT", "Apache-2.0", "GPL", "Proprietary", "Other")

MAX_TEXT = 10_000
MAX_TAGS = 50
MAX_PATH = 255
MAX_PART_BYTES = 255  # what file systems take
MAX_FACTS = 1000
MAX_LABELS = 100_000
FIELDS = (
    "description", "framework", "flavor", "task", "model_type", "status", "tags", "author", "license",
    "public", "downloadable", "metrics", "params", "properties", "adapter", "config", "labels", "parent", "source",
    "run", "code", "environment", "datasets", "architecture", "weights", "signature", "proof", "cost", "safety",
    "interface",
)  # fmt: skip
# What makes a version another one; the rest is said about it and may be edited (W9).
CONTENT = (
    "framework", "flavor", "task", "model_type", "adapter", "config", "labels", "metrics", "params", "properties",
    "downloadable", "datasets", "run",
)  # fmt: skip
# Where a model comes from, not what it is: the same model from other cells is the same.
CAPTURED = ("source.ipynb", "source.py", "uncommitted.diff")
_LABEL_MAPS = ("id_to_label_map", "label_to_id_map")


def new_version(name: str, version: str | None, artifacts: Sequence[Artifact], fields: Mapping[str, Any]) -> NewVersion:
    """Return a version that may be added. Raises BadName, BadVersion or BadField with what to mend.

    A field that is None or missing takes its default.
    """
    given = {field: value for field, value in fields.items() if value is not None}
    for field in given:
        if field not in FIELDS:
            raise BadField(f"{field!r} is not a field of a version. There are {', '.join(FIELDS)}.")
    given |= _labelled(given.get("config"), given.get("labels"))
    return NewVersion(
        model=checked_name(name),
        version="" if version is None else str(versions.parse(version)),
        artifacts=_artifacts(artifacts),
        **{field: _checked(field, value) for field, value in given.items()},
    )


def fingerprint(new: NewVersion) -> str:
    """Return a digest of what `new` is: two versions with the same one have identical content. Source: W9."""
    said = {field: getattr(new, field) for field in CONTENT}
    said["datasets"] = [[use.dataset, use.role] for use in new.datasets]
    if new.interface != Interface():  # so that versions from before there was one keep their digest
        said["interface"] = asdict(new.interface)
    said["artifacts"] = sorted([a.path, a.digest] for a in new.artifacts if a.path not in CAPTURED)
    text = json.dumps(said, sort_keys=True, default=str)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _labelled(config: Any, labels: Any) -> dict[str, Any]:
    """Return configuration and labels with label maps turned into labels: those follow from them. Source: D17."""
    if not isinstance(config, Mapping) or not any(key in config for key in _LABEL_MAPS):
        return {}
    rest = {key: value for key, value in config.items() if key not in _LABEL_MAPS}
    if labels:
        return {"config": rest}
    by_id = config.get("id_to_label_map") or {i: name for name, i in dict(config["label_to_id_map"]).items()}
    try:
        ids = sorted(int(key) for key in by_id)
        named = {int(key): label for key, label in by_id.items()}
    except (TypeError, ValueError, AttributeError):
        ids, named = [-1], {}
    if ids != list(range(len(ids))):
        raise BadField("id_to_label_map maps 0, 1, 2, ... to labels, without a gap. Or give labels as a list.")
    return {"config": rest, "labels": [named[i] for i in ids]}


def _checked(field: str, value: Any) -> Any:
    check = _CHECKS.get(field)
    return check(field, value) if check else _text(field, value)


def _artifacts(artifacts: Sequence[Artifact]) -> tuple[Artifact, ...]:
    """Return artifacts whose paths stay inside the version and can lie there together."""
    seen: dict[str, bool] = {}
    for artifact in artifacts:
        claim_path(artifact.path, seen)
    return tuple(artifacts)


def _text(field: str, value: Any) -> str:
    return checked_text(field, value)


def checked_flag(field: str, value: Any) -> bool:
    """Return `value` if it is true or false. Raises BadField."""
    if not isinstance(value, bool):
        raise BadField(f"{field} is true or false.")
    return value


def _task(_field: str, value: Any) -> Task:
    try:
        return Task(value)
    except ValueError:
        raise BadField(f"{value!r} is not a task. Use one of {', '.join(Task)}.") from None


def _status(_field: str, value: Any) -> Status:
    if value == Status.DEPLOYED:
        raise StatusDerived("The status 'deployed' follows from a running deployment. Deploy the version instead.")
    try:
        return Status(value)
    except ValueError:
        raise BadStatus(f"{value!r} is not a status. Use one of {', '.join(Status)}.") from None


def _metrics(_field: str, value: Any) -> dict[str, float]:
    return {key: _number(key, number) for key, number in _mapping("metrics", value).items()}


def _number(key: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise BadMetric(f"The metric {key!r} is not a number. Give a number, or write it as a param.") from None
    if not math.isfinite(number):
        raise BadMetric(f"The metric {key!r} is {number}. Leave it out or give a finite number.")
    return number


def _params(_field: str, value: Any) -> Params:
    return {key: _scalar(value) for key, value in _mapping("params", value).items()}


def _scalar(value: Any) -> Scalar:
    """Return a parameter as JSON holds it; numpy scalars as numbers, objects as their text."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return checked_text("a parameter", repr(value)[:1000])


def _properties(_field: str, value: Any) -> Params:
    return {key: _property(key, value) for key, value in _mapping("properties", value).items()}


def _property(key: str, value: Any) -> Scalar:
    """Return a property as it was typed: text, number, truth value or nothing. Source: W2."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if isinstance(value, str):
        return checked_text(f"The property {key!r}", value)
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise BadProperty(
        f"The property {key!r} is a text, a finite number, true, false or nothing, not {value!r:.80}. Write it as text."
    )


def _record(kind: type) -> Callable[[str, Any], Any]:
    def check(field: str, value: Any) -> Any:
        if not isinstance(value, kind):
            raise BadField(f"{field} is a {kind.__name__} of jupyter_modelmgmt.")
        return value

    return check


def _verdicts(_field: str, value: Any) -> tuple[Verdict, ...]:
    return tuple(_record(Verdict)("safety", verdict) for verdict in value)


def _plain(field: str, value: Any) -> Mapping[str, Any]:
    """Return a mapping that JSON can hold."""
    try:
        json.dumps(_mapping(field, value), allow_nan=False)
    except (TypeError, ValueError):
        raise BadField(f"{field} holds only what JSON holds: texts, finite numbers, lists and mappings.") from None
    return dict(value)


def _datasets(_field: str, value: Any) -> tuple[DatasetUse, ...]:
    """Return the datasets a version used: records, or a mapping of roles to `name@3`."""
    if isinstance(value, Mapping):
        return tuple(DatasetUse(dataset=str(name), role=str(role)) for role, name in value.items())
    uses = tuple(value)
    if not all(isinstance(use, DatasetUse) for use in uses):
        raise BadField("datasets is a mapping of roles to datasets, for example {'train': 'digits@1'}.")
    return uses


def _mapping(field: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or len(value) > MAX_FACTS:
        raise BadField(f"{field} is a mapping of names to values, at most {MAX_FACTS}.")
    for key in value:
        if not isinstance(key, str) or not 0 < len(key) <= 255 or not key.isprintable():  # noqa: PLR2004 - the column
            raise BadField(f"{str(key)[:80]!r} cannot be a name in {field}. Use 1 to 255 printable characters.")
    return value


def _labels(_field: str, value: Any) -> tuple[str, ...]:
    labels = tuple(str(label) for label in value)
    if len(labels) > MAX_LABELS or any(len(label) > MAX_TEXT for label in labels):
        raise BadField(f"labels are at most {MAX_LABELS} texts.")
    return labels


def checked_name(name: str) -> str:
    """Return `name` if a model may have it: files and URLs carry it unescaped. Raises BadName."""
    if not NAME.fullmatch(name) or name.endswith("."):
        raise BadName(
            f"{name[:80]!r} is not a model name. Use 1 to 64 letters from a to z or A to Z, digits, '.', '_' or '-', "
            "beginning with a letter or digit and not ending with '.'."
        )
    return name


def checked_path(path: str) -> str:
    """Return `path` if it names a file inside a version, with '/' between its parts. Raises BadPath."""
    parts = path.split("/")
    bad = "\\" in path or ":" in path or len(path) > MAX_PATH or not path.isprintable()
    bad = bad or any(part in ("", ".", "..") or part.endswith((".", " ")) for part in parts)
    if bad or max(len(part.encode()) for part in parts) > MAX_PART_BYTES:
        raise BadPath(
            f"{path[:80]!r} is not a file inside a version. Use a relative path without '..', of 255 bytes a part at most."
        )
    return path


def claim_path(path: str, seen: dict[str, bool]) -> None:
    """Write `path` and the folders above it into `seen`, where files are true.

    Raises BadPath for one that cannot lie beside those that are there: the same in whatever case or Unicode form
    (Windows, macOS), or a file where a folder has to be.
    """
    key = unicodedata.normalize("NFC", checked_path(path)).casefold()
    if seen.get(key):
        raise BadPath(f"Two files are called {path!r}. Rename one of them.")
    parts = key.split("/")
    folders = ["/".join(parts[:place]) for place in range(1, len(parts))]
    if key in seen or any(seen.get(folder) for folder in folders):
        raise BadPath(f"{path!r}, or a folder in it, is called like another file or folder. Rename one of them.")
    seen |= {**dict.fromkeys(folders, False), key: True}


def tag_list(tags: str | Sequence[str]) -> tuple[str, ...]:
    """Return tags as a list, from comma text or a list; order kept, repeats dropped. Source: K6."""
    raw = tags.split(",") if isinstance(tags, str) else tags
    if not isinstance(raw, Iterable) or not all(isinstance(tag, str) for tag in raw):
        raise BadTag("tags are texts, in a list or separated by commas.")
    found = tuple(dict.fromkeys(tag.strip() for tag in raw if tag.strip()))
    if len(found) > MAX_TAGS:
        raise BadTag(f"{len(found)} tags are too many. Give at most {MAX_TAGS}.")
    for tag in found:
        if not TAG.fullmatch(tag):
            raise BadTag(f"{tag[:80]!r} is not a tag. Use at most 64 characters, no comma, no line break.")
    return found


def checked_text(field: str, text: str) -> str:
    """Return `text` if a free text field may hold it. Raises BadField."""
    if not isinstance(text, str):
        raise BadField(f"{field} is a text.")
    if len(text) > MAX_TEXT or "\x00" in text:
        raise BadField(f"{field} may have at most {MAX_TEXT} characters and no NUL.")
    return text


def checked_framework(framework: str) -> str:
    """Return the framework's word; the list is open (K2). Raises BadField."""
    word = framework.strip().lower()
    if not FRAMEWORK.fullmatch(word):
        raise BadField(f"{framework[:80]!r} is not a framework. For example {', '.join(FRAMEWORKS)}.")
    return word


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "code": _plain,
    "config": _plain,
    "cost": _record(Cost),
    "datasets": _datasets,
    "downloadable": checked_flag,
    "environment": _plain,
    "interface": _record(Interface),
    "framework": lambda field, value: checked_framework(_text(field, value)),
    "labels": _labels,
    "metrics": _metrics,
    "params": _params,
    "proof": _record(Proof),
    "properties": _properties,
    "public": checked_flag,
    "safety": _verdicts,
    "signature": _record(Signature),
    "status": _status,
    "tags": lambda _field, value: tag_list(value),
    "task": _task,
}
