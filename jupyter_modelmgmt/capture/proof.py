"""Proof before it exists: a fresh process loads what was saved and predicts as the object in memory does.

Source: N3.
"""

import atexit
import json
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryDirectory
from typing import IO, Any, cast

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import NotProven
from jupyter_modelmgmt.domain.evidence import Cost, Field, Proof, Signature
from jupyter_modelmgmt.flavors import Flavor, Tensors
from jupyter_modelmgmt.flavors.base import datatype

TOLERANCE = 1e-6
TIMEOUT_S = 300.0
_ONLY = "_only"  # the name "" cannot be a member of a zip


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the fresh process found."""

    proof: Proof
    cost: Cost
    signature: Signature
    versions: Mapping[str, str]
    """Of all modules that it had loaded, by their names."""


def prove(
    flavor: Flavor, model: object, folder: Path, example: Tensors | None, *, tolerance: float = TOLERANCE
) -> Evidence:
    """Return what a fresh process finds when it loads `folder` and predicts `example`.

    Raises NotProven when it cannot load it, cannot predict, or predicts otherwise than `model` does,
    beyond `tolerance` (absolute, and relative to the value).
    """
    started = time.perf_counter()
    expected = flavor.served(model).run(example) if example is not None else None
    with TemporaryDirectory() as scratch:
        found, outputs = _asked(flavor.NAME, folder, Path(scratch), example)
    if "error" in found:
        raise NotProven(
            f"A fresh process cannot use the model: {found['error'].splitlines()[0]}. Nothing was registered. "
            "Put what it needs into modules that are installed, or register with prove=False."
        )
    difference = None if expected is None else _difference(expected, outputs, tolerance)
    return Evidence(
        proof=Proof(
            tolerance=tolerance,
            difference=difference,
            seconds=round(time.perf_counter() - started, 3),
            python=platform.python_version(),
        ),
        cost=Cost(
            size_bytes=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
            load_ms=round(found["load_ms"], 3),
            latency_ms=found.get("latency_ms"),
            peak_memory_bytes=found["peak_memory_bytes"] or None,
        ),
        signature=signature(
            _fields(found["inputs"]),
            _fields(found["outputs"]),
            guessed=found["guesses"],
            example=example,
            answer=outputs,
        ),
        versions=found["versions"],
    )


def signature(
    inputs: tuple[Field, ...], outputs: tuple[Field, ...], *, guessed: bool, example: Tensors | None, answer: Tensors
) -> Signature:
    """Return the signature of a model that tells `inputs` and `outputs`.

    Where these are `guessed`, it is what an example and the `answer` to it show, the axis of rows being
    free; without an example only the names are known.
    """
    if not guessed:
        return Signature(inputs=inputs, outputs=outputs)
    if example is None:
        return Signature(inputs=tuple(replace(field, datatype="") for field in inputs))
    rows = {len(value) for value in map(np.asarray, example.values()) if value.ndim}
    given = {name or inputs[0].name: value for name, value in example.items()}
    return Signature(inputs=_seen(given, rows), outputs=_seen(answer, rows))


def _seen(tensors: Tensors, rows: set[int]) -> tuple[Field, ...]:
    found = []
    for name, value in tensors.items():
        array = np.asarray(value)
        shape = (-1, *array.shape[1:]) if array.ndim and len(array) in rows else array.shape
        found.append(Field(name=name, datatype=datatype(array.dtype), shape=shape))
    return tuple(found)


def warm() -> None:
    """Start the fresh process, so that it is there when something is to be proven."""
    with _LOCK:
        _prover()


def _asked(
    flavor: str, folder: Path, scratch: Path, example: Tensors | None
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    given = scratch / "example.npz"
    if example is not None:
        np.savez(given, **{name or _ONLY: _storable(value) for name, value in example.items()})  # type: ignore[arg-type]
    request = {
        "flavor": flavor, "folder": str(folder), "example": str(given) if example is not None else "",
        "result": str(scratch / "result.json"), "outputs": str(scratch / "outputs.npz"),
    }  # fmt: skip
    with _LOCK:
        _prover().answered(request)
    result = Path(request["result"])
    if not result.exists():
        return {"error": "it died while it loaded the model"}, {}
    found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    if not Path(request["outputs"]).exists():
        return found, {}
    with np.load(request["outputs"], allow_pickle=False) as outputs:
        return found, {name: outputs[name] for name in outputs.files}


class _Prover:
    """The fresh process, and the line to it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "jupyter_modelmgmt.capture.prover"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(sys.executable).parent,
        )  # fmt: skip
        self.requests, self.lines = cast("IO[str]", self.process.stdin), cast("IO[str]", self.process.stdout)
        self.answers: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def answered(self, request: Mapping[str, str]) -> None:
        """Send a request and wait for its end. Raises NotProven when it takes too long."""
        self.requests.write(json.dumps(request) + "\n")
        self.requests.flush()
        try:
            self.answers.get(timeout=TIMEOUT_S)
        except Empty:
            self.end()
            raise NotProven(
                f"A fresh process did not load the model within {TIMEOUT_S:g} s. Register with prove=False to go without."
            ) from None
        except BaseException:  # interrupted: its answer would be taken for that to the next request
            self.end()
            raise

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.requests.close()
        self.lines.close()

    def _listen(self) -> None:
        try:
            for line in self.lines:
                self.answers.put(line)
        except ValueError:  # closed by `end`
            return
        self.answers.put("")  # it ended: nobody waits for ever


_LOCK = threading.Lock()
_running: list[_Prover] = []


def _prover() -> _Prover:
    if _running and _running[0].process.poll() is not None:
        _running.pop().end()
    if not _running:
        _running.append(_Prover())
    return _running[0]


@atexit.register
def _end() -> None:
    while _running:
        _running.pop().end()


def _difference(expected: Tensors, found: Tensors, tolerance: float) -> float:
    """Return the greatest difference of numbers. Raises NotProven for one beyond `tolerance`."""
    if expected.keys() != found.keys():
        raise NotProven(
            f"A fresh process answers {', '.join(sorted(found))} instead of {', '.join(sorted(expected))}. "
            "Nothing was registered."
        )
    return max((_apart(name, np.asarray(expected[name]), found[name], tolerance) for name in expected), default=0.0)


def _apart(name: str, expected: NDArray[Any], found: NDArray[Any], tolerance: float) -> float:
    if expected.shape != found.shape:
        raise NotProven(
            f"A fresh process answers {name} with shape {list(found.shape)} instead of {list(expected.shape)}. "
            "Nothing was registered."
        )
    if expected.dtype.kind not in "fc":
        differ = np.flatnonzero(expected.astype(str).ravel() != found.astype(str).ravel())
        if differ.size:
            at = int(differ[0])
            raise NotProven(
                f"A fresh process predicts otherwise: {name}[{at}] is {found.ravel()[at]} "
                f"instead of {expected.ravel()[at]}. Nothing was registered."
            )
        return 0.0
    apart = np.abs(expected - found)
    apart = np.where(np.isnan(expected) & np.isnan(found), 0.0, apart)
    allowed = tolerance * (1 + np.abs(np.nan_to_num(expected)))
    if not bool(np.all(apart <= allowed)):
        raise NotProven(
            f"A fresh process predicts otherwise: {name} differs by {np.max(apart):.3g}, more than {tolerance:g}. "
            "Nothing was registered. Does the model depend on chance or on something outside of it?"
        )
    return float(apart.max(initial=0.0))


def _storable(value: Any) -> NDArray[Any]:
    array = np.asarray(value)
    return array.astype(str) if array.dtype == object else array


def _fields(specs: list[dict[str, Any]]) -> tuple[Field, ...]:
    return tuple(Field(name=s["name"], datatype=s["datatype"], shape=tuple(s["shape"])) for s in specs)
