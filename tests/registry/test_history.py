from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from jupyter_modelmgmt.domain.errors import BadField, NotFound
from jupyter_modelmgmt.store import schema


@pytest.fixture
def lived(any_reg, tmp_path):
    """Give a registry in which two versions of `digits` were promoted, one after the other."""
    path = tmp_path / "model.bin"
    path.write_bytes(b"weights")
    for name in ("digits", "words", "digits"):
        any_reg.register_files(path, name, allow_identical=True)
    ada = any_reg.acting_as("ada")
    ada.promote("digits@1.0.0", "production", comment="first")
    ada.update("digits@1.0.0", tags="x,y", status="completed", reason="trained")
    ada.promote("digits@1.1.0", "production", comment="better")
    return any_reg


def test_a_version_tells_its_own_history_the_last_first(lived):
    found = lived.history("digits@1.0.0")
    assert [e.action for e in found][::-1] == [
        "version.registered",
        "version.promoted",
        "version.edited",
        "version.promoted",
    ]
    assert found[1].actor == "ada"
    shown = list(found.frame()["Details"])
    assert "stage: production → archived" in shown[0]
    assert "tags: nothing → x, y" in shown[1]
    assert {e.version for e in found} == {"1.0.0"}


def test_models_and_the_registry_tell_theirs_in_pages(lived):
    assert {e.model for e in lived.history("DIGITS")} == {"digits"}
    assert {e.model for e in lived.history()} == {"digits", "words"}
    assert len(lived.history(limit=2)) == 2
    page = lived.history_page("digits", limit=2)
    following = lived.history_page("digits", limit=100, cursor=page.next_cursor)
    assert [*page.items, *following.items] == list(lived.history("digits"))
    assert following.next_cursor is None


def test_the_trash_and_the_purged_keep_their_history(lived):
    lived.delete("digits@1.0.0")
    lived.purge("digits@1.0.0", confirm="digits@1.0.0")
    assert [e.action for e in lived.history("digits@1.0.0")][:2] == ["version.purged", "version.deleted"]
    lived.delete_model("words", confirm="words")
    assert lived.history("words")[0].action == "model.deleted"
    assert lived.history("words@1.0.0")[-1].action == "version.registered"


def test_the_status_log_says_who_and_why(lived):
    last, *_, first = lived.status_log("digits@1.0.0")
    assert (last.status, last.actor, last.reason) == ("completed", "ada", "trained")
    assert first.status == "draft"


def test_stages_tell_who_was_in_them(lived):
    periods = lived.stage_history("digits", "production")
    assert [(p.version, p.left_at is None, p.comment) for p in periods] == [
        ("1.1.0", True, "better"),
        ("1.0.0", False, "first"),
    ]
    assert {p.stage for p in lived.stage_history("digits")} == {"development", "production", "archived"}


def test_who_was_production_on_that_day(lived):
    day = datetime(2026, 11, 10, 12, tzinfo=UTC)
    periods = schema.stage_periods
    with lived.store.write() as c:
        rows = c.execute(periods.select().where(periods.c.stage == "production").order_by(periods.c.id)).all()
        times = ((day, day + timedelta(days=2)), (day + timedelta(days=2), None))
        for row, (entered, left) in zip(rows, times, strict=True):
            c.execute(update(periods).where(periods.c.id == row.id).values(entered_at=entered, left_at=left))

    def held(on, stage="production"):
        return [p.version for p in lived.holders("digits", stage, on=on)]

    assert held("2026-11-09") == []
    assert held("2026-11-10") == held("2026-11-11") == ["1.0.0"]
    assert held("2026-11-12") == ["1.1.0", "1.0.0"]
    assert held("2026-11-13") == ["1.1.0"]
    assert held("2026-11-10T11:59:59Z") == []
    assert held(day) == held("2026-11-10T12:00:00Z") == ["1.0.0"]
    assert held(day + timedelta(days=2)) == ["1.1.0"]
    assert held("2026-11-13", "staging") == []


@pytest.mark.parametrize("what", ["nobody", "nobody@1.0.0", "digits@9.9.9", "digits@champion"])
def test_what_never_was_has_no_history(lived, what):
    with pytest.raises(NotFound):
        lived.history(what)


def test_mistakes_are_told(lived):
    with pytest.raises(BadField, match="is not a date"):
        lived.holders("digits", on="then")
    with pytest.raises(NotFound):
        lived.holders("nobody", on="2026-11-21")
    with pytest.raises(BadField, match="limit is a number"):
        lived.history(limit=0)
