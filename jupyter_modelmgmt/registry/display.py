"""Records as table rows for people, in a notebook cell and in a terminal."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any

from jupyter_modelmgmt.domain.governance import Approval, Settings, StageRule, Trashed
from jupyter_modelmgmt.domain.records import Deployment, Event, LibraryEntry, MemoryModel, Model, VersionSummary

_SIGNIFICANT = 4


def cells(record: Any) -> dict[str, Any]:
    """Return what a table shows of `record`, by column title."""
    match record:
        case Model():
            return _model(record)
        case VersionSummary():
            return _version(record)
        case Deployment():
            return _deployment(record)
        case LibraryEntry():
            return {"Name": record.name, "Task": record.task.value, "Framework": record.framework,
                    "License": record.license, "Size": size(record.size), "Description": record.description}  # fmt: skip
        case MemoryModel():
            return {"Variable": record.variable, "Class": record.class_name, "Framework": record.framework,
                    "Task": record.task.value, "Problem": record.problem}  # fmt: skip
        case Event():
            return {"When": when(record.at), "Who": record.actor, "What": record.action, "Model": record.model,
                    "Version": record.version, "Deployment": record.deployment}  # fmt: skip
    return _governed(record)


def _governed(record: Any) -> dict[str, Any]:
    match record:
        case StageRule():
            asks = [name for name in ("exclusive", "protected", "approval") if getattr(record, name)]
            following = "any" if record.transitions is None else ", ".join(record.transitions)
            return {"Stage": record.name, "Asks": ", ".join(asks), "Next": following, "Gates": "; ".join(record.gates)}
        case Approval():
            return {"Request": record.id, "Version": f"{record.model}@{record.version}", "Stage": record.stage,
                    "State": record.state.value, "Asked by": record.asked_by, "Asked": when(record.asked_at),
                    "Comment": record.comment, "Decided by": record.decided_by, "Answer": record.answer}  # fmt: skip
        case Trashed():
            return {"Version": f"{record.model}@{record.version}", "Deleted": when(record.deleted_at),
                    "Size": size(record.size)}  # fmt: skip
        case Settings():
            return {"Setting": "first_version", "Value": record.first_version}
    raise TypeError(type(record))


def _model(model: Model) -> dict[str, Any]:
    latest = model.latest
    return {
        "Name": model.name,
        "Latest": latest.version if latest else "",
        "Stage": latest.stage if latest else "",
        "Versions": model.version_count,
        "Deployed by": _names(model.deployments),
        "Updated": when(model.updated_at),
    }


def _version(version: VersionSummary) -> dict[str, Any]:
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


def _deployment(deployment: Deployment) -> dict[str, Any]:
    return {
        "Name": deployment.name,
        "Version": f"{deployment.model}@{deployment.version}",
        "State": deployment.state.value,
        "Replicas": f"{deployment.available}/{deployment.replicas}",
        "Message": deployment.message,
        "Updated": when(deployment.updated_at),
    }


def html(records: Iterable[Any]) -> str:
    """Return records as an HTML table; every text is escaped."""
    rows = [cells(record) for record in records]
    if not rows:
        return "<em>Nothing here yet.</em>"
    columns = list(dict.fromkeys(column for row in rows for column in row))
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(row.get(c, '')))}</td>" for c in columns) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def figure(value: float) -> str:
    """Return a number with four significant digits: small losses stay visible (T5)."""
    return f"{value:.{_SIGNIFICANT}g}"


def when(time: datetime) -> str:
    return time.astimezone().strftime("%Y-%m-%d %H:%M")


def size(count: int) -> str:
    """Return bytes as people read them."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:  # noqa: PLR2004 - SI
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} GB"


def _names(badges: Iterable[Any]) -> str:
    return ", ".join(badge.name for badge in badges)
