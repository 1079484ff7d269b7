"""Who may ask, and what everyone gets who may not."""

import json

import pytest
from jupyter_server.auth import Authorizer

from jupyter_modelmgmt.server.openapi import verbs
from jupyter_modelmgmt.server.routes import ROUTES

EVERY = [(path, verb) for path, handler in ROUTES.items() for verb, _ in verbs(handler)]


def filled(path):
    return [part if not part.startswith("{") else "x" for part in path.strip("/").split("/")]


def url(jp_serverapp, path):
    return jp_serverapp.connection_url.rstrip("/") + "/modelmgmt/api/v1/" + "/".join(filled(path))


async def test_no_route_answers_without_a_token(http_server_client, jp_base_url, extension):
    for path, verb in EVERY:
        response = await http_server_client.fetch(
            jp_base_url + "modelmgmt/api/v1/" + "/".join(filled(path)), method=verb.upper(),
            body="{}" if verb in ("post", "put", "patch") else None, raise_error=False, allow_nonstandard_methods=True,
        )  # fmt: skip
        assert response.code in (401, 403), (verb, path)
        assert response.headers["Content-Type"].startswith("application/json"), (verb, path)
        assert set(json.loads(response.body)) == {"code", "message"}, (verb, path)
        assert "Access-Control-Allow-Origin" not in response.headers, (verb, path)


class ReadersOnly(Authorizer):
    """Let everyone read and nobody write."""

    def is_authorized(self, handler, user, action, resource):
        return action == "read"


async def test_every_route_asks_the_authorizer(ask, extension):
    extension.serverapp.web_app.settings["authorizer"] = ReadersOnly(parent=extension.serverapp)
    for path, verb in EVERY:
        response = await ask(verb.upper(), *filled(path), raw=True)
        assert (response.code == 403) == (verb != "get"), (verb, path)
        if response.code == 403:
            assert json.loads(response.body)["code"] == "forbidden", (verb, path)


async def test_a_browser_needs_the_xsrf_header(http_server_client, jp_base_url, jp_serverapp, extension):
    login = await http_server_client.fetch(
        jp_base_url + f"lab?token={jp_serverapp.identity_provider.token}", raise_error=False, follow_redirects=False
    )
    cookies = "; ".join(value.split(";")[0] for value in login.headers.get_list("Set-Cookie"))
    assert cookies
    answers = []
    for headers in ({"Cookie": cookies}, {"Cookie": cookies, "X-XSRFToken": "wrong"}):
        answers.append(
            await http_server_client.fetch(
                jp_base_url + "modelmgmt/api/v1/models",
                method="POST",
                body='{"name": "x"}',
                headers=headers,
                raise_error=False,
            )
        )
    assert [a.code for a in answers] == [403, 403]
    assert all(set(json.loads(a.body)) == {"code", "message"} for a in answers)


async def test_unknown_routes_and_verbs_answer_in_the_one_shape(ask):
    for method, path in (("GET", "nonsense"), ("PUT", "models"), ("POST", "status"), ("OPTIONS", "models")):
        status, error = await ask(method, path)
        assert status in (404, 405)
        assert set(error) == {"code", "message"}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "models", b"{"), ("POST", "models", b"[]"), ("POST", "models", b'{"name": 3}'), ("POST", "models", b'{"name": "<b>"}'),
        ("POST", "models/x/versions", b"{}"), ("POST", "models/x/versions", b'{"artifacts": [{"path": 1}]}'),
        ("POST", "deployments", b"{}"), ("POST", "deployments", b'{"selector": "x@1.2"}'), ("POST", "library/x/clone", b"\xff"),
        ("GET", "models?limit=x", None), ("GET", "models?limit=0", None), ("GET", "models?sort=drop", None), ("GET", "models?cursor=x", None),
        ("GET", "compare", None), ("GET", "compare?version=x&base=y", None), ("GET", "events?after=x", None),
    ],
)  # fmt: skip
async def test_bad_requests_are_400_with_a_reason(ask, method, path, body):
    path, _, query = path.partition("?")
    params = dict(pair.split("=") for pair in query.split("&")) if query else {}
    status, error = await ask(method, *path.split("/"), body=body, params=params)
    assert status == 400, error
    assert set(error) == {"code", "message"}


async def test_markup_comes_back_as_the_text_it_is(ask, registry, classifier):
    text = "<img src=x onerror=alert(1)>"
    registry.register(classifier, "m", description=text, author=text, tags=[text])
    response = await ask("GET", "models", "m", "versions", "latest", raw=True)
    assert response.headers["Content-Type"].startswith("application/json")
    assert json.loads(response.body)["description"] == text
    assert text not in registry.get("m")._repr_html_()
