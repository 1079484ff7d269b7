"""Deployments of a container image that is built here, run by podman. Source: M12."""

from contextlib import closing

import numpy as np
import psutil
import pytest

from jupyter_modelmgmt.domain.containers import HealthCheck, HealthKind
from jupyter_modelmgmt.domain.records import DeploymentState
from jupyter_modelmgmt.registry import connect
from jupyter_modelmgmt.serving.container_images import copy_name
from tests.servers.waiting import until
from tests.serving.containers.conftest import IMAGE, added

pytestmark = pytest.mark.heavy


def asked(serving):
    reply = serving.host().predict_tensors("faulty", {"x": np.ones(1)})
    return reply["y"].tolist()


def test_an_image_answers_writes_logs_and_leaves_nothing(serving, podman):
    added(serving, environment={"GREETING": "hello"})
    deployed = serving.deploy(
        engine="container", variables={"GREETING": "from the deployment"}, secrets={"KEY": "hidden"}
    )
    assert (deployed.available, deployed.engine) == (1, "container")
    assert asked(serving) == [7]
    (name,) = podman.containers()
    assert podman.run("exec", name, "/bin/busybox", "sh", "-c", "echo $GREETING $KEY") == "from the deployment hidden"
    keeper = psutil.Process(serving.worker_pids()[0])
    assert "jupyter_modelmgmt.serving.keeper" in keeper.cmdline()
    assert "hidden" not in " ".join(keeper.cmdline())
    assert "POST /v2/models/faulty/infer" in serving.logs()
    serving.stop()
    assert podman.containers() == []


def test_the_copy_of_an_image_outlives_it(serving, podman):
    added(serving)
    added(serving, "2.0.0", replicate=False)
    serving.deploy(engine="container")
    serving.stop()
    podman.run("rmi", IMAGE)
    try:
        serving.deploy(engine="container")
        assert asked(serving) == [7]
        serving.deploy("2.0.0", engine="container", wait=None)
        until(lambda: "podman pull failed" in serving.state().message, 60)
        assert asked(serving) == [7]
    finally:
        podman.run("tag", copy_name("faulty", "1.0.0", serving.artifacts), IMAGE)


def test_the_copy_of_an_image_goes_with_its_version(serving, podman):
    added(serving)
    serving.deploy(engine="container")
    serving.stop()
    copy = copy_name("faulty", "1.0.0", serving.artifacts)
    others = copy_name("faulty", "1.0.0", "/another/registry")
    podman.run("tag", IMAGE, others)
    with closing(connect(serving.url, artifacts=serving.artifacts)) as registry:
        registry.delete_deployment("faulty", confirm="faulty")
        registry.delete("faulty@1.0.0")
        assert registry.collect_garbage(grace_s=0).images == 0
        assert {copy, others, IMAGE} <= set(podman.images())  # the trash keeps it
        registry.purge("faulty@1.0.0", confirm="faulty@1.0.0")
        assert copy not in podman.images()
        podman.run("tag", IMAGE, copy)  # as another machine has it, where nobody purged
        assert registry.collect_garbage(dry_run=True).images == 1
        assert registry.collect_garbage().images == 1
    assert {IMAGE, others} <= set(podman.images())
    assert copy not in podman.images()
    podman.run("rmi", others)


def test_registries_of_one_machine_do_not_share_copies():
    assert copy_name("net", "1.0.0", "/one") != copy_name("net", "1.0.0", "/other")
    assert copy_name("net", "1.0.0", "/one") == copy_name("net", "1.0.0", "/one")


def test_a_container_that_becomes_ill_is_replaced(serving, podman):
    added(serving)
    serving.deploy(engine="container")
    (first,) = podman.containers()
    podman.run("exec", first, "/bin/busybox", "touch", "/ill")
    until(lambda: [name for name in podman.containers() if name != first], 30)
    until(lambda: serving.host().status()["workers"][0]["state"] == "ready", 30)
    assert asked(serving) == [7]


def test_a_command_tells_whether_it_is_well(serving, podman):
    well = HealthCheck(kind=HealthKind.COMMAND, command=("/bin/busybox", "true"), delay_s=0.2, period_s=0.5)
    start = ("/bin/busybox", "nc", "-ll", "-p", "9000", "-e", "/bin/answer")
    added(serving, health=well, command=start, port=9000)  # in the place of the image's own
    serving.deploy(engine="container")
    ill = HealthCheck(
        kind=HealthKind.COMMAND, command=("/bin/busybox", "false"), delay_s=0.1, period_s=0.1, max_failures=2
    )
    added(serving, "2.0.0", health=ill)
    serving.deploy("2.0.0", engine="container", wait=None)
    until(lambda: "health check failed 2 times in a row" in serving.state().message, 60)
    assert asked(serving) == [7]


def test_containers_end_with_a_host_that_is_killed(serving, podman):
    added(serving)
    serving.deploy(engine="container")
    assert len(podman.containers()) == 1
    psutil.Process(serving.host().file.pid).kill()
    assert podman.gone(10)


def test_a_container_whose_keeper_was_killed_is_replaced(serving, podman):
    added(serving)
    serving.deploy(engine="container")
    (first,) = podman.containers()
    psutil.Process(serving.worker_pids()[0]).kill()
    until(lambda: first not in podman.containers())
    serving.wait(DeploymentState.DEPLOYED)
    until(lambda: serving.host().status()["workers"][0]["state"] == "ready")
    assert asked(serving) == [7]


def test_what_is_no_image_is_refused_with_a_reason(serving):
    serving.add()
    failed = serving.deploy(engine="container", wait=DeploymentState.FAILED)
    assert "is no container image" in failed.message
