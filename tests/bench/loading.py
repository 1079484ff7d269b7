"""Loading a registered model against the framework's own load of the same file.

Ours reads the bytes once more, to check their digest, when a process loads a version for the first time: a
line of its own tells what that costs, with 1 ms for what is found out once: packages, plugs, a folder to lay out.
"""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from blake3 import blake3
from sklearn.datasets import load_digits

from jupyter_modelmgmt.flavors.sklearn import TRUSTED
from jupyter_modelmgmt.registry import connect
from tests.bench.measure import Figure, by_turns, taken, told_by_turns

TREES = 100
SIDE = 2048
LAYERS = 16
# A model, the suffix of its file, how the framework loads that, and what is done with what was loaded.
Case = tuple[object, str, Callable[[Path], Any], Callable[[Any], object]]


def figures(folder: Path) -> Iterator[Figure]:
    url = f"sqlite:///{folder / 'registry.db'}"
    registry = connect(url)
    for number, (model, suffix, load, use) in enumerate(cases()):
        version = registry.register(model, f"m{number}", prove=False)
        files = version.download(folder / version.model)
        (path,) = files.glob(f"*{suffix}")
        what = f"{suffix} of {path.stat().st_size / 2**20:.1f} MiB"
        ours, theirs = by_turns(lambda v=version, u=use: u(v.load()), lambda p=path, f=load, u=use: u(f(p)), times=15)
        yield Figure(what=f"load a {what}", ours=ours, against="the framework's own", theirs=theirs,
                     at_most=1.2)  # fmt: skip
        ours, theirs = told_by_turns(
            lambda v=version, u=use: [first(url, v.selector, u)],
            lambda p=path, f=load, u=use: [taken(lambda: (blake3(max_threads=blake3.AUTO).update_mmap(p), u(f(p))))],
            turns=5,
        )
        yield Figure(what=f"load a {what}, first in a process", ours=ours, against="that, and blake3 of the file",
                     theirs=theirs, at_most=1.2, extra=1)  # fmt: skip
    registry.close()


def first(url: str, selector: str, use: Callable[[Any], object]) -> float:
    """Return how long a registry that was just opened takes to load a version: it verifies every byte."""
    registry = connect(url)
    version = registry.get(selector)
    found = taken(lambda: use(version.load()))
    registry.close()
    return found


def cases() -> Iterator[Case]:
    import catboost
    import lightgbm
    import skops.io
    import xgboost
    from sklearn.ensemble import RandomForestClassifier

    x, y = load_digits(return_X_y=True)
    forest = RandomForestClassifier(TREES, random_state=0).fit(x, y)
    yield forest, ".skops", lambda path: skops.io.load(path, trusted=sorted(TRUSTED)), type
    boosted = xgboost.XGBClassifier(n_estimators=TREES).fit(x, y)
    yield boosted, ".ubj", lambda path: xgboost.XGBClassifier().load_model(path), type
    light = lightgbm.LGBMClassifier(n_estimators=TREES, verbosity=-1).fit(x, y)
    yield light, ".txt", lambda path: lightgbm.Booster(model_file=path), type
    cat = catboost.CatBoostClassifier(iterations=10 * TREES, verbose=False, allow_writing_files=False).fit(x, y)
    yield cat, ".cbm", lambda path: catboost.CatBoostClassifier().load_model(path), type
    if not find_spec("torch"):
        print("PyTorch is not here, so its formats were not measured. Run: make .venv/.heavy")  # noqa: T201
        return
    import torch
    from safetensors.torch import load_file

    state = {f"layer{n}.weight": torch.randn(SIDE, SIDE) for n in range(LAYERS)}
    # Tensors come from the disk when they are read, so both read them.
    yield state, ".safetensors", load_file, lambda tensors: [tensor.sum() for tensor in tensors.values()]
