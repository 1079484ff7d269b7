"""Each operation against MLflow's: in Python on its own SQLite store, and over HTTP.

The goal is a tenth of MLflow's time. What is left of a write is a commit that is synced to the disk, of a
list one record a row, over HTTP what Jupyter itself takes for its smallest answer: see README, "Decisions".
"""

import itertools
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from jupyter_modelmgmt.domain.records import Artifact
from jupyter_modelmgmt.registry import Registry, connect
from jupyter_modelmgmt.store import schema
from tests.bench import mlflow_peer
from tests.bench.measure import Figure, taken, told_by_turns
from tests.bench.mlflow_peer import Ask
from tests.bench.processes import API, Rest, jupyter
from tests.bench.storing import FACTS, filled

VERSIONS = 10_000
POINTS = 10_000
BATCH = {f"m{i}": 0.5 for i in range(1000)}
# What it is, whose method, how many turns, how many times in each, and which part of MLflow's time is allowed.
OPERATIONS = (
    ("create a version", "create", 12, 5, 0.5),
    ("create a version, 10 metrics, 10 params", "create_with_facts", 8, 3, 0.15),
    ("read a version", "read", 12, 5, 0.1),
    ("let an alias point", "set_alias", 12, 5, 0.15),
    ("read by alias", "read_by_alias", 12, 5, 0.15),
    ("tag a version", "set_tag", 12, 5, 0.15),
    ("page of 100, filter by a tag", "search", 10, 3, 0.25),
    (f"list {VERSIONS:,} versions", "list_all", 2, 1, 0.25),
    ("log 1 metric", "log_one", 12, 5, 0.15),
    ("log 1,000 metrics", "log_batch", 8, 1, 0.15),
    (f"read {POINTS:,} points", "read_points", 3, 1, 0.1),
    ("delete a version", "delete", 8, 5, 0.15),
)


def figures(folder: Path) -> Iterator[Figure]:
    store = f"sqlite:///{folder / 'mlflow' / 'mlflow.db'}"
    with mlflow_peer.client(folder / "mlflow") as ask:
        ask("prepare", store, count=VERSIONS)
        registry = prepared(folder / "ours")
        yield from compared(InPython(registry), ask, store, "MLflow, SQLite")
        with (
            mlflow_peer.server(folder / "mlflow", store) as theirs,
            jupyter(folder / "jupyter", store=registry.store.url) as ours,
            Rest(ours.port) as rest,
        ):
            smallest = statistics.median(taken(lambda: rest.get("/api/me")) for _ in range(100))
            yield from compared(OverHTTP(rest), ask, theirs, "MLflow, HTTP", extra=smallest)
        registry.close()


def compared(side: Any, ask: Ask, uri: str, against: str, extra: float = 0) -> Iterator[Figure]:
    for what, do, turns, times, at_most in OPERATIONS:
        action: Callable[[], object] = getattr(side, do)
        ours, theirs = told_by_turns(
            lambda a=action, n=times: [taken(a) for _ in range(n)],
            lambda d=do, n=times: ask(d, uri, times=n),
            turns=turns,
        )
        yield Figure(what=what, ours=ours, against=against, theirs=theirs, at_most=at_most, extra=extra)


def prepared(folder: Path) -> Registry:
    """Return a registry with the models m, of many versions, and digits, and a run with many points."""
    store = filled(folder, VERSIONS, metrics=0)  # MLflow's versions have none
    with store.write() as c:
        vision = [{"version_id": n, "position": 0, "tag": "vision"} for n in range(1, VERSIONS + 1, 20)]
        c.execute(insert(schema.tags), vision)
    store.close()
    registry = connect(store.url)
    (folder / "model.bin").write_bytes(b"a model")
    registry.register_files(folder / "model.bin", "digits")
    run = registry.start_run("train")
    run.log_series("many", np.arange(float(POINTS)), np.sin(np.arange(float(POINTS))))
    return registry


class InPython:
    """The operations in this process."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.files: tuple[Artifact, ...] = registry.get("digits").artifacts
        self.run = registry.runs()[0].id
        self.numbers = itertools.count(1)
        self.made: list[str] = []

    def create(self, **facts: Any) -> None:
        version = self.registry.register_uploads("digits", self.files, allow_identical=True, **facts)
        self.made.append(version.selector)

    def create_with_facts(self) -> None:
        self.create(metrics=FACTS, params=FACTS)

    def read(self) -> None:
        self.registry.get(self.made[0])

    def read_by_alias(self) -> None:
        self.registry.get("digits@champion")

    def set_alias(self) -> None:
        self.registry.set_alias(self.made[next(self.numbers) % 2], "champion")

    def set_tag(self) -> None:
        self.registry.update(self.made[0], tags=[f"tag{next(self.numbers)}"])

    def search(self) -> None:
        assert len(self.registry.search_page("tag = vision", model="m", limit=100).items) == 100

    def list_all(self) -> None:
        assert len(self.registry.versions("m")) == VERSIONS

    def log_one(self) -> None:
        self.registry.log_batch(self.run, {"loss": 0.5}, step=next(self.numbers))

    def log_batch(self) -> None:
        self.registry.log_batch(self.run, BATCH, step=next(self.numbers))

    def read_points(self) -> None:
        assert len(self.registry.run_curve(self.run, "many")) == POINTS

    def delete(self) -> None:
        self.registry.delete(self.made.pop())


class OverHTTP:
    """The same operations, each a request to a Jupyter server."""

    def __init__(self, rest: Rest) -> None:
        self.rest = rest
        self.files = rest.get(f"{API}/models/digits/versions/latest")["artifacts"]
        self.run = rest.get(f"{API}/runs")["items"][0]["id"]
        self.numbers = itertools.count(1)
        self.made: list[str] = []

    def create(self, **facts: Any) -> None:
        body = {"artifacts": self.files, "allow_identical": True, **facts}
        self.made.append(self.rest.ask("POST", f"{API}/models/digits/versions", body)["version"])

    def create_with_facts(self) -> None:
        self.create(metrics=FACTS, params=FACTS)

    def read(self) -> None:
        self.rest.get(f"{API}/models/digits/versions/{self.made[0]}")

    def read_by_alias(self) -> None:
        self.rest.get(f"{API}/models/digits/versions/champion")

    def set_alias(self) -> None:
        self.rest.ask("PUT", f"{API}/models/digits/aliases/champion", {"version": self.made[next(self.numbers) % 2]})

    def set_tag(self) -> None:
        self.rest.ask("PATCH", f"{API}/models/digits/versions/{self.made[0]}", {"tags": [f"tag{next(self.numbers)}"]})

    def search(self) -> None:
        page = self.rest.get(f"{API}/models/m/versions?filter=tag%20=%20vision&limit=100")
        assert len(page["items"]) == 100

    def list_all(self) -> None:
        found, behind = 0, ""
        while behind is not None:
            page = self.rest.get(f"{API}/models/m/versions?limit=1000{behind}")
            found += len(page["items"])
            behind = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
        assert found == VERSIONS

    def log_one(self) -> None:
        self.rest.ask("POST", f"{API}/runs/{self.run}/metrics", {"metrics": {"loss": 0.5}, "step": next(self.numbers)})

    def log_batch(self) -> None:
        self.rest.ask("POST", f"{API}/runs/{self.run}/metrics", {"metrics": BATCH, "step": next(self.numbers)})

    def read_points(self) -> None:
        assert len(self.rest.get(f"{API}/runs/{self.run}/metrics/many")["x"]) == POINTS

    def delete(self) -> None:
        self.rest.ask("DELETE", f"{API}/models/digits/versions/{self.made.pop()}")
