"""Deployments of real workers: each test has a runtime directory, a store and a host of its own."""

import contextlib
import os
from pathlib import Path

import numpy as np
import psutil
import pytest

from jupyter_modelmgmt.artifacts import blobs_at
from jupyter_modelmgmt.domain.records import DeploymentState, NewVersion
from jupyter_modelmgmt.serving import logs
from jupyter_modelmgmt.serving.client import Host, runtime_of
from jupyter_modelmgmt.serving.limits import Limits
from jupyter_modelmgmt.store import Store, deployments, revisions, versions
from tests.servers.waiting import until

PLUGIN = Path(__file__).parent / "plugin"
QUICK = {"backoff_s": 0.1, "stable_s": 1.0, "probe_s": 0.1, "grace_s": 1.0}


class Serving:
    """One registry with its host."""

    def __init__(self, folder, **limits):
        self.artifacts = str(folder / "artifacts")
        self.url = f"sqlite:///{folder / 'registry.db'}"
        self.store = Store.open(self.url)
        self.limits = Limits(**{**QUICK, **limits})
        self._file = folder / "weights.bin"
        self._file.write_bytes(b"weights")

    def host(self):
        return Host.ensure(self.url, self.artifacts, limits=self.limits)

    def add(self, version="1.0.0", *, model="faulty", file=None, **fields):
        """Register a version of the faulty adapter, or of what `fields` say."""
        artifact = blobs_at(self.artifacts).add_file(file or self._file, (file or self._file).name)
        fields = {"adapter": "faulty", "config": {}, "flavor": "", **fields}
        new = NewVersion(model=model, version=version, artifacts=(artifact,), **fields)
        return versions.add(self.store, new, bump="minor", actor="tests")

    def deploy(self, version="1.0.0", *, name="faulty", model="faulty", wait=DeploymentState.DEPLOYED, **changes):
        revisions.put(self.store, name, f"{model}@{version}", actor="tests", **changes)
        self.host().wake()
        return self.wait(wait, name) if wait else deployments.get(self.store, name)

    def stop(self, name="faulty"):
        revisions.stop(self.store, name, actor="tests")
        self.host().wake()
        return self.wait(DeploymentState.STOPPED, name)

    def state(self, name="faulty"):
        return deployments.get(self.store, name)

    def wait(self, state, name="faulty", within_s=60):
        return until(lambda: (d := self.state(name)).state is state and d, within_s, lambda: self.state(name))

    def order(self, order, x=(1.0,), name="faulty"):
        x = np.asarray(x)
        return self.host().predict_tensors(name, {"order": np.full(len(x), order), "x": x})

    def logs(self, name="faulty", **chosen):
        return "\n".join(logs.Reader(runtime_of(self.url).logs, name, **chosen).news())

    def worker_pids(self):
        return [worker["pid"] for worker in self.host().status()["workers"]]


def of_runtime(directory):
    """Return the processes that run for the runtime directory of this test."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            theirs = process.environ().get("JUPYTER_RUNTIME_DIR") == str(directory)
            if theirs and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


@pytest.fixture
def runtime_dir(tmp_path, monkeypatch):
    """Give an empty runtime directory; whatever still runs for it at the end is killed."""
    directory = tmp_path / "runtime"
    directory.mkdir()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(directory))
    monkeypatch.setenv("PYTHONPATH", str(plugin_path(tmp_path)))
    yield directory
    for process in of_runtime(directory):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    until(lambda: not of_runtime(directory))


def plugin_path(folder):
    """Return a folder from which Python finds the faulty adapter, as if its package were installed."""
    info = folder / "site" / "faulty-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: faulty\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[jupyter_modelmgmt.adapters]\nfaulty = faulty:Faulty\n")
    (info.parent / "faulty.py").write_bytes((PLUGIN / "faulty.py").read_bytes())
    return info.parent


@pytest.fixture
def serving(runtime_dir, tmp_path):
    """Give a registry whose host gives up quickly."""
    made = Serving(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def serving_with(runtime_dir, tmp_path):
    """Give a function that makes a registry whose host has the given limits."""
    made = []

    def make(**limits):
        made.append(Serving(tmp_path, **limits))
        return made[-1]

    yield make
    for serving in made:
        serving.store.close()
