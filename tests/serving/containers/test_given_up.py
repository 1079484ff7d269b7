"""Deployments that are given up while their container is being made leave nothing behind."""

import asyncio
import os

import psutil
import pytest

from jupyter_modelmgmt.domain.containers import Container
from jupyter_modelmgmt.serving.backend import Backend
from jupyter_modelmgmt.serving.container_images import TOOL_VARIABLE
from jupyter_modelmgmt.serving.engines.container import ContainerWorker
from tests.servers.waiting import until
from tests.serving.conftest import of_runtime
from tests.serving.containers.conftest import IMAGE, added

pytestmark = pytest.mark.heavy

# A line of shell before each call of podman: it halts the one that makes a container.
FETCHING = '[ "$1" = pull ] && exec sleep 600'
BEGINNING = '[ "$1" = run ] && exec sleep 600'
CREATED = '[ "$1" = run ] && shift && podman create "$@" && exec sleep 600'
SLOW = '[ "$1" = run ] && sleep 2'
HALTS = pytest.mark.parametrize("line", [BEGINNING, CREATED, SLOW], ids=["beginning", "created", "slow"])


@pytest.fixture
def podman_with(tmp_path, monkeypatch):
    """Give a function that puts a line of shell before each call of podman from now on."""
    tool = tmp_path / "tool"
    monkeypatch.setenv(TOOL_VARIABLE, str(tool))

    def make(line):
        tool.write_text(f'#!/bin/sh\n{line}\nexec podman "$@"\n')
        tool.chmod(0o755)

    return make


@pytest.fixture
def making(serving, podman, podman_with):
    """Give a function that deploys 1.0.0, halts podman by a line, and gives the keeper and what it runs."""

    def make(line):
        podman_with(line)
        added(serving)
        serving.deploy(engine="container", wait=None)
        (keeper,) = until(lambda: [psutil.Process(pid) for pid in serving.worker_pids() if pid])
        made = [keeper, *until(keeper.children)]
        if line == CREATED:
            until(podman.containers)
        return made

    return make


def all_end(processes):
    _, left = psutil.wait_procs(processes, 30)
    return not left


def only_the_host_runs(serving, runtime_dir):
    host = serving.host().file.pid
    return until(lambda: [process.pid for process in of_runtime(runtime_dir)] == [host])


@HALTS
def test_it_goes_with_the_stop_of_its_deployment(serving, podman, making, runtime_dir, line):
    made = making(line)
    serving.stop()
    assert podman.containers() == []
    assert all_end(made)
    assert only_the_host_runs(serving, runtime_dir)


@HALTS
def test_it_goes_with_its_host(serving, podman, making, line):
    made = making(line)
    psutil.Process(serving.host().file.pid).kill()
    assert all_end(made)
    assert podman.containers() == []


def test_it_goes_with_a_host_that_is_shut_down(serving, podman, making):
    made = making(CREATED)
    serving.host().shutdown()
    assert all_end(made)
    assert podman.containers() == []


def test_it_gives_way_to_another_version(serving, podman, making, podman_with):
    made = making(CREATED)
    podman_with("")
    added(serving, "2.0.0")
    serving.deploy("2.0.0", engine="container")
    assert all_end(made)
    until(lambda: len(podman.containers()) == 1)
    assert serving.host().status()["workers"][0]["version"] == "2.0.0"


def test_an_image_is_fetched_no_longer_than_it_is_wanted(serving, podman, podman_with, runtime_dir):
    podman_with(FETCHING)
    added(serving, image="localhost/nobody-built-this:1")
    serving.deploy(engine="container", wait=None)
    until(lambda: "Fetching the image" in serving.state().message)
    serving.stop()
    assert only_the_host_runs(serving, runtime_dir)
    assert podman.containers() == []


def test_a_start_is_given_up_at_every_step(podman, runtime_dir, tmp_path):
    process = psutil.Process()
    before = process.num_fds()
    reached = []
    while "started" not in reached:
        reached.append(asyncio.run(given_up(len(reached), tmp_path / "log")))
    assert "cancelled" in reached
    assert podman.containers() == []
    assert until(lambda: not of_runtime(runtime_dir))
    assert process.num_fds() == before


async def given_up(step, log):
    """Cancel the start of a container after `step` turns of the loop, and tell how far it was."""
    name = f"given-up-{step}"
    words = ("podman", "run", "--rm", "--name", name, "--pull", "never", IMAGE)
    backend = Backend(("127.0.0.1", 9), "1.0.0")
    start = ContainerWorker.start(Container(image=IMAGE), name, words, log, dict(os.environ), backend)
    starting = asyncio.create_task(start)
    for _ in range(step):
        await asyncio.sleep(0)
    starting.cancel()
    try:
        worker = await starting
    except asyncio.CancelledError:
        return "cancelled"
    await worker.kill()
    return "started"
