"""Training and evaluating in a process of its own: loading a model is running code."""

import contextlib
import json
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, cast

from jupyter_modelmgmt.domain.failures import TrainingFailed
from jupyter_modelmgmt.domain.records import ModelVersion

_LAST_LINES = 5


def request(version: ModelVersion, kind: str, **said: Any) -> dict[str, Any]:
    """Return what the process is told of a version, and what it shall do."""
    inputs = [{"name": f.name, "datatype": f.datatype, "shape": list(f.shape)} for f in version.signature.inputs]
    return {
        "kind": kind, "flavor": version.flavor, "adapter": version.adapter, "config": dict(version.config),
        "labels": list(version.labels), "task": version.task.value, "inputs": inputs, **said,
    }  # fmt: skip


def done(asked: Mapping[str, Any], told: Callable[[Mapping[str, Any]], None], log: Path) -> dict[str, Any]:
    """Do what `asked` says in a fresh process; `told` hears each message but the last, which is returned.

    What the model's code prints goes to `log`. Raises TrainingFailed with the reason.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "jupyter_modelmgmt.serving.job_worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, text=True, cwd=log.parent,
        )  # fmt: skip
    try:
        last = _heard(process, asked, told)
    finally:
        _end(process)
    if "error" in last:
        raise TrainingFailed(str(last["error"]))
    if "configuration" not in last:
        words = "; ".join(deque(log.read_text(errors="replace").splitlines(), _LAST_LINES))
        raise TrainingFailed(f"The process ended with exit code {process.returncode}. {words}"[:2000])
    return last


def _heard(
    process: "subprocess.Popen[str]", asked: Mapping[str, Any], told: Callable[[Mapping[str, Any]], None]
) -> dict[str, Any]:
    stdin, stdout = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)
    with contextlib.suppress(BrokenPipeError):  # it ended already; what it wrote says why
        stdin.write(json.dumps(asked) + "\n")
        stdin.flush()
    last: dict[str, Any] = {}
    for line in stdout:
        last = json.loads(line)
        if "error" in last or "configuration" in last:
            break
        told(last)
    return last


def _end(process: "subprocess.Popen[str]") -> None:
    """End the process, also when whoever waits for it was interrupted."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
