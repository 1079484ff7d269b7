"""A deployment in a cell: its state, its log, start and stop."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import traitlets

from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.registry import display
from jupyter_modelmgmt.widgets.live import STATIC, LiveWidget


class Deployment(LiveWidget):
    """The deployment `name` as it is now; `state` and `version` are there to be observed.

    `deployment` is its record; `logs` its last lines while they are open in the browser, or after
    `read_logs()`.
    """

    _esm = STATIC / "deployment.js"
    _css = STATIC / "deployment.css"

    name = traitlets.Unicode().tag(sync=True)
    deployment = traitlets.Dict().tag(sync=True)
    state = traitlets.Unicode("").tag(sync=True)
    version = traitlets.Unicode("").tag(sync=True)
    logs = traitlets.Unicode("").tag(sync=True)

    def __init__(self, name: str, **traits: Any) -> None:
        super().__init__(name=name, **traits)

    def read(self) -> None:
        record = self.registry.deployment(self.name)
        self.deployment = msgspec.to_builtins(record)
        self.state, self.version = record.state.value, record.version

    def read_logs(self, lines: int = 200) -> None:
        """Read the last lines that its workers wrote."""
        try:
            self.logs = self.registry.logs(self.name, lines)
        except NotFound:  # nothing ran yet, so nothing was written
            self.logs = ""

    def start(self) -> None:
        """Start it; it goes on while cells run."""
        self.registry.start(self.name, wait=False)
        self.refresh()

    def stop(self) -> None:
        """End it."""
        self.registry.stop(self.name, wait=False)
        self.refresh()

    def act(self, verb: str, _message: Mapping[str, Any], _buffers: Sequence[Any]) -> None:
        verbs = {"start": self.start, "stop": self.stop, "logs": self.read_logs}
        if verb in verbs:
            verbs[verb]()

    def html(self) -> str:
        return display.html([self.registry.deployment(self.name)]) if self.deployment else ""
