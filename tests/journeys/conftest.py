import json

import pytest

# Here and not as plugins of the whole suite: their event loop and Playwright's do not mix.
from pytest_jupyter.jupyter_core import *  # noqa: F403
from pytest_jupyter.jupyter_server import *  # noqa: F403


@pytest.fixture
def jp_server_config(world):
    return {
        "ServerApp": {"jpserver_extensions": {"jupyter_modelmgmt": True}, "allow_unauthenticated_access": False},
        "ModelManagement": {"url": world.url, "upload_limit": 1 << 20},
    }


@pytest.fixture
def ask(jp_fetch, jp_serverapp):
    """Send a request and give status and JSON, whatever the status is."""

    async def send(method, *path, body=None, headers=None, params=None):
        data = body if isinstance(body, bytes) or body is None else json.dumps(body)
        response = await jp_fetch(
            "modelmgmt", "api", "v1", *path, method=method, body=data, headers=headers or {}, params=params or {},
            raise_error=False, allow_nonstandard_methods=True,
        )  # fmt: skip
        return response.code, json.loads(response.body) if response.body else None

    yield send
    (extension,) = jp_serverapp.extension_manager.extension_apps["jupyter_modelmgmt"]
    # A host that this server started lies in its runtime folder: nobody else finds it again.
    if host := extension.registry.running_host():
        host.shutdown()
