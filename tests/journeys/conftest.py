import pytest

# Here and not as plugins of the whole suite: their event loop and Playwright's do not mix.
from pytest_jupyter.jupyter_core import *  # noqa: F403
from pytest_jupyter.jupyter_server import *  # noqa: F403

from tests.servers.asking import read, response_of


@pytest.fixture
def jp_server_config(world):
    return {
        "ServerApp": {"jpserver_extensions": {"jupyter_modelmgmt": True}, "allow_unauthenticated_access": False},
        "ModelManagement": {"url": world.url, "upload_limit": 1 << 20},
    }


@pytest.fixture
def ask(jp_fetch, jp_serverapp):
    """Send a request and give status and JSON, whatever the status is."""

    async def send(method, *path, **sent):
        return read(await response_of(jp_fetch, method, *path, **sent))

    yield send
    (extension,) = jp_serverapp.extension_manager.extension_apps["jupyter_modelmgmt"]
    # A host that this server started lies in its runtime folder: nobody else finds it again.
    if host := extension.registry.running_host():
        host.shutdown()
