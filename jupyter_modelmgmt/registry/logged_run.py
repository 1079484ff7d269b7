"""A run that can be logged into."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from contextvars import Token
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from jupyter_modelmgmt.domain import logged
from jupyter_modelmgmt.domain.errors import RunEnded
from jupyter_modelmgmt.domain.records import DatasetUse
from jupyter_modelmgmt.domain.tracking import Run, RunStatus, Sample
from jupyter_modelmgmt.registry import display
from jupyter_modelmgmt.registry.buffer import Buffer
from jupyter_modelmgmt.registry.opened import ACTIVE_RUN

if TYPE_CHECKING:
    from jupyter_modelmgmt.registry.curves import Curve, Curves
    from jupyter_modelmgmt.store.series import Batch, Key

_REASON = 1000


class RunVerbs(Protocol):
    """What a run's handle asks of the registry."""

    def run_record(self, id: str) -> Run: ...  # noqa: A002 - the user's word
    def edit_run(self, id: str, *, params: Mapping[str, Any], tags: str | Sequence[str]) -> Run: ...  # noqa: A002
    def end_run(self, id: str, status: str, *, reason: str) -> Run: ...  # noqa: A002
    def use_dataset(self, id: str, dataset: str, role: str) -> DatasetUse: ...  # noqa: A002
    def log_points(self, id: str, batch: Batch) -> int: ...  # noqa: A002
    def log_curve(self, id: str, figure: str, x: object, y: object, *, legend: str) -> int: ...  # noqa: A002
    def run_curve(self, id: str, figure: str, legend: str | None, *, points: int | None) -> Curve: ...  # noqa: A002
    def run_curves(self, id: str, figure: str | None, *, points: int | None) -> Curves: ...  # noqa: A002


class LoggedRun(Run):
    """A run with the verbs that make sense on it; as a block it ends itself.

        with reg.run("train digits", params={"lr": 0.1}) as run:
            run.log_metric("loss", 0.3, step=1)

    An exception ends it as failed and says why; an interrupt, as killed. What it says of itself is
    as of its start, its end or the last `refresh()`.

    Metrics are gathered and stored together: within a second, when 10,000 wait, when something
    reads them, at the end. A process that is killed loses what it logged in its last second.
    """

    # No dataclass fields: they must not travel as JSON.
    __slots__ = ("_buffer", "_next", "_registry", "_token")
    _registry: RunVerbs
    _buffer: Buffer
    _next: dict[Key, float]
    _token: Token[str] | None

    @classmethod
    def of(cls, record: Run, registry: RunVerbs) -> LoggedRun:
        run = cls(**_fields(record))
        object.__setattr__(run, "_registry", registry)
        object.__setattr__(run, "_buffer", Buffer(run.id, lambda batch: registry.log_points(record.id, batch)))
        object.__setattr__(run, "_next", {(s.figure, s.legend): s.last_x + 1 for s in record.summaries})
        object.__setattr__(run, "_token", None)
        return run

    def log_metric(self, name: str, value: float, step: float | None = None) -> None:
        """Log one value; without a step it comes one behind the last. Raises BadMetric, RunEnded.

        NaN and infinities are kept: a loss that ran away is what one looks for. In JSON they are null.
        """
        self.log_metrics({name: value}, step)

    def log_metrics(self, values: Mapping[str, float], step: float | None = None) -> None:
        """Log several values at one step; see `log_metric`."""
        self._refuse_ended()
        self._add((name, "", step, value) for name, value in values.items())

    def log_samples(self, samples: Iterable[Sample]) -> None:
        """Log points of curves: figure, legend, x, y. Source: D24."""
        self._refuse_ended()
        # One by one: points of one curve follow each other.
        for sample in samples:
            self._add([(sample.figure, sample.legend, sample.x, sample.y)])

    def log_series(self, name: str, x: object, y: object, *, legend: str = "") -> None:
        """Log a whole curve at once, from lists or arrays of the same length. Raises BadMetric, RunEnded."""
        self._buffer.flush()
        self._registry.log_curve(self.id, name, x, y, legend=legend)

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Write params; one that is there already takes the new value. Raises RunEnded, BadField."""
        self._become(self._registry.edit_run(self.id, params=params, tags=()))

    def add_tags(self, tags: str | Sequence[str]) -> None:
        """Add tags, also to a run that has ended."""
        self._become(self._registry.edit_run(self.id, params={}, tags=tags))

    def use_dataset(self, dataset: str, role: str = "train") -> DatasetUse:
        """Say that the run used a registered dataset, `name@3` or `name` for its newest. Raises NotFound."""
        return self._registry.use_dataset(self.id, dataset, role)

    def series(self, name: str, legend: str | None = None, *, points: int | None = None) -> Curve:
        """Return one curve, by `figure` or `figure/legend`; at most `points` of it, peaks kept. Raises NotFound."""
        return self._registry.run_curve(self.id, name, legend, points=points)

    def curves(self, name: str | None = None, *, points: int | None = None) -> Curves:
        """Return all curves, or those of one figure."""
        return self._registry.run_curves(self.id, name, points=points)

    def refresh(self) -> LoggedRun:
        """Read what the run has now, and return it."""
        self._become(self._registry.run_record(self.id))
        return self

    def finish(self, status: str = RunStatus.FINISHED, *, reason: str = "") -> LoggedRun:
        """Store what waits and end the run: finished, failed or killed. Raises RunEnded."""
        self._buffer.flush()
        self._become(self._registry.end_run(self.id, status, reason=reason))
        return self

    def __enter__(self) -> Self:
        object.__setattr__(self, "_token", ACTIVE_RUN.set(self.id))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._token is not None:
            ACTIVE_RUN.reset(self._token)
        if self.status is not RunStatus.RUNNING:
            return
        if kind is None:
            self.finish()
        elif issubclass(kind, KeyboardInterrupt):
            self.finish(RunStatus.KILLED, reason=kind.__name__)
        else:
            self.finish(RunStatus.FAILED, reason=_said(kind, error))

    def _add(self, given: Iterable[tuple[str, str, float | None, float]]) -> None:
        points: dict[Key, tuple[float, float]] = {}
        for figure, legend, step, value in given:
            key = (figure, legend)
            if key not in self._next:
                self._next[logged.figure(figure), logged.legend(legend)] = 0.0
            x = self._next[key] if step is None else logged.step(step)
            points[key] = (x, logged.number(figure, value))
            self._next[key] = x + 1
        self._buffer.add(points)

    def _become(self, record: Run) -> None:
        for name, value in _fields(record).items():
            object.__setattr__(self, name, value)

    def _refuse_ended(self) -> None:
        if self.status is not RunStatus.RUNNING:
            raise RunEnded(
                f"The run {self.name!r} ({self.id}) has ended: {self.status}. Resume it with reg.resume_run({self.id!r})."
            )

    def _repr_html_(self) -> str:
        return display.html([self])


def _said(kind: type[BaseException], error: BaseException | None) -> str:
    """Return an exception as a text that every database holds."""
    text = f"{kind.__name__}: {error}"[:_REASON].replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")


def _fields(record: Run) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
