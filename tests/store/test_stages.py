import pytest

from jupyter_modelmgmt.domain.errors import (
    ApprovalDecided,
    ApprovalNeeded,
    BadField,
    BadSearch,
    BadStage,
    GateFailed,
    ModelDeployed,
    NotFound,
    StageHeld,
    TransitionRefused,
)
from jupyter_modelmgmt.store import approvals, events, revisions, stages, versions


@pytest.fixture
def model(store, new):
    """Give a store with digits 1.0.0, 1.1.0 and 1.2.0."""
    for i, number in enumerate(("1.0.0", "1.1.0", "1.2.0")):
        versions.add(store, new(number, metrics={"accuracy": 0.9 + i / 100}), bump="minor", actor="ada")
    return store


def promote(store, number, stage, **options):
    return stages.promote(store, f"digits@{number}", stage, actor="ada", **options)


def stage_of(store, number):
    return versions.get(store, f"digits@{number}").stage


def configure(store, name, **changes):
    return stages.configure(store, name, changes, actor="ada")


def test_a_registry_begins_with_the_seeds_stages(store):
    rules = stages.every(store)
    assert [rule.name for rule in rules] == ["development", "staging", "production", "archived"]
    assert [rule.name for rule in rules if rule.exclusive] == ["staging", "production"]
    assert [rule.name for rule in rules if rule.protected] == ["production"]


def test_the_former_holder_is_archived_in_the_same_transaction(model):
    promote(model, "1.0.0", "production")
    before = events.last_id(model)
    promote(model, "1.1.0", "production", comment="better")
    assert (stage_of(model, "1.0.0"), stage_of(model, "1.1.0")) == ("archived", "production")
    assert [e.details["stage"] for e in events.after(model, before)] == [
        ["production", "archived"],
        ["development", "production"],
    ]


def test_the_former_holder_goes_to_development_when_asked_or_while_it_runs(model):
    promote(model, "1.0.0", "production")
    promote(model, "1.1.0", "production", archive_previous=False)
    assert stage_of(model, "1.0.0") == "development"
    revisions.put(model, "svc", "digits@1.1.0", replicas=1, actor="ada")
    promote(model, "1.2.0", "production")
    assert stage_of(model, "1.1.0") == "development"
    with pytest.raises(ModelDeployed, match="cannot archive"):
        promote(model, "1.1.0", "archived")


def test_a_shared_stage_holds_many(model):
    configure(model, "production", exclusive=False)
    for number in ("1.0.0", "1.1.0"):
        promote(model, number, "production")
    assert versions.get(model, "digits@production").version == "1.1.0"
    with pytest.raises(StageHeld, match="digits has 2 versions in production"):
        configure(model, "production", exclusive=True)


def test_a_stage_of_ones_own_comes_before_archived_and_is_a_selector(model):
    names = [rule.name for rule in configure(model, "canary", exclusive=True)]
    assert names == ["development", "staging", "production", "canary", "archived"]
    assert [rule.name for rule in configure(model, "canary", position=1)][1] == "canary"
    promote(model, "1.1.0", "canary")
    assert versions.get(model, "digits@canary").version == "1.1.0"
    with pytest.raises(StageHeld, match="digits@1.1.0 is in canary"):
        stages.remove(model, "canary", actor="ada")
    promote(model, "1.1.0", "staging")
    assert "canary" not in [rule.name for rule in stages.remove(model, "canary", actor="ada")]


@pytest.mark.parametrize("name", ["latest", "newest", "", "1.0", "v1", "a b", "QA", "x" * 41, "-a"])
def test_names_that_selectors_read_otherwise_are_no_stages(store, name):
    with pytest.raises(BadStage):
        configure(store, name)


@pytest.mark.parametrize("stage", ["development", "archived"])
def test_the_first_and_the_last_stage_stay_and_are_shared(store, stage):
    with pytest.raises(BadStage, match="it stays"):
        stages.remove(store, stage, actor="ada")
    with pytest.raises(BadField, match="many versions"):
        configure(store, stage, exclusive=True)


@pytest.mark.parametrize(
    "changes",
    [{"exclusive": "yes"}, {"colour": "red"}, {"transitions": "production"}, {"position": -1}, {"gates": "x = 1"}],
)
def test_what_a_stage_cannot_be_is_refused(store, changes):
    with pytest.raises(BadField, match="There are exclusive, protected and approval"):
        configure(store, "staging", **changes)


def test_transitions_are_kept(model):
    configure(model, "development", transitions=["staging", "archived"])
    with pytest.raises(TransitionRefused, match="goes to staging, archived, not to production"):
        promote(model, "1.0.0", "production")
    promote(model, "1.0.0", "staging")
    promote(model, "1.0.0", "production")
    with pytest.raises(BadStage, match="'qa' is not a stage"):
        configure(model, "staging", transitions=["qa"])
    configure(model, "development", transitions=None)
    promote(model, "1.1.0", "production")


def test_an_unknown_stage_is_refused(model):
    with pytest.raises(BadStage, match="Use one of development, staging, production, archived"):
        promote(model, "1.0.0", "live")


def test_a_gate_keeps_out_what_does_not_match(model):
    configure(model, "production", gates=["metrics.accuracy >= 0.91 and framework = 'other'"])
    with pytest.raises(GateFailed, match=r"digits@1\.0\.0 may not enter production: it does not match metrics"):
        promote(model, "1.0.0", "production")
    assert stage_of(model, "1.0.0") == "development"
    assert promote(model, "1.1.0", "production").stage == "production"
    with pytest.raises(BadSearch):
        configure(model, "production", gates=["metrics.accuracy >="])


def test_a_stage_that_needs_approval_is_entered_by_an_approved_request(model):
    configure(model, "production", approval=True)
    with pytest.raises(ApprovalNeeded, match="request-approval"):
        promote(model, "1.0.0", "production")
    asked = approvals.ask(model, "digits@1.0.0", "production", comment="please", actor="ada")
    assert approvals.ask(model, "digits@1.0.0", "production", comment="again", actor="ada") == asked
    moved = approvals.approve(model, asked.id, comment="fine", actor="bo")
    assert moved.stage == "production"
    (closed,) = approvals.page(model, state="approved").items
    assert (closed.asked_by, closed.decided_by, closed.answer) == ("ada", "bo", "fine")
    with pytest.raises(ApprovalDecided, match="was approved by bo"):
        approvals.reject(model, asked.id, comment="no", actor="bo")


def test_a_request_is_rejected_with_a_reason(model):
    asked = approvals.ask(model, "digits@1.0.0", "production", comment="", actor="ada")
    with pytest.raises(BadField, match="why"):
        approvals.reject(model, asked.id, comment=" ", actor="bo")
    assert approvals.reject(model, asked.id, comment="too slow", actor="bo").state == "rejected"
    assert stage_of(model, "1.0.0") == "development"
    with pytest.raises(NotFound, match="no request 99"):
        approvals.approve(model, 99, comment="", actor="bo")


def test_an_approval_does_not_open_a_gate(model):
    configure(model, "production", approval=True, gates=["metrics.accuracy > 0.95"])
    asked = approvals.ask(model, "digits@1.0.0", "production", comment="", actor="ada")
    with pytest.raises(GateFailed):
        approvals.approve(model, asked.id, comment="", actor="bo")
    assert approvals.page(model, state="requested").items[0].id == asked.id


def test_requests_are_listed_by_model_and_state(model, new):
    versions.add(model, new("1.0.0", model="faces"), bump="minor", actor="ada")
    for selector in ("digits@1.0.0", "faces@1.0.0"):
        approvals.ask(model, selector, "staging", comment="", actor="ada")
    assert [a.model for a in approvals.page(model).items] == ["faces", "digits"]
    assert [a.model for a in approvals.page(model, model="DIGITS").items] == ["digits"]
    with pytest.raises(BadField, match="requested, approved, rejected"):
        approvals.page(model, state="open")
