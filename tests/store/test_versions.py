from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_modelmgmt.domain import versions as semver
from jupyter_modelmgmt.domain.errors import BadField, Conflict, ModelDeployed, NotFound, VersionTaken
from jupyter_modelmgmt.domain.records import DeploymentState
from jupyter_modelmgmt.store import changes, deployments, events, models, revisions, searching, stages, versions

COUNTER = count()


def add(store, new, *numbers, **fields):
    return [versions.add(store, new(number, **fields), bump="minor", actor="ada") for number in numbers]


def test_a_version_comes_back_with_all_that_was_said(store, new):
    said = new("1.0.0", metrics={"acc": 0.5}, params={"c": 1, "k": "rbf", "on": True, "none": None}, tags=("b", "a"),
               labels=("0", "1"), config={"size": [8, 8]}, license="MIT", public=True)  # fmt: skip
    versions.add(store, said, bump="minor", actor="ada")
    found = versions.get(store, "digits@1.0.0")
    for field in ("metrics", "params", "tags", "labels", "config", "license", "public", "artifacts"):
        assert getattr(found, field) == getattr(said, field)
    assert (found.sequence, found.size, found.created_by, found.stage, found.status) == (
        1,
        7,
        "ada",
        "development",
        "draft",
    )


def test_numbers_are_chosen_from_the_highest_release(store, new):
    add(store, new, "", "", "3.0.0-rc.1", "", "1.0.5", "")
    listed = [v.version for v in searching.page(store, model="digits").items]
    assert listed == ["1.3.0", "1.0.5", "1.2.0", "3.0.0-rc.1", "1.1.0", "1.0.0"]


def test_latest_is_the_highest_release_and_newest_the_last(store, new):
    add(store, new, "1.0.0", "2.0.0", "3.0.0-rc.1", "1.0.1")
    model = models.get(store, "digits")
    assert (model.latest.version, model.newest.version, model.version_count) == ("2.0.0", "1.0.1", 4)
    assert versions.get(store, "digits").version == "2.0.0"
    assert versions.get(store, "DIGITS@newest").version == "1.0.1"
    assert versions.get(store, "digits@^1").version == "1.0.1"


@pytest.mark.parametrize("again", ["1.0.0", "v1.0.0", "1.0.0+other"])
def test_a_taken_version_is_refused(store, new, again):
    add(store, new, "1.0.0")
    with pytest.raises(VersionTaken, match="already exists"):
        add(store, new, again)
    assert len(searching.page(store, model="digits").items) == 1


def test_a_refused_version_leaves_no_event_and_no_model(store, new):
    before = events.last_id(store)
    with pytest.raises(Exception, match="(?i)not.null"):
        versions.add(store, new("1.0.0", description=None), bump="minor", actor="ada")
    assert events.last_id(store) == before
    with pytest.raises(NotFound):
        models.get(store, "digits")


def test_names_that_differ_in_case_are_one_model(store, new):
    add(store, new, "1.0.0")
    add(store, lambda v: new(v, model="DIGITS"), "1.1.0")
    assert [m.name for m in models.page(store).items] == ["digits"]


def test_edits_keep_old_and_new_values(store, new):
    add(store, new, "1.0.0", tags=("a",))
    edited = changes.edit(store, "digits", {"tags": "x, y", "author": "Bo"}, actor="bo")
    assert (edited.tags, edited.author) == (("x", "y"), "Bo")
    event = events.after(store, 0)[-1]
    assert (event.actor, event.action) == ("bo", "version.edited")
    assert event.details["changes"] == {"tags": [["a"], ["x", "y"]], "author": ["", "Bo"]}


def test_a_refused_edit_changes_nothing(store, new):
    add(store, new, "1.0.0")
    with pytest.raises(BadField):
        changes.edit(store, "digits", {"author": "Bo", "framework": "onnx"}, actor="bo")
    assert versions.get(store, "digits").author == ""


def test_one_version_holds_production(store, new):
    add(store, new, "1.0.0", "1.1.0")
    stages.promote(store, "digits@1.0.0", "production", comment="", actor="ada")
    stages.promote(store, "digits@1.1.0", "production", comment="better", actor="ada")
    assert versions.get(store, "digits@production").version == "1.1.0"
    assert versions.get(store, "digits@1.0.0").stage == "archived"


def test_deleted_versions_keep_their_number_and_come_back(store, new):
    add(store, new, "1.0.0", "1.1.0")
    changes.remove(store, "digits@1.1.0", actor="ada")
    assert models.get(store, "digits").latest.version == "1.0.0"
    with pytest.raises(NotFound):
        versions.get(store, "digits@1.1.0")
    with pytest.raises(VersionTaken, match="in the trash"):
        add(store, new, "1.1.0")
    assert add(store, new, "")[0].version == "1.2.0"
    changes.restore(store, "digits", "1.1.0", actor="ada")
    assert [v.sequence for v in searching.page(store, model="digits", sort="sequence").items] == [1, 2, 3]


def test_deleting_what_is_deployed_is_refused_with_the_seeds_sentence(store, new):
    add(store, new, "1.0.0")
    revisions.put(store, "svc", "digits@1.0.0", replicas=1, actor="ada")
    with pytest.raises(
        ModelDeployed, match="^You cannot delete a model that is currently deployed. Stop all deployments first."
    ):
        changes.remove(store, "digits@1.0.0", actor="ada")
    with pytest.raises(ModelDeployed):
        changes.remove_model(store, "digits", confirm="digits", actor="ada")
    revisions.stop(store, "svc", actor="ada")
    deployments.set_state(store, "svc", 2, DeploymentState.STOPPED)
    changes.remove(store, "digits@1.0.0", actor="ada")


def test_deleting_a_model_needs_its_name(store, new):
    add(store, new, "1.0.0")
    with pytest.raises(BadField, match="confirm"):
        changes.remove_model(store, "digits", confirm="", actor="ada")
    changes.remove_model(store, "digits", confirm="digits", actor="ada")
    assert models.page(store).items == ()
    changes.restore(store, "digits", "1.0.0", actor="ada")
    assert models.get(store, "digits").version_count == 1


def test_an_archived_version_cannot_be_deployed(store, new):
    add(store, new, "1.0.0")
    stages.promote(store, "digits", "archived", comment="", actor="ada")
    with pytest.raises(Conflict, match="archived"):
        revisions.put(store, "svc", "digits@1.0.0", replicas=1, actor="ada")


def test_status_is_deployed_while_a_deployment_runs(store, new):
    add(store, new, "1.0.0")
    revisions.put(store, "svc", "digits", replicas=1, actor="ada")
    assert versions.get(store, "digits").status == "deployed"
    assert [b.name for b in models.get(store, "digits").deployments] == ["svc"]
    revisions.stop(store, "svc", actor="ada")
    deployments.set_state(store, "svc", 2, DeploymentState.STOPPED)
    assert versions.get(store, "digits").status == "draft"


def test_a_state_of_an_older_revision_is_not_written(store, new):
    add(store, new, "1.0.0")
    revisions.put(store, "svc", "digits", replicas=1, actor="ada")
    revisions.put(store, "svc", "digits", replicas=2, actor="ada")
    deployments.set_state(store, "svc", 1, DeploymentState.FAILED, message="old")
    assert deployments.get(store, "svc").state == "Deploying"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), unique=True, min_size=1, max_size=8)
)
def test_pages_hold_every_version_once_in_order(store, new, numbers):
    texts = [".".join(map(str, n)) for n in numbers]
    model = f"m-{next(COUNTER)}"
    for text in texts:
        versions.add(store, new(text, model=model), bump="minor", actor="ada")
    seen, cursor = [], None
    while True:
        page = searching.page(store, model=model, sort="version", limit=3, cursor=cursor)
        seen += [v.version for v in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == sorted(texts, key=lambda t: semver.sort_key(semver.parse(t)))


@pytest.mark.parametrize("cursor", ["x", "!!", "W10", "WyJhIiwgImIiXQ", "WzEsMiwzXQ"])
def test_a_cursor_that_no_page_gave_is_refused(store, new, cursor):
    add(store, new, "1.0.0")
    with pytest.raises(BadField, match="cursor"):
        searching.page(store, model="digits", cursor=cursor)


@pytest.mark.parametrize("search", ["%", "_", "' OR 1=1 --", "\\"])
def test_search_text_is_taken_literally(store, new, search):
    add(store, new, "1.0.0")
    assert models.page(store, search=search).items == ()
    assert len(models.page(store, search="GIT").items) == 1
