"""Webhooks: records of events on their way out, and the rules of what is sent where and when."""

import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.fields import checked_text
from jupyter_modelmgmt.domain.records import Event

WAITS_S = (1, 5, 30, 120, 600, 3600)  # after each failure; then no more
VARIABLES = ("event_type", "event_author", "model", "version", "stage", "alias", "tag")
MAX_URL = 2000
MAX_PATTERNS = 20
_SECRET = range(8, 201)
_PATTERN = re.compile(r"[a-z_.*?]{1,60}")
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


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
class AddedWebhook(Webhook):
    """A webhook with the secret that signs its calls: keep it, nobody tells it again."""

    secret: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one call: no error when the receiver took the event."""

    http_status: int = 0
    error: str = ""
    duration_ms: float = 0.0


def wants(patterns: Sequence[str], model: str, event: Event) -> bool:
    """Tell whether somebody who listens to `patterns`, and to one model if one is named, hears `event`."""
    heard = any(fnmatchcase(event.action, pattern) for pattern in patterns)
    return heard and model.lower() in ("", event.model.lower())


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what the header `X-Modelmgmt-Signature` has; receivers compute the same and compare."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, "sha256").hexdigest()


def rendered(template: str, event: Event) -> bytes:
    """Return the JSON of `template` with its variables filled in."""
    values = _values(event)
    return _VARIABLE.sub(lambda match: json.dumps(values[match[1]])[1:-1], template).encode()


def checked_url(url: str) -> str:
    """Return `url` if a webhook may have it. Raises BadField. Addresses inside the network are allowed."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        fits = fits and len(url) <= MAX_URL and url.isprintable() and url.isascii() and " " not in url
    except ValueError:
        fits = False
    if not fits:
        raise BadField(f"{url[:80]!r} is not the address of a webhook. Use http://host/path or https://host/path.")
    if "@" in parts.netloc:
        raise BadField("The address has a user or password in it. Leave them out: calls are signed with the secret.")
    return url


def checked_patterns(events: str | Sequence[str]) -> tuple[str, ...]:
    """Return patterns of actions, from comma text or a list. Raises BadField."""
    words = [word.strip() for word in events.split(",")] if isinstance(events, str) else list(events)
    if not 0 < len(words) <= MAX_PATTERNS or not all(isinstance(w, str) and _PATTERN.fullmatch(w) for w in words):
        raise BadField(
            f"{words!r:.80} are not patterns of events. Use 1 to {MAX_PATTERNS}, such as version.* or alias.set."
        )
    return tuple(words)


def checked_body(template: str) -> str:
    """Return `template` if it is JSON with known variables inside its texts, or empty. Raises BadField."""
    for name in _VARIABLE.findall(checked_text("body", template)):
        if name not in VARIABLES:
            raise BadField(f"${{{name[:40]}}} is no variable. There are {', '.join(f'${{{v}}}' for v in VARIABLES)}.")
    try:
        json.loads(_VARIABLE.sub("x", template or "{}"))
    except (ValueError, RecursionError) as error:
        raise BadField(f'body is not JSON: {error}. Put variables into texts: {{"text": "${{model}}"}}.') from None
    return template


def checked_secret(secret: str) -> str:
    """Return `secret` if it may sign calls. Raises BadField, which does not repeat it."""
    if len(secret) not in _SECRET or not secret.isprintable():
        raise BadField(f"secret has {_SECRET.start} to {_SECRET.stop - 1} printable characters.")
    return secret


def _values(event: Event) -> dict[str, str]:
    details = event.details
    before, after = _pair(details.get("changes", {}).get("tags"))
    return {
        "event_type": event.action,
        "event_author": event.actor,
        "model": event.model,
        "version": event.version,
        "stage": str(_pair(details.get("stage"))[1] or ""),
        "alias": str(details.get("alias", "")),
        "tag": ", ".join(tag for tag in after or () if tag not in (before or ())),
    }


def _pair(value: Any) -> tuple[Any, Any]:
    """Return what was before and what is now, of a detail that has one or both."""
    if isinstance(value, list | tuple) and len(value) == 2:  # noqa: PLR2004 - before and after
        return value[0], value[1]
    return None, value
