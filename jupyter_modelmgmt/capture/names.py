"""What is known of the names of a session while its cells are read in order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The code behind a name: a function, or all methods of a class.

    `parameters` are those of a function in order; `changed` are the ones it may change, `None` any.
    """

    reads: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    is_class: bool = False
    always: bool = False
    everything: bool = False
    parameters: tuple[str, ...] = ()
    changed: frozenset[str] | None = None

    def joined(self, other: "Body") -> "Body":
        """Return a body that may be this one or `other`."""
        return Body(
            reads=self.reads | other.reads, changes=self.changes | other.changes,
            is_class=self.is_class or other.is_class, always=self.always or other.always,
            everything=self.everything or other.everything,
        )  # fmt: skip


@dataclass(slots=True)
class Names:
    """Which names may share an object, where imported ones come from, and the code that names carry.

    `plain` are names of numbers and texts: nothing changes those. `packaged` are names of objects that
    installed packages made by themselves: none of the user's `methods` is called on those.
    """

    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    bodies: dict[str, Body] = field(default_factory=dict)
    carried: dict[str, frozenset[str]] = field(default_factory=dict)
    methods: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)
    packaged: set[str] = field(default_factory=set)

    def inside(self, local: Iterable[str]) -> "Names":
        """Return what a scope with its own names `local` begins with; what it learns stays there."""
        own = frozenset(local)
        return Names(
            groups={n: group - own for n, group in self.groups.items() if n not in own},
            origins=_without(self.origins, own), bodies=_without(self.bodies, own),
            carried=_without(self.carried, own), methods=self.methods, plain=self.plain - own,
            packaged=self.packaged - own,
        )  # fmt: skip

    def copied(self) -> "Names":
        """Return the same knowledge, to come back to."""
        return Names(
            groups=dict(self.groups), origins=dict(self.origins), bodies=dict(self.bodies),
            carried=dict(self.carried), methods=set(self.methods), plain=set(self.plain),
            packaged=set(self.packaged),
        )  # fmt: skip

    def group(self, name: str) -> frozenset[str]:
        """Return the names whose objects may change when the object of `name` does."""
        return self.groups.get(name, frozenset()) | {name}

    def bind(
        self, name: str, sources: Iterable[str], *, surely: bool, plain: bool = False, packaged: bool = False
    ) -> None:
        """Let `name` hold something that may share objects with `sources`."""
        for is_one, known in ((plain, self.plain), (packaged, self.packaged)):
            (known.add if is_one and (surely or name in known) else known.discard)(name)
        # Taken before the old object goes: in `b = x, a = x, 1` the name is among the sources.
        sharing = frozenset().union(*(self.group(source) for source in sources))
        if surely:
            self.forget(name)
        self.share([name, *(sharing - {name})])

    def know_no_values(self) -> None:
        """Forget of which kind the values of names are."""
        self.plain.clear()
        self.packaged.clear()

    def forget(self, name: str) -> None:
        """Forget what `name` held."""
        for other in self.groups.pop(name, ()):
            if other != name:
                self.groups[other] = self.groups[other] - {name}
        for known in (self.origins, self.bodies, self.carried):
            known.pop(name, None)

    def share(self, names: Iterable[str]) -> None:
        """Note that all of `names` may share objects."""
        together = frozenset().union(*(self.group(name) for name in names))
        if len(together) > 1:
            self.groups.update(dict.fromkeys(together, together))

    def define(self, name: str, body: Body, *, surely: bool) -> None:
        """Note the code behind `name`."""
        known = self.bodies.get(name)
        self.bodies[name] = body if surely or known is None else body.joined(known)

    def carry(self, name: str, carriers: Iterable[str]) -> None:
        """Note that using `name` may run the code behind `carriers`."""
        if found := frozenset(carriers):
            self.carried[name] = self.carried.get(name, frozenset()) | found

    def code_behind(self, name: str) -> Body:
        """Return all that may happen when `name` is used: its code, and the code that this code uses."""
        seen: set[str] = set()
        waiting, found = [name], Body()
        while waiting:
            each = waiting.pop()
            if each in seen:
                continue
            seen.add(each)
            body = self.bodies.get(each)
            if body:
                found = found.joined(body)
                waiting += body.reads
            waiting += self.carried.get(each, ())
        return Body(reads=found.reads | seen, changes=found.changes, always=found.always, everything=found.everything)


def _without(known: Mapping[str, object], own: frozenset[str]) -> dict:  # type: ignore[type-arg]
    return {name: value for name, value in known.items() if name not in own}
