"""Versions live at random, in the store and in the plain rules of life.py: both always say and hold the same."""

from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, insert, select

from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.domain.records import Artifact, DeploymentState, NewVersion
from jupyter_modelmgmt.store import (
    aliases,
    approvals,
    changes,
    deployments,
    models,
    revisions,
    schema,
    stages,
    versions,
)
from tests.servers import whole
from tests.servers.life import Lives, Refused, first_stages

FILE = Artifact(path="model.bin", digest="blake3:" + "0" * 64, size=7)
WHICH = st.sampled_from([0, 1, 2, 3, 0, 1, 2, 3, 99])  # 99 is none, or one of the other sort
STAGES = st.sampled_from(["development", "staging", "staging", "production", "archived", "canary"])
NAMES = st.sampled_from(["svc-a", "svc-b"])
ALIASES = st.sampled_from(["champion", "challenger", "canary"])
STATUSES = st.sampled_from(["draft", "completed", "deployed", "archived", "gone"])
NUMBERS = st.sampled_from([None, None, "1.0.0", "1.0.1", "0.9.0", "2.0.0-rc.1", "3.0.0-alpha.1"])
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "exclusive": st.booleans(),
        "protected": st.booleans(),
        "approval": st.sampled_from([False, False, True]),
        "transitions": st.none() | st.none() | st.lists(STAGES, unique=True, min_size=1, max_size=4).map(tuple),
    },
)


def forget(store, name, *, actor):
    deployments.remove(store, name, confirm=name, actor=actor)


class Life(RuleBasedStateMachine):
    """Does the same to the store and to the plain rules."""

    store = None

    def __init__(self):
        super().__init__()
        self.lives, self.last_request, self.done = Lives(), 0, set()
        emptied(self.store)

    @initialize()
    def three_versions(self):
        for _ in range(3):
            self.add(None, "minor", "draft")
        self.configure("canary", {"protected": True})

    def both(self, plain, real):
        """Do it here and there; return what the store gave, None when both refused."""
        refused, error, given = (), None, None
        try:
            plain()
        except Refused as said:
            refused = said.codes
        try:
            given = real()
        except ModelManagementError as said:
            error = said
        assert bool(refused) == (error is not None), (refused, error)
        assert error is None or error.code in refused, (refused, error)
        if error is None:
            self.done.add(plain.__qualname__.split(".")[1])
        return given

    def number(self, which, *, trashed=False):
        """Return a version that lives, or is in the trash; now and then one of the other sort, or none at all."""
        known = self.lives.versions.values()
        fit = [life.number for life in known if life.deleted == trashed and not life.purged]
        others = [life.number for life in known if life.number not in fit]
        return fit[which % len(fit)] if fit and which < 99 else (others or ["9.9.9"])[-1]

    @rule(
        number=NUMBERS,
        bump=st.sampled_from(["major", "minor", "patch"]),
        status=st.sampled_from(["draft", "completed"]),
    )
    def add(self, number, bump, status):
        new = NewVersion(
            model="m", version=number or "", artifacts=(FILE,), status=status, metrics={"a": 1.0}, tags=("x",)
        )
        made = self.both(
            lambda: self.lives.add(number, bump, status), lambda: versions.add(self.store, new, bump=bump, actor="ada")
        )
        assert made is None or made.version == list(self.lives.versions)[-1]

    @rule(which=WHICH, status=STATUSES)
    def edit(self, which, status):
        number, told = self.number(which), {"status": status}
        self.both(
            lambda: self.lives.edit(number, status),
            lambda: changes.edit(self.store, f"m@{number}", told, actor="ada"),
        )

    @rule(which=WHICH, stage=STAGES, archive=st.booleans())
    def promote(self, which, stage, archive):
        number = self.number(which)
        self.both(
            lambda: self.lives.promote(number, stage, archive=archive),
            lambda: stages.promote(self.store, f"m@{number}", stage, archive_previous=archive, actor="ada"),
        )

    @rule(which=WHICH, stage=STAGES)
    def ask(self, which, stage):
        number = self.number(which)
        known = self.lives.asked(number, stage)
        request = self.last_request + 1 if known is None else known
        asked = self.both(
            lambda: self.lives.ask(number, stage, request),
            lambda: approvals.ask(self.store, f"m@{number}", stage, comment="", actor="ada"),
        )
        if asked is not None and known is None:
            # The store numbers requests; here they take its numbers over.
            self.lives.requests[asked.id] = self.lives.requests.pop(request)
            self.last_request = asked.id
        assert asked is None or known in (None, asked.id)

    @precondition(lambda self: self.lives.requests)
    @rule(which=st.integers(0, 2), yes=st.booleans())
    def decide(self, which, yes):
        request = ([*self.lives.requests][::-1] + [10**6] * 3)[which]
        act = approvals.approve if yes else approvals.reject
        self.both(
            lambda: self.lives.decide(request, yes=yes), lambda: act(self.store, request, comment="so", actor="ada")
        )

    @rule(which=WHICH, alias=ALIASES, protected=st.sampled_from([None, None, True, False]))
    def call(self, which, alias, protected):
        number = self.number(which)
        self.both(
            lambda: self.lives.call(number, alias, protected),
            lambda: aliases.put(self.store, f"m@{number}", alias, protected=protected, actor="ada"),
        )

    @precondition(lambda self: self.lives.aliases)
    @rule(alias=ALIASES)
    def uncall(self, alias):
        self.both(lambda: self.lives.uncall(alias), lambda: aliases.remove(self.store, "m", alias, actor="ada"))

    @rule(name=NAMES, which=WHICH)
    def deploy(self, name, which):
        number = self.number(which)
        self.both(
            lambda: self.lives.deploy(name, number),
            lambda: revisions.put(self.store, name, f"m@{number}", replicas=1, actor="ada"),
        )

    @precondition(lambda self: self.lives.deployments)
    @rule(name=NAMES, act=st.sampled_from(["start", "stop", "forget"]))
    def serve(self, name, act):
        real = {"start": revisions.start, "stop": revisions.stop, "forget": forget}[act]
        self.both(lambda: getattr(self.lives, act)(name), lambda: real(self.store, name, actor="ada"))

    @precondition(lambda self: self.lives.deployments)
    @rule(name=NAMES, well=st.booleans())
    def host(self, name, well):
        """Do what a host does: bring about what is wanted, or fail."""
        if served := self.lives.deployments.get(name):
            served.state = "Failed" if not well else "Deployed" if served.wanted else "Stopped"
            now = deployments.get(self.store, name)
            deployments.set_state(self.store, name, now.revision - 1, DeploymentState.STOPPED)
            deployments.set_state(self.store, name, now.revision, DeploymentState(served.state))

    @rule(which=WHICH, delete_aliases=st.booleans())
    def delete(self, which, delete_aliases):
        number = self.number(which)
        self.both(
            lambda: self.lives.delete(number, delete_aliases=delete_aliases),
            lambda: changes.remove(self.store, f"m@{number}", delete_aliases=delete_aliases, actor="ada"),
        )

    @precondition(lambda self: len(self.lives.versions) > 6)
    @rule(confirmed=st.sampled_from([True, True, False]))
    def delete_model(self, confirmed):
        self.both(
            lambda: self.lives.delete_model(confirmed=confirmed),
            lambda: changes.remove_model(self.store, "m", confirm="m" if confirmed else "", actor="ada"),
        )

    @precondition(lambda self: any(life.deleted for life in self.lives.versions.values()))
    @rule(which=WHICH)
    def restore(self, which):
        number = self.number(which, trashed=True)
        self.both(lambda: self.lives.restore(number), lambda: changes.restore(self.store, "m", number, actor="ada"))

    @precondition(lambda self: any(life.deleted for life in self.lives.versions.values()))
    @rule(which=WHICH, confirmed=st.sampled_from([True, True, True, False]))
    def purge(self, which, confirmed):
        number = self.number(which, trashed=True)
        self.both(
            lambda: self.lives.purge(number, confirmed=confirmed),
            lambda: changes.purge(self.store, f"m@{number}", confirm=f"m@{number}" if confirmed else "", actor="ada"),
        )

    @rule(name=STAGES, told=CHANGES)
    def configure(self, name, told):
        self.both(
            lambda: self.lives.configure(name, told), lambda: stages.configure(self.store, name, told, actor="ada")
        )

    @rule(name=st.sampled_from(["canary", "staging", "archived", "other"]))
    def unconfigure(self, name):
        self.both(lambda: self.lives.unconfigure(name), lambda: stages.remove(self.store, name, actor="ada"))

    @invariant()
    def nothing_is_broken(self):
        assert whole.flaws(self.store) == []

    @invariant()
    def both_hold_the_same(self):
        v = schema.versions.c
        with self.store.read() as c:
            rows = c.execute(select(v.version, v.stage, v.status, v.deleted_at, v.purged_at).order_by(v.sequence)).all()
        held = [(r.version, r.stage, r.status, r.deleted_at is not None, r.purged_at is not None) for r in rows]
        assert held == [(x.number, x.stage, x.status, x.deleted, x.purged) for x in self.lives.versions.values()]
        rules = {r.name: (r.exclusive, r.protected, r.approval, r.transitions) for r in stages.every(self.store)}
        told = {n: (r.exclusive, r.protected, r.approval, r.transitions) for n, r in self.lives.stages.items()}
        assert rules == told
        trash = {x.number for x in self.lives.versions.values() if x.deleted and not x.purged}
        assert {item.version for item in changes.trash(self.store).items} == trash

    @invariant()
    def both_show_the_same(self):
        lives = self.lives
        if lives.in_trash:
            with pytest.raises(ModelManagementError, match="no model"):
                models.get(self.store, "m")
            return
        shown = models.get(self.store, "m")
        assert shown.version_count == len(lives.alive())
        assert (shown.latest and shown.latest.version) == lives.latest()
        assert (shown.newest and shown.newest.version) == lives.newest()
        assert {a.alias: (a.version, a.protected) for a in shown.aliases} == lives.aliases
        if shown.newest:
            assert shown.newest.status == lives.shown_status(lives.versions[shown.newest.version])
        served = {d.name: (d.version, d.state) for d in deployments.every(self.store)}
        assert served == {name: (s.number, s.state) for name, s in lives.deployments.items()}


def emptied(store):
    """Take everything out of a store and put its first stages back."""
    flags = ("exclusive", "protected", "approval")
    with store.write() as c:
        for table in reversed(schema.metadata.sorted_tables):
            c.execute(delete(table))
        for position, (name, told) in enumerate(first_stages().items()):
            values = {flag: getattr(told, flag) for flag in flags} | {"transitions": None, "gates": []}
            c.execute(insert(schema.stages).values(name=name, position=position, **values))


def test_the_store_lives_by_the_rules(any_store):
    quick = any_store.engine.dialect.name == "sqlite"
    machine = type("TestedLife", (Life,), {"store": any_store})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8 if quick else 4, stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck), derandomize=True,
        ),
    )  # fmt: skip


WALKED = (
    [
        (
            "add",
            lambda r: {
                "number": r.choice([None, None, "1.0.0", "0.9.0", "2.0.0-rc.1"]),
                "bump": r.choice(BUMPS),
                "status": "draft",
            },
        )
    ]
    + [("edit", lambda r: {"which": pick(r), "status": r.choice(["draft", "completed", "deployed", "archived"])})]
    + [("promote", lambda r: {"which": pick(r), "stage": r.choice(MOVED), "archive": r.random() < 0.7})] * 4
    + [("ask", lambda r: {"which": pick(r), "stage": r.choice(MOVED)})]
    + [("decide", lambda r: {"which": r.randrange(3), "yes": r.random() < 0.7})]
    + [
        (
            "call",
            lambda r: {"which": pick(r), "alias": r.choice(CALLED), "protected": r.choice([None, None, True, False])},
        )
    ]
    + [("uncall", lambda r: {"alias": r.choice(CALLED)})]
    + [("deploy", lambda r: {"name": r.choice(["svc-a", "svc-b"]), "which": pick(r)})] * 2
    + [
        (
            "serve",
            lambda r: {"name": r.choice(["svc-a", "svc-b"]), "act": r.choice(["start", "stop", "stop", "forget"])},
        )
    ]
    * 2
    + [("host", lambda r: {"name": r.choice(["svc-a", "svc-b"]), "well": r.random() < 0.8})] * 2
    + [("delete", lambda r: {"which": pick(r), "delete_aliases": r.random() < 0.7})] * 2
    + [("restore", lambda r: {"which": pick(r)})] * 2
    + [("purge", lambda r: {"which": pick(r), "confirmed": r.random() < 0.9})]
    + [("configure", lambda r: {"name": r.choice(["canary", "canary", "staging"]), "told": told(r)})]
    + [("unconfigure", lambda r: {"name": r.choice(["canary", "staging"])})]
)
BUMPS = ("major", "minor", "patch")
MOVED = ("development", "staging", "staging", "production", "archived", "canary")
CALLED = ("champion", "challenger", "canary")


def pick(random):
    return random.choice([0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 99])


def told(random):
    """Give changes of a stage; most lift what was asked before, so that versions move on."""
    ways = random.choice([None, None, None, ("development", "archived", "production", "canary")])
    return {"exclusive": random.random() < 0.6, "protected": random.random() < 0.2, "approval": random.random() < 0.2,
            "transitions": ways}  # fmt: skip


def test_a_long_life_is_by_the_rules(any_store):
    random = Random(8)
    life = type("WalkedLife", (Life,), {"store": any_store})()
    life.three_versions()
    for step in range(400 if any_store.engine.dialect.name == "sqlite" else 100):
        name, values = random.choice(WALKED)
        getattr(life, name)(**values(random))
        if step % 150 == 149:
            life.delete_model(confirmed=True)
        life.nothing_is_broken()
        life.both_hold_the_same()
        life.both_show_the_same()
    assert len(life.done) == len(dict(WALKED)) - 1, "each kind of change was made, those of the host not counted"


@pytest.mark.heavy
def test_the_store_lives_by_the_rules_for_long(any_store):
    machine = type("TestedLife", (Life,), {"store": any_store})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
