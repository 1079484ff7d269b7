"""Kept tests in the store: names, results, tallies, which version is asked next, what becomes of them at last."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import update

from jupyter_modelmgmt.domain.errors import Conflict, NotConfirmed, NotFound
from jupyter_modelmgmt.domain.evidence import Safety, Verdict
from jupyter_modelmgmt.domain.kept import KeptResult, KeptTally, KeptTest, ResultState
from jupyter_modelmgmt.domain.predictions import Label, Prediction
from jupyter_modelmgmt.store import Store, artifacts, changes, events, kept, kept_claims, schema, stages, versions

DIGEST = "blake3:" + "a" * 64


@pytest.fixture
def model(store, new):
    """Give a store with digits 1.0.0, which can be loaded."""
    add(store, new)
    return store


def add(store, new, version="", **fields):
    return versions.add(store, new(version, flavor="onnx", **fields), bump="minor", actor="ada", allow_identical=True)


def keep(store, name="seven", version="1.0.0"):
    answer = Prediction(
        task="classification",
        version=version,
        latency_ms=2.0,
        classes=(Label(label="7", score=0.9),),
        width=8,
        height=8,
    )
    test = KeptTest(
        model="digits", name=name, media="image/png", digest=DIGEST, size=9, expected=answer, tolerance=0.1,
        threshold=0.0, created_at=datetime.now(UTC), created_by="",
    )  # fmt: skip
    return kept.add(store, test, latency_ms=2.0, actor="ada")


def note(store, state, *, test="seven", version="1.1.0", difference=""):
    result = KeptResult(
        test=test, version=version, state=state, difference=difference, latency_ms=1.5, at=datetime.now(UTC), by="bo"
    )
    kept.note(store, result, model="digits")


def test_a_test_is_kept_with_its_answer_and_its_version_has_passed(model):
    made = keep(model)
    assert (made.created_by, made.expected.classes[0].label, made.digest) == ("ada", "7", DIGEST)
    assert kept.of_model(model, "DIGITS").items == (made,)
    assert kept.get(model, "digits", "SEVEN") == made
    (result,) = kept.results(model, "digits@1.0.0")
    assert (result.test, result.state, result.latency_ms, result.by) == ("seven", "passed", 2.0, "ada")
    event = events.after(model, 0)[-1]
    assert (event.action, event.version, event.details) == ("test.kept", "1.0.0", {"test": "seven"})


def test_a_name_is_taken_once_in_any_case(model):
    keep(model)
    with pytest.raises(Conflict, match="another name"):
        keep(model, "Seven")
    with pytest.raises(NotFound, match="no version"):
        keep(model, "other", version="9.0.0")
    with pytest.raises(NotFound, match="no test 'nine'"):
        kept.get(model, "digits", "nine")


def test_the_last_result_counts(model, new):
    keep(model)
    keep(model, "eight")
    add(model, new)
    note(model, ResultState.FAILED, difference="expected 7, got 1")
    note(model, ResultState.ERROR, test="eight", difference="No worker")
    assert kept.of_model(model, "digits").tallies == (
        KeptTally(version="1.1.0", passed=0, failed=2), KeptTally(version="1.0.0", passed=2, failed=0),
    )  # fmt: skip
    note(model, ResultState.PASSED)
    assert kept.of_model(model, "digits").tallies[0] == KeptTally(version="1.1.0", passed=1, failed=1)
    assert [r.difference for r in kept.results(model, "digits@1.1.0")] == ["", "No worker"]


def test_new_versions_wait_until_they_were_asked(model, new):
    assert kept_claims.waiting(model) is None
    keep(model)
    assert kept_claims.waiting(model) is None
    add(model, new)
    assert kept_claims.waiting(model) == "digits@1.1.0"
    note(model, ResultState.FAILED)
    assert kept_claims.waiting(model) is None
    versions.add(model, new("", flavor=""), bump="minor", actor="ada", allow_identical=True)
    assert kept_claims.waiting(model) is None  # nothing loads it


def test_a_version_that_waits_is_claimed_once_by_processes_that_ask_together(model, url, new):
    keep(model)
    add(model, new)
    stores = [Store.open(url) for _ in range(4)]
    together = Barrier(len(stores))

    def claimed(store):
        together.wait()
        return kept_claims.claim(store)

    with ThreadPoolExecutor(len(stores)) as pool:
        found = [claim for claim in pool.map(claimed, stores) if claim]
    for store in stores:
        store.close()
    assert [claim.selector for claim in found] == ["digits@1.1.0"]
    assert kept_claims.waiting(model) == "digits@1.1.0"  # claimed, and not asked yet


def test_a_claim_is_given_back_or_ends_with_its_time(model, new):
    keep(model)
    add(model, new)
    first = kept_claims.claim(model)
    add(model, new)
    other = kept_claims.claim(model)
    assert (first.selector, other.selector, kept_claims.claim(model)) == ("digits@1.1.0", "digits@1.2.0", None)
    kept_claims.release(model, other)
    assert kept_claims.claim(model).selector == "digits@1.2.0"
    past(model, first)
    kept_claims.renew(model, first)
    assert kept_claims.claim(model) is None
    past(model, first)
    second = kept_claims.claim(model)
    assert second.selector == first.selector
    kept_claims.release(model, first)  # it is another's now
    kept_claims.renew(model, first)
    assert kept_claims.claim(model) is None


def past(store, claim):
    """Let the time of a claim be over."""
    column = schema.kept_claims.c
    with store.write() as c:
        ended = update(schema.kept_claims).where(column.version_id == claim.version_id)
        c.execute(ended.values(until=datetime(2020, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize("safety", [Safety.CODE, Safety.REFUSED])
def test_what_would_run_code_waits_for_nobody(model, new, safety):
    keep(model)
    verdict = Verdict(path="model.pkl", safety=safety, reason="a pickle", imports=())
    add(model, new, safety=(verdict,))
    stages.promote(model, "digits@1.1.0", "staging", actor="mallory")
    assert kept_claims.waiting(model) is None


def test_a_promotion_asks_again(model):
    keep(model)
    stages.promote(model, "digits@1.0.0", "staging", actor="ada")
    assert kept_claims.waiting(model) == "digits@1.0.0"
    note(model, ResultState.PASSED, version="1.0.0")
    assert kept_claims.waiting(model) is None


def test_a_removed_test_leaves_nothing(model):
    keep(model)
    with pytest.raises(NotConfirmed, match="confirm='seven'"):
        kept.remove(model, "digits", "seven", confirm="", actor="ada")
    assert artifacts.named(model, [DIGEST]) == {DIGEST}
    kept.remove(model, "digits", "SEVEN", confirm="seven", actor="ada")
    note(model, ResultState.PASSED, version="1.0.0")  # of a run that was under way
    assert kept.of_model(model, "digits").items == ()
    assert kept.results(model, "digits@1.0.0") == ()
    assert artifacts.named(model, [DIGEST]) == set()
    assert events.after(model, 0)[-1].action == "test.removed"


def test_inputs_are_files_of_the_model(model):
    keep(model)
    ((artifact, users),) = kept.files(model, "digits")
    assert (artifact.digest, artifact.size, users[0].version, users[0].path) == (DIGEST, 9, "digits", "test seven")
    assert kept.files(model) == kept.files(model, "digits")
    assert kept.files(model, "digits@1.0.0") == ()


def test_tests_go_with_the_last_version_of_a_deleted_model(model, new):
    add(model, new)
    keep(model)
    changes.remove_model(model, "digits", confirm="digits", actor="ada")
    changes.purge(model, "digits@1.0.0", confirm="digits@1.0.0", actor="ada")
    changes.restore(model, "digits", "1.1.0", actor="ada")
    assert [test.name for test in kept.of_model(model, "digits").items] == ["seven"]
    changes.remove_model(model, "digits", confirm="digits", actor="ada")
    changes.purge(model, "digits@1.1.0", confirm="digits@1.1.0", actor="ada")
    assert artifacts.named(model, [DIGEST]) == set()
