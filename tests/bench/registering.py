"""Importing the package, and registering a small model."""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from jupyter_modelmgmt.registry import connect
from tests.bench.measure import Figure, by_turns


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
    """Hold register, with and without the proof in a fresh process, against pickle to a file."""
    model = LogisticRegression(C=0.01, max_iter=2000).fit(*load_digits(return_X_y=True))
    registry = connect(f"sqlite:///{folder / 'registry.db'}")
    plain = folder / "plain.pickle"
    for what, prove, extra in (("proven", True, 1500), ("without the proof", False, 150)):
        ours, theirs = by_turns(
            lambda prove=prove: registry.register(model, "digits", prove=prove, allow_identical=True),
            lambda: plain.write_bytes(pickle.dumps(model)),
            times=15,
        )
        yield Figure(what=f"register a small scikit-learn model, {what}", ours=ours, against="pickle to a file",
                     theirs=theirs, extra=extra)  # fmt: skip
    registry.close()
