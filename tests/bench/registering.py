"""Importing the package, and registering a small model."""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from jupyter_modelmgmt.registry import connect
from tests.bench import mlflow_peer
from tests.bench.measure import Figure, by_turns, taken, told_by_turns

CELL = """
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
x, y = load_digits(return_X_y=True)
model = LogisticRegression(C=0.01, max_iter=2000).fit(x, y)
"""


def figures(folder: Path) -> Iterator[Figure]:
    yield importing()
    yield from registering(folder)


def importing() -> Figure:
    ours, theirs = by_turns(
        lambda: subprocess.run([sys.executable, "-c", "import jupyter_modelmgmt"], check=True),
        lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        times=10,
    )
    return Figure(what="import jupyter_modelmgmt", ours=ours, against="bare Python", theirs=theirs, extra=150)


def registering(folder: Path) -> Iterator[Figure]:
    """Hold register, with and without the proof in a fresh process, against pickle to a file and against MLflow.

    The model was made in a cell, so its cells are captured with it.
    """
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"hist_file": ":memory:"}}))
    shell.run_cell(CELL, store_history=True)
    model = shell.user_ns["model"]
    registry = connect(f"sqlite:///{folder / 'registry.db'}")
    plain = folder / "plain.pickle"
    for what, prove, extra in (("captured and proven", True, 1500), ("captured, not proven", False, 150)):
        ours, theirs = by_turns(
            lambda prove=prove: registry.register(model, "digits", prove=prove, allow_identical=True),
            lambda: plain.write_bytes(pickle.dumps(model)),
            times=15,
        )
        yield Figure(what=f"register a small scikit-learn model, {what}", ours=ours, against="pickle to a file",
                     theirs=theirs, extra=extra)  # fmt: skip
    store = f"sqlite:///{folder / 'mlflow' / 'mlflow.db'}"
    with mlflow_peer.client(folder / "mlflow") as ask:
        ours, theirs = told_by_turns(
            lambda: [taken(lambda: registry.register(model, "digits", allow_identical=True))],
            lambda: ask("log_model", store, times=1),
            turns=3,
        )
    yield Figure(what="register the same model, captured and proven", ours=ours,
                 against="MLflow's log_model with its defaults", theirs=theirs, at_most=0.5)  # fmt: skip
    registry.close()
    InteractiveShell.clear_instance()
