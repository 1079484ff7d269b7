"""The process that trains or evaluates: `python -P -m jupyter_modelmgmt.serving.job_worker`.

It reads one request, JSON, from the first line of its input, and ends when that closes: then whoever asked
is gone. It writes JSON lines to what was its output; what the model's code prints goes to the log.
"""

import inspect
import json
import os
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Tell = Callable[..., None]


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_caller, daemon=True).start()
    lock = threading.Lock()

    def tell(**said: Any) -> None:
        with lock:
            answers.write(json.dumps(said) + "\n")

    try:
        _KINDS[request["kind"]](request, tell)
    except BaseException as error:  # noqa: BLE001 - a process border: the user's code may raise anything
        traceback.print_exc()
        tell(error=f"{type(error).__name__}: {error}"[:2000], code=getattr(error, "code", ""))
    sys.stderr.flush()
    os._exit(0)


def _evaluate(request: Mapping[str, Any], tell: Tell) -> None:
    from jupyter_modelmgmt.serving.evaluating import evaluated  # noqa: PLC0415 - what fails here is told

    model = _loaded(request)
    found = evaluated(
        model, Path(request["data"]), target=request["target"], labels=request["labels"],
        own=request["own"], told=lambda done, total: tell(done=done, total=total),
    )  # fmt: skip
    lines = [[figure, legend, x, y] for (figure, legend), (x, y) in found.lines.items()]
    tell(metrics=found.metrics, lines=lines, configuration=_configuration(model))


def _train(request: Mapping[str, Any], tell: Tell) -> None:
    from jupyter_modelmgmt.adapters import Progress  # noqa: PLC0415 - as above
    from jupyter_modelmgmt.adapters.base import writes  # noqa: PLC0415 - as above
    from jupyter_modelmgmt.domain.errors import Conflict  # noqa: PLC0415 - as above

    model = _loaded(request)
    adapter = model.adapter
    if adapter is None or not writes(type(adapter), "train") or not writes(type(adapter), "save"):
        raise Conflict(
            "The adapter of this version has no train and save. Write train(self, data_path, output_path, ...)."
        )
    output = Path(request["output"])
    progress = Progress(lambda done, total, metrics: tell(done=done, total=total, metrics=dict(metrics)))
    params = dict(request["params"])
    if "on_epoch_end_callback" in inspect.signature(adapter.train).parameters:  # the name that Dataloop gives it (D1)
        params["on_epoch_end_callback"] = progress
    adapter.train(Path(request["data"]), output, progress=progress, **params)
    adapter.save(output)
    tell(trained=True, configuration=_configuration(model))


def _loaded(request: Mapping[str, Any]) -> Any:
    from jupyter_modelmgmt.adapters import predictor  # noqa: PLC0415 - as above
    from jupyter_modelmgmt.domain.evidence import Field, Signature  # noqa: PLC0415 - as above
    from jupyter_modelmgmt.domain.records import Task  # noqa: PLC0415 - as above

    inputs = tuple(Field(name=f["name"], datatype=f["datatype"], shape=tuple(f["shape"])) for f in request["inputs"])
    return predictor(
        Path(request["folder"]), flavor=request["flavor"], adapter=request["adapter"], config=request["config"],
        labels=request["labels"], task=Task(request["task"]), signature=Signature(inputs=inputs),
    )  # fmt: skip


def _configuration(model: Any) -> dict[str, Any]:
    from jupyter_modelmgmt.serving.answers import jsonable  # noqa: PLC0415 - as above

    return jsonable(model.adapter.configuration) if model.adapter else {}


def _end_with_caller() -> None:
    sys.stdin.read()
    os._exit(1)


_KINDS: dict[str, Callable[[Mapping[str, Any], Tell], None]] = {"evaluate": _evaluate, "train": _train}

if __name__ == "__main__":
    main()
