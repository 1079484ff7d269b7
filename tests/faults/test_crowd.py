"""Eight processes write at once: every write is there afterwards, and none was told of a lock."""

import json
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack

import pytest
from sqlalchemy import func, select

from jupyter_modelmgmt.store import Store, runs, schema
from tests.servers import crowd, whole

WRITERS = 8
WRITES = 500
pytestmark = [pytest.mark.heavy, pytest.mark.timeout(900)]


def test_eight_processes_lose_no_write_and_meet_no_lock(database_url, capsys):
    store = Store.open(database_url)
    run = runs.start(store, "shared", params={}, tags=(), source=None, actor="ada").id
    with ExitStack() as ending:
        writers = [ending.enter_context(started(database_url, number, WRITES, run)) for number in range(WRITERS)]
        for writer in writers:
            assert writer.stdout.readline() == "ready\n"
        begun = time.monotonic()
        for writer in writers:
            writer.stdin.write("go\n")
            writer.stdin.flush()
        told = [json.loads(writer.stdout.readline()) for writer in writers]
        took = time.monotonic() - begun
    done = sum((Counter(said["done"]) for said in told), Counter())
    assert done.total() == WRITERS * WRITES
    assert whole.flaws(store) == []
    check_counts(store, done, run)
    store.close()
    longest = max(said["longest_s"] for said in told)
    with capsys.disabled():
        print(f"\n{dict(done)} in {took:.1f} s, {done.total() / took:.0f}/s, longest {longest:.2f} s")  # noqa: T201


def started(url, number, writes, run):
    return subprocess.Popen(
        [sys.executable, crowd.__file__, url, str(number), str(writes), run],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def check_counts(store, done, run):
    e, m = schema.events.c, schema.models.c
    with store.read() as c:
        events = dict(c.execute(select(e.action, func.count()).group_by(e.action)).all())
        counts = dict(c.execute(select(m.name, m.version_count)).all())
        asked = c.execute(select(func.count()).where(e.action == "version.promoted", e.actor.like("writer%"))).scalar()
    assert counts["shared"] == done["add"]
    assert sum(counts.values()) == done["add"] + done["add_own"] == events["version.registered"]
    assert events["version.edited"] == done["edit"]
    assert events["alias.set"] == done["alias"]
    assert asked >= done["promote"]
    (series,) = runs.get(store, run).summaries
    assert series.count == done["log"]
