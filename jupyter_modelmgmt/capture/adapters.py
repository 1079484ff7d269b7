"""An adapter class on its way into a version: written beside the model, and proven in a fresh process.

Source: N3, D12.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_modelmgmt.adapters.kinds import SOURCE, Named
from jupyter_modelmgmt.capture.evidence import PROVE_VARIABLE
from jupyter_modelmgmt.domain.errors import BadImage, NotProven
from jupyter_modelmgmt.domain.evidence import Verdict
from jupyter_modelmgmt.flavors import safety

TIMEOUT_S = 300.0


def written(named: Named, folder: Path) -> dict[str, Verdict]:
    """Write the source of an adapter that travels into `folder`; return the verdict of each file. Source: N13."""
    if not named.source:
        return {}
    path = folder / SOURCE
    path.write_text(named.source, encoding="utf-8")
    return {SOURCE: safety.verdict(SOURCE, path)}


def proven(told: Mapping[str, Any], folder: Path, example: object) -> dict[str, Any]:
    """Return the configuration with every key that the adapter read in a fresh process.

    It loads the version whose files lie in `folder` and answers `example`. Without one it looks at a grey
    picture, only to see which keys `predict` reads. Raises NotProven.
    """
    config = dict(told.get("config") or {})
    if os.environ.get(PROVE_VARIABLE) == "no":
        return config
    with TemporaryDirectory() as scratch:
        request = {
            "folder": str(folder), "flavor": told.get("flavor", ""), "adapter": told["adapter"], "config": config,
            "labels": list(told.get("labels") or ()), "result": str(Path(scratch) / "result.json"),
            **_example(example, Path(scratch)),
        }  # fmt: skip
        found = _asked(request)
    if "error" in found:
        raise NotProven(
            f"A fresh process cannot use the adapter: {found['error'].splitlines()[0]}. Nothing was registered. "
            "Put what it needs into the class or into modules that are installed, or register with prove=False."
        )
    return {**config, **found["configuration"]}


def _asked(request: Mapping[str, Any]) -> dict[str, Any]:
    command = [sys.executable, "-P", "-m", "jupyter_modelmgmt.capture.adapter_prover"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, input=json.dumps(request), capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
            cwd=Path(sys.executable).parent,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"error": f"it was not done within {TIMEOUT_S:g} s"}
    result = Path(request["result"])
    if not result.exists():
        last = done.stderr.strip().splitlines()[-1:] or ["it ended without a word"]
        return {"error": f"it ended with exit code {done.returncode}: {last[0]}"}
    found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return found


def _example(example: Any, scratch: Path) -> dict[str, str]:
    """Return where the fresh process finds an example, and its kind."""
    if example is None:
        return {}
    path = scratch / "example"
    if hasattr(example, "columns"):
        example.to_pickle(path)
        return {"example": str(path), "kind": "table"}
    if isinstance(example, str | Path) and Path(example).is_file():
        return {"example": str(example), "kind": "image"}
    if isinstance(example, str):
        path.write_text(example, encoding="utf-8")
        return {"example": str(path), "kind": "text"}
    path.write_bytes(_image(example))
    return {"example": str(path), "kind": "image"}


def _image(example: Any) -> bytes:
    if isinstance(example, bytes | bytearray | memoryview):
        return bytes(example)
    import io  # noqa: PLC0415 - with Pillow, only for pixels

    from PIL import Image  # noqa: PLC0415 - as above

    image = example if isinstance(example, Image.Image) else None
    if image is None and getattr(example, "dtype", None) == "uint8":
        image = Image.fromarray(example)
    if image is None:
        raise BadImage(f"input_example is a {type(example).__name__}. Give an image, a text or a DataFrame.")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
