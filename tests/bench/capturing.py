"""What is found out about a notebook's memory, an environment, and data."""

import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from blake3 import blake3
from IPython.core.interactiveshell import InteractiveShell
from sklearn.datasets import load_digits
from sklearn.linear_model import Ridge
from traitlets.config import Config

from jupyter_modelmgmt.capture import datasets
from jupyter_modelmgmt.registry import connect
from tests.bench.measure import Figure, by_turns, told_by_turns

VARIABLES = 500
MODELS = 20
GIB = 1 << 30
CLOSURE = """
import time
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from jupyter_modelmgmt.capture import environment
model = LogisticRegression().fit(*(part[:50] for part in load_digits(return_X_y=True)))
started = time.perf_counter()
found = environment.environment([model])
assert "numpy" in found["packages"]
print((time.perf_counter() - started) * 1000)
"""
LISTED = """
import time
from importlib.metadata import distributions
started = time.perf_counter()
assert {each.metadata["Name"]: each.version for each in distributions()}
print((time.perf_counter() - started) * 1000)
"""


def figures(folder: Path) -> Iterator[Figure]:
    yield looking(folder)
    ours, theirs = told_by_turns(lambda: [said(CLOSURE)], lambda: [said(LISTED)], turns=5)
    yield Figure(what="closure of an environment, first in a process", ours=ours,
                 against="names of all packages", theirs=theirs, at_most=0, extra=200)  # fmt: skip
    array = np.random.default_rng(0).normal(size=(GIB // 8 // 64, 64))
    frame = pd.DataFrame({f"c{n}": column for n, column in enumerate(array.reshape(64, -1))})
    for what, data in (("array", array), ("DataFrame", frame)):
        ours, theirs = told_by_turns(
            lambda data=data: [used(lambda: datasets.fingerprint(data))],
            lambda: [used(lambda: blake3(memoryview(array).cast("B")))],
            turns=3,
        )
        yield Figure(what=f"digest and statistics of 1 GiB, {what}", ours=ours, against="blake3",
                     theirs=theirs, at_most=4, unit="CPU ms")  # fmt: skip


def looking(folder: Path) -> Figure:
    """Hold a look at what a notebook has against pickling its models, with cells that made each variable."""
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"hist_file": ":memory:"}}))
    shell.user_ns.update(Ridge=Ridge, digits=load_digits(return_X_y=True), np=np)
    for n in range(VARIABLES):
        made = "Ridge().fit(*digits)" if n < MODELS else ("np.arange(9.0)", "'a'", "{}")[n % 3]
        shell.run_cell(f"v{n} = {made}", store_history=True)
    registry = connect(f"sqlite:///{folder / 'registry.db'}")
    models = [shell.user_ns[f"v{n}"] for n in range(MODELS)]
    assert len(registry.in_memory(shell.user_ns)) == MODELS
    ours, theirs = by_turns(lambda: registry.in_memory(shell.user_ns), lambda: pickle.dumps(models), times=30)
    registry.close()
    InteractiveShell.clear_instance()
    return Figure(what=f"in_memory() among {VARIABLES} variables, {MODELS} models", ours=ours,
                  against="pickle of the models", theirs=theirs, at_most=0, extra=50)  # fmt: skip


def said(program: str) -> float:
    return float(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout)


def used(action: Callable[[], object]) -> float:
    started = time.process_time()
    action()
    return (time.process_time() - started) * 1000
