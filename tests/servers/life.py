"""The rules of versions' lives, written a second time as plain Python: no tables, no transactions."""

from dataclasses import dataclass, field
from functools import cmp_to_key

from semver import Version

RUNNING = ("Deploying", "Deployed", "Stopping")


class Refused(Exception):
    """The rules forbid it; `codes` are those of the errors that may say so."""

    def __init__(self, *codes):
        self.codes = codes


@dataclass
class Life:
    number: str
    status: str
    stage: str = "development"
    deleted: bool = False
    purged: bool = False


@dataclass
class Rule:
    exclusive: bool = False
    protected: bool = False
    approval: bool = False
    transitions: tuple[str, ...] | None = None


@dataclass
class Served:
    number: str
    state: str = "Deploying"
    wanted: bool = True


def first_stages():
    return {
        "development": Rule(),
        "staging": Rule(exclusive=True),
        "production": Rule(exclusive=True, protected=True),
        "archived": Rule(),
    }


@dataclass
class Lives:
    """One model with its versions, aliases, deployments and requests, and the stages of its registry."""

    versions: dict[str, Life] = field(default_factory=dict)
    aliases: dict[str, tuple[str, bool]] = field(default_factory=dict)
    deployments: dict[str, Served] = field(default_factory=dict)
    requests: dict[int, list[str]] = field(default_factory=dict)  # number, stage, state
    stages: dict[str, Rule] = field(default_factory=first_stages)
    in_trash: bool = True

    def alive(self):
        return [life for life in self.versions.values() if not life.deleted]

    def running(self, number):
        return [s for s in self.deployments.values() if s.number == number and s.state in RUNNING]

    def found(self, number):
        life = self.versions.get(number)
        if life is None or life.deleted:
            raise Refused("not_found")
        return life

    def latest(self):
        releases = [Version.parse(life.number) for life in self.alive() if "-" not in life.number]
        return str(max(releases, key=cmp_to_key(Version.compare))) if releases else None

    def newest(self):
        return self.alive()[-1].number if self.alive() else None

    def shown_status(self, life):
        return "deployed" if self.running(life.number) else life.status

    def add(self, number, bump, status):
        if number is None:
            ever = [Version.parse(n) for n in self.versions if "-" not in n]
            number = str(max(ever).next_version(bump)) if ever else "1.0.0"
        if number in self.versions:
            raise Refused("version_taken")
        self.versions[number] = Life(number, status)
        self.in_trash = False
        return number

    def edit(self, number, status):
        life = self.found(number)
        if status not in ("draft", "training", "completed", "deployed", "archived", "failed", "cloning"):
            raise Refused("bad_status")
        running = self.running(number)
        if status == "deployed" and not running:
            raise Refused("status_derived")
        if status != "deployed" and running:
            raise Refused("model_deployed")
        if status != "deployed":
            life.status = status

    def may_move(self, life, stage, *, approved):
        if stage not in self.stages:
            raise Refused("bad_stage")
        ways = self.stages[life.stage].transitions
        if ways is not None and stage not in ways and stage != life.stage:
            raise Refused("transition_refused")
        if stage == "archived" and self.running(life.number):
            raise Refused("model_deployed")
        if self.stages[stage].approval and not approved and stage != life.stage:
            raise Refused("approval_needed")

    def promote(self, number, stage, *, archive=True, approved=False):
        life = self.found(number)
        self.may_move(life, stage, approved=approved)
        if self.stages[stage].exclusive:
            for other in self.alive():
                if other is not life and other.stage == stage:
                    other.stage = "archived" if archive and not self.running(other.number) else "development"
        life.stage = stage

    def ask(self, number, stage, request):
        self.may_move(self.found(number), stage, approved=True)
        self.requests.setdefault(request, [number, stage, "requested"])

    def asked(self, number, stage):
        """Return the open request for it, None when there is none."""
        return next((i for i, told in self.requests.items() if told == [number, stage, "requested"]), None)

    def decide(self, request, *, yes):
        if request not in self.requests or self.versions[self.requests[request][0]].deleted:
            raise Refused("not_found")
        number, stage, state = self.requests[request]
        if state != "requested":
            raise Refused("approval_decided")
        if yes:
            self.promote(number, stage, approved=True)
        self.requests[request][2] = "approved" if yes else "rejected"

    def call(self, number, alias, protected):
        self.found(number)
        if alias in self.stages:
            raise Refused("bad_alias")
        held, was = self.aliases.get(alias, (number, False))
        if was and held != number:
            raise Refused("alias_protected")
        self.aliases[alias] = (number, was if protected is None else protected)

    def uncall(self, alias):
        if self.in_trash or alias not in self.aliases:
            raise Refused("not_found")
        if self.aliases[alias][1]:
            raise Refused("alias_protected")
        del self.aliases[alias]

    def deploy(self, name, number):
        self.refuse_archived(self.found(number))
        self.deployments[name] = Served(number)

    def start(self, name):
        served = self.served(name)
        life = self.versions[served.number]
        if life.deleted:
            raise Refused("version_archived")
        self.refuse_archived(life)
        served.state, served.wanted = "Deploying", True

    def stop(self, name):
        served = self.served(name)
        if served.wanted or served.state != "Stopped":
            served.state, served.wanted = "Stopping", False

    def forget(self, name):
        if self.served(name).state in RUNNING:
            raise Refused("model_deployed")
        del self.deployments[name]

    def served(self, name):
        if name not in self.deployments:
            raise Refused("not_found")
        return self.deployments[name]

    def refuse_archived(self, life):
        if "archived" in (life.stage, life.status):
            raise Refused("version_archived")

    def delete(self, number, *, delete_aliases):
        life = self.found(number)
        self.refuse_deletion(life, delete_aliases=delete_aliases)
        self.bury(life)

    def refuse_deletion(self, life, *, delete_aliases):
        called = [protected for held, protected in self.aliases.values() if held == life.number]
        if self.running(life.number):
            raise Refused("model_deployed")
        if any(called):
            raise Refused("alias_protected")
        if self.stages[life.stage].protected:
            raise Refused("stage_protected")
        if called and not delete_aliases:
            raise Refused("alias_held")

    def bury(self, life):
        life.deleted = True
        self.aliases = {alias: held for alias, held in self.aliases.items() if held[0] != life.number}

    def delete_model(self, *, confirmed):
        if self.in_trash:
            raise Refused("not_found")
        if not confirmed:
            raise Refused("not_confirmed")
        codes = set()
        for life in self.alive():
            try:
                self.refuse_deletion(life, delete_aliases=True)
            except Refused as refused:
                codes |= set(refused.codes)
        if codes:
            raise Refused(*codes)
        for life in self.alive():
            self.bury(life)
        self.in_trash = True

    def trashed(self, number):
        life = self.versions.get(number)
        if life is None or not life.deleted or life.purged:
            raise Refused("not_found")
        return life

    def restore(self, number):
        life = self.trashed(number)
        if self.stages[life.stage].exclusive and any(other.stage == life.stage for other in self.alive()):
            life.stage = "development"
        life.deleted = self.in_trash = False

    def purge(self, number, *, confirmed):
        life = self.trashed(number)
        if not confirmed:
            raise Refused("not_confirmed")
        if any(served.number == number for served in self.deployments.values()):
            raise Refused("conflict")
        life.purged = True
        self.requests = {i: told for i, told in self.requests.items() if told[0] != number}

    def configure(self, name, changes):
        if name not in self.stages and name in self.aliases:
            raise Refused("bad_stage")
        if any(other not in (*self.stages, name) for other in changes.get("transitions") or ()):
            raise Refused("bad_stage")
        if name in ("development", "archived") and changes.get("exclusive"):
            raise Refused("bad_field")
        if changes.get("exclusive") and len([life for life in self.alive() if life.stage == name]) > 1:
            raise Refused("stage_held")
        rule = self.stages.setdefault(name, Rule())
        for what, value in changes.items():
            setattr(rule, what, value)

    def unconfigure(self, name):
        if name not in self.stages or name in ("development", "archived"):
            raise Refused("bad_stage")
        if any(life.stage == name and not life.purged for life in self.versions.values()):
            raise Refused("stage_held")
        del self.stages[name]
        for rule in self.stages.values():
            if rule.transitions is not None:
                rule.transitions = tuple(other for other in rule.transitions if other != name)
