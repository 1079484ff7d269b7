from concurrent.futures import ThreadPoolExecutor

import pytest
from jupyter_server.auth.identity import User

from jupyter_modelmgmt.server.base import actor_of


async def test_lists_come_in_pages(ask, registry, classifier):
    for i in range(5):
        registry.register(classifier, f"m{i}")
    status, page = await ask("GET", "models", params={"limit": "3"})
    assert status == 200
    assert [m["name"] for m in page["items"]] == ["m0", "m1", "m2"]
    _, rest = await ask("GET", "models", params={"limit": "3", "cursor": page["next_cursor"]})
    assert [m["name"] for m in rest["items"]] == ["m3", "m4"]
    assert rest["next_cursor"] is None


async def test_a_model_tells_its_latest_version(ask, digits_version):
    _, model = await ask("GET", "models", "digits")
    assert model["latest"]["version"] == "1.0.0"
    assert model["latest"]["metrics"] == {"accuracy": 0.9}


async def test_a_version_is_read_by_any_selector(ask, digits_version):
    for selector in ("1.0.0", "latest", "^1", "development", "newest"):
        status, version = await ask("GET", "models", "digits", "versions", selector)
        assert (status, version["version"]) == (200, "1.0.0")
    assert version["artifacts"][0]["path"] == "model.skops"


async def test_the_six_fields_are_edited_and_no_other(ask, digits_version):
    status, version = await ask("PATCH", "models", "digits", "versions", "1.0.0", body={"tags": "x,y", "public": True})
    assert (status, version["tags"], version["public"]) == (200, ["x", "y"], True)
    status, error = await ask("PATCH", "models", "digits", "versions", "1.0.0", body={"framework": "onnx"})
    assert (status, error["code"]) == (400, "not_editable")


async def test_promote_delete_restore(ask, digits_version):
    path = ("models", "digits", "versions", "1.0.0")
    assert (await ask("PUT", *path, "stage", body={"stage": "staging"}))[1]["stage"] == "staging"
    assert (await ask("DELETE", *path))[0] == 204
    assert (await ask("GET", *path))[0] == 404
    assert (await ask("POST", *path, "restore"))[1]["stage"] == "staging"


async def test_a_whole_model_goes_when_its_name_is_repeated(ask, digits_version):
    assert (await ask("DELETE", "models", "digits"))[0] == 400
    assert (await ask("DELETE", "models", "digits", params={"confirm": "digits"}))[0] == 204
    assert (await ask("GET", "models"))[1]["items"] == []


async def test_versions_are_compared(ask, registry, classifier, digits_version):
    registry.register(classifier, "digits", metrics={"accuracy": 0.95})
    status, table = await ask("GET", "compare", params=[("version", "digits@1.0.0"), ("version", "digits@1.1.0")])
    assert status == 200
    accuracy = next(row for row in table["rows"] if row["name"] == "accuracy")
    assert accuracy["best"] == [1]


@pytest.mark.parametrize(
    ("user", "actor"),
    [
        (User("ada", "Ada Lovelace"), "ada"),
        (User("ac206772282647cd8d547cd3c25e72b7", "Anonymous Carme"), "bo"),
        (User("ac206772282647cd8d547cd3c25e72b7", "Ada"), "Ada"),
    ],
)
def test_whom_only_a_token_let_in_is_the_one_who_runs_the_server(user, actor):
    assert actor_of(user, "bo") == actor


async def test_events_carry_the_users_name(ask, digits_version, registry):
    await ask("PATCH", "models", "digits", "versions", "1.0.0", body={"author": "Ada"})
    _, answer = await ask("GET", "events", params={"after": "0"})
    assert [e["action"] for e in answer["items"]] == ["model.created", "version.registered", "version.edited"]
    assert {e["actor"] for e in answer["items"]} == {registry.actor}


async def test_status_says_where_things_lie(ask, registry):
    status, report = await ask("GET", "status")
    assert status == 200
    assert report["store"].startswith("sqlite:///")
    assert report["host"] is None
    assert report["image_limit"] == 2 * 2**20


async def test_whoever_asks_first_opens_the_registry_for_all(extension):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _number: extension.registry, range(8)))
    assert all(registry is found[0] for registry in found)
