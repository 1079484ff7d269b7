import dataclasses

import pytest
from sqlalchemy import text

from jupyter_modelmgmt.domain.errors import (
    AliasHeld,
    AliasProtected,
    BadAlias,
    BadField,
    BadVersion,
    Conflict,
    ModelDeployed,
    NotConfirmed,
    NotFound,
    StageProtected,
    VersionArchived,
    VersionTaken,
)
from jupyter_modelmgmt.domain.evidence import Cost, Field, Proof, Safety, Signature, Verdict
from jupyter_modelmgmt.domain.governance import Settings
from jupyter_modelmgmt.domain.records import DeploymentState
from jupyter_modelmgmt.store import aliases, changes, deployments, events, models, revisions, settings, stages, versions


@pytest.fixture
def model(store, new):
    """Give a store with digits 1.0.0 and 1.1.0."""
    for number in ("1.0.0", "1.1.0"):
        versions.add(store, new(number), bump="minor", actor="ada")
    return store


def remove(store, selector, **options):
    return changes.remove(store, selector, actor="ada", **options)


def alias(store, selector, name, **options):
    return aliases.put(store, selector, name, actor="ada", **options)


def stop(store, name):
    revisions.stop(store, name, actor="ada")
    deployments.set_state(store, name, deployments.get(store, name).revision, DeploymentState.STOPPED)


def test_an_alias_points_at_one_version_and_moves(model):
    alias(model, "digits@1.0.0", "champion")
    assert versions.get(model, "digits@champion").version == "1.0.0"
    assert alias(model, "digits@1.1.0", "champion").aliases == ("champion",)
    assert versions.get(model, "digits@1.0.0").aliases == ()
    assert [(a.alias, a.version) for a in models.get(model, "digits").aliases] == [("champion", "1.1.0")]
    assert events.after(model, 0)[-1].details["moved"] == ["1.0.0", "1.1.0"]
    aliases.remove(model, "digits", "champion", actor="ada")
    with pytest.raises(NotFound, match="no alias 'champion'"):
        aliases.remove(model, "digits", "champion", actor="ada")


@pytest.mark.parametrize("name", ["latest", "newest", "production", "1.0.0", "v2", "a/b", "a:b", "", "a b", "x" * 65])
def test_what_selectors_read_otherwise_is_no_alias(model, name):
    with pytest.raises(BadAlias):
        alias(model, "digits@1.0.0", name)


def test_a_protected_alias_stays_until_its_protection_is_lifted(model):
    alias(model, "digits@1.0.0", "blessed", protected=True)
    with pytest.raises(AliasProtected, match=r"stays at 1\.0\.0"):
        alias(model, "digits@1.1.0", "blessed")
    with pytest.raises(AliasProtected):
        aliases.remove(model, "digits", "blessed", actor="ada")
    with pytest.raises(AliasProtected, match="protected by the alias blessed"):
        remove(model, "digits@1.0.0", delete_aliases=True)
    with pytest.raises(AliasProtected):
        changes.remove_model(model, "digits", confirm="digits", actor="ada")
    alias(model, "digits@1.0.0", "blessed", protected=False)
    alias(model, "digits@1.1.0", "blessed")


def test_deleting_tells_all_that_holds_a_version(model):
    alias(model, "digits@1.0.0", "champion")
    stages.promote(model, "digits@1.0.0", "production", actor="ada")
    with pytest.raises(StageProtected, match="in the protected stage production, and called champion"):
        remove(model, "digits@1.0.0")
    with pytest.raises(StageProtected):
        changes.remove_model(model, "digits", confirm="digits", actor="ada")
    stages.promote(model, "digits@1.0.0", "development", actor="ada")
    with pytest.raises(AliasHeld, match="called champion"):
        remove(model, "digits@1.0.0")
    remove(model, "digits@1.0.0", delete_aliases=True)
    assert models.get(model, "digits").aliases == ()


def test_a_version_that_comes_back_finds_its_stage_taken(model):
    stages.promote(model, "digits@1.0.0", "staging", actor="ada")
    remove(model, "digits@1.0.0")
    stages.promote(model, "digits@1.1.0", "staging", actor="ada")
    assert changes.restore(model, "digits", "1.0.0", actor="ada").stage == "development"
    assert versions.get(model, "digits@staging").version == "1.1.0"


def test_the_trash_lists_what_can_come_back(model):
    remove(model, "digits@1.0.0")
    remove(model, "digits@1.1.0")
    first = changes.trash(model, limit=1)
    second = changes.trash(model, limit=1, cursor=first.next_cursor)
    assert [item.version for item in (*first.items, *second.items)] == ["1.1.0", "1.0.0"]
    assert second.next_cursor is None
    assert changes.trash(model, model="faces").items == ()


def test_purging_forgets_all_but_the_number_and_the_history(model, new):
    versions.add(model, new("2.0.0", metrics={"a": 1.0}, tags=("x",)), bump="minor", actor="ada")
    with pytest.raises(NotFound, match="not in the trash"):
        changes.purge(model, "digits@2.0.0", confirm="digits@2.0.0", actor="ada")
    remove(model, "digits@2.0.0")
    with pytest.raises(NotConfirmed, match="cannot be undone"):
        changes.purge(model, "digits@2.0.0", confirm="", actor="ada")
    changes.purge(model, "digits@2.0.0", confirm="digits@2.0.0", actor="ada")
    assert changes.trash(model).items == ()
    with pytest.raises(NotFound):
        changes.restore(model, "digits", "2.0.0", actor="ada")
    with pytest.raises(VersionTaken, match="was purged and keeps its number"):
        versions.add(model, new("2.0.0"), bump="minor", actor="ada")
    assert versions.add(model, new(""), bump="minor", actor="ada").version == "2.1.0"
    assert events.after(model, 0)[-2].action == "version.purged"


def test_a_version_that_a_stopped_deployment_names_is_not_purged(model):
    revisions.put(model, "svc", "digits@1.0.0", replicas=1, actor="ada")
    stop(model, "svc")
    remove(model, "digits@1.0.0")
    with pytest.raises(VersionArchived, match="in the trash"):
        revisions.start(model, "svc", actor="ada")
    with pytest.raises(Conflict, match="named by svc"):
        changes.purge(model, "digits@1.0.0", confirm="digits@1.0.0", actor="ada")
    deployments.remove(model, "svc", confirm="svc", actor="ada")
    changes.purge(model, "digits@1.0.0", confirm="digits@1.0.0", actor="ada")


def test_what_was_archived_meanwhile_does_not_start_again(model):
    revisions.put(model, "svc", "digits@1.0.0", replicas=1, actor="ada")
    stop(model, "svc")
    changes.edit(model, "digits@1.0.0", {"status": "archived"}, actor="ada")
    with pytest.raises(VersionArchived):
        revisions.start(model, "svc", actor="ada")
    with pytest.raises(VersionArchived):
        revisions.put(model, "other", "digits@1.0.0", replicas=1, actor="ada")


def test_deleting_a_model_needs_its_name_and_nothing_running(model):
    with pytest.raises(NotConfirmed):
        changes.remove_model(model, "digits", confirm="digit", actor="ada")
    revisions.put(model, "svc", "digits@1.0.0", replicas=1, actor="ada")
    with pytest.raises(ModelDeployed):
        changes.remove_model(model, "digits", confirm="digits", actor="ada")
    stop(model, "svc")
    changes.remove_model(model, "digits", confirm="digits", actor="ada")
    assert {item.version for item in changes.trash(model).items} == {"1.0.0", "1.1.0"}


def test_identical_content_is_no_new_version_unless_asked(store, new):
    first = versions.add(store, new(metrics={"a": 1.0}), bump="minor", actor="ada", allow_identical=False)
    again = versions.add(store, new(metrics={"a": 1.0}), bump="minor", actor="ada", allow_identical=False)
    assert again.version == first.version == "1.0.0"
    assert "no new version" in again.notice
    assert (
        versions.add(store, new(metrics={"a": 2.0}), bump="minor", actor="ada", allow_identical=False).version
        == "1.1.0"
    )
    assert versions.add(store, new("3.0.0", metrics={"a": 1.0}), bump="minor", actor="ada", allow_identical=False)
    assert (
        versions.add(store, new(metrics={"a": 1.0}), bump="minor", actor="ada", allow_identical=True).version == "3.1.0"
    )


def test_what_is_said_besides_identical_content_is_edited_in(store, new):
    versions.add(store, new(tags=("old",), author="Ada"), bump="minor", actor="ada")
    same = new(tags=("new",), description="better words")
    found = versions.add(store, same, bump="minor", actor="bo", allow_identical=False)
    assert (found.version, found.tags, found.description, found.author) == ("1.0.0", ("new",), "better words", "Ada")
    assert events.after(store, 0)[-1].details["changes"]["tags"] == [["old"], ["new"]]


def test_what_is_in_the_trash_is_not_identical(store, new):
    versions.add(store, new(), bump="minor", actor="ada")
    remove(store, "digits@1.0.0")
    assert versions.add(store, new(), bump="minor", actor="ada", allow_identical=False).version == "1.1.0"


def test_a_number_below_the_latest_is_allowed_with_a_notice(model, new):
    assert versions.add(model, new("1.0.2"), bump="minor", actor="ada").notice == (
        "1.0.2 is lower than 1.1.0, which stays the latest."
    )
    assert versions.add(model, new("1.2.0"), bump="minor", actor="ada").notice == ""
    assert versions.add(model, new("1.0.3-rc.1"), bump="minor", actor="ada").notice == ""


def test_the_first_number_is_a_setting(store, new):
    assert settings.get(store) == Settings(first_version="1.0.0")
    settings.change(store, {"first_version": "v0.0.1"}, actor="ada")
    assert versions.add(store, new(), bump="minor", actor="ada").version == "0.0.1"
    assert versions.add(store, new(), bump="patch", actor="ada").version == "0.0.2"
    with pytest.raises(BadVersion):
        settings.change(store, {"first_version": "one"}, actor="ada")
    with pytest.raises(BadField, match="not a setting"):
        settings.change(store, {"colour": "red"}, actor="ada")


def test_properties_keep_their_types(store, new):
    said = {"team": "vision", "gpus": 2, "cost": 1.5, "reviewed": True, "note": None}
    versions.add(store, new("1.0.0", properties=said), bump="minor", actor="ada")
    found = versions.get(store, "digits").properties
    assert found == said
    assert {key: type(value) for key, value in found.items()} == {key: type(value) for key, value in said.items()}


def test_what_was_found_out_comes_back(store, new):
    said = {
        "architecture": "sklearn.linear_model.LogisticRegression",
        "weights": "blake3:ab",
        "signature": Signature(inputs=(Field(name="input", datatype="FP64", shape=(-1, 64)),), takes="tensor"),
        "proof": Proof(tolerance=1e-6, difference=0.0, seconds=0.5, python="3.11.7", packages={"numpy": "2.0.0"}),
        "cost": Cost(size_bytes=7, load_ms=1.5, latency_ms=0.2),
        "safety": (Verdict(path="model.bin", safety=Safety.CODE, imports=("os.system",)),),
    }
    versions.add(store, new("1.0.0", **said), bump="minor", actor="ada")
    found = versions.get(store, "digits")
    assert {name: getattr(found, name) for name in said} == said


def test_a_signature_of_the_time_before_it_told_what_is_taken_is_read(store, new):
    signature = Signature(inputs=(Field(name="input", datatype="FP64"),), takes="tensor")
    versions.add(store, new("1.0.0", signature=signature), bump="minor", actor="ada")
    old = '{"inputs": [{"name": "input", "datatype": "FP64", "shape": [-1]}], "outputs": []}'
    with store.write() as c:
        c.execute(text("UPDATE versions SET signature = :old"), {"old": old})
    assert versions.get(store, "digits").signature == dataclasses.replace(signature, takes="")
