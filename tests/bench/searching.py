"""Searches as the registry grows, against the least that reads the same rows, and on PostgreSQL."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert, select

from jupyter_modelmgmt.domain import versions as semver
from jupyter_modelmgmt.domain.records import NewVersion
from jupyter_modelmgmt.store import Store, schema, searching, sqlite, versions
from tests.bench.measure import Figure, by_turns
from tests.bench.storing import FILE
from tests.servers.postgresql_server import NotInstalled, PostgreSQL

SMALL, LARGE = 1_000, 100_000
MODELS = 20
BATCH = 1_000
STAGES = ("development", "staging", "production", "archived")
TIMES = 30
BY_ONE = {"filter": "metrics.m1 > 0.9 and stage = production", "sort": "-metrics.m1"}
BY_OTHER = {"filter": "metrics.m1 > 0.9 and stage = production", "sort": "-metrics.m2"}

WALKED = """
    SELECT v.id FROM version_metrics AS w CROSS JOIN versions AS v ON v.id = w.version_id
    WHERE w.key = '{}' AND v.deleted_at IS NULL AND v.stage = 'production' AND EXISTS (
        SELECT 1 FROM version_metrics AS m WHERE m.version_id = w.version_id AND m.key = 'm1' AND m.value > 0.9)
    ORDER BY w.value DESC, v.id DESC LIMIT 51
"""


def figures(folder: Path) -> Iterator[Figure]:
    small, large = (Store.open(f"sqlite:///{folder / name / 'registry.db'}") for name in ("small", "large"))
    fill(small, SMALL)
    fill(large, LARGE)
    yield growing("newest page of 50 of all models", small, large, {"sort": "-created_at"})
    yield against_raw("page of 50, filter and sort by a metric", large, BY_ONE, WALKED.format("m1"), at_most=15)
    yield against_raw(
        "page of 50, filter by a metric, sort by another", large, BY_OTHER, WALKED.format("m2"), at_most=5
    )
    yield against_raw(
        "page of 1,000, a tenth of listing 10,000",
        large,
        {"sort": "-metrics.m3", "limit": 1000},
        "SELECT 1",
        at_most=10,
    )
    yield from on_postgresql(large)
    small.close()
    large.close()


def growing(what: str, small: Store, large: Store, asked: dict[str, Any]) -> Figure:
    """Hold a page of many versions against the same page of few."""
    ours, theirs = by_turns(lambda: searching.page(large, **asked), lambda: searching.page(small, **asked), times=TIMES)
    return Figure(
        what=f"{what}, {LARGE:,} versions", ours=ours, against=f"{SMALL:,} versions", theirs=theirs, at_most=1.5
    )


def against_raw(what: str, store: Store, asked: dict[str, Any], walk: str, *, at_most: float) -> Figure:
    """Hold a page against sqlite3 doing the statement `walk` and reading the same rows by their ids."""
    items = searching.page(store, **asked).items
    assert len(items) == asked.get("limit", 50)
    with store.read() as c:
        v, m = schema.versions.c, schema.models.c
        known = {
            (row.name, row.version): row.id
            for row in c.execute(select(v.id, v.version, m.name).join(schema.models, m.id == v.model_id))
        }
    raw = Raw(store, walk, [known[item.model, item.version] for item in items])
    ours, theirs = by_turns(lambda: searching.page(store, **asked), raw.read, times=TIMES)
    raw.connection.close()
    return Figure(what=f"{what}, {LARGE:,} versions", ours=ours, against="raw sqlite3", theirs=theirs, at_most=at_most)


class Raw:
    """The least that finds and reads the same rows, statements written out."""

    TABLES = (
        "version_metrics",
        "version_params",
        "version_properties",
        "version_tags",
        "scores",
        "aliases",
        "deployments",
    )

    def __init__(self, store: Store, walk: str, ids: list[int]) -> None:
        self.connection = sqlite.driver().connect(store.url.removeprefix("sqlite:///"))
        self.ids = ids
        marks = ",".join("?" * len(ids))
        self.walk = walk
        self.statements = [f"SELECT * FROM versions WHERE id IN ({marks})"]
        self.statements += [f"SELECT * FROM {table} WHERE version_id IN ({marks})" for table in self.TABLES]

    def read(self) -> list[list[tuple[object, ...]]]:
        self.connection.execute(self.walk).fetchall()
        return [self.connection.execute(statement, self.ids).fetchall() for statement in self.statements]


def on_postgresql(large: Store) -> Iterator[Figure]:
    """Hold PostgreSQL against SQLite."""
    try:
        with PostgreSQL.running() as server:
            store = Store.open(server.new_url())
            fill(store, LARGE)
            for what, asked in (("by a metric", BY_ONE), ("by another metric", BY_OTHER)):
                ours, theirs = by_turns(
                    partial(searching.page, store, **asked), partial(searching.page, large, **asked), times=TIMES
                )
                yield Figure(what=f"filtered page of 50 sorted {what}, PostgreSQL", ours=ours, against="SQLite",
                             theirs=theirs, at_most=3)  # fmt: skip
            store.close()
            yield checking_out(server.new_url())
    except NotInstalled as error:
        print(error)  # noqa: T201 - the table lacks these lines then


def checking_out(url: str) -> Figure:
    """Hold our look at an idle connection of PostgreSQL against SQLAlchemy's question to the server."""
    store, pinging = Store.open(url), create_engine(url, pool_pre_ping=True)
    ours, theirs = by_turns(lambda: store.engine.connect().close(), lambda: pinging.connect().close(), times=1000)
    store.close()
    pinging.dispose()
    return Figure(what="check out a connection", ours=ours, against="pool_pre_ping", theirs=theirs)


def fill(store: Store, count: int) -> None:
    """Write `count` versions of `MODELS` models: four metrics, two params, a tag on each twentieth."""
    for i in range(MODELS):
        new = NewVersion(model=f"m{i}", version="1.0.0", artifacts=(FILE,))
        versions.add(store, new, bump="minor", actor="bench")
    with store.read() as c:
        first = dict(c.execute(schema.versions.select().limit(1)).one()._mapping)
    for start in range(MODELS, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        with store.write() as c:
            c.execute(insert(schema.versions), [numbered(first, n) for n in numbers])
            c.execute(insert(schema.metrics), [metric(n, k) for n in numbers for k in range(4)])
            c.execute(insert(schema.params), [param for n in numbers for param in params(n)])
            c.execute(
                insert(schema.tags),
                [{"version_id": n + 1, "position": 0, "tag": "vision"} for n in numbers if n % 20 == 0],
            )
    with store.write() as c:
        c.execute(schema.models.update().values(version_count=count // MODELS, last_sequence=count // MODELS))
    analyse(store)


def analyse(store: Store) -> None:
    """Let PostgreSQL count, as its daemon does within a minute."""
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
            c.exec_driver_sql("ANALYZE")


def numbered(first: dict[str, Any], n: int) -> dict[str, object]:
    version = semver.parse(f"1.{n // MODELS}.0")
    text, at = str(version), first["created_at"] + timedelta(seconds=n)
    return {**first, "id": n + 1, "model_id": n % MODELS + 1, "sequence": n // MODELS + 1, "version": text, "identity": text,
            "sort_key": semver.sort_key(version), "created_at": at, "stage": STAGES[n // 7 % 4]}  # fmt: skip


def metric(n: int, k: int) -> dict[str, object]:
    return {"version_id": n + 1, "key": f"m{k}", "value": n * (k + 7) * 7919 % 10007 / 10007}


def params(n: int) -> Iterator[dict[str, object]]:
    yield {"version_id": n + 1, "key": "lr", "value": n % 13, "text": None, "number": float(n % 13)}
    word = ("adam", "sgd")[n % 2]
    yield {"version_id": n + 1, "key": "optimizer", "value": word, "text": word, "number": None}
