"""States of deployments, and moving them from version to version while they answer."""

import http.client
import threading
import time
from collections import Counter
from contextlib import closing

import psutil
import pytest

from jupyter_modelmgmt.domain.errors import ModelManagementError, NotDeployed, NotFound, Overloaded
from jupyter_modelmgmt.domain.records import DeploymentState
from jupyter_modelmgmt.store import deployments, events, revisions
from tests.servers.waiting import until
from tests.serving.conftest import of_runtime
from tests.serving.plugin.faulty import ECHO

ASKED = "asked " * 2000  # as much as leaves a buffer at once


class Load:
    """Clients that ask without a pause, each over its own connection, until the block ends."""

    def __init__(self, serving, clients):
        self.statuses = Counter()
        self.problems = []
        self._serving = serving
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(clients)]

    def _ask(self):
        host = self._serving.host()
        while not self._stop.is_set():
            try:
                assert self._serving.order(ECHO, [4.0])["y"].tolist() == [4.0]
                self.statuses[host.file.pid] += 1
            except ModelManagementError as error:
                self.problems.append(error)

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()


def versions_running(serving):
    return sorted(worker["version"] for worker in serving.host().status()["workers"])


def test_a_deployment_goes_from_deploying_to_stopped_and_leaves_no_process(serving, runtime_dir):
    serving.add()
    assert serving.deploy(wait=None).state is DeploymentState.DEPLOYING
    deployed = serving.wait(DeploymentState.DEPLOYED)
    assert (deployed.available, deployed.message) == (1, "Deployment completed")
    assert serving.stop().available == 0
    assert [process.pid for process in of_runtime(runtime_dir)] == [serving.host().file.pid]
    states = [e.details["state"] for e in events.after(serving.store, 0) if e.action == "deployment.state"]
    assert "Deployed" in states
    assert states[-1] == "Stopped"


def test_a_stopped_deployment_says_what_to_do_and_starts_again(serving):
    serving.add()
    serving.deploy()
    serving.stop()
    with pytest.raises(NotDeployed, match="Need to deploy before predicting"):
        serving.order(ECHO)
    revisions.start(serving.store, "faulty", actor="tests")
    serving.host().wake()
    assert serving.order(ECHO)["y"].tolist() == [1.0]


def test_a_deployment_nobody_made_is_not_found(serving):
    serving.host()
    with pytest.raises(NotFound, match="nobody"):
        serving.order(ECHO, name="nobody")


def test_a_removed_deployment_is_not_found(serving):
    serving.add()
    serving.deploy()
    serving.stop()
    deployments.remove(serving.store, "faulty", confirm="faulty", actor="tests")
    serving.host().wake()

    def is_unknown():
        with pytest.raises((NotFound, NotDeployed)) as raised:
            serving.order(ECHO)
        return raised.type is NotFound

    until(is_unknown)


def test_requests_wait_for_a_worker_that_is_starting(serving):
    serving.add(config={"load_s": 1.0})
    serving.deploy(wait=None)
    until(lambda: serving.host().status()["workers"])
    assert serving.order(ECHO)["y"].tolist() == [1.0]


def test_requests_wait_no_longer_than_allowed(serving_with):
    serving = serving_with(hold_s=0.3)
    serving.add(config={"load": "hang"})
    serving.deploy(wait=None)
    until(lambda: serving.host().status()["workers"])
    with pytest.raises(Overloaded, match="No worker became ready in time"):
        serving.order(ECHO)
    host = serving.host()
    with closing(http.client.HTTPConnection("127.0.0.1", host.file.port, timeout=30)) as connection:
        headers = {"Authorization": f"Bearer {host.file.token}"}
        connection.request("POST", "/v2/models/faulty/infer", b"{}", headers)
        response = connection.getresponse()
        assert (response.status, response.headers["Retry-After"]) == (503, "1")


def test_a_full_queue_is_told(serving_with):
    serving = serving_with(max_queue=2)
    serving.add(config={"pause_s": 0.3})
    serving.deploy()
    with Load(serving, 6) as load:
        until(lambda: load.problems)
    assert {type(problem) for problem in load.problems} == {Overloaded}
    assert load.statuses.total()


def test_an_update_under_load_fails_no_request(serving):
    serving.add("1.0.0")
    serving.add("1.1.0")
    serving.deploy("1.0.0", replicas=2)
    with Load(serving, 4) as load:
        time.sleep(0.3)
        serving.deploy("1.1.0", replicas=2)
        until(lambda: versions_running(serving) == ["1.1.0", "1.1.0"])
        time.sleep(0.3)
        serving.deploy("1.0.0", replicas=1)
        until(lambda: versions_running(serving) == ["1.0.0"])
        time.sleep(0.3)
    assert load.problems == []
    assert load.statuses.total() > 200


def test_stopping_lets_the_requests_in_a_worker_end(serving):
    serving.add(config={"pause_s": 1.0, "say": ASKED})
    serving.deploy()
    answers = []
    asking = threading.Thread(target=lambda: answers.append(serving.order(ECHO)))
    asking.start()
    until(lambda: "asked" in serving.logs())
    serving.stop()
    asking.join()
    assert answers[0]["y"].tolist() == [1.0]


@pytest.mark.parametrize("config", [{"child": True}, {"load": "hang"}], ids=["with children", "while it starts"])
def test_stopping_leaves_no_process_of_a_worker(serving, runtime_dir, config):
    serving.add(config=config)
    serving.deploy(wait=None if "load" in config else DeploymentState.DEPLOYED)
    until(lambda: len(of_runtime(runtime_dir)) > 1)
    serving.stop()
    assert [process.pid for process in of_runtime(runtime_dir)] == [serving.host().file.pid]


def test_a_version_that_does_not_come_up_leaves_the_old_one_answering(serving):
    serving.add("1.0.0")
    serving.add("1.1.0", config={"load": "refuse"})
    serving.deploy("1.0.0")
    with Load(serving, 2) as load:
        serving.deploy("1.1.0", wait=None)
        until(lambda: "1.1.0 did not come up, 1.0.0 still answers" in serving.state().message)
        time.sleep(0.2)
    assert load.problems == []
    assert serving.state().available == 1
    assert versions_running(serving) == ["1.0.0"]
    assert serving.deploy("1.0.0").message == "Deployment completed"
    assert versions_running(serving) == ["1.0.0"]


def test_a_newer_wish_replaces_one_that_is_still_starting(serving):
    serving.add("1.0.0")
    serving.add("1.1.0", config={"load": "hang"})
    serving.add("1.2.0")
    serving.deploy("1.0.0")
    serving.deploy("1.1.0", wait=None)
    until(lambda: versions_running(serving) == ["1.0.0", "1.1.0"])
    serving.deploy("1.2.0")
    until(lambda: versions_running(serving) == ["1.2.0"])


def test_replicas_are_added_and_taken_away_without_restarting_the_others(serving):
    serving.add()
    serving.deploy()
    (first,) = serving.worker_pids()
    assert serving.deploy(replicas=3).available == 3
    assert first in serving.worker_pids()
    serving.deploy(replicas=1)
    until(lambda: serving.worker_pids() == [first])


def test_requests_are_spread_over_the_replicas(serving):
    serving.add(config={"pause_s": 0.1, "say": ASKED})
    serving.deploy(replicas=2)
    with Load(serving, 2) as load:
        until(lambda: all("asked" in serving.logs(replica=str(index)) for index in range(2)))
    assert load.problems == []
    assert all(psutil.pid_exists(pid) for pid in serving.worker_pids())


def test_requests_that_wait_are_answered_as_one_batch(serving):
    serving.add(config={"pause_s": 0.3})
    serving.deploy()
    rows = []
    threads = [threading.Thread(target=lambda: rows.append(serving.order(ECHO)["rows"].tolist())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(rows) > [1]


def test_a_batch_has_no_more_rows_than_wanted(serving):
    serving.add(config={"pause_s": 0.25})
    serving.deploy(max_batch=3)
    answer = serving.order(ECHO, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0])
    assert answer["y"].tolist() == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert answer["rows"].tolist() == [3, 3, 3, 3, 3, 3, 1]
    rows = []
    threads = [threading.Thread(target=lambda: rows.extend(serving.order(ECHO)["rows"].tolist())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 < max(rows) <= 3


def test_logs_are_kept_per_replica_and_after_the_stop(serving):
    serving.add()
    serving.deploy(replicas=2)
    serving.stop()
    assert "Ready" in serving.logs(replica="1.0.0-0")
    assert {line[:9] for line in serving.logs(text="Ready").splitlines()} == {"[1.0.0-0]", "[1.0.0-1]"}
