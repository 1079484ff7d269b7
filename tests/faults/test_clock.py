"""A clock that is wrong: what happened first stays first, nothing is lost, nothing young is collected."""

import json
import os
import subprocess
import sys
import time

import pytest

from jupyter_modelmgmt.store import events, searching

DAY = 86_400
# Each process lives at its own time: yesterday, in ten years, at one frozen moment.
OFFSETS = (0, -DAY, 3650 * DAY, 0, -2 * DAY, 60)
PROGRAM = """
import json, sys
from datetime import timedelta
from jupyter_modelmgmt.store import Store, events
right, frozen = events.now, events.now()
url, offset, count, still = sys.argv[1], *map(int, sys.argv[2:])
# The one clock of the store, set before anything that asks it is imported.
events.now = lambda: (frozen if still else right()) + timedelta(seconds=offset)
from jupyter_modelmgmt.domain.records import Artifact, NewVersion
from jupyter_modelmgmt.store import stages, versions
store = Store.open(url)
file = Artifact(path="m", digest="blake3:" + "0" * 64, size=7)
new = NewVersion(model="digits", version="", artifacts=(file,))
print(json.dumps([versions.add(store, new, bump="minor", actor="ada").version for _ in range(count)]))
stages.promote(store, "digits@newest", "production", actor="ada")
store.close()
"""


def register_at(url, offset, count=5, still=0):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, url, str(offset), str(count), str(still)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.heavy
@pytest.mark.parametrize("still", [0, 1], ids=["running", "standing still"])
def test_the_order_does_not_follow_the_clock(any_reg, still):
    made = [v for offset in OFFSETS for v in register_at(any_reg.store.url, offset, still=still)]
    listed = any_reg.versions("digits")
    assert [v.version for v in listed] == made[::-1]
    assert len({v.created_at for v in listed}) < len(made) if still else True
    happened = any_reg.events(limit=1000)
    assert [e.id for e in happened] == sorted({e.id for e in happened})
    assert [e.version for e in happened if e.action == "version.registered"] == made
    assert any_reg.get("digits@newest").version == any_reg.get("digits@production").version == made[-1]
    print(f"\nclock {'standing still' if still else 'running'}: {len(made)} versions of {len(OFFSETS)} times in order")  # noqa: T201


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "-updated_at"])
def test_pages_by_time_hold_every_version_once(any_reg, sort):
    made = {v for offset in OFFSETS[:3] for v in register_at(any_reg.store.url, offset, still=1)}
    seen, cursor = [], None
    while True:
        page = searching.page(any_reg.store, model="digits", sort=sort, limit=4, cursor=cursor)
        seen += [v.version for v in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert len(seen) == len(made)
    assert set(seen) == made


def test_a_reader_of_events_misses_nothing_when_the_clock_goes_back(any_reg):
    register_at(any_reg.store.url, 0)
    last = any_reg.last_event()
    register_at(any_reg.store.url, -DAY, count=3)
    assert len([e for e in events.after(any_reg.store, last) if e.action == "version.registered"]) == 3


def test_bytes_of_the_future_are_not_collected(reg, tmp_path):
    """The clock was ahead when they were written, and is right again."""
    (tmp_path / "w.bin").write_bytes(b"data")
    artifact = reg.artifacts.add_file(tmp_path / "w.bin", "w.bin")
    ahead = time.time() + DAY
    os.utime(reg.artifacts.path(artifact.digest), (ahead, ahead))
    assert reg.collect_garbage().kept == 1
