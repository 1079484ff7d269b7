"""Several versions in one deployment, shadows, private access, metrics, and taking back what does not come up."""

import http.client
import json
from base64 import b64encode
from collections import Counter
from contextlib import closing

import numpy as np
import psutil
import pytest

from jupyter_modelmgmt.domain.deployments import Outcome
from jupyter_modelmgmt.domain.errors import NotFound, TimedOut, TooLarge
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.domain.records import DeploymentState
from jupyter_modelmgmt.store import clients, revisions
from tests.servers.waiting import until
from tests.serving.plugin.faulty import ECHO, HANG, RAISE


def asked(serving, token=None, version="", name="faulty"):
    """Ask without the client library; return status, and the version that answered."""
    host = serving.host()
    tensors = [{"name": "order", "datatype": "INT64", "shape": [1], "data": [ECHO]},
               {"name": "x", "datatype": "FP64", "shape": [1], "data": [1.0]}]  # fmt: skip
    path = f"/v2/models/{name}{f'/versions/{version}' if version else ''}/infer"
    headers = {"Authorization": f"Bearer {host.file.token}" if token is None else token}
    with closing(http.client.HTTPConnection("127.0.0.1", host.file.port, timeout=30)) as connection:
        connection.request("POST", path, json.dumps({"inputs": tensors}), headers)
        response = connection.getresponse()
        said = json.loads(response.read())
    return response.status, said.get("model_version", "")


def change(serving, wait=DeploymentState.DEPLOYED, **changes):
    revisions.change(serving.store, "faulty", actor="tests", **changes)
    serving.host().wake()
    return serving.wait(wait)


def test_requests_are_spread_by_weight_and_a_version_can_be_chosen(serving):
    for number in ("1.0.0", "1.1.0"):
        serving.add(number)
    serving.deploy("1.0.0")
    before = serving.worker_pids()
    change(serving, versions={"1.0.0": 80, "1.1.0": 20})
    assert set(before) < set(serving.worker_pids())  # what ran goes on
    assert Counter(asked(serving)[1] for _ in range(50)) == {"1.0.0": 40, "1.1.0": 10}
    assert {asked(serving, version="1.1.0") for _ in range(3)} == {(200, "1.1.0")}
    said = {version: serving.logs(replica=version, text="Loading") for version in ("1.0.0", "1.1.0")}
    assert all(f"Loading faulty@{version}" in lines and "\n" not in lines for version, lines in said.items())
    assert asked(serving, version="9.9.9")[0] == 404
    change(serving, versions={"1.1.0": 100})
    until(lambda: len(serving.worker_pids()) == 1)
    assert {asked(serving)[1] for _ in range(5)} == {"1.1.0"}


def test_a_shadow_gets_copies_and_is_only_compared(serving):
    serving.add("1.0.0")
    serving.add("1.1.0", config={"plus": 1})
    serving.deploy("1.0.0")
    revisions.shadow(serving.store, "faulty", "1.1.0", actor="tests")
    serving.host().wake()
    serving.wait(DeploymentState.DEPLOYED)
    for _ in range(10):
        assert serving.order(ECHO, [4.0])["y"].tolist() == [4.0]

    def compared():
        main, shadow = serving.host().metrics("faulty").versions
        return shadow.compared == 10 and (main, shadow)

    main, shadow = until(compared)
    assert (main.version, main.calls, main.shadow) == ("1.0.0", 10, False)
    assert (shadow.version, shadow.shadow, shadow.agreed) == ("1.1.0", True, 0)
    assert serving.host().predict_tensors("faulty", {"order": np.array([ECHO]), "x": np.array([4.0])}, version="1.1.0")[
        "y"
    ].tolist() == [5.0]
    page = serving.host().metrics_page("faulty")
    assert 'modelmgmt_shadow_compared{deployment="faulty",version="1.1.0"} 10.0' in page


def test_figures_are_kept_by_version(serving):
    serving.add()
    serving.deploy(replicas=2)
    for _ in range(20):
        serving.order(ECHO)
    for _ in range(2):
        with pytest.raises(BadPrediction, match="this input is bad"):
            serving.order(RAISE)
    (figures,) = serving.host().metrics("faulty").versions
    assert (figures.calls, figures.failures, figures.replicas, figures.weight) == (22, 2, 2, 100)
    assert 0 < figures.p50_ms <= figures.p99_ms
    assert figures.memory_bytes > 10 * 2**20
    page = serving.host().metrics_page("faulty")
    assert 'modelmgmt_requests_total{deployment="faulty",version="1.0.0"} 22.0' in page
    assert page.count("modelmgmt_worker_memory_bytes{") == 2
    used = [float(line.split()[-1]) for line in page.splitlines() if line.startswith("modelmgmt_worker_cpu_seconds{")]
    assert len(used) == 2
    assert min(used) > 0

    def cpu_percent():
        serving.order(ECHO)
        return serving.host().metrics("faulty").versions[0].cpu_percent

    until(cpu_percent)  # it is what was used since it was asked for before
    with pytest.raises(NotFound):
        serving.host().metrics("nobody")


def test_a_private_deployment_lets_its_clients_in_and_nobody_else(serving):
    serving.add()
    serving.deploy()
    app = clients.add(serving.store, "faulty", "app", actor="tests")
    serving.host().wake()
    basic = "Basic " + b64encode(f"app:{app.token}".encode()).decode()
    assert asked(serving, f"Bearer {app.token}")[0] == 401  # not private yet
    change(serving, private=True)
    for token in (f"Bearer {app.token}", basic, None):
        assert asked(serving, token)[0] == 200
    other = "Basic " + b64encode(f"other:{app.token}".encode()).decode()
    for token in ("Bearer wrong", other, "Basic ***", ""):
        assert asked(serving, token)[0] == 401
    assert asked(serving, f"Bearer {app.token}", name="other")[0] == 401
    again = clients.add(serving.store, "faulty", "app", actor="tests")
    serving.host().wake()
    assert (asked(serving, basic)[0], asked(serving, f"Bearer {again.token}")[0]) == (401, 200)
    clients.remove(serving.store, "faulty", "app", actor="tests")
    serving.host().wake()
    assert asked(serving, f"Bearer {again.token}")[0] == 401


def test_an_update_that_does_not_come_up_is_taken_back_with_its_reason(serving):
    serving.add("1.0.0")
    serving.add("1.1.0", config={"load": "refuse"})
    serving.deploy("1.0.0")
    (pid,) = serving.worker_pids()
    serving.deploy("1.1.0", wait=None)

    def back():
        found = serving.state()
        return found.state is DeploymentState.DEPLOYED and found.version == "1.0.0" and found.message

    message = until(back)
    assert message.startswith("Rolled back to revision 1 (1.0.0). 1.1.0 did not come up, 1.0.0 still answers.")
    assert "The weights are of another model." in message
    assert serving.worker_pids() == [pid]
    rolled, failed, first = revisions.history(serving.store, "faulty")
    assert (rolled.actor, rolled.outcome) == ("host", Outcome.DEPLOYED)
    assert failed.outcome is Outcome.FAILED
    assert "another model" in failed.reason
    assert first.outcome is Outcome.DEPLOYED


def test_what_does_not_change_the_workers_leaves_them_alone(serving):
    serving.add()
    serving.deploy()
    (pid,) = serving.worker_pids()
    change(serving, description="new", metadata={"team": "a"}, private=True, limits={"max_queue": 5})
    assert serving.worker_pids() == [pid]
    change(serving, resources={"cpu": 1})
    until(lambda: len(serving.worker_pids()) == 1 and serving.worker_pids() != [pid])


def test_a_deployment_has_its_own_limits(serving):
    serving.add()
    serving.deploy(replicas=1)
    change(serving, limits={"answer_s": 0.5, "max_body": 400})
    with pytest.raises(TimedOut, match=r"within 0.5 s"):
        serving.order(HANG)
    with pytest.raises(TooLarge, match="above the limit"):
        serving.order(ECHO, np.ones(100))
    assert serving.order(ECHO)["y"].tolist() == [1.0]


def test_what_nobody_asks_stops_by_itself(serving):
    serving.add()
    serving.deploy()
    change(serving, auto_stop_s=1)
    stopped = serving.wait(DeploymentState.STOPPED)
    assert (stopped.available, stopped.endpoint) == (0, "")
    assert revisions.history(serving.store, "faulty")[0].message == "Stopped after 1 s without a request"


def test_the_endpoint_stays_when_the_host_starts_again(serving):
    serving.add()
    endpoint = serving.deploy().endpoint
    first = serving.host()
    assert endpoint == f"http://127.0.0.1:{first.file.port}/v2/models/faulty/infer"
    first.shutdown()
    until(lambda: not psutil.pid_exists(first.file.pid))
    assert serving.host().file.port == first.file.port
    assert serving.wait(DeploymentState.DEPLOYED).endpoint == endpoint


def test_a_port_that_is_taken_meanwhile_is_left_to_its_owner(serving):
    import socket

    serving.add()
    serving.deploy()
    first = serving.host()
    first.shutdown()
    until(lambda: not psutil.pid_exists(first.file.pid))
    with socket.create_server(("127.0.0.1", first.file.port)):
        assert serving.host().file.port != first.file.port
        assert serving.order(ECHO)["y"].tolist() == [1.0]
    assert serving.wait(DeploymentState.DEPLOYED).endpoint
