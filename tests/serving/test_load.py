"""Thousands of requests while versions come, go, share and are shadowed: none fails."""

import pytest

from tests.servers.waiting import until
from tests.serving.test_deployments import Load
from tests.serving.test_versions import change

pytestmark = pytest.mark.heavy
REQUESTS = 5000
GOALS = (
    {"1.0.0": 100},
    {"1.1.0": 100},
    {"1.1.0": 60, "1.0.0": 40},
    [{"version": "1.1.0"}, {"version": "1.0.0", "weight": 0, "shadow": True}],
)


@pytest.mark.timeout(600)
def test_rolling_updates_fail_none_of_five_thousand_requests(serving):
    for number in ("1.0.0", "1.1.0"):
        serving.add(number)
    serving.deploy("1.0.0", replicas=2)
    rounds = 0
    with Load(serving, 8) as load:
        while load.statuses.total() < REQUESTS or rounds < 2:
            for goal in GOALS:
                done = load.statuses.total()
                change(serving, versions=goal, replicas=1 + rounds % 2)
                until(lambda done=done: load.statuses.total() > done + 100, 60)
            rounds += 1
    assert load.problems == []
    assert load.statuses.total() >= REQUESTS
