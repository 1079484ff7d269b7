import pytest

# Here and not as plugins of the whole suite: their event loop and Playwright's do not mix.
from pytest_jupyter.jupyter_core import *  # noqa: F403
from pytest_jupyter.jupyter_server import *  # noqa: F403

from tests.servers.asking import read, response_of


@pytest.fixture
def jp_server_config(sqlite_url):
    return {
        "ServerApp": {"jpserver_extensions": {"jupyter_modelmgmt": True}, "allow_unauthenticated_access": False},
        "ModelManagement": {
            "url": sqlite_url,
            "image_limit": 2 * 2**20,
            "upload_limit": 3 * 2**20,
        },
    }


@pytest.fixture
def extension(jp_serverapp):
    app = jp_serverapp.extension_manager.extension_apps["jupyter_modelmgmt"]
    (found,) = app
    yield found
    if host := found.registry.running_host():
        host.shutdown()


@pytest.fixture
def registry(extension):
    return extension.registry


@pytest.fixture
def ask(jp_fetch, extension):
    """Send a request and give status and JSON, whatever the status is."""

    async def send(method, *path, raw=False, **sent):
        response = await response_of(jp_fetch, method, *path, **sent)
        return response if raw else read(response)

    return send


@pytest.fixture
def digits_version(registry, classifier):
    return registry.register(classifier, "digits", metrics={"accuracy": 0.9}, tags="a,b")
