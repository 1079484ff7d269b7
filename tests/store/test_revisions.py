"""The history of deployments, going back in it, and their clients."""

import re

import pytest
from sqlalchemy import text

from jupyter_modelmgmt.domain.deployments import Outcome, Share
from jupyter_modelmgmt.domain.errors import BadField, Conflict, ModelDeployed, NotConfirmed, NotFound, VersionArchived
from jupyter_modelmgmt.domain.records import Artifact, DeploymentState, NewVersion
from jupyter_modelmgmt.store import changes, clients, deployments, revisions, versions

DIGEST = "blake3:" + "0" * 64


@pytest.fixture
def model(store):
    for number in ("1.0.0", "1.1.0", "2.0.0"):
        file = Artifact(path="m.onnx", digest=DIGEST, size=1)
        versions.add(store, NewVersion(model="m", version=number, artifacts=(file,)), bump="minor", actor="ada")
    return store


def settled(store, state=DeploymentState.DEPLOYED, message=""):
    """Say what a host says of the newest goal."""
    (wanted,) = deployments.wanted(store)
    deployments.set_state(store, "svc", wanted.revision, state, message=message, available=1)


def deployed(store, version="1.0.0", **fields):
    revisions.put(store, "svc", f"m@{version}", actor="ada", **fields)
    settled(store)


def test_every_change_is_a_row_with_who_and_why(model):
    deployed(model, title="My service", message="first")
    revisions.change(model, "svc", actor="bo", message="more", replicas=3)
    settled(model)
    clients.add(model, "svc", "app", actor="bo")
    revisions.stop(model, "svc", actor="cy")
    settled(model, DeploymentState.STOPPED)
    revisions.start(model, "svc", actor="ada")
    told = [(r.revision, r.actor, r.message, r.outcome) for r in revisions.history(model, "svc")]
    assert told == [
        (5, "ada", "Deployment Started", Outcome.PENDING),
        (4, "cy", "Deployment Stopped", Outcome.STOPPED),
        (3, "bo", "Create the client app", Outcome.NOTED),
        (2, "bo", "more", Outcome.DEPLOYED),
        (1, "ada", "first", Outcome.DEPLOYED),
    ]
    found = deployments.get(model, "svc")
    assert (found.title, found.replicas, found.revision, found.updated_by) == ("My service", 3, 5, "ada")


def test_an_update_keeps_what_is_not_said_and_whether_it_runs(model):
    deployed(model, variables={"A": "1"}, secrets={"KEY": "s3cret"}, description="d")
    revisions.stop(model, "svc", actor="ada")
    settled(model, DeploymentState.STOPPED)
    changed = revisions.change(model, "svc", actor="ada", replicas=2)
    assert (changed.state, changed.replicas, changed.variables) == ("Stopped", 2, {"A": "1"})  # T7
    assert changed.secrets == {"KEY": "***"}
    assert deployments.wanted(model)[0].spec.secrets == {"KEY": "s3cret"}
    assert "s3cret" not in repr(revisions.history(model, "svc"))
    assert revisions.change(model, "svc", actor="ada", replicas=2).revision == changed.revision
    moved = revisions.put(model, "svc", "m@1.1.0", actor="ada")
    assert (moved.state, moved.version, moved.description, moved.replicas) == ("Deploying", "1.1.0", "d", 2)


def test_versions_of_a_split_are_all_deployed(model):
    deployed(model)
    revisions.change(model, "svc", actor="ada", versions={"1.0.0": 40, "m@^1.1": 60})
    revisions.shadow(model, "svc", "latest", actor="ada")
    found = deployments.get(model, "svc")
    assert found.version == "1.1.0"
    assert found.versions == (
        Share(version="1.0.0", weight=40), Share(version="1.1.0", weight=60), Share(version="2.0.0", weight=0, shadow=True),
    )  # fmt: skip
    for number in ("1.0.0", "1.1.0", "2.0.0"):
        version = versions.get(model, f"m@{number}")
        assert (version.status, [badge.name for badge in version.deployments]) == ("deployed", ["svc"])
        with pytest.raises(ModelDeployed):
            changes.remove(model, f"m@{number}", actor="ada")
    with pytest.raises(BadField, match="of one model"):
        revisions.change(model, "svc", actor="ada", versions={"other@1.0.0": 100})
    with pytest.raises(BadField, match="1.1.0 appears twice"):
        revisions.change(model, "svc", actor="ada", versions={"1.1.0": 50, "^1": 50})


def test_a_new_deployment_may_begin_with_several_versions(model):
    begun = revisions.put(model, "svc", "m@1.0.0", actor="ada", versions={"1.0.0": 40, "m@^1.1": 60})
    assert (begun.version, begun.revision) == ("1.1.0", 1)
    assert begun.versions == (Share(version="1.0.0", weight=40), Share(version="1.1.0", weight=60))
    assert versions.get(model, "m@1.1.0").status == "deployed"
    moved = revisions.put(model, "svc", "m@2.0.0", actor="ada")
    assert moved.versions == (Share(version="2.0.0", weight=100),)
    for wrong, said in (
        ({"1.1.0": 100}, "The split lacks 1.0.0, which is deployed"),
        ({"1.0.0": 50, "1.1.0": 40}, "The weights sum to 90"),
        ({"1.0.0": 50, "other@1.0.0": 50}, "of one model"),
    ):
        with pytest.raises(BadField, match=said):
            revisions.put(model, "none", "m@1.0.0", actor="ada", versions=wrong)
    with pytest.raises(NotFound):
        deployments.get(model, "none")


def test_going_back_goes_to_the_last_that_was_deployed(model):
    deployed(model, "1.0.0")
    deployed(model, "1.1.0")
    revisions.put(model, "svc", "m@2.0.0", actor="ada")
    settled(model, DeploymentState.FAILED, "no luck")
    back = revisions.rollback(model, "svc", None, actor="bo", message="it fails")
    assert back.version == "1.1.0"
    newest, failed, *_ = revisions.history(model, "svc")
    assert newest.message == "Roll back to revision 2 (1.1.0): it fails"
    assert (failed.outcome, failed.reason) == (Outcome.FAILED, "no luck")
    settled(model)
    assert revisions.rollback(model, "svc", 1, actor="bo").version == "1.0.0"
    with pytest.raises(Conflict, match="wants what is wanted now"):
        revisions.rollback(model, "svc", 1, actor="bo")
    with pytest.raises(NotFound, match="no revision 99"):
        revisions.rollback(model, "svc", 99, actor="bo")


def test_there_may_be_nothing_to_go_back_to(model):
    deployed(model)
    with pytest.raises(Conflict, match="no earlier revision that was deployed"):
        revisions.rollback(model, "svc", None, actor="bo")


def test_a_version_that_went_to_the_trash_is_not_gone_back_to(model):
    deployed(model, "1.0.0")
    deployed(model, "1.1.0")
    changes.remove(model, "m@1.0.0", actor="ada")
    with pytest.raises(VersionArchived, match=r"m@1\.0\.0 is in the trash\. Restore it, then try svc again"):
        revisions.rollback(model, "svc", None, actor="bo")
    changes.edit(model, "m@2.0.0", {"status": "archived"}, actor="ada")
    with pytest.raises(VersionArchived):
        revisions.change(model, "svc", actor="ada", versions={"2.0.0": 100})


def test_a_goal_that_did_not_come_up_is_taken_back_by_the_host(model):
    deployed(model, "1.0.0")
    revisions.put(model, "svc", "m@1.1.0", actor="ada")
    (wanted,) = deployments.wanted(model)
    assert revisions.give_up(model, "svc", wanted.revision, "1.1.0 did not come up. No luck.")
    (wanted,) = deployments.wanted(model)
    assert [version.version for version in wanted.versions] == ["1.0.0"]
    assert wanted.note == "Rolled back to revision 1 (1.0.0). 1.1.0 did not come up. No luck."
    rolled, failed, _ = revisions.history(model, "svc")
    assert (rolled.actor, failed.outcome, failed.reason) == ("host", Outcome.FAILED, "1.1.0 did not come up. No luck.")
    assert revisions.give_up(model, "svc", failed.revision, "too late")
    assert not revisions.give_up(model, "svc", wanted.revision, "nothing before")


def test_tokens_are_shown_once_and_kept_as_salted_hashes(model):
    deployed(model)
    first = clients.add(model, "svc", "app", actor="ada")
    second = clients.add(model, "svc", "app", actor="ada")
    assert first.token != second.token
    for token in (first.token, second.token):  # one that begins with a dash is an option on a command line
        assert re.fullmatch("[0-9a-f]{64}", token)
    (key,) = deployments.wanted(model)[0].clients
    assert clients.digest(key.salt, second.token) == key.hash != clients.digest(key.salt, first.token)
    with model.read() as c:
        kept = repr(c.execute(text("SELECT * FROM deployment_clients")).all())
        kept += repr(c.execute(text("SELECT * FROM events")).all())
        kept += repr(c.execute(text("SELECT * FROM deployment_revisions")).all())
    assert second.token not in kept
    assert [client.name for client in clients.every(model, "svc")] == ["app"]
    clients.remove(model, "svc", "app", actor="ada")
    with pytest.raises(NotFound, match="no client 'app'"):
        clients.remove(model, "svc", "app", actor="ada")
    assert deployments.wanted(model)[0].clients == ()


def test_deleting_wants_the_name_and_forgets_all(model):
    deployed(model)
    clients.add(model, "svc", "app", actor="ada")
    revisions.stop(model, "svc", actor="ada")
    settled(model, DeploymentState.STOPPED)
    with pytest.raises(NotConfirmed, match="confirm='svc'"):
        deployments.remove(model, "svc", confirm="", actor="ada")
    deployments.remove(model, "svc", confirm="svc", actor="ada")
    with model.read() as c:
        for table in ("deployments", "deployment_revisions", "deployment_versions", "deployment_clients"):
            assert c.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


def test_a_list_is_searched_by_name_title_and_maker(model):
    revisions.put(model, "svc", "m@1.0.0", actor="ada", title="Cats and dogs")
    revisions.put(model, "other", "m@1.0.0", actor="bo")

    def names(**by):
        return [found.name for found in deployments.every(model, **by)]

    assert names() == ["other", "svc"]
    assert names(search="DOGS") == names(mine="ada") == ["svc"]
    assert names(search="oth") == ["other"]
    assert names(search="%") == []


def test_a_host_runs_what_was_deployed_through_it(model):
    revisions.put(model, "one", "m@1.0.0", actor="ada", host="ada@one")
    revisions.put(model, "two", "m@1.0.0", actor="bo", host="bo@two")
    mine = [wanted.name for wanted in deployments.wanted(model, host="bo@two")]
    if model.engine.dialect.name == "sqlite":
        assert mine == ["one", "two"]
        return
    assert mine == ["two"]
    revisions.start(model, "one", actor="bo", host="bo@two")
    assert [wanted.name for wanted in deployments.wanted(model, host="bo@two")] == ["one", "two"]
    assert deployments.wanted(model, host="ada@one") == []
