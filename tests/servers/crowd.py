"""One of several writers at once: 500 writes of all kinds into one registry, each timed.

Run as `python crowd.py URL NUMBER COUNT RUN`. It opens the registry, says `ready`, waits for a line, works, and writes what
it did as JSON. All writers log into the run and share the model `shared`; each has a
model of its own besides.
"""

import json
import sys
import time
from collections import Counter

from jupyter_modelmgmt.domain.records import Artifact, NewVersion
from jupyter_modelmgmt.store import Store, aliases, changes, runs, stages, versions
from jupyter_modelmgmt.store.points import packed_arrays

FILE = Artifact(path="model.bin", digest="blake3:" + "0" * 64, size=7)
KINDS = ("add", "add_own", "edit", "promote", "alias", "log")


class Writer:
    """Does one kind of write after the other."""

    def __init__(self, store: Store, number: str, run: str) -> None:
        self.store, self.actor, self.run = store, f"writer{number}", run

    def add(self, model: str = "shared") -> None:
        facts = {"a": 1.0, "b": 2.0}
        new = NewVersion(model=model, version="", artifacts=(FILE,), metrics=facts, params=facts, tags=("x",))
        self.last = versions.add(self.store, new, bump="patch", actor=self.actor).selector

    def add_own(self) -> None:
        self.add(self.actor)

    def edit(self) -> None:
        changes.edit(self.store, self.last, {"description": self.actor, "tags": "y,z"}, actor=self.actor)

    def promote(self) -> None:
        stages.promote(self.store, "shared@newest", "production", actor=self.actor)

    def alias(self) -> None:
        aliases.put(self.store, "shared@newest", "champion", actor=self.actor)

    def log(self) -> None:
        runs.log(self.store, self.run, {("loss", ""): packed_arrays([1.0], [0.5])})


def main(url: str, number: str, count: str, run: str) -> None:
    store = Store.open(url)
    writer, done, waits = Writer(store, number, run), Counter(), []
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for i in range(int(count)):
        kind = KINDS[i % len(KINDS)]
        begun = time.perf_counter()
        getattr(writer, kind)()
        waits.append(time.perf_counter() - begun)
        done[kind] += 1
    store.close()
    sys.stdout.write(json.dumps({"done": done, "longest_s": max(waits)}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
