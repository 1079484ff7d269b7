import pytest

VERSION = ("models", "digits", "versions", "1.0.0")


async def test_a_stage_is_made_changed_and_removed(ask, digits_version):
    status, answer = await ask(
        "PATCH", "stages", "canary", body={"exclusive": True, "gates": ["metrics.accuracy > 0.5"]}
    )
    assert status == 200
    canary = next(rule for rule in answer["items"] if rule["name"] == "canary")
    assert canary == {
        "name": "canary", "exclusive": True, "protected": False, "approval": False,
        "transitions": None, "gates": ["metrics.accuracy > 0.5"],
    }  # fmt: skip
    assert (await ask("PUT", *VERSION, "stage", body={"stage": "canary"}))[1]["stage"] == "canary"
    assert (await ask("DELETE", "stages", "canary"))[1]["code"] == "stage_held"
    await ask("PUT", *VERSION, "stage", body={"stage": "development"})
    _, answer = await ask("DELETE", "stages", "canary")
    assert [rule["name"] for rule in answer["items"]] == ["development", "staging", "production", "archived"]


async def test_an_approval_is_asked_given_and_listed(ask, digits_version):
    await ask("PATCH", "stages", "production", body={"approval": True})
    status, error = await ask("PUT", *VERSION, "stage", body={"stage": "production"})
    assert (status, error["code"]) == (409, "approval_needed")
    status, asked = await ask("POST", "approvals", body={"selector": "digits@1.0.0", "stage": "production"})
    assert (status, asked["state"]) == (201, "requested")
    number = str(asked["id"])
    assert (await ask("POST", "approvals", number, "reject"))[1]["code"] == "bad_field"
    assert (await ask("POST", "approvals", number, "approve"))[1]["stage"] == "production"
    assert (await ask("POST", "approvals", number, "approve"))[1]["code"] == "approval_decided"
    _, page = await ask("GET", "approvals", params={"state": "approved", "model": "digits"})
    assert [item["id"] for item in page["items"]] == [asked["id"]]


@pytest.mark.parametrize("number", ["0", "99", "9" * 30, "-1", "one"])
async def test_a_request_that_is_not_there_is_not_found(ask, digits_version, number):
    status, error = await ask("POST", "approvals", number, "approve")
    assert (status, error["code"]) == (404, "not_found")


async def test_an_alias_is_set_protected_and_removed(ask, registry, classifier, digits_version):
    path = ("models", "digits", "aliases", "champion")
    status, version = await ask("PUT", *path, body={"version": "1.0.0", "protected": True})
    assert (status, version["aliases"]) == (200, ["champion"])
    assert (await ask("DELETE", *path))[1]["code"] == "alias_protected"
    await ask("PUT", *path, body={"version": "latest", "protected": False})
    assert (await ask("GET", "models", "digits"))[1]["aliases"][0]["alias"] == "champion"
    assert (await ask("DELETE", *VERSION))[1]["code"] == "alias_held"
    assert (await ask("DELETE", *path))[0] == 204
    assert (await ask("DELETE", *path))[0] == 404


async def test_a_version_is_purged_from_the_trash(ask, digits_version):
    await ask("DELETE", *VERSION, params={"delete_aliases": "true"})
    _, page = await ask("GET", "trash")
    assert [(item["model"], item["version"]) for item in page["items"]] == [("digits", "1.0.0")]
    assert (await ask("DELETE", "trash", "digits", "1.0.0"))[1]["code"] == "not_confirmed"
    assert (await ask("DELETE", "trash", "digits", "1.0.0", params={"confirm": "digits@1.0.0"}))[0] == 204
    assert (await ask("GET", "trash"))[1]["items"] == []
    assert (await ask("POST", *VERSION, "restore"))[0] == 404


async def test_a_clone_has_its_parent_merged_configuration_and_new_labels(ask, registry, tmp_path):
    """Story A2, exercise 1."""
    file = tmp_path / "notes.txt"
    file.write_text("x")
    registry.register_files(file, "notes", version="1.0.0", config={"size": [8, 8], "top_k": 3}, labels=["a", "b"])
    body = {"name": "notes-eu", "config": {"top_k": 5}, "labels": ["x", "y", "z"]}
    status, clone = await ask("POST", "models", "notes", "versions", "1.0.0", "clone", body=body)
    assert status == 201
    assert (clone["parent"], clone["config"], clone["labels"]) == (
        "notes@1.0.0", {"size": [8, 8], "top_k": 5}, ["x", "y", "z"],
    )  # fmt: skip
    assert registry.get("notes-eu").id_to_label_map == {0: "x", 1: "y", 2: "z"}


async def test_settings_are_read_and_changed(ask, registry):
    assert (await ask("GET", "settings"))[1] == {"first_version": "1.0.0"}
    assert (await ask("PATCH", "settings", body={"first_version": "0.1.0"}))[1] == {"first_version": "0.1.0"}
    for body in ({"first_version": 5}, {"colour": "red"}, {"self": 1}, {"changes": 1}):
        assert (await ask("PATCH", "settings", body=body))[0] == 400


@pytest.mark.parametrize("key", ["self", "name", "selector", "changes", "actor", "store"])
async def test_no_key_of_a_body_is_taken_for_an_argument(ask, digits_version, key):
    assert (await ask("PATCH", *VERSION, body={key: "x"}))[1]["code"] == "not_editable"
    assert (await ask("PATCH", "stages", "staging", body={key: "x"}))[1]["code"] == "bad_field"


async def test_a_lifetime_is_set_read_and_taken_back(ask, digits_version):
    status, lifetime = await ask("PUT", "models", "digits", "lifetime", body={"days": 30})
    assert (status, lifetime["days"]) == (200, 30)
    _, lifetime = await ask("GET", *VERSION, "lifetime")
    assert (lifetime["days"], lifetime["inherited"]) == (30, True)
    assert (await ask("PUT", *VERSION, "lifetime", body={"days": 7}))[1]["inherited"] is False
    assert (await ask("PUT", *VERSION, "lifetime", body={"days": None}))[1]["days"] == 30
    status, error = await ask("PUT", *VERSION, "lifetime", body={"days": 0})
    assert (status, error["code"]) == (400, "bad_field")
