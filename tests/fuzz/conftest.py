"""One Jupyter server in a process of its own, on each database, with a little of everything in it."""

import io
import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from jupyter_modelmgmt.registry import connect
from tests.servers.ports import free_port

START_S = 60


class Served:
    """A server; `ask` sends a request and gives its answer whatever it is."""

    def __init__(self, url, folder, *more):
        self.token = secrets.token_hex(16)
        self.log = folder / "server.log"
        options = (
            "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={free_port()}",
            f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={self.token}",
            "--ServerApp.jpserver_extensions={'jupyter_modelmgmt': True}", "--ServerApp.log_level=ERROR",
            f"--ModelManagement.url={url}", f"--ModelManagement.artifacts={folder / 'registry'}",
            "--ModelManagement.upload_limit=3000000", *more,
        )  # fmt: skip
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "jupyter_server", *options], stdout=log, stderr=log)
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"token {self.token}"
        self.address = self._address() + "modelmgmt/api/v1"

    def _address(self):
        file = Path(os.environ["JUPYTER_RUNTIME_DIR"]) / f"jpserver-{self.process.pid}.json"
        until = time.monotonic() + START_S
        while not file.exists() or not file.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)
        url = json.loads(file.read_text())["url"]
        while not self._listens(url):  # the file comes a moment before the server listens
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)
        return url

    def _listens(self, url):
        try:
            return self.session.get(url + "api", timeout=START_S).ok
        except requests.ConnectionError:
            return False

    def ask(self, method, path, **options):
        return self.session.request(method, f"{self.address}/{path}", timeout=60, **options)

    def end(self):
        self.session.close()
        self.process.terminate()
        self.process.wait(START_S)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.heavy)])
def served(request, tmp_path_factory):
    """Give the server; what it knows: the model `digits`, a run, a dataset, a request, a stage, a webhook, a kept test."""
    folder = tmp_path_factory.mktemp("served")
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'registry' / 'registry.db'}"
    else:
        url = request.getfixturevalue("postgresql").new_url()
    known = filled(url, folder)
    server = Served(url, folder)
    server.known = known
    yield server
    server.end()


def filled(url, folder):
    """Return, by the names of path parameters, what is in the registry."""
    reg = connect(url, artifacts=folder / "registry")
    file = folder / "notes.txt"
    file.write_text("x")
    reg.register_files(
        file, "digits", version="1.0.0", labels=["a", "b"], metrics={"a": 0.5}, params={"p": 1}, tags="t"
    )
    reg.register_files(file, "digits", version="1.1.0", labels=["a", "b"], allow_identical=True)
    reg.register_files(file, "old", version="1.0.0")
    reg.delete("old@1.0.0")
    reg.set_alias("digits@1.0.0", "champion")
    asked = reg.request_approval("digits@1.1.0", "production")
    run = reg.start_run("train", params={"p": 1})
    reg.log_batch(run.id, {"loss": 0.5})
    upload = reg.uploads().start()
    digest, size = reg.artifacts.add(io.BytesIO(b'{"inputs": []}'))
    answer = {"outputs": [{"name": "y", "datatype": "FP32", "shape": [1], "data": [1.0]}]}
    reg.keep_answer("digits@1.0.0", name="one", digest=digest, size=size, media="application/json", expected=answer)
    reg.close()
    return {
        "model": ["digits", "old"], "version": ["1.0.0", "latest", "^1", "champion"], "alias": ["champion", "other"],
        "stage": ["production", "canary"], "request": [str(asked.id)], "run": [run.id], "key": ["loss"],
        "path": ["notes.txt"], "id": [upload.id], "entry": ["none"], "name": ["svc-a"], "dataset": ["none@1"],
        "webhook": ["1"], "delivery": ["1"], "job": ["1"], "batch": ["none"],
        "client": ["app"], "test": ["one"],
    }  # fmt: skip
