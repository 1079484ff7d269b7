"""What our part of a Jupyter server costs: a request, the start, the memory."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from jupyter_modelmgmt.registry import connect
from tests.bench.measure import Figure, by_turns
from tests.bench.processes import API, Rest, jupyter
from tests.bench.storing import filled

STARTS = 4
MIB = 2**20


def figures(folder: Path) -> Iterator[Figure]:
    yield reading(folder / "reading")
    yield from starting(folder / "starting")


def reading(folder: Path) -> Figure:
    """Hold a version over HTTP against the same call here."""
    store = filled(folder, 1000)
    store.close()
    registry = connect(store.url)
    with jupyter(folder / "server", store=store.url) as server, Rest(server.port) as rest:
        ours, theirs = by_turns(
            lambda: rest.get(f"{API}/models/m/versions/1.7.0"), lambda: registry.get("m@1.7.0"), times=200
        )
    registry.close()
    return Figure(what="read a version over HTTP", ours=ours, against="in process", theirs=theirs, extra=3)


def starting(folder: Path) -> Iterator[Figure]:
    """Hold a Jupyter server with us, from its start to its first answer, against one without."""
    told: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for turn in range(STARTS + 1):
        for ours, kept in told.items():
            begun = started(folder / f"{ours}{turn}", ours=ours)
            if turn:
                kept.append(begun)
    (ours_ms, ours_mib), (theirs_ms, theirs_mib) = (map(statistics.median, zip(*told[o], strict=True)) for o in told)
    against = "Jupyter without us"
    yield Figure(what="start a Jupyter server", ours=ours_ms, against=against,
                 theirs=theirs_ms, extra=500)  # fmt: skip
    yield Figure(what="memory of a Jupyter server", ours=ours_mib, against=against,
                 theirs=theirs_mib, extra=60, unit="MiB")  # fmt: skip


def started(folder: Path, *, ours: bool) -> tuple[float, float]:
    """Return the milliseconds to the first answer, of our routes if they are there, and the memory in MiB."""
    begun = time.perf_counter()
    with jupyter(folder, ours=ours) as server:
        spent = (time.perf_counter() - begun) * 1000
        return spent, psutil.Process(server.process.pid).memory_full_info().uss / MIB
