"""Creating versions against raw sqlite3; registries that are filled at once."""

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from jupyter_modelmgmt.domain import versions as semver
from jupyter_modelmgmt.domain.records import Artifact, NewVersion
from jupyter_modelmgmt.store import Store, schema, sqlite, versions
from tests.bench.measure import Figure, by_turns

FACTS = {f"fact{i}": i / 10 for i in range(10)}
FILE = Artifact(path="model.bin", digest="blake3:" + "0" * 64, size=7)
NEW = NewVersion(model="digits", version="", artifacts=(FILE,), metrics=FACTS, params=FACTS, tags=("a",))


def figures(folder: Path) -> Iterator[Figure]:
    yield creating(folder)


def creating(folder: Path) -> Figure:
    """Hold a version with 10 metrics and 10 params against the same rows by prepared statements."""
    store = Store.open(f"sqlite:///{folder / 'ours' / 'registry.db'}")
    raw = Raw(Store.open(f"sqlite:///{folder / 'raw' / 'registry.db'}"))
    ours, theirs = by_turns(lambda: versions.add(store, NEW, bump="minor", actor="bench"), raw.add, times=300)
    return Figure(what="create a version", ours=ours, against="raw sqlite3", theirs=theirs, at_most=6)


class Raw:
    """The least that writes the same rows: no checks, statements written out."""

    def __init__(self, store: Store) -> None:
        versions.add(store, NEW, bump="minor", actor="bench")
        self.connection = sqlite.driver().connect(store.url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self.connection.execute(f"PRAGMA {pragma}")
        columns = [
            c.name for c in schema.versions.c if c.name not in ("id", "sequence", "version", "identity", "sort_key")
        ]
        self.sql = (
            f"INSERT INTO versions (sequence, version, identity, sort_key, {', '.join(columns)}) "
            f"SELECT ?, ?, ?, ?, {', '.join(columns)} FROM versions WHERE id = 1"
        )
        self.numbers = itertools.count(2)

    def add(self) -> None:
        number = next(self.numbers)
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        version_id = run(self.sql, (number, f"1.{number}.0", f"1.{number}.0", f"{number:020d}")).lastrowid
        many = self.connection.executemany
        many("INSERT INTO version_metrics VALUES (?, ?, ?)", [(version_id, *fact) for fact in FACTS.items()])
        rows = [(version_id, key, value, value) for key, value in FACTS.items()]
        many("INSERT INTO version_params (version_id, key, value, number) VALUES (?, ?, ?, ?)", rows)
        run("INSERT INTO version_tags VALUES (?, 0, 'a')", (version_id,))
        run("INSERT INTO artifacts VALUES (?, ?, ?, ?)", (version_id, FILE.path, FILE.digest, FILE.size))
        run(
            "UPDATE models SET newest_id = ?, latest_id = ?, last_sequence = ? WHERE id = 1",
            (version_id, version_id, number),
        )
        run(
            "INSERT INTO events (at, actor, action, model, version, deployment, details) VALUES (?, 'bench', 'x', 'm', '', '', ?)",
            (str(datetime.now(UTC)), json.dumps({"sequence": number})),
        )
        run("COMMIT")


def filled(folder: Path, count: int, metrics: int = 4) -> Store:
    """Return a store with one model of `count` versions, each with some metrics."""
    store = Store.open(f"sqlite:///{folder / 'registry.db'}")
    versions.add(store, NewVersion(model="m", version="1.0.0", artifacts=(FILE,)), bump="minor", actor="bench")
    with store.read() as c:
        first = dict(c.execute(schema.versions.select()).one()._mapping)
    with store.write() as c:
        for numbers in batches(count):
            c.execute(insert(schema.versions), [numbered(first, n) for n in numbers])
            rows = [
                {"version_id": n, "key": f"m{k}", "value": (n * k) % 97 / 97} for n in numbers for k in range(metrics)
            ]
            if rows:
                c.execute(insert(schema.metrics), rows)
        c.execute(
            schema.models.update().values(latest_id=count, newest_id=count, last_sequence=count, version_count=count)
        )
    return store


def batches(count: int) -> Iterator[range]:
    return (range(start, min(start + 5_000, count + 1)) for start in range(2, count + 1, 5_000))


def numbered(first: dict[str, object], n: int) -> dict[str, object]:
    version = semver.parse(f"1.{n}.0")
    text = str(version)
    return {**first, "id": n, "sequence": n, "version": text, "identity": text, "sort_key": semver.sort_key(version)}
