from datetime import timedelta

import pytest
from sqlalchemy import update

from jupyter_modelmgmt.domain.errors import BadField, Conflict, NotFound
from jupyter_modelmgmt.store import aliases, changes, events, lifetimes, revisions, schema, stages, versions
from jupyter_modelmgmt.store.events import now


@pytest.fixture
def model(store, new):
    """Give a store with digits 1.0.0 to 1.4.0, each made 10 days ago."""
    for _ in range(5):
        versions.add(store, new(), bump="minor", actor="ada")
    with store.write() as c:
        c.execute(update(schema.versions).values(created_at=now() - timedelta(days=10)))
    return store


def put(store, name, days):
    return lifetimes.put(store, name, days, actor="ada")


def expire(store, **options):
    return lifetimes.expire(store, actor="host", **options)


def test_a_version_goes_to_the_trash_when_its_days_are_over(model):
    assert put(model, "digits@1.0.0", 9).days == 9
    assert put(model, "digits@1.1.0", 11).expires_at > now()
    assert expire(model, dry_run=True) == ("digits@1.0.0",)
    assert expire(model) == ("digits@1.0.0",)
    assert expire(model) == ()
    assert [trashed.version for trashed in changes.trash(model).items] == ["1.0.0"]
    told = events.after(model, 0)[-1]
    assert (told.action, told.actor, told.version) == ("version.expired", "host", "1.0.0")
    assert changes.restore(model, "digits", "1.0.0", actor="ada").version == "1.0.0"


def test_versions_inherit_the_lifetime_of_their_model_unless_they_have_their_own(model):
    put(model, "digits", 5)
    put(model, "digits@1.1.0", 400)
    inherited = lifetimes.get(model, "digits@1.0.0")
    assert (inherited.days, inherited.inherited) == (5, True)
    assert lifetimes.get(model, "digits@1.1.0").inherited is False
    assert expire(model) == ("digits@1.0.0", "digits@1.2.0", "digits@1.3.0", "digits@1.4.0")


def test_a_lifetime_that_is_taken_back_ends_nothing(model):
    put(model, "digits", 5)
    put(model, "digits@1.0.0", 5)
    assert put(model, "digits", None).days is None
    assert put(model, "digits@1.0.0", None) == lifetimes.Lifetime()
    assert expire(model) == ()


def test_what_is_used_stays_though_its_days_are_over(model):
    put(model, "digits@1.0.0", 1)
    put(model, "digits", 1)
    aliases.put(model, "digits@1.0.0", "champion", actor="ada")
    stages.promote(model, "digits@1.1.0", "staging", actor="ada")
    revisions.put(model, "svc", "digits@1.2.0", actor="ada")
    kept = [lifetimes.get(model, f"digits@1.{n}.0") for n in range(3)]
    assert [one.kept_by for one in kept] == [("the alias champion",), ("the stage staging",), ("the deployment svc",)]
    assert {one.expires_at for one in kept} == {None}
    assert expire(model) == ("digits@1.3.0", "digits@1.4.0")


def test_a_version_in_use_is_given_no_lifetime(model):
    aliases.put(model, "digits@1.0.0", "champion", actor="ada")
    with pytest.raises(Conflict, match=r"does not expire while it is kept by the alias champion\. End that first"):
        put(model, "digits@1.0.0", 3)


@pytest.mark.parametrize("days", [0, -1, 36_501, 10**30])
def test_days_are_a_number_of_days(model, days):
    with pytest.raises(BadField, match="1 to 36500 days"):
        put(model, "digits", days)


@pytest.mark.parametrize("name", ["other", "other@1.0.0", "digits@9.0.0"])
def test_what_is_not_there_has_no_lifetime(model, name):
    with pytest.raises(NotFound):
        put(model, name, 3)
    with pytest.raises(NotFound):
        lifetimes.get(model, name)


def test_a_purged_version_forgets_its_lifetime(model):
    put(model, "digits@1.0.0", 1)
    expire(model)
    changes.purge(model, "digits@1.0.0", confirm="digits@1.0.0", actor="ada")
    with model.read() as c:
        assert c.execute(schema.version_lifetimes.select()).all() == []
