"""The fresh process that loads what was saved and predicts: `python -P -m jupyter_modelmgmt.capture.prover`.

It knows nothing of the notebook. It reads requests as JSON lines from its input, and where it can it
answers each in a fork of itself that has imported the numerical libraries and nothing else: fresh,
and there in milliseconds. It ends with its input.
"""

import contextlib
import ctypes
import importlib.util
import json
import os
import signal
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

# Importing these starts no threads that a fork would lose.
_WARM = ("scipy.sparse", "scipy.special", "sklearn.base", "sklearn.utils.validation", "skops.io")
_TIMES = 5
_PR_SET_PDEATHSIG = 1
_ENOUGH_S = 0.5


def main() -> None:
    for module in _WARM:
        if importlib.util.find_spec(module.partition(".")[0]):
            importlib.import_module(module)
    # Whoever asked is gone, or was interrupted and goes on without an answer.
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        for line in sys.stdin:
            _answer(json.loads(line))
            print("done", flush=True)  # noqa: T201 - the answer
    # Nothing is left to be said, not even by the interpreter's own flush.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _answer(request: dict[str, str]) -> None:
    if not hasattr(os, "fork"):
        _prove(request)
        return
    child = os.fork()
    if child == 0:
        _end_with_parent()
        # What the model's code prints goes to the log, not into the answers.
        os.dup2(2, 1)
        try:
            _prove(request)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def _end_with_parent() -> None:
    """Let a fork go when the process it came from is killed, where the system can: a model may never answer."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _prove(request: dict[str, str]) -> None:
    """Write what was found to `result`: a JSON object, and the outputs beside it as `.npz`."""
    result = Path(request["result"])
    try:
        found = _tried(request)
    except BaseException as error:  # noqa: BLE001 - a process border: the user's code may raise anything
        found = {"error": f"{type(error).__name__}: {error}"[:2000]}
    partial = result.with_suffix(".partial")
    partial.write_text(json.dumps(found), encoding="utf-8")
    partial.replace(result)


def _tried(request: dict[str, str]) -> dict[str, Any]:
    from jupyter_modelmgmt import flavors  # noqa: PLC0415 - after the fork: a flavor may load its framework

    before = _peak()
    started = time.perf_counter()
    runner = flavors.get(request["flavor"]).runner(Path(request["folder"]))
    found: dict[str, Any] = {"load_ms": (time.perf_counter() - started) * 1000}
    found["inputs"] = [_spec(spec) for spec in runner.inputs]
    found["outputs"] = [_spec(spec) for spec in runner.outputs]
    found["guesses"] = getattr(runner, "guesses", False)
    if request["example"]:
        with np.load(request["example"], allow_pickle=False) as example:
            inputs = {name: _plain(example[name]) for name in example.files}
        inputs = {"" if name == "_only" else name: value for name, value in inputs.items()}
        outputs = runner.run(inputs)
        np.savez(request["outputs"], **{name: _storable(value) for name, value in outputs.items()})
        found["latency_ms"] = _latency(runner, inputs)
    found["peak_memory_bytes"] = max(0, _peak() - before)
    found["versions"] = _versions()
    return found


def _versions() -> dict[str, str]:
    """Return the versions that the modules which are loaded now tell of themselves."""
    told = {name: vars(module).get("__version__") for name, module in tuple(sys.modules.items()) if "." not in name}
    return {name: version for name, version in told.items() if isinstance(version, str)}


def _latency(runner: Any, inputs: dict[str, Any]) -> float:
    taken: list[float] = []
    while len(taken) < _TIMES and sum(taken) < _ENOUGH_S:
        started = time.perf_counter()
        runner.run(inputs)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def _spec(spec: Any) -> dict[str, Any]:
    return {"name": spec.name, "datatype": spec.datatype, "shape": list(spec.shape)}


def _plain(array: Any) -> Any:
    return array.astype(object) if array.dtype.kind == "U" else array


def _storable(value: Any) -> Any:
    array = np.asarray(value)
    return array.astype(str) if array.dtype == object else array


def _peak() -> int:
    """Return the most memory this process had, in bytes; 0 where nobody counts."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return 0
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


if __name__ == "__main__":
    main()
