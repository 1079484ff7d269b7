"""Finding, starting and ending the one host of a registry."""

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from jupyter_modelmgmt.domain.errors import ServingFailed
from jupyter_modelmgmt.domain.records import DeploymentState
from jupyter_modelmgmt.serving.client import Host
from jupyter_modelmgmt.serving.runtime import HostFile, Runtime
from tests.servers.waiting import until
from tests.serving.conftest import of_runtime
from tests.serving.plugin.faulty import ECHO

STARTER = "import sys; from jupyter_modelmgmt.serving.client import Host; print(Host.ensure(*sys.argv[1:]).file.pid)"


def test_no_host_runs_until_one_is_wanted(serving):
    assert Host.find(serving.url) is None


def test_the_file_is_for_its_owner_alone(serving, runtime_dir):
    host = serving.host()
    runtime = Runtime(runtime_dir, serving.url)
    assert stat.S_IMODE(runtime.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(host.file.sockets).stat().st_mode) == 0o700
    assert runtime.read() == host.file


def test_two_starters_get_one_host(serving, runtime_dir):
    command = [sys.executable, "-c", STARTER, serving.url, serving.artifacts]
    starters = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]
    pids = {starter.communicate(timeout=120)[0] for starter in starters}
    assert len(pids) == 1
    until(lambda: len(of_runtime(runtime_dir)) == 1)
    assert Host.find(serving.url).file.pid == int(pids.pop())


@pytest.mark.parametrize("pid", ["dead", "of another"])
def test_a_stale_file_is_replaced(serving, runtime_dir, pid):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    number = gone.pid if pid == "dead" else os.getpid()
    runtime_dir.joinpath("x").mkdir()
    stale = HostFile(pid=number, port=9, token="t", version="0", started_at=0, sockets=str(runtime_dir / "x"))
    Runtime(runtime_dir, serving.url).write(stale)
    assert Host.find(serving.url) is None
    assert serving.host().file.pid != number
    assert not runtime_dir.joinpath("x").exists()


def test_a_file_that_is_no_such_file_is_replaced(serving, runtime_dir):
    Runtime(runtime_dir, serving.url).file.write_text("{}")
    assert serving.host().status()["workers"] == []


def test_the_host_writes_its_file_again_when_somebody_removed_it(serving, runtime_dir):
    host = serving.host()
    Runtime(runtime_dir, serving.url).remove()
    assert until(lambda: Host.find(serving.url)).file == host.file


def test_a_port_that_is_taken_meanwhile_is_another_one_next_time(serving):
    serving.add()
    before = serving.deploy().endpoint
    first = serving.host()
    first.shutdown()
    until(lambda: not psutil.pid_exists(first.file.pid))
    with socket.create_server(("127.0.0.1", first.file.port)):
        assert serving.order(ECHO)["y"].tolist() == [1.0]
        now = serving.wait(DeploymentState.DEPLOYED).endpoint
        assert now != before
        assert f":{serving.host().file.port}/" in now


def test_an_idle_host_ends_itself_and_takes_its_file_along(serving_with, runtime_dir):
    serving = serving_with(idle_s=1.0)
    serving.add()
    serving.deploy()
    time.sleep(2)
    assert serving.order(ECHO)["y"].tolist() == [1.0]
    serving.stop()
    until(lambda: not of_runtime(runtime_dir))
    assert not Runtime(runtime_dir, serving.url).file.exists()


def test_a_host_told_to_end_stops_its_workers_first(serving, runtime_dir):
    serving.add()
    serving.deploy()
    host = serving.host()
    os.kill(host.file.pid, signal.SIGTERM)
    until(lambda: not of_runtime(runtime_dir))
    assert not Path(host.file.sockets).exists()
    assert serving.state().state is DeploymentState.DEPLOYING
    assert "shut down" in serving.state().message


def test_a_client_finds_the_next_host_by_itself(serving):
    serving.add()
    serving.deploy()
    first = serving.host()
    first.shutdown()
    until(lambda: not psutil.pid_exists(first.file.pid))
    with pytest.raises(ServingFailed, match="did not answer"):
        first.status()
    assert serving.order(ECHO)["y"].tolist() == [1.0]


def test_a_host_that_cannot_start_says_where_to_read_why(serving, tmp_path):
    with pytest.raises(ServingFailed, match=r"did not start within 2 s. Read .*host.log"):
        Host.ensure("nonsense://", serving.artifacts, timeout_s=2)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v2"), ("GET", "/v2/health/live"), ("GET", "/v2/health/ready"), ("GET", "/v2/models/m"),
        ("POST", "/v2/models/m/infer"), ("GET", "/metrics"), ("GET", "/control/status"), ("GET", "/control/logs/m"),
        ("POST", "/control/reconcile"), ("POST", "/control/shutdown"), ("GET", "/nothing"),
    ],
)  # fmt: skip
def test_every_route_needs_the_token(one_host, method, path):
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {one_host.file.token}"}):
        connection = http.client.HTTPConnection("127.0.0.1", one_host.file.port)
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        body = json.loads(response.read())
        connection.close()
        assert response.status == 401
        assert body["code"] == "unauthenticated"
        assert body["error"] == body["message"]


@pytest.fixture(scope="module")
def one_host(tmp_path_factory):
    """Give one running host for tests that leave it as it is."""
    folder = tmp_path_factory.mktemp("one")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_RUNTIME_DIR", str(folder))
        host = Host.ensure(f"sqlite:///{folder / 'registry.db'}", str(folder / "artifacts"))
        yield host
        host.shutdown()
        until(lambda: not of_runtime(folder))
