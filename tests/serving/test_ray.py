"""Deployments on a real Ray cluster of one node, beside the application of somebody else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import psutil
import pytest
import requests

from jupyter_modelmgmt.domain.errors import ServingFailed
from jupyter_modelmgmt.store import revisions
from tests.servers.ports import free_port
from tests.servers.ray_server import ray_cluster
from tests.servers.waiting import until

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(900)]
OTHERS = """
from ray import serve


@serve.deployment
class Hello:
    def __call__(self, request):
        return "hello"


app = Hello.bind()
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Give the dashboard's address of a cluster on which somebody serves `hello`."""
    folder = tmp_path_factory.mktemp("others")
    (folder / "others_app.py").write_text(OTHERS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        with ray_cluster() as address:
            body = {
                "http_options": {"host": "127.0.0.1", "port": free_port()},
                "grpc_options": {"port": free_port()},
                "applications": [
                    {"name": "others", "route_prefix": "/hello", "import_path": "others_app:app",
                     "runtime_env": {"env_vars": {"SECRET": "kept"}}},
                ],
            }  # fmt: skip
            requests.put(f"{address}/api/serve/applications/", json=body, timeout=120).raise_for_status()
            yield address


def applications(address):
    return requests.get(f"{address}/api/serve/applications/", timeout=60).json()["applications"]


def ours(address):
    return [name for name in applications(address) if name.startswith("modelmgmt-")]


def workers(reg):
    return [worker["state"] for worker in reg.running_host().status()["workers"]]


@contextmanager
def asking(reg, row):
    """Ask `digits` all the while; give the versions that answered. A request that fails fails the test."""
    answered, ended = [], threading.Event()

    def ask():
        while not ended.is_set():
            answered.append(reg.predict("digits", row).version)

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask)
        try:
            yield answered
        finally:
            ended.set()
        asked.result()


@pytest.fixture
def digits_on_ray(reg, classifier, cluster):
    reg.register(classifier, "digits")
    return reg.deploy("digits", name="digits", engine="ray", engine_address=cluster, timeout_s=600)


def test_a_version_is_deployed_scaled_updated_split_and_stopped(
    reg, digits_on_ray, classifier, digits, cluster, tmp_path
):
    x = digits[0]
    assert (digits_on_ray.state, digits_on_ray.available, digits_on_ray.engine) == ("Deployed", 1, "ray")
    answer = digits_on_ray.predict(x[:20])
    assert np.array_equal(answer.outputs["label"], classifier.predict(x[:20]))
    assert np.allclose(answer.outputs["probability"], classifier.predict_proba(x[:20]))
    until(lambda: "Finished initializing replica" in reg.logs("digits"))

    reg.update_deployment("digits", replicas=2, timeout_s=300)
    until(lambda: workers(reg) == ["ready", "ready"], 300)
    batch = reg.batch("digits", x[:600], tmp_path / "out.jsonl")
    assert (batch.successful, batch.target) == (600, "digits")
    assert np.array_equal(batch.frame().label, classifier.predict(x[:600]))

    reg.register(classifier, "digits", version="2.0.0", allow_identical=True)
    with asking(reg, x[:1]) as answered:
        assert reg.deploy("digits@2.0.0", name="digits", timeout_s=600).version == "2.0.0"
        until(lambda: answered[-1] == "2.0.0")
    assert set(answered) == {"1.0.0", "2.0.0"}

    shares = [{"version": "1.0.0", "weight": 50}, {"version": "2.0.0", "weight": 50}]
    reg.update_deployment("digits", versions=shares, timeout_s=600)
    assert {reg.predict("digits", x[:1]).version for _ in range(4)} == {"1.0.0", "2.0.0"}
    until(lambda: {"1.0.0-0", "2.0.0-0"} <= set(reg.log_replicas("digits")))

    reg.stop("digits", timeout_s=300)
    until(lambda: not ours(cluster), 120)
    others = applications(cluster)["others"]
    assert others["status"] == "RUNNING"
    assert others["deployed_app_config"]["runtime_env"]["env_vars"] == {"SECRET": "kept"}


def test_the_cluster_scales_by_itself_within_bounds(reg, classifier, digits, cluster):
    reg.register(classifier, "digits")
    scaled = {"min": 1, "max": 3, "target_ongoing": 1}
    deployed = reg.deploy(
        "digits", name="scaled", engine="ray", engine_address=cluster, autoscale=scaled, timeout_s=600
    )
    assert deployed.state == "Deployed"
    (name,) = ours(cluster)
    (deployment,) = applications(cluster)[name]["deployments"].values()
    config = deployment["deployment_config"]["autoscaling_config"]
    assert (config["min_replicas"], config["max_replicas"], config["target_ongoing_requests"]) == (1, 3, 1)
    reg.stop("scaled", timeout_s=300)


def test_what_does_not_come_up_tells_why(reg, cluster, tmp_path):
    from sklearn.linear_model import LinearRegression

    version = reg.register(LinearRegression().fit([[0.0], [1.0]], [0, 1]), "line")
    blob = reg.artifacts.path(version.artifacts[0].digest)
    blob.chmod(0o600)
    blob.write_bytes(b"damaged")
    with pytest.raises(ServingFailed, match=r"(?s)line failed.*(damaged|digest)"):
        reg.deploy("line", name="line", engine="ray", engine_address=cluster, timeout_s=600)
    with pytest.raises(ServingFailed, match="did not answer"):
        reg.deploy("line", name="nowhere", engine="ray", engine_address="http://127.0.0.1:9", timeout_s=100)


def test_a_killed_host_leaves_nothing_for_long(reg, digits_on_ray, classifier, digits, cluster):
    reg.deploy("digits", name="other", engine="ray", engine_address=cluster, timeout_s=600)
    before = set(ours(cluster))
    assert len(before) == 2
    psutil.Process(reg.running_host().file.pid).kill()
    until(lambda: not reg.running_host())
    revisions.stop(reg.store, "other", actor="tests")  # while no host looks
    reg.host()
    until(lambda: [d.state for d in reg.deployments()] == ["Deployed", "Stopped"], 300)
    assert np.array_equal(reg.predict("digits", digits[0][:3]).outputs["label"], classifier.predict(digits[0][:3]))
    until(lambda: len(ours(cluster)) == 1, 120)
    assert set(ours(cluster)) < before  # the same application: nothing was loaded again
    reg.stop("digits", timeout_s=300)
    until(lambda: not ours(cluster), 120)
