"""The Test tab in a cell: give an image, see what a version says of it, or several side by side."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import msgspec
import traitlets

from jupyter_modelmgmt.domain.errors import BadField, ServingFailed
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.records import DeploymentState
from jupyter_modelmgmt.registry.side_by_side import Answers
from jupyter_modelmgmt.serving.trials import Trials
from jupyter_modelmgmt.widgets.live import STATIC, LiveWidget


class Test(LiveWidget):
    """Predict with a deployment, or with a version, which is deployed when the button is pressed.

    `Test("digits")` or `Test("digits@1.0.0")`: a deployment's name or a selector. `Test(clf)` asks an object in
    memory, `Test(clf, "digits@1.0.0", service)` several side by side, without deploying any; `like` is told in
    `Registry.side_by_side`. `predict(data)` and `ask_all(data)` do from code what the browser does with an image or
    tensors; `prediction` and `answers` are the last ones, there to be observed.
    """

    __test__ = False  # pytest: no test case

    _esm = STATIC / "test.js"
    _css = STATIC / "test.css"

    target = traitlets.Unicode().tag(sync=True)
    targets: traitlets.List[Any] = traitlets.List().tag(sync=True)
    deployment = traitlets.Unicode("").tag(sync=True)
    takes_images = traitlets.Bool(default_value=False).tag(sync=True)
    inputs: traitlets.List[Any] = traitlets.List().tag(sync=True)
    is_busy = traitlets.Bool(default_value=False).tag(sync=True)
    prediction = traitlets.Dict().tag(sync=True)
    answers: traitlets.List[Any] = traitlets.List().tag(sync=True)

    def __init__(self, *targets: object, like: str = "", **traits: Any) -> None:
        self._asked = targets
        self._like = like
        self._trials = Trials()
        self._record = Answers(())
        super().__init__(target=targets[0] if len(targets) == 1 and isinstance(targets[0], str) else "", **traits)

    def read(self) -> None:
        if not self.target:
            if not self.targets:  # once: what an object is, is found by reading all that it learned
                self._read_targets()
            return
        found = self._found()
        self.deployment = found.name if found else ""
        if found:
            self._read_takes((found.name,), f"{found.model}@{found.version}")

    def deploy(self) -> None:
        """Deploy the version that `target` selects, and wait until it answers."""
        if "@" not in self.target and self._found() is None:
            raise BadField(f"{self.target!r} is no deployment that runs. Start it, or name a version: model@1.0.0.")
        self.registry.deploy(self.target)
        self.refresh()

    def predict(self, data: object) -> Prediction:
        """Return the prediction for an image or tensors, of the first of several, and show it."""
        if self.target:
            answer = self.registry.predict(self.deployment or self.target, data)
            self.prediction = msgspec.to_builtins(answer)
            return answer
        first = self.ask_all(data)[0]
        if first.prediction is None:
            raise ServingFailed(first.problem)
        return first.prediction

    def ask_all(self, data: object) -> Answers:
        """Return what all say of an image or tensors: `agree`, `differences`, `.frame()`; and show it."""
        self.answers = []
        asked = self._asked if not self.target else (self.target,)
        self._record = self.registry.side_by_side(data, *asked, like=self._like, trials=self._trials)
        self.answers = msgspec.to_builtins(list(self._record))
        self.prediction = self.answers[0]["prediction"] or {}
        return self._record

    def act(self, verb: str, message: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        self.is_busy = True
        try:
            if verb == "deploy":
                self.deploy()
            elif verb in ("predict", "ask_all"):
                ask = self.predict if verb == "predict" else self.ask_all
                ask(bytes(buffers[0]) if buffers else _tensors(message))
        finally:
            self.is_busy = False

    def close(self) -> None:
        """End the workers of versions that were asked, and take the widget away."""
        self._trials.close()
        super().close()

    def html(self) -> str:
        if not self.target:
            names = " ".join(f"<li>{escape(one['name'])}</li>" for one in self.targets)
            return self._record._repr_html_() if self._record else f"<ul>{names}</ul>"
        answer = self.prediction
        found = answer.get("classes") or answer.get("boxes") or []
        rows = "".join(f"<tr><td>{escape(str(f['label']))}</td><td>{f['score']:.3f}</td></tr>" for f in found)
        head = f"<p>{escape(self.target)}</p>"
        return f"{head}<table><tbody>{rows}</tbody></table>" if rows else head

    def _read_targets(self) -> None:
        named = self.registry.target_names(self._asked)
        self.targets = [{"name": name, "where": where} for name, where in named]
        self._read_takes(self._asked, self._like)

    def _read_takes(self, targets: Sequence[object], like: str) -> None:
        found = self.registry.targets_take(targets, like)
        self.takes_images = found.takes == "image"
        self.inputs = msgspec.to_builtins(found.inputs)

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
