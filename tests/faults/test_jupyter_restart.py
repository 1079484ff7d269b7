"""Jupyter is restarted: deployments end and come back, or go on, as they were told."""

import psutil
import pytest

from jupyter_modelmgmt.registry import connect
from tests.fuzz.conftest import Served
from tests.servers.waiting import until


@pytest.mark.heavy
@pytest.mark.parametrize("keep", [False, True])
def test_what_should_run_runs_after_a_restart(tmp_path, classifier, digits, keep):
    url = f"sqlite:///{tmp_path / 'registry' / 'registry.db'}"
    reg = connect(url)
    reg.register(classifier, "digits")
    option = f"--ModelManagement.keep_deployments={keep}"

    def answers(server):
        found = server.ask("GET", "deployments/svc").json()
        return found["state"] == "Deployed" and found["available"] == 1

    first = Served(url, tmp_path, option)
    for name in ("svc", "idle"):
        assert first.ask("POST", "deployments", json={"selector": "digits", "name": name}).status_code == 201
    assert first.ask("POST", "deployments/idle/stop").status_code == 200
    until(lambda: answers(first), 60)
    host = first.ask("GET", "status").json()["host"]["pid"]
    first.end()
    if keep:
        assert psutil.pid_exists(host)
    else:
        until(lambda: not psutil.pid_exists(host), 60)  # it answers first, then ends
        assert reg.deployment("svc").message.startswith("Waits for a serving host")
    second = Served(url, tmp_path, option)
    until(lambda: answers(second), 60)
    assert (second.ask("GET", "status").json()["host"]["pid"] == host) is keep
    assert reg.predict("svc", digits[0][:2]).outputs["label"].tolist() == digits[1][:2].tolist()
    assert second.ask("GET", "deployments/idle").json()["state"] == "Stopped"
    second.end()
    if running := reg.running_host():
        running.shutdown()
    reg.close()
