"""What all widgets share: a registry behind them, verbs from the browser, HTML where none runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.registry import Registry, connect

STATIC = Path(__file__).parent / "static"


class LiveWidget(anywidget.AnyWidget):
    """A widget that shows what the registry holds now.

    The browser sends `{"verb": ...}`: `look` asks whether anything changed, other verbs are `act`'s.
    What goes wrong is in `error`, a sentence for people, and never breaks the widget.
    """

    error = traitlets.Unicode("").tag(sync=True)

    def __init__(self, *, registry: Registry | None = None, **traits: Any) -> None:
        self.registry = registry or connect()
        self._seen = -1
        super().__init__(**traits)
        self.on_msg(self._heard)
        self.refresh()

    def refresh(self) -> None:
        """Read again what is shown."""
        self._guarded(self._read_now)

    def read(self) -> None:
        """Set the traits from the registry."""
        raise NotImplementedError

    def act(self, verb: str, message: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """Do what the browser asks for."""

    def html(self) -> str:
        """Return what is shown as HTML that needs no browser code."""
        raise NotImplementedError

    def _read_now(self) -> None:
        self._seen = self.registry.last_event()
        self.read()

    def _heard(self, _widget: Any, message: Any, buffers: Sequence[Any]) -> None:
        verb = str(message.get("verb", ""))
        if verb != "look":
            self._guarded(lambda: self.act(verb, message, buffers))
        elif self.registry.last_event() != self._seen:
            self.refresh()

    def _guarded(self, work: Any) -> None:
        try:
            work()
            self.error = ""
        except ModelManagementError as error:
            self.error = str(error)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Return the widget, and beside it what viewers without widgets show."""
        made = super()._repr_mimebundle_(**options)
        data, metadata = made if isinstance(made, tuple) else (made or {}, {})
        return {**data, "text/html": self.html()}, metadata
