"""The fresh process that loads an adapter and answers one example: `python -P -m jupyter_modelmgmt.capture.adapter_prover`.

It reads one request, JSON, from its input and writes what it found to the file `result`.
"""

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

_GREY = 127
_SIDE = 64


def main() -> None:
    request = json.load(sys.stdin)
    try:
        found = _tried(request)
    except BaseException as error:  # noqa: BLE001 - a process border: the user's code may raise anything
        found = {"error": f"{type(error).__name__}: {error}"[:2000]}
    result = Path(request["result"])
    partial = result.with_suffix(".partial")
    partial.write_text(json.dumps(found), encoding="utf-8")
    partial.replace(result)


def _tried(request: dict[str, Any]) -> dict[str, Any]:
    from jupyter_modelmgmt.adapters import kinds, predictor  # noqa: PLC0415 - what is imported here may fail and is told

    loaded = predictor(
        Path(request["folder"]), flavor=request["flavor"], adapter=request["adapter"], config=request["config"],
        labels=request["labels"], task=_other(),
    )  # fmt: skip
    if request.get("example"):
        _answer(loaded, Path(request["example"]), request["kind"])
    elif loaded.takes == "image":
        # Nobody gave an example: a grey picture shows which keys `predict` reads, and proves nothing.
        with contextlib.suppress(Exception):
            loaded.predict_image(_grey())
    loaded.batch_size  # noqa: B018 - a key that every adapter reads
    if loaded.adapter is None:
        return {"configuration": {}}
    return {"configuration": {**_plain(loaded.adapter.configuration), **kinds.declared(type(loaded.adapter))}}


def _answer(loaded: Any, path: Path, kind: str) -> None:
    if kind == "table":
        import pandas as pd  # noqa: PLC0415 - only for tables

        frame = pd.read_pickle(path)  # noqa: S301 - our own caller wrote it a moment ago
        loaded.predict_tensors({str(name): frame[name].to_numpy() for name in frame.columns})
    elif kind == "text":
        loaded.predict_items([loaded.prepare_text(path.read_text(encoding="utf-8"))])
    else:
        loaded.predict_image(path.read_bytes())


def _other() -> Any:
    from jupyter_modelmgmt.domain.records import Task  # noqa: PLC0415 - as above

    return Task.OTHER


def _grey() -> bytes:
    import io  # noqa: PLC0415 - as above

    from PIL import Image  # noqa: PLC0415 - as above

    buffer = io.BytesIO()
    Image.new("RGB", (_SIDE, _SIDE), (_GREY,) * 3).save(buffer, "PNG")
    return buffer.getvalue()


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values that JSON can hold."""
    found = {}
    for key, value in values.items():
        with contextlib.suppress(TypeError, ValueError):
            found[key] = json.loads(json.dumps(value, allow_nan=False))
    return found


if __name__ == "__main__":
    main()
