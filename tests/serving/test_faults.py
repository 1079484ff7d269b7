"""What goes wrong in models, workers and hosts, and what is left then."""

import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from jupyter_modelmgmt.domain.errors import ServingFailed, TimedOut
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.domain.records import DeploymentState
from jupyter_modelmgmt.serving import logs
from jupyter_modelmgmt.serving.client import runtime_of
from jupyter_modelmgmt.store import events
from tests.servers.waiting import until
from tests.serving.conftest import of_runtime
from tests.serving.plugin.faulty import CRASH, EAT, ECHO, GULP, HANG, HOLD_LOCK, RAISE

ORPHANS_S = 30.0  # 1 s is promised; a busy machine takes longer to list its processes


def test_a_model_that_raises_fails_its_request_alone(serving):
    serving.add()
    serving.deploy()
    with pytest.raises(BadPrediction, match="ValueError: this input is bad"):
        serving.order(RAISE)
    assert serving.order(ECHO, [2.0])["y"].tolist() == [2.0]
    assert "this input is bad" in serving.logs()


def test_a_crash_while_answering_is_told_and_the_worker_comes_back(serving):
    serving.add()
    serving.deploy()
    (before,) = serving.worker_pids()
    with pytest.raises(ServingFailed, match="ended while it answered"):
        serving.order(CRASH)
    assert serving.order(ECHO, [3.0])["y"].tolist() == [3.0]  # held until the worker is back
    (after,) = serving.worker_pids()
    assert after != before
    assert serving.wait(DeploymentState.DEPLOYED).available == 1
    messages = [event.details.get("message", "") for event in events.after(serving.store, 0)]
    assert any("exit code 3" in message and "going down" in message for message in messages)


def test_a_killed_worker_comes_back(serving):
    serving.add()
    serving.deploy()
    (pid,) = serving.worker_pids()
    os.kill(pid, signal.SIGKILL)
    until(lambda: [w for w in serving.host().status()["workers"] if w["restarts"] == 1 and w["state"] == "ready"])
    assert serving.order(ECHO)["y"].tolist() == [1.0]


def test_a_full_disk_for_logs_stops_nobody(serving):
    log = logs.path(runtime_of(serving.url).logs, "faulty", "1.0.0-0")
    log.parent.mkdir(parents=True)
    log.symlink_to("/dev/full")
    serving.add(config={"say": "x" * 9000})
    serving.deploy()
    for _ in range(3):
        assert serving.order(ECHO)["y"].tolist() == [1.0]
    with pytest.raises(BadPrediction, match="this input is bad"):
        serving.order(RAISE)
    assert serving.stop().available == 0


def test_what_a_model_prints_is_kept_within_bounds(serving):
    serving.add(config={"load": "garbage"})
    serving.deploy()
    log = logs.path(runtime_of(serving.url).logs, "faulty", "1.0.0-0")
    until(lambda: log.stat().st_size < logs.MAX_BYTES)
    assert log.with_suffix(".log.1").stat().st_size == logs.MAX_BYTES
    assert serving.order(ECHO)["y"].tolist() == [1.0]
    assert "Ready" in serving.logs()


def test_a_worker_that_takes_too_much_memory_is_replaced_and_the_reason_told(serving):
    serving.add()
    serving.deploy(resources={"memory_mb": 300})
    (before,) = serving.worker_pids()
    with contextlib.suppress(ServingFailed):  # unless it answered before anybody looked
        serving.order(EAT)
    until(lambda: not psutil.pid_exists(before))
    assert serving.order(ECHO, [3.0])["y"].tolist() == [3.0]
    told = [event.details.get("message", "") for event in events.after(serving.store, 0)]
    assert any("MiB of memory, more than the 300 MiB that it may. It was killed." in message for message in told)
    serving.add("2.0.0", config={"load": "eat"})
    serving.deploy("2.0.0", wait=None)
    until(lambda: "300 MiB" in serving.state().message and serving.state().version == "1.0.0")
    assert serving.order(ECHO, [3.0])["y"].tolist() == [3.0]


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux bounds what a process reserves.")
def test_what_asks_for_far_too_much_memory_at_once_fails_alone(serving):
    serving.add()
    serving.deploy(resources={"memory_mb": 300})
    (before,) = serving.worker_pids()
    with pytest.raises(BadPrediction, match="The model raised MemoryError. Read"):
        serving.order(GULP)
    assert serving.order(ECHO, [3.0])["y"].tolist() == [3.0]
    assert serving.worker_pids() == [before]


def test_a_crash_loop_ends_in_failed_with_the_last_log_lines(serving):
    serving.add(config={"load": "crash"})
    started = time.monotonic()
    failed = serving.deploy(wait=DeploymentState.FAILED)
    assert time.monotonic() - started >= 0.1 + 0.2 + 0.4 + 0.8
    assert "exit code 4" in failed.message
    assert "no luck with ['weights.bin']" in failed.message
    assert serving.host().status()["workers"] == []
    assert serving.logs().count("no luck") == serving.limits.max_starts
    with pytest.raises(ServingFailed, match="failed: The worker ended"):
        serving.order(ECHO)


def test_what_failed_is_not_started_again_by_the_next_host(serving):
    serving.add(config={"load": "refuse"})
    failed = serving.deploy(wait=DeploymentState.FAILED)
    first = serving.host()
    first.shutdown()
    until(lambda: not psutil.pid_exists(first.file.pid))
    with pytest.raises(ServingFailed, match="Start the deployment to try again"):
        serving.order(ECHO)
    assert serving.host().status()["workers"] == []
    assert serving.state() == failed


def test_a_version_that_no_start_would_help_fails_at_once(serving):
    serving.add(config={"load": "refuse"})
    failed = serving.deploy(wait=DeploymentState.FAILED)
    assert "The weights are of another model." in failed.message
    assert serving.logs().count("Loading") == 1


def test_damaged_artifacts_fail_with_the_name_of_the_file(serving, tmp_path):
    serving.add()
    (blob,) = (p for p in (tmp_path / "artifacts" / "blobs").rglob("*") if p.is_file())
    blob.chmod(0o600)
    blob.write_bytes(b"changed")
    failed = serving.deploy(wait=DeploymentState.FAILED)
    assert "weights.bin" in failed.message


def test_a_worker_that_never_gets_ready_is_given_up(serving_with):
    serving = serving_with(start_s=1.5, max_starts=1)
    serving.add(config={"load": "hang"})
    assert "not ready within 1.5 s" in serving.deploy(wait=DeploymentState.FAILED).message


@pytest.mark.parametrize("order", [HANG, HOLD_LOCK], ids=["in the model", "of the whole process"])
def test_a_hung_worker_is_replaced(serving_with, order):
    serving = serving_with(answer_s=2.0)
    serving.add()
    serving.deploy()
    (before,) = serving.worker_pids()
    with pytest.raises(TimedOut, match="did not answer within 2 s"):
        serving.order(order)
    assert serving.order(ECHO, [5.0])["y"].tolist() == [5.0]
    until(lambda: not psutil.pid_exists(before))


def test_nothing_is_left_a_second_after_the_host_is_killed(serving, runtime_dir):
    serving.add(config={"child": True})
    serving.deploy(replicas=2)
    host = serving.host()
    assert len(of_runtime(runtime_dir)) == 5
    os.kill(host.file.pid, signal.SIGKILL)
    until(lambda: not of_runtime(runtime_dir), ORPHANS_S)


def test_a_hung_worker_does_not_outlive_a_killed_host(serving, runtime_dir):
    serving.add()
    serving.deploy()

    def ask():
        with pytest.raises(ServingFailed):
            serving.order(HOLD_LOCK)

    asking = threading.Thread(target=ask)
    asking.start()
    (pid,) = serving.worker_pids()
    until(lambda: psutil.Process(pid).status() == psutil.STATUS_STOPPED)
    os.kill(serving.host().file.pid, signal.SIGKILL)
    until(lambda: not of_runtime(runtime_dir), ORPHANS_S)
    asking.join()


def test_a_new_host_takes_up_what_a_killed_one_left(serving, runtime_dir):
    serving.add()
    serving.deploy()
    first = serving.host()
    os.kill(first.file.pid, signal.SIGKILL)
    until(lambda: not psutil.pid_exists(first.file.pid))
    assert serving.order(ECHO, [7.0])["y"].tolist() == [7.0]
    assert serving.host().file.pid != first.file.pid
    assert not Path(first.file.sockets).exists()
