"""Rules of a version's life: names, statuses, stages, what may be edited and deleted."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_modelmgmt.domain.errors import BadField, BadName, BadPath, ModelDeployed
from jupyter_modelmgmt.domain.records import DeploymentState, Stage, Status

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
DEPLOYMENT_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", re.ASCII)
FRAMEWORK = re.compile(r"[a-z0-9][a-z0-9.+-]{0,39}", re.ASCII)
TAG = re.compile(r"[^\s,][^,\n\r\t]{0,63}")

FRAMEWORKS = ("pytorch", "tensorflow", "onnx", "scikit-learn", "tflite", "xgboost", "other")
MODEL_TYPES = ("custom", "resnet", "bert", "yolo", "other")
LICENSES = ("MIT", "Apache-2.0", "GPL", "Proprietary", "Other")

EDITABLE = ("description", "tags", "status", "author", "license", "public")
EXCLUSIVE_STAGES = (Stage.STAGING, Stage.PRODUCTION)
RUNNING = (DeploymentState.DEPLOYING, DeploymentState.DEPLOYED, DeploymentState.STOPPING)
RESERVED = ("latest", "newest", *Stage)

MAX_TEXT = 10_000
MAX_TAGS = 50
MAX_PATH = 255


def checked_name(name: str) -> str:
    """Return `name` if a model may have it: files and URLs carry it unescaped. Raises BadName."""
    if not NAME.fullmatch(name) or name.endswith("."):
        raise BadName(
            f"{name[:80]!r} is not a model name. Use 1 to 64 letters, digits, '.', '_' or '-', "
            "beginning with a letter or digit and not ending with '.'."
        )
    return name


def checked_deployment_name(name: str) -> str:
    """Return `name` if a deployment may have it. Raises BadName. Source: P7."""
    if not DEPLOYMENT_NAME.fullmatch(name):
        raise BadName(
            f"{name[:80]!r} is not a deployment name. Use 3 to 63 lower-case letters, digits or '-', "
            "beginning and ending with a letter or digit."
        )
    return name


def deployment_name(model: str, suffix: str) -> str:
    """Return the name that a deployment of `model` gets when nobody chose one. Source: P7."""
    words = re.sub(r"[\W_]+", "-", model.lower(), flags=re.ASCII).strip("-")
    return checked_deployment_name(f"{words[:56].rstrip('-')}-{suffix}")


def checked_path(path: str) -> str:
    """Return `path` if it names a file inside a version, with '/' between its parts. Raises BadPath."""
    parts = path.split("/")
    bad = "\\" in path or ":" in path or len(path) > MAX_PATH or not path.isprintable()
    if bad or any(part in ("", ".", "..") or part.endswith((".", " ")) for part in parts):
        raise BadPath(f"{path[:80]!r} is not a file inside a version. Use a relative path without '..'.")
    return path


def tag_list(tags: str | Sequence[str]) -> tuple[str, ...]:
    """Return tags as a list, from comma text or a list; order kept, repeats dropped. Source: K6."""
    raw = tags.split(",") if isinstance(tags, str) else tags
    found = tuple(dict.fromkeys(tag.strip() for tag in raw if tag.strip()))
    if len(found) > MAX_TAGS:
        raise BadField(f"{len(found)} tags are too many. At most {MAX_TAGS}.")
    for tag in found:
        if not TAG.fullmatch(tag):
            raise BadField(f"{tag[:80]!r} is not a tag. At most 64 characters, no comma, no line break.")
    return found


def checked_text(field: str, text: str) -> str:
    """Return `text` if a free text field may hold it. Raises BadField."""
    if len(text) > MAX_TEXT or "\x00" in text:
        raise BadField(f"{field} may have at most {MAX_TEXT} characters and no NUL.")
    return text


def checked_framework(framework: str) -> str:
    """Return the framework's word; the list is open (K2). Raises BadField."""
    word = framework.strip().lower()
    if not FRAMEWORK.fullmatch(word):
        raise BadField(f"{framework[:80]!r} is not a framework. For example {', '.join(FRAMEWORKS)}.")
    return word


def edits(changes: Mapping[str, Any], deployments: Sequence[str]) -> dict[str, Any]:
    """Return `changes`, checked, if a version whose `deployments` run may take them.

    Raises BadField for a field that is not one of the six editable ones. Source: K9.
    """
    for field in changes:
        if field not in EDITABLE:
            raise BadField(
                f"{field!r} cannot be edited; only {', '.join(EDITABLE)} can. "
                "Create a new version to change anything else."
            )
    checked = {field: _edit(field, value, deployments) for field, value in changes.items()}
    if checked.get("status") is Status.DEPLOYED:
        del checked["status"]  # derived: to store it would outlive the deployment
    return checked


def _edit(field: str, value: Any, deployments: Sequence[str]) -> Any:
    if field == "tags":
        return tag_list(value)
    if field == "status":
        return next_status(value, deployments)
    if field == "public":
        if not isinstance(value, bool):
            raise BadField("public is true or false.")
        return value
    if not isinstance(value, str):
        raise BadField(f"{field} is a text.")
    return checked_text(field, value)


def next_status(wanted: str, deployments: Sequence[str]) -> Status:
    """Return `wanted` as a status that a person may set. Source: spec/rules.md, "Status vs stage"."""
    try:
        status = Status(wanted)
    except ValueError:
        raise BadField(f"{wanted!r} is not a status. Use one of {', '.join(Status)}.") from None
    if status is Status.DEPLOYED and not deployments:
        raise BadField("The status 'deployed' follows from a running deployment. Deploy the version instead.")
    if status is not Status.DEPLOYED and deployments:
        raise ModelDeployed(deployments, verb="change the status of")
    return status


def next_stage(wanted: str, deployments: Sequence[str]) -> Stage:
    """Return `wanted` if a version whose `deployments` run may go there.

    Raises ModelDeployed when archiving a version that still runs. Source: seed 004, K13, K14.
    """
    try:
        stage = Stage(wanted)
    except ValueError:
        raise BadField(f"{wanted!r} is not a stage. Use one of {', '.join(Stage)}.") from None
    if stage is Stage.ARCHIVED and deployments:
        raise ModelDeployed(deployments, verb="archive")
    return stage


def stage_after_succession(deployments: Sequence[str]) -> Stage:
    """Return where the former holder of a stage goes: archived, or development while it still runs."""
    return Stage.DEVELOPMENT if deployments else Stage.ARCHIVED


def shown_status(stored: Status, deployments: Sequence[str]) -> Status:
    """Return the status that people see: `deployed` while a deployment runs."""
    return Status.DEPLOYED if deployments else stored
