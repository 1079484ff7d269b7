"""Local hooks: functions of this process that are called with events, whoever wrote them."""

import logging
import threading
from collections.abc import Callable
from functools import cached_property

from jupyter_modelmgmt.domain.errors import BadField, ModelManagementError
from jupyter_modelmgmt.domain.records import Event
from jupyter_modelmgmt.domain.webhooks import checked_patterns, wants
from jupyter_modelmgmt.registry.opened import Opened
from jupyter_modelmgmt.store import Store, events

POLL_S = 0.25
_SLOW_S = 5.0
_END_S = 5.0  # for a function that is just being called
_LOG = logging.getLogger("jupyter_modelmgmt")

Callback = Callable[[Event], object]


class Hook:
    """One function that hears of events; `remove()` ends that."""

    def __init__(self, hooks: "_Tail", patterns: tuple[str, ...], model: str, callback: Callback, after: int) -> None:
        self.patterns = patterns
        self.model = model
        self.callback = callback
        self.after = after
        self._hooks = hooks

    def __repr__(self) -> str:
        return f"Hook({', '.join(self.patterns)!r}, model={self.model!r})"

    def remove(self) -> None:
        """Call the function no more; a call under way ends by itself."""
        self._hooks.forget(self)

    def hear(self, event: Event) -> None:
        """Call the function if the event is new to it and fits; what it raises is logged."""
        if event.id <= self.after or not wants(self.patterns, self.model, event):
            return
        try:
            self.callback(event)
        except Exception:  # noqa: BLE001 - the function is not ours, and others wait for their turn
            _LOG.exception("A hook on %s failed", ", ".join(self.patterns))


class Hooks(Opened):
    """Call functions when something happens."""

    def on(self, events: str, callback: Callback, *, model: str = "") -> Hook:
        """Call `callback` with every event from now on that fits the pattern, whoever wrote it.

        `reg.on("version.promoted", print, model="digits")`; `version.*` fits all events of versions.
        It is called in a thread of its own, a quarter of a second later at most. What it raises is
        logged and stops nobody. Ends by `.remove()` or `reg.close()`. Raises BadField.
        """
        if not callable(callback):
            raise BadField("callback is a function that takes an event.")
        return self._tail.add(checked_patterns(events), model, callback)

    def end_hooks(self) -> None:
        """Call no function any more."""
        if "_tail" in self.__dict__:
            self._tail.end()

    @cached_property
    def _tail(self) -> "_Tail":
        return _Tail(self.store)


class _Tail:
    """A thread that reads new events while there are hooks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hooks: tuple[Hook, ...] = ()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, patterns: tuple[str, ...], model: str, callback: Callback) -> Hook:
        hook = Hook(self, patterns, model, callback, events.last_id(self._store))
        with self._lock:
            self._hooks = (*self._hooks, hook)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, args=[hook.after], name="modelmgmt-hooks", daemon=True
                )
                self._thread.start()
        return hook

    def forget(self, hook: Hook) -> None:
        with self._lock:
            self._hooks = tuple(other for other in self._hooks if other is not hook)

    def end(self) -> None:
        self._ended.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_END_S)

    def _run(self, last: int) -> None:
        pause = POLL_S
        while not self._ended.wait(pause):
            try:
                found = events.after(self._store, last)
                pause = POLL_S
            except (OSError, ModelManagementError) as error:
                _LOG.warning("Hooks wait for the registry: %s", error)
                found, pause = (), _SLOW_S
            for event in found:
                last = event.id
                self._tell(event)

    def _tell(self, event: Event) -> None:
        for hook in self._hooks:
            if not self._ended.is_set():
                hook.hear(event)
