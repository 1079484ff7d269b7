"""What a table shows of each record, by column title; one function a record."""

from collections.abc import Callable, Iterable
from typing import Any

from jupyter_modelmgmt.domain.governance import Approval, Settings, StageRule, Trashed
from jupyter_modelmgmt.domain.offers import LibraryEntry, MemoryModel
from jupyter_modelmgmt.domain.records import Deployment, DeploymentBadge, Model, VersionSummary
from jupyter_modelmgmt.registry.figures import figure, size, when
from jupyter_modelmgmt.registry.happened import HAPPENED
from jupyter_modelmgmt.registry.tracked import TRACKED

Cells = dict[str, Any]


def cells(record: Any) -> Cells:
    """Return what a table shows of `record`, by column title."""
    for kind in type(record).__mro__:
        if kind in _OF:
            return _OF[kind](record)
    raise TypeError(type(record))


def _model(model: Model) -> Cells:
    latest = model.latest
    return {
        "Name": model.name,
        "Latest": latest.version if latest else "",
        "Stage": latest.stage if latest else "",
        "Versions": model.version_count,
        "Deployed by": _names(model.deployments),
        "Updated": when(model.updated_at),
    }


def _version(version: VersionSummary) -> Cells:
    return {
        "Model": version.model,
        "Version": version.version,
        "Status": version.status.value,
        "Stage": version.stage,
        "Framework": version.framework,
        "Registered at": when(version.created_at),
        "Deployed by": _names(version.deployments),
        **{key: figure(value) for key, value in version.metrics.items()},
    }


def _deployment(deployment: Deployment) -> Cells:
    return {
        "Name": deployment.name,
        "Version": f"{deployment.model}@{deployment.version}",
        "State": deployment.state.value,
        "Replicas": f"{deployment.available}/{deployment.replicas}",
        "Message": deployment.message,
        "Updated": when(deployment.updated_at),
    }


def _entry(entry: LibraryEntry) -> Cells:
    return {
        "Name": entry.name,
        "Task": entry.task.value,
        "Framework": entry.framework,
        "License": entry.license,
        "Size": size(entry.size),
        "Description": entry.description,
    }


def _memory(model: MemoryModel) -> Cells:
    return {
        "Variable": model.variable,
        "Class": model.class_name,
        "Framework": model.framework,
        "Task": model.task.value,
        "Size": "" if model.size is None else size(model.size),
        "Cell": "" if model.cell is None else model.cell,
        "Registered": model.standing,
        "Problem": model.problem,
    }


def _stage(rule: StageRule) -> Cells:
    asks = [name for name in ("exclusive", "protected", "approval") if getattr(rule, name)]
    following = "any" if rule.transitions is None else ", ".join(rule.transitions)
    return {"Stage": rule.name, "Asks": ", ".join(asks), "Next": following, "Gates": "; ".join(rule.gates)}


def _approval(approval: Approval) -> Cells:
    return {
        "Request": approval.id,
        "Version": f"{approval.model}@{approval.version}",
        "Stage": approval.stage,
        "State": approval.state.value,
        "Asked by": approval.asked_by,
        "Asked": when(approval.asked_at),
        "Comment": approval.comment,
        "Decided by": approval.decided_by,
        "Answer": approval.answer,
    }


def _trashed(found: Trashed) -> Cells:
    return {
        "Version": f"{found.model}@{found.version}",
        "Deleted": when(found.deleted_at),
        "Size": size(found.size),
    }


def _settings(settings: Settings) -> Cells:
    return {"First version": settings.first_version}


def _names(badges: Iterable[DeploymentBadge]) -> str:
    return ", ".join(badge.name for badge in badges)


_OF: dict[type, Callable[[Any], Cells]] = {
    Approval: _approval,
    Deployment: _deployment,
    LibraryEntry: _entry,
    MemoryModel: _memory,
    Model: _model,
    Settings: _settings,
    StageRule: _stage,
    Trashed: _trashed,
    VersionSummary: _version,
    **HAPPENED,
    **TRACKED,
}
