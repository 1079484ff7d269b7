"""Captured cells, run again in a kernel of their own."""

import ast
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain.errors import TimedOut
from jupyter_modelmgmt.places import ARTIFACTS_VARIABLE, URL_VARIABLE

_START_S = 60.0
# Of this process, its server and its registry the kernel knows nothing.
_FORGOTTEN = (ARTIFACTS_VARIABLE, "JUPYTER_MODELMGMT_TOKEN", "JPY_SESSION_NAME", "JPY_PARENT_PID")
_ASK = "__import__('jupyter_modelmgmt.capture.rebuilt', fromlist=['judged']).judged(globals(), {!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """`failed` is the position of the cell that ended with `error`, None when all ran; else there is `judged`."""

    failed: int | None = None
    error: str = ""
    judged: Mapping[str, Any] = field(default_factory=dict)


def rerun(cells: Sequence[Mapping[str, Any]], question: Mapping[str, Any], *, folder: Path, timeout_s: float) -> Rerun:
    """Run the code `cells` of a notebook in a clean kernel in `folder`, ask `rebuilt.judged` and return what it says.

    The kernel has a registry of its own, so that a cell which registers does so there. It ends with
    this call, also when that is interrupted. Raises TimedOut.
    """
    until = time.monotonic() + timeout_s
    with _kernel(folder, Path(question["scratch"])) as client:
        _execute(client, "%load_ext jupyter_modelmgmt", until)
        for position, cell in enumerate(cells):
            error = _execute(client, "".join(cell["source"]), until)
            if error and "raises-exception" not in cell.get("metadata", {}).get("tags", ()):
                return Rerun(failed=position, error=error)
        return Rerun(judged=_asked(client, _ASK.format(json.dumps(question)), until))


@contextmanager
def _kernel(folder: Path, scratch: Path) -> Iterator[Any]:
    from jupyter_client.kernelspec import KernelSpecManager  # noqa: PLC0415 - kernels that reproduce nothing need none
    from jupyter_client.manager import KernelManager  # noqa: PLC0415

    specs = KernelSpecManager(ensure_native_kernel=True)
    specs.kernel_dirs = []  # The Python that runs here, not one that somebody called python3.
    manager = KernelManager(kernel_name="python3", kernel_spec_manager=specs)
    environment = {name: value for name, value in os.environ.items() if name not in _FORGOTTEN}
    manager.start_kernel(cwd=str(folder), env=environment | {URL_VARIABLE: f"sqlite:///{scratch / 'registry.db'}"})
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=_START_S)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def _execute(client: Any, source: str, until: float, **options: Any) -> str:
    """Run a cell and return the error that ended it, "" for none. Raises TimedOut."""
    reply = _reply(client, source, until, **options)
    if reply["status"] == "ok":
        return ""
    return f"{reply.get('ename', 'Error')}: {reply.get('evalue', '')}"[:500]


def _reply(client: Any, source: str, until: float, **options: Any) -> Mapping[str, Any]:
    try:
        message = client.execute_interactive(
            source,
            allow_stdin=False,
            timeout=max(until - time.monotonic(), 0.001),
            output_hook=lambda _message: None,
            **options,
        )
    except TimeoutError:
        raise TimedOut("The cells took longer than they may. Give them more time with timeout_s=...") from None
    except RuntimeError:
        return {"status": "error", "ename": "DeadKernel", "evalue": "the kernel ended while this cell ran"}
    content: Mapping[str, Any] = message["content"]
    return content


def _asked(client: Any, expression: str, until: float) -> Mapping[str, Any]:
    reply = _reply(client, "", until, silent=True, store_history=False, user_expressions={"judged": expression})
    said = reply.get("user_expressions", {}).get("judged", {})
    if said.get("status") != "ok":
        return {"problem": f"{said.get('ename', 'Error')}: {said.get('evalue', 'no answer')}"}
    found: Mapping[str, Any] = json.loads(ast.literal_eval(said["data"]["text/plain"]))
    return found
