"""Processes die by `kill -9` at random points; what they were told is done is done, and nothing is half done."""

import json
import subprocess
import sys
import time
from collections import Counter
from copy import deepcopy
from pathlib import Path

import pytest
from blake3 import blake3
from sqlalchemy import select

from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.registry import connect
from jupyter_modelmgmt.store import schema
from tests.servers import killing, whole

pytestmark = pytest.mark.heavy

SLOTS = ("0", "1", "2", "3")
KILLS = {"sqlite": 200, "postgresql": 24}


class History:
    """What one model must be: replayed from what its users said."""

    def __init__(self) -> None:
        self.stages: dict[str, str] = {}  # of all versions, the deleted ones too
        self.deleted: set[str] = set()
        self.digests: dict[str, str] = {}
        self.session: str | None = None
        self.offset = 0
        self.acknowledged = 0

    def hear(self, said):
        """Take in what a user said; return what it was doing when it was killed."""
        doing = None
        for word, *about in said:
            if word == "begin":
                doing = about
            elif word == "end":
                self.acknowledged += 1
                self.done(*doing, about)
                doing = None
            elif word == "session":
                self.session, self.offset = about[0], 0
            else:
                assert word == "ready", about
        return doing

    def done(self, what, *about):
        match what, about:
            case "register", [[version, digest]]:
                self.register(version)
                self.digests[version] = digest
            case "append", [[offset]]:
                self.offset = offset
            case "promote", [version, stage, _]:
                self.promote(version, stage)
            case "delete", [version, _]:
                self.deleted.add(version)
            case "restore", [version, _]:
                self.restore(version)

    def after(self, what, *about):
        """Return the history in which what was being done is done."""
        other = deepcopy(self)
        match what:
            case "register":
                other.register(f"1.{len(self.stages)}.0")
            case "promote":
                other.promote(*about)
            case "delete":
                other.deleted.add(*about)
            case "restore":
                other.restore(*about)
        return other

    def register(self, version):
        assert version == f"1.{len(self.stages)}.0", "a number is never used again"
        self.stages[version] = "development"

    def promote(self, version, stage):
        if stage != "development":
            self.leave(stage, but=version)
        self.stages[version] = stage

    def leave(self, stage, but):
        for other, held in self.stages.items():
            if held == stage and other != but and other not in self.deleted:
                self.stages[other] = "archived"

    def restore(self, version):
        holders = [v for v, stage in self.stages.items() if stage == self.stages[version] and v not in self.deleted]
        if self.stages[version] in ("staging", "production") and holders:
            self.stages[version] = "development"
        self.deleted.discard(version)

    def state(self):
        return {version: (stage, version in self.deleted) for version, stage in self.stages.items()}


def seen(reg, slot):
    """Return stage and trash of all versions of a model, and check that each has all it was registered with."""
    try:
        alive = reg.versions(f"m{slot}")
    except NotFound:
        alive = []
    for version in alive:
        assert version.metrics == killing.FACTS["metrics"], version.selector
        assert version.params == killing.FACTS["params"], version.selector
        assert version.properties == killing.FACTS["properties"], version.selector
        assert version.tags == ("s", "t"), version.selector
    with reg.store.read() as c:
        v, m = schema.versions.c, schema.models.c
        query = select(v.version, v.stage, v.deleted_at).join(schema.models, m.id == v.model_id)
        return {
            row.version: (row.stage, row.deleted_at is not None) for row in c.execute(query.where(m.name == f"m{slot}"))
        }


def check_bytes(reg):
    """Check that every blob has its digest, whoever wrote it, and that every version has its blobs."""
    stored = set()
    for path in (reg.artifacts.folder / "blobs" / "blake3").glob("??/*"):
        assert blake3(path.read_bytes()).hexdigest() == path.name
        stored.add(f"blake3:{path.name}")
    with reg.store.read() as c:
        assert set(c.execute(select(schema.artifacts.c.digest)).scalars()) <= stored


def check_upload(reg, history, doing):
    """Check that an upload goes on where it was acknowledged, or a little behind."""
    if history.session is None:
        return
    try:
        offset = reg.uploads().get(history.session).offset
    except NotFound:
        assert history.offset == killing.PART * killing.PARTS
        return
    part = killing.PART if doing == ["append"] else 0
    assert history.offset <= offset <= history.offset + part
    path = reg.artifacts.folder / "uploads" / history.session
    assert path.read_bytes() == killing.content(history.session)[:offset]
    history.offset = offset


def test_kills_at_random_points_lose_nothing_and_leave_nothing_half(database_url, tmp_path, capsys):
    folder = tmp_path / "registry"
    kills = KILLS[database_url.partition(":")[0].partition("+")[0]]
    command = [sys.executable, killing.__file__, database_url, str(folder)]
    histories = {slot: History() for slot in SLOTS}
    struck, begun = Counter(), time.monotonic()
    reg = connect(database_url, artifacts=folder)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        for batch in range(kills // len(SLOTS)):
            told = {slot: [batch * 10 + int(slot), histories[slot].session] for slot in SLOTS}
            server.stdin.write(json.dumps(told) + "\n")
            server.stdin.flush()
            said = json.loads(server.stdout.readline())
            assert whole.flaws(reg.store) == []
            for slot, history in histories.items():
                struck[verify(reg, slot, history, said[slot])] += 1
        server.stdin.close()
    reg.close()
    reg = connect(database_url, artifacts=folder)
    check_bytes(reg)
    verify_later_use(reg)
    reg.close()
    done = sum(history.acknowledged for history in histories.values())
    with capsys.disabled():
        print(f"\n{kills} kills in {time.monotonic() - begun:.1f} s, {done} acknowledged, struck: {dict(struck)}")  # noqa: T201
    assert done >= kills
    assert {"register", "promote", "delete", "append"} <= set(struck) or kills < 200


def verify(reg, slot, history, said):
    """Check one model after its user was killed, and take over what is; return what the kill struck."""
    doing = history.hear(said)
    found = seen(reg, slot)
    if found != history.state():
        assert doing is not None
        other = history.after(*doing)
        assert found == other.state(), doing
        history.stages, history.deleted = other.stages, other.deleted
    for version, digest in history.digests.items():
        assert reg.artifacts.path(digest).exists(), version
    check_upload(reg, history, doing)
    return doing[0] if doing else "nothing"


def verify_later_use(reg):
    path = Path(reg.artifacts.folder) / "later.bin"
    path.write_bytes(b"later")
    for slot in SLOTS:
        made = reg.register_files(path, f"m{slot}")
        reg.promote(made.selector, "production")
        assert reg.get(f"m{slot}@production").version == made.version
    assert whole.flaws(reg.store) == []
    assert not reg.verify().damaged
    assert not reg.verify().missing
