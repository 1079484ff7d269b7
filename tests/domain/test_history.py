from datetime import UTC, date, datetime, timedelta

import pytest

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.governance import StatusChange
from jupyter_modelmgmt.domain.history import span, status_log, told
from jupyter_modelmgmt.domain.records import Event

BEGIN = datetime(2026, 11, 21, 10, tzinfo=UTC)


def event(action, minute=0, version="1.0.0", deployment="", **details):
    at = BEGIN + timedelta(minutes=minute)
    return Event(id=minute, at=at, actor="ada", action=action, model="digits", version=version,
                 deployment=deployment, details=details)  # fmt: skip


@pytest.mark.parametrize(
    ("details", "line"),
    [
        ({}, ""),
        ({"stage": ["staging", "production"], "comment": "better"}, "stage: staging → production; comment: better"),
        ({"changes": {"tags": [["a"], ["x", "y"]], "public": [False, True]}}, "tags: a → x, y; public: no → yes"),
        ({"changes": {"author": ["", "Bo"]}, "reason": ""}, "author: nothing → Bo"),
        ({"alias": "champion", "moved": ["1.0.0", "1.1.0"]}, "alias: champion; moved: 1.0.0 → 1.1.0"),
        ({"aliases": ["a", "b"], "sequence": 3}, "aliases: a, b; sequence: 3"),
        ({"changes": {"gates": ["metrics.a > 1"], "protected": True}}, "gates: metrics.a > 1; protected: yes"),
        ({"metrics": {"loss": 0.5}}, "metrics: loss 0.5"),
        ({"comment": "x" * 100}, f"comment: {'x' * 59}…"),
    ],
)
def test_details_are_told_in_one_line(details, line):
    assert told(event("version.edited", **details)) == line


def test_the_status_is_deployed_while_a_deployment_runs():
    log = [StatusChange(at=BEGIN, actor="ada", status="draft"),
           StatusChange(at=BEGIN + timedelta(minutes=9), actor="bo", status="completed", reason="done")]  # fmt: skip
    happened = [
        event("deployment.created", 1, deployment="one"),
        event("deployment.state", 2, deployment="one", state="Deployed"),
        event("deployment.created", 3, deployment="two"),
        event("deployment.updated", 4, deployment="one", version="2.0.0"),
        event("deployment.stopped", 5, deployment="two"),
        event("deployment.state", 6, deployment="two", state="Stopped"),
        event("deployment.deleted", 7, deployment="two"),
        event("deployment.started", 10, deployment="two"),
        event("deployment.state", 11, deployment="two", state="Failed"),
    ]
    shown = [(entry.at.minute, entry.status, entry.reason) for entry in status_log(log, happened, "1.0.0")]
    assert shown == [
        (0, "draft", ""),
        (1, "deployed", "deployment one created"),
        (6, "draft", "deployment two stopped"),
        (9, "completed", "done"),
        (10, "deployed", "deployment two started"),
        (11, "completed", "deployment two failed"),
    ]


def test_a_day_is_all_of_it_and_a_moment_itself():
    day = (datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC))
    assert span(date(2026, 11, 21)) == span("2026-11-21") == day
    assert span(BEGIN) == span("2026-11-21T10:00:00Z") == span("2026-11-21T12:00:00+02:00") == (BEGIN, BEGIN)
    assert span(BEGIN.replace(tzinfo=None)) == (BEGIN, BEGIN)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "9999-12-31", "0001-01-01T00:00:00+05:00"])
def test_another_text_is_no_date(text):
    with pytest.raises(BadField, match="is not a date"):
        span(text)
