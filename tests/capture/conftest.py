"""A real kernel for what only a kernel knows."""

import ast

import pytest
from jupyter_client.manager import start_new_kernel


class Kernel:
    """Runs cells one after the other, as a front end does."""

    def __init__(self, client):
        self.client = client

    def run(self, *cells):
        """Execute cells into the history and return the status of the last."""
        status = ""
        for cell in cells:
            status = self.client.execute_interactive(cell, timeout=60, output_hook=lambda _message: None)["content"][
                "status"
            ]
        return status

    def ask(self, expression):
        """Return what a Python expression gives, without a place in the history; a literal."""
        reply = self.client.execute_interactive(
            "", silent=True, store_history=False, user_expressions={"x": expression}, timeout=60
        )["content"]["user_expressions"]["x"]
        assert reply["status"] == "ok", reply
        return ast.literal_eval(reply["data"]["text/plain"])

    def counts(self, name):
        return self.ask(f"[c.count for c in __import__({CELLS!r}, fromlist=['x']).slice_of([{name!r}], get_ipython())]")


CELLS = "jupyter_modelmgmt.capture.cells"


@pytest.fixture
def kernel(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", sqlite_url)
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path))
    yield Kernel(client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()
