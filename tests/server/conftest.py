import json

import pytest

# Here and not as plugins of the whole suite: their event loop and Playwright's do not mix.
from pytest_jupyter.jupyter_core import *  # noqa: F403
from pytest_jupyter.jupyter_server import *  # noqa: F403


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

    async def send(method, *path, body=None, headers=None, params=None, raw=False):
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body)
        if data is None and method in ("POST", "PUT", "PATCH"):
            data = "{}"
        response = await jp_fetch(
            "modelmgmt", "api", "v1", *path, method=method, body=data, headers=headers or {}, params=params or {},
            raise_error=False, allow_nonstandard_methods=True,
        )  # fmt: skip
        if raw:
            return response
        return response.code, json.loads(response.body) if response.body else None

    return send


@pytest.fixture
def digits_version(registry, classifier):
    return registry.register(classifier, "digits", metrics={"accuracy": 0.9}, tags="a,b")
