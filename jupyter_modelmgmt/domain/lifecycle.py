"""Rules of a version's life: statuses, stages, what may be edited, archived and deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_modelmgmt.domain import fields
from jupyter_modelmgmt.domain.errors import BadField, ModelDeployed
from jupyter_modelmgmt.domain.records import DeploymentState, Stage, Status

EDITABLE = ("description", "tags", "status", "author", "license", "public")
EXCLUSIVE_STAGES = (Stage.STAGING, Stage.PRODUCTION)
RUNNING = (DeploymentState.DEPLOYING, DeploymentState.DEPLOYED, DeploymentState.STOPPING)


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
        return fields.tag_list(value)
    if field == "status":
        return next_status(value, deployments)
    if field == "public":
        if not isinstance(value, bool):
            raise BadField("public is true or false.")
        return value
    if not isinstance(value, str):
        raise BadField(f"{field} is a text.")
    return fields.checked_text(field, value)


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
