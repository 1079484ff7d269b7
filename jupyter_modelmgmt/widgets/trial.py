"""The Test tab in a cell: give an image, see what a version says of it."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import msgspec
import traitlets

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.records import DeploymentState
from jupyter_modelmgmt.widgets.live import STATIC, LiveWidget


class Test(LiveWidget):
    """Predict with a deployment, or with a version, which is deployed when the button is pressed.

    `target` is a deployment's name or a selector. `predict(data)` does from code what the browser
    does with an image or tensors; `prediction` is the last answer, there to be observed.
    """

    __test__ = False  # pytest: no test case

    _esm = STATIC / "test.js"
    _css = STATIC / "test.css"

    target = traitlets.Unicode().tag(sync=True)
    deployment = traitlets.Unicode("").tag(sync=True)
    takes_images = traitlets.Bool(default_value=False).tag(sync=True)
    is_busy = traitlets.Bool(default_value=False).tag(sync=True)
    prediction = traitlets.Dict().tag(sync=True)

    def __init__(self, target: str, **traits: Any) -> None:
        super().__init__(target=target, **traits)

    def read(self) -> None:
        found = self._found()
        self.deployment = found.name if found else ""
        if found:
            self.takes_images = bool(found.adapter)

    def deploy(self) -> None:
        """Deploy the version that `target` selects, and wait until it answers."""
        if "@" not in self.target and self._found() is None:
            raise BadField(f"{self.target!r} is no deployment that runs. Start it, or name a version: model@1.0.0.")
        self.registry.deploy(self.target)
        self.refresh()

    def predict(self, data: object) -> Prediction:
        """Return the prediction for an image or tensors, and show it."""
        answer = self.registry.predict(self.deployment or self.target, data)
        self.prediction = msgspec.to_builtins(answer)
        return answer

    def act(self, verb: str, message: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        self.is_busy = True
        try:
            if verb == "deploy":
                self.deploy()
            elif verb == "predict":
                self.predict(bytes(buffers[0]) if buffers else _tensors(message))
        finally:
            self.is_busy = False

    def html(self) -> str:
        answer = self.prediction
        found = answer.get("classes") or answer.get("boxes") or []
        rows = "".join(f"<tr><td>{escape(str(f['label']))}</td><td>{f['score']:.3f}</td></tr>" for f in found)
        head = f"<p>{escape(self.target)}</p>"
        return f"{head}<table><tbody>{rows}</tbody></table>" if rows else head

    def _found(self) -> Any:
        running = (DeploymentState.DEPLOYED, DeploymentState.DEPLOYING)
        if "@" not in self.target:
            found = self.registry.deployment(self.target)
            return found if found.state in running else None
        names = [d.name for d in self.registry.get(self.target).deployments if d.state in running]
        return self.registry.deployment(names[0]) if names else None


def _tensors(message: Mapping[str, Any]) -> object:
    """Return the inputs of an inference request as arrays by name. Raises BadField."""
    import numpy as np  # noqa: PLC0415 - for those who predict

    try:
        inputs = msgspec.json.decode(str(message.get("request", "")))["inputs"]
        return {one["name"]: np.array(one["data"], dtype=_dtype(one)).reshape(one["shape"]) for one in inputs}
    except (KeyError, TypeError, ValueError, msgspec.DecodeError) as error:
        raise BadField(f"That is not an inference request: {error}.") from None


def _dtype(tensor: Mapping[str, Any]) -> str:
    kinds = {"FP": "float", "INT": "int", "UINT": "uint"}
    datatype = str(tensor["datatype"])
    letters = datatype.rstrip("0123456789")
    if letters in kinds:
        return kinds[letters] + datatype[len(letters) :]
    return "bool" if datatype == "BOOL" else "str"
