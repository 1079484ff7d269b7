"""Rules of a version's life: statuses, stages, what may be edited, archived and deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_modelmgmt.domain import fields
from jupyter_modelmgmt.domain.errors import (
    AliasHeld,
    AliasProtected,
    ApprovalNeeded,
    BadStage,
    BadStatus,
    ModelDeployed,
    NotEditable,
    StageProtected,
    StatusDerived,
    TransitionRefused,
)
from jupyter_modelmgmt.domain.governance import StageRule
from jupyter_modelmgmt.domain.records import Alias, DeploymentState, Stage, Status

EDITABLE = ("description", "tags", "status", "author", "license", "public")
RUNNING = (DeploymentState.DEPLOYING, DeploymentState.DEPLOYED, DeploymentState.STOPPING)


def edits(changes: Mapping[str, Any], deployments: Sequence[str]) -> dict[str, Any]:
    """Return `changes`, checked, if a version whose `deployments` run may take them.

    Raises NotEditable for a field that is not one of the six editable ones. Source: K9.
    """
    for field in changes:
        if field not in EDITABLE:
            raise NotEditable(
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
        return fields.checked_flag(field, value)
    return fields.checked_text(field, value)


def next_status(wanted: str, deployments: Sequence[str]) -> Status:
    """Return `wanted` as a status that a person may set. Source: spec/rules.md, "Status vs stage"."""
    try:
        status = Status(wanted)
    except ValueError:
        raise BadStatus(f"{wanted!r} is not a status. Use one of {', '.join(Status)}.") from None
    if status is Status.DEPLOYED and not deployments:
        raise StatusDerived("The status 'deployed' follows from a running deployment. Deploy the version instead.")
    if status is not Status.DEPLOYED and deployments:
        raise ModelDeployed(deployments, verb="change the status of")
    return status


def move(
    rules: Sequence[StageRule], now: str, wanted: str, deployments: Sequence[str], *, approved: bool = False
) -> StageRule:
    """Return the rule of the stage `wanted` if a version in stage `now` may go there.

    Gates are looked at by whoever can search. Raises BadStage, TransitionRefused, ApprovalNeeded, and
    ModelDeployed when archiving a version that still runs. Source: seed 004, K13, K14.
    """
    rule = stage_rule(rules, wanted)
    following = stage_rule(rules, now).transitions
    if following is not None and wanted not in following and wanted != now:
        ways = ", ".join(following) or "no other stage"
        raise TransitionRefused(f"From {now} a version goes to {ways}, not to {wanted}. Promote it step by step.")
    if wanted == Stage.ARCHIVED and deployments:
        raise ModelDeployed(deployments, verb="archive")
    if rule.approval and not approved and wanted != now:
        raise ApprovalNeeded(
            f"The stage {wanted} needs an approval. Ask for it with `%model request-approval NAME@VERSION {wanted}`."
        )
    return rule


def stage_rule(rules: Sequence[StageRule], name: str) -> StageRule:
    """Return the rule of the stage `name`. Raises BadStage."""
    for rule in rules:
        if rule.name == name:
            return rule
    raise BadStage(f"{name[:80]!r} is not a stage. Use one of {', '.join(rule.name for rule in rules)}.")


def stage_after_succession(deployments: Sequence[str], *, archive: bool) -> Stage:
    """Return where the former holder of a stage goes: archived, or development while it still runs."""
    return Stage.ARCHIVED if archive and not deployments else Stage.DEVELOPMENT


def refuse_deletion(
    version: str, deployments: Sequence[str], rule: StageRule, aliases: Sequence[Alias], *, delete_aliases: bool
) -> None:
    """Raise what keeps a version from being deleted, all of it in one line. Source: K13, W4, W10.

    ModelDeployed, AliasProtected, StageProtected, AliasHeld: the first that holds.
    """
    if deployments:
        raise ModelDeployed(deployments)
    held = [alias.alias for alias in aliases if not alias.protected]
    guarded = [alias.alias for alias in aliases if alias.protected]
    named = [
        f"protected by the alias {', '.join(guarded)}" if guarded else "",
        f"in the protected stage {rule.name}" if rule.protected else "",
        f"called {', '.join(held)}" if held and not delete_aliases else "",
    ]
    reasons = f"{version} cannot be deleted: it is {', and '.join(name for name in named if name)}."
    if guarded:
        raise AliasProtected(f"{reasons} Remove the protection first, or archive the version.")
    if rule.protected:
        raise StageProtected(f"{reasons} Promote it to another stage first, or archive it.")
    if held and not delete_aliases:
        raise AliasHeld(f"{reasons} Move the alias to another version, or delete with delete_aliases=True.")


def shown_status(stored: Status, deployments: Sequence[str]) -> Status:
    """Return the status that people see: `deployed` while a deployment runs."""
    return Status.DEPLOYED if deployments else stored
