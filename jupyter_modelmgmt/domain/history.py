"""What happened, as people read it: a change in one line, the statuses of a version one after the other."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Any

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.governance import StatusChange
from jupyter_modelmgmt.domain.lifecycle import RUNNING
from jupyter_modelmgmt.domain.records import DeploymentState, Event, Status

_MOVES = ("stage", "moved", "status")  # details that hold what was before and what is now
_UNMOVING = ("deployment.stopped", "deployment.client_added", "deployment.client_removed")
_SHOWN = 60


def told(event: Event) -> str:
    """Return the details of an event as one line: `stage: staging → production; comment: better`."""
    details = dict(event.details)
    changes = details.pop("changes", {})
    moves = [_move(name, value) for name, value in _pairs(changes)]
    parts = [_move(name, value) if name in _MOVES else _fact(name, value) for name, value in details.items()]
    return "; ".join(part for part in (*moves, *parts) if part)


def status_log(log: Iterable[StatusChange], deployments: Iterable[Event], version: str) -> list[StatusChange]:
    """Return the statuses that people saw, oldest first: those set, and `deployed` while something ran.

    `log` has the stored statuses, `deployments` the events of the model's deployments; both oldest
    first. Source: D15, D16.
    """
    shown: list[StatusChange] = []
    stored, running = "", set[str]()
    entries: list[StatusChange | Event] = [*log, *deployments]
    for entry in sorted(entries, key=lambda entry: entry.at):
        if isinstance(entry, StatusChange):
            stored = entry.status
            shown.append(entry)
            continue
        before = bool(running)
        (running.add if _runs(entry, version, running=entry.deployment in running) else running.discard)(
            entry.deployment
        )
        if bool(running) != before:
            status = Status.DEPLOYED.value if running else stored
            shown.append(StatusChange(at=entry.at, actor=entry.actor, status=status, reason=_why(entry)))
    return shown


def span(on: datetime | date | str) -> tuple[datetime, datetime]:
    """Return from when to when `on` is: a day is all of it, a moment itself. Raises BadField."""
    if isinstance(on, str):
        on = _read(on)
    if isinstance(on, datetime):
        moment = on if on.tzinfo else on.replace(tzinfo=UTC)
        return moment, moment
    begin = datetime.combine(on, clock(), UTC)
    return begin, begin + timedelta(days=1)


def _read(text: str) -> datetime | date:
    try:
        found = datetime.fromisoformat(text)
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        _ = found + timedelta(days=1)
    except (ValueError, OverflowError):
        raise BadField(f"{text[:_SHOWN]!r} is not a date. Write 2026-11-21 or 2026-11-21T10:00:00Z.") from None
    return found.date() if "T" not in text.upper() and ":" not in text else found


def _runs(event: Event, version: str, *, running: bool) -> bool:
    """Tell whether the deployment runs `version` after `event`, which it did before if `running`.

    It begins to run when it is wanted. A state is told of the main version alone.
    """
    if event.action == "deployment.deleted":
        return False
    if event.action == "deployment.state":
        return event.details.get("state") in RUNNING and (running or event.version == version)
    if event.action in _UNMOVING:
        return running
    return version in event.details.get("versions", (event.version,)) and event.details.get("running", True)


def _why(event: Event) -> str:
    state = event.details.get("state", DeploymentState.DEPLOYING)
    word = event.action.removeprefix("deployment.") if event.action != "deployment.state" else str(state).lower()
    return f"deployment {event.deployment} {word}"


def _pairs(changes: Any) -> Sequence[tuple[str, Any]]:
    return list(changes.items()) if isinstance(changes, Mapping) else []


def _move(name: str, value: Any) -> str:
    if not isinstance(value, list | tuple) or len(value) != 2:  # noqa: PLR2004 - before and after
        return _fact(name, value)
    before, after = (_text(one) or "nothing" for one in value)
    return f"{name}: {before} → {after}"


def _fact(name: str, value: Any) -> str:
    return f"{name}: {_text(value)}" if _text(value) else ""


def _text(value: Any) -> str:
    match value:
        case None | "" | [] | ():
            return ""
        case bool():
            return "yes" if value else "no"
        case Mapping():
            text = ", ".join(f"{key} {_text(one)}" for key, one in value.items())
        case list() | tuple():
            text = ", ".join(map(_text, value))
        case _:
            text = str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
