"""Records of events on their way out."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that is told of events.

    `events` are patterns of actions (`version.*`), `model` restricts them to one model, empty for
    all. `body` is a template of the JSON that is sent, empty for the event itself. The secret that
    signs is never shown again. Source: W12.
    """

    id: int
    url: str
    events: tuple[str, ...]
    created_at: datetime
    created_by: str
    model: str = ""
    body: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One event to one webhook. `http_status` is 0 while nobody answered."""

    id: int
    webhook: int
    event: int
    action: str
    state: DeliveryState
    attempts: int
    at: datetime
    http_status: int = 0
    error: str = ""
    duration_ms: float = 0.0
    next_at: datetime | None = None
