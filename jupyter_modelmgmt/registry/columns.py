"""What a table shows of each record, by column title; one function a record."""

from collections.abc import Callable, Iterable
from typing import Any

from jupyter_modelmgmt.domain.deployments import (
    Client,
    Deployment,
    DeploymentSpec,
    Difference,
    Revision,
    VersionMetrics,
)
from jupyter_modelmgmt.domain.governance import Approval, Settings, StageRule, Trashed
from jupyter_modelmgmt.domain.jobs import Job
from jupyter_modelmgmt.domain.offers import LibraryEntry, MemoryModel
from jupyter_modelmgmt.domain.records import DeploymentBadge, Model, VersionSummary
from jupyter_modelmgmt.registry.figures import figure, size, when
from jupyter_modelmgmt.registry.happened import HAPPENED
from jupyter_modelmgmt.registry.importable import IMPORTABLE
from jupyter_modelmgmt.registry.kept_shown import KEPT
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
        "Version": f"{deployment.model}@{_shares(deployment)}",
        "State": deployment.state.value,
        "Replicas": f"{deployment.available}/{deployment.replicas}",
        "Message": deployment.message,
        "Updated": when(deployment.updated_at),
    }


def _revision(revision: Revision) -> Cells:
    return {
        "Revision": revision.revision,
        "Message": revision.message,
        "By": revision.actor,
        "At": when(revision.at),
        "Versions": _shares(revision.spec),
        "Outcome": revision.outcome.value,
        "Reason": revision.reason.partition("\n")[0],
    }


def _difference(difference: Difference) -> Cells:
    return {"Field": difference.field, "Before": difference.before, "After": difference.after}


def _metrics(metrics: VersionMetrics) -> Cells:
    share = "shadow" if metrics.shadow else f"{metrics.weight} %"
    shown = {
        "Version": metrics.version, "Share": share, "Calls": metrics.calls, "Failures": metrics.failures,
        "p50": _ms(metrics.p50_ms), "p99": _ms(metrics.p99_ms), "CPU": f"{metrics.cpu_percent:g} %",
        "Memory": size(metrics.memory_bytes),
    }  # fmt: skip
    return {**shown, "Agreed": f"{metrics.agreed}/{metrics.compared}"} if metrics.shadow else shown


def _ms(value: float | None) -> str:
    return "" if value is None else f"{figure(value)} ms"


def _client(client: Client) -> Cells:
    return {"Client": client.name, "By": client.created_by, "At": when(client.created_at)}


def _shares(spec: DeploymentSpec) -> str:
    if len(spec.versions) == 1:
        return spec.main
    return ", ".join(f"{s.version} {'shadow' if s.shadow else f'{s.weight} %'}" for s in spec.versions)


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


def _job(job: Job) -> Cells:
    """Source: D27."""
    return {
        "Id": job.id,
        "Name": job.name,
        "Created at": when(job.created_at),
        "Status": job.status.value,
        "Progress": f"{job.progress:.0%}",
        "Duration": "" if job.duration_s is None else f"{job.duration_s:.1f} s",
        "Service": job.service,
        "Dataset": job.dataset,
        "Reason": job.reason,
    }


def _names(badges: Iterable[DeploymentBadge]) -> str:
    return ", ".join(badge.name for badge in badges)


_OF: dict[type, Callable[[Any], Cells]] = {
    Approval: _approval,
    Client: _client,
    Deployment: _deployment,
    Difference: _difference,
    Job: _job,
    LibraryEntry: _entry,
    MemoryModel: _memory,
    Model: _model,
    Revision: _revision,
    Settings: _settings,
    StageRule: _stage,
    Trashed: _trashed,
    VersionMetrics: _metrics,
    VersionSummary: _version,
    **HAPPENED,
    **IMPORTABLE,
    **KEPT,
    **TRACKED,
}
