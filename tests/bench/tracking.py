"""Metrics in and out against rows of raw sqlite3; boards, lists and lineage as the registry grows."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from jupyter_modelmgmt.domain.tracking import NewDataset
from jupyter_modelmgmt.registry import connect
from jupyter_modelmgmt.store import Store, boards, curves, datasets, evaluations, lineage, runs, schema, sqlite
from jupyter_modelmgmt.store.points import packed, packed_arrays
from tests.bench.measure import Figure, by_turns
from tests.bench.storing import filled

SMALL, LARGE = 100, 10_000
ROWS = "INSERT INTO metrics VALUES (?, ?, ?, ?)"


def figures(folder: Path) -> Iterator[Figure]:
    store = Store.open(f"sqlite:///{folder / 'ours' / 'registry.db'}")
    raw = Raw(folder)
    yield batch_of_names(store, raw)
    yield batch_of_one(store, raw)
    yield million(store, raw)
    yield reading(store, raw)
    yield training_loop(folder, raw)
    store.close()
    raw.connection.close()
    yield from growing(folder)


class Raw:
    """A row per point: name, step, value, time; statements written out, one transaction a batch."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite.driver().connect(folder / "raw.db", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute(
            "CREATE TABLE metrics (run, name, step, value, PRIMARY KEY (run, name, step)) WITHOUT ROWID"
        )
        self.runs = itertools.count()

    def add(self, names: int, points: int) -> int:
        run = next(self.runs)
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany(ROWS, [(run, f"m{n}", i, 0.5) for n in range(names) for i in range(points)])
        self.connection.execute("COMMIT")
        return run


def started(store: Store) -> str:
    return runs.start(store, "train", params={}, tags=(), source=None, actor="bench").id


def batch_of_names(store: Store, raw: Raw) -> Figure:
    batch = {(f"m{n}", ""): packed([(0.0, 0.5, 0.0)]) for n in range(1000)}
    waiting = iter([started(store) for _ in range(31)])
    ours, theirs = by_turns(lambda: runs.log(store, next(waiting), batch), lambda: raw.add(1000, 1), times=30)
    return Figure(what="log 1,000 metrics of 1,000 names", ours=ours, against="raw sqlite3 rows", theirs=theirs,
                  at_most=6, extra=2)  # fmt: skip


def batch_of_one(store: Store, raw: Raw) -> Figure:
    points = [(float(i), 0.5, 0.0) for i in range(1000)]
    run = started(store)
    ours, theirs = by_turns(
        lambda: runs.log(store, run, {("loss", ""): packed(points)}), lambda: raw.add(1, 1000), times=30
    )
    return Figure(what="log 1,000 metrics of one name", ours=ours, against="raw sqlite3 rows", theirs=theirs,
                  at_most=2, extra=1)  # fmt: skip


def million(store: Store, raw: Raw) -> Figure:
    x, y = np.arange(10_000.0), np.sin(np.arange(10_000.0))

    def ours() -> None:
        run = started(store)
        for n in range(100):
            points = packed_arrays(x, y)
            assert points is not None
            runs.log(store, run, {(f"m{n}", ""): points})

    mine, theirs = by_turns(ours, lambda: raw.add(100, 10_000), times=3)
    return Figure(what="log 1,000,000 points", ours=mine, against="raw sqlite3 rows", theirs=theirs,
                  at_most=0.5)  # fmt: skip


def reading(store: Store, raw: Raw) -> Figure:
    run, rows = started(store), raw.add(1, 10_000)
    points = packed_arrays(np.arange(10_000.0), np.sin(np.arange(10_000.0)))
    assert points is not None
    runs.log(store, run, {("loss", ""): points})
    query = "SELECT step, value FROM metrics WHERE run = ? AND name = 'm0' ORDER BY step"
    ours, theirs = by_turns(
        lambda: curves.of_run(store, run, "loss", None),
        lambda: np.array(raw.connection.execute(query, (rows,)).fetchall()),
        times=50,
    )
    return Figure(what="read 10,000 points", ours=ours, against="raw sqlite3 rows", theirs=theirs, at_most=0.5)


def training_loop(folder: Path, raw: Raw) -> Figure:
    reg = connect(f"sqlite:///{folder / 'loop' / 'registry.db'}")
    run = reg.start_run("train")

    def steps() -> None:
        for i in range(1000):
            run.log_metrics({"loss": 0.5, "accuracy": 0.5}, step=i)

    ours, theirs = by_turns(steps, lambda: raw.add(2, 1000), times=20)
    run.finish()
    reg.close()
    return Figure(what="1,000 steps of a loop, 2 metrics each", ours=ours, against="raw sqlite3, all in one batch",
                  theirs=theirs, at_most=2, extra=2)  # fmt: skip


def growing(folder: Path) -> Iterator[Figure]:
    small, large = evaluated(folder / "small", SMALL), evaluated(folder / "large", LARGE)
    for what, action, at_most in (
        ("board of 50, newest first", lambda store: boards.board(store, "m"), 1.5),
        ("page of 50 runs", runs.page, 1.5),
        ("lineage of a version", lambda store: lineage.graph(store, "m@^1"), 1.5),
        ("lineage of a dataset, 90 nodes", lambda store: lineage.graph(store, "dataset:golden", limit=90), 2),
    ):
        ours, theirs = by_turns(lambda a=action: a(large), lambda a=action: a(small), times=50)
        yield Figure(what=f"{what}, {LARGE:,} versions", ours=ours, against=f"{SMALL:,} versions", theirs=theirs,
                     at_most=at_most)  # fmt: skip
    small.close()
    large.close()


def evaluated(folder: Path, count: int) -> Store:
    """Return a store with `count` versions, each of a run of its own and evaluated on one dataset."""
    store = filled(folder, count)
    datasets.register(store, NewDataset(name="golden", digest="sha256:1"), actor="bench")
    evaluations.add(store, "m@1.0.0", "golden", {"loss": 0.5}, duration_s=None, run="", actor="bench")
    time = datetime.now(UTC)
    run = {"name": "train", "status": "finished", "reason": "", "created_by": "bench", "source": {}}
    rest = range(2, count + 1)
    with store.write() as c:
        c.execute(insert(schema.runs), [
            {**run, "key": f"{n:016x}", "started_at": time + timedelta(seconds=n)} for n in range(1, count + 1)
        ])  # fmt: skip
        c.execute(schema.versions.update().values(run_id=schema.versions.c.id))
        done = {"dataset_id": 1, "created_at": time, "created_by": "bench"}
        c.execute(insert(schema.evaluations), [{**done, "id": n, "version_id": n} for n in rest])
        c.execute(insert(schema.evaluation_metrics), [{"evaluation_id": n, "key": "loss", "value": n} for n in rest])
        scored = {"dataset": "golden", "key": "loss"}
        c.execute(insert(schema.scores), [{**scored, "version_id": n, "value": n} for n in rest])
    return store
