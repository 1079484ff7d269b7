"""What a table shows of events, periods, and what is told of them to others."""

from collections.abc import Callable
from typing import Any

from jupyter_modelmgmt.domain.governance import StagePeriod, StatusChange
from jupyter_modelmgmt.domain.history import told
from jupyter_modelmgmt.domain.records import Event
from jupyter_modelmgmt.domain.webhooks import Delivery, Webhook
from jupyter_modelmgmt.registry.figures import figure, when


def _event(event: Event) -> dict[str, Any]:
    return {"When": when(event.at), "Who": event.actor, "What": event.action, "Model": event.model,
            "Version": event.version, "Deployment": event.deployment, "Details": told(event)}  # fmt: skip


def _status(change: StatusChange) -> dict[str, Any]:
    return {"When": when(change.at), "Who": change.actor, "Status": change.status, "Reason": change.reason}


def _period(period: StagePeriod) -> dict[str, Any]:
    left = when(period.left_at) if period.left_at else "still there"
    return {"Model": period.model, "Version": period.version, "Stage": period.stage, "From": when(period.entered_at),
            "To": left, "Who": period.actor, "Comment": period.comment}  # fmt: skip


def _webhook(webhook: Webhook) -> dict[str, Any]:
    return {"Id": webhook.id, "Address": webhook.url, "Events": ", ".join(webhook.events),
            "Model": webhook.model or "all", "Active": "yes" if webhook.active else "no"}  # fmt: skip


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {"Id": delivery.id, "When": when(delivery.at), "Event": delivery.action, "State": delivery.state.value,
            "Attempts": delivery.attempts, "Answer": delivery.http_status or "",
            "Took": f"{figure(delivery.duration_ms)} ms",
            "Error": delivery.error}  # fmt: skip


HAPPENED: dict[type, Callable[[Any], dict[str, Any]]] = {
    Event: _event,
    StatusChange: _status,
    StagePeriod: _period,
    Webhook: _webhook,
    Delivery: _delivery,
}
