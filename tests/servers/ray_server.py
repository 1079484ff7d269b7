"""A Ray cluster of one node on 127.0.0.1: in a session and a folder of its own, ended by its process group."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import requests

from tests.servers.ports import free_port


@contextmanager
def ray_cluster(within_s=180):
    """Give the address of a dashboard; every process of the cluster is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ray-"))  # short: unix sockets lie below it
    names = ("port", "dashboard-port", "dashboard-agent-listen-port", "dashboard-agent-grpc-port", "runtime-env-agent-port",
             "metrics-export-port", "node-manager-port", "object-manager-port", "ray-client-server-port")  # fmt: skip
    ports = {name: free_port() for name in names}
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environ |= {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # else 127.0.0.1 becomes the address of the network card
        "RAY_TEST_FOLDER": str(folder),
        "RAY_enable_worker_prestart": "0",
        "RAY_gcs_server_request_timeout_seconds": "120",
        "RAY_raylet_start_wait_time_s": "120",
        "RAY_agent_register_timeout_ms": "120000",
        "RAY_worker_register_timeout_seconds": "120",
    }
    command = [
        str(Path(sys.executable).with_name("ray")), "start", "--head", "--block", "--node-ip-address=127.0.0.1",
        "--dashboard-host=127.0.0.1", "--num-cpus=8", "--object-store-memory=100000000", f"--temp-dir={folder}",
        "--min-worker-port=0", "--max-worker-port=0", *(f"--{name}={port}" for name, port in ports.items()),
    ]  # fmt: skip
    with (folder / "head.log").open("wb") as log:
        head = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                start_new_session=True)  # fmt: skip
    address = f"http://127.0.0.1:{ports['dashboard-port']}"
    try:
        _wait(address, head, folder / "head.log", within_s)
        yield address
    finally:
        _end(head, folder)


def _wait(address, head, log, within_s):
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline and head.poll() is None:
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{address}/api/serve/applications/", timeout=30).ok:
                return
        time.sleep(0.5)
    raise AssertionError(f"Ray did not start: {log.read_text(errors='replace')[-3000:]}")


def _end(head, folder):
    """End the head, and what it started: those processes lead groups of their own, but carry our folder."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(head.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        head.wait(15)
    for _ in range(2):
        for process in _ours(folder):
            with contextlib.suppress(psutil.Error):
                process.kill()
    head.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


def _ours(folder):
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("RAY_TEST_FOLDER") == str(folder):
                yield process
