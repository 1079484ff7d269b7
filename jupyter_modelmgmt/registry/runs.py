"""Verbs on runs and on metric series."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jupyter_modelmgmt.domain import logged
from jupyter_modelmgmt.domain.errors import BadField, BadMetric
from jupyter_modelmgmt.domain.records import DatasetUse, Page
from jupyter_modelmgmt.domain.tracking import Run, RunStatus, Sample
from jupyter_modelmgmt.registry import buffer, callbacks
from jupyter_modelmgmt.registry.curves import Curve, Curves, checked_points
from jupyter_modelmgmt.registry.handles import Listing
from jupyter_modelmgmt.registry.logged_run import LoggedRun
from jupyter_modelmgmt.registry.opened import ACTIVE_RUN, Opened
from jupyter_modelmgmt.store import curves, runs
from jupyter_modelmgmt.store.points import packed_arrays
from jupyter_modelmgmt.store.series import Batch

_WALKED = 500


class Runs(Opened):
    """Everything about runs."""

    def run(
        self,
        name: str,
        *,
        params: Mapping[str, Any] | None = None,
        tags: str | Sequence[str] = (),
        source: Mapping[str, Any] | None = None,
    ) -> LoggedRun:
        """Start a run, for `with reg.run("train digits") as run:`; versions registered inside link to it.

        `source` says where the code is: notebook, cells, git_commit, script. Raises BadField, BadTag.
        """
        return self.start_run(name, params=params, tags=tags, source=source)

    def start_run(
        self,
        name: str,
        *,
        params: Mapping[str, Any] | None = None,
        tags: str | Sequence[str] = (),
        source: Mapping[str, Any] | None = None,
    ) -> LoggedRun:
        """Start a run without a block; it goes on until `run.finish()`."""
        started = runs.start(self.store, name, params=params or {}, tags=tags, source=source, actor=self.actor)
        return LoggedRun.of(started, self)

    def resume_run(self, id: str) -> LoggedRun:  # noqa: A002 - the user's word
        """Let an ended run go on, and return it. Raises NotFound."""
        return LoggedRun.of(runs.resume(self.store, id, actor=self.actor), self)

    def callback(self, framework: str, run: LoggedRun | None = None) -> Any:
        """Return a callback that logs into `run`, else into the run whose block this is in, while it trains.

        `framework` is keras, lightgbm, lightning, transformers or xgboost. Raises BadField.
        """
        if run is None and not ACTIVE_RUN.get():
            raise BadField("There is no run to log into. Ask inside `with reg.run(...)`, or give run=...")
        return callbacks.callback(framework, run or self.get_run(ACTIVE_RUN.get()))

    def get_run(self, id: str) -> LoggedRun:  # noqa: A002 - the user's word
        """Return one run. Raises NotFound."""
        return LoggedRun.of(self.run_record(id), self)

    def runs(self, name: str = "", *, status: str = "", tag: str = "") -> Listing[Run]:
        """Return all runs, the newest first: with `name` in their name, of this status, with this tag."""
        return Listing.of_pages(
            lambda cursor: self.runs_page(name, status=status, tag=tag, limit=_WALKED, cursor=cursor)
        )

    def runs_page(
        self, name: str = "", *, status: str = "", tag: str = "", limit: int = 50, cursor: str | None = None
    ) -> Page[Run]:
        """Return one page of runs."""
        return runs.page(self.store, name=name, status=status, tag=tag, limit=limit, cursor=cursor)

    def run_record(self, id: str) -> Run:  # noqa: A002 - the user's word
        """Return what a run has now. Raises NotFound."""
        buffer.flush(id)
        return runs.get(self.store, id)

    def edit_run(self, id: str, *, params: Mapping[str, Any] | None = None, tags: str | Sequence[str] = ()) -> Run:  # noqa: A002
        """Write params and add tags; an ended run takes tags alone. Raises RunEnded."""
        return runs.edit(self.store, id, params=params or {}, tags=tags, actor=self.actor)

    def change_run(
        self,
        id: str,  # noqa: A002 - the user's word
        *,
        params: Mapping[str, Any] | None = None,
        tags: str | Sequence[str] = (),
        datasets: Sequence[DatasetUse] = (),
        status: str = "",
        reason: str = "",
    ) -> Run:
        """Write into a run; a status ends it, or resumes it when it is `running`. Raises RunEnded, BadField."""
        word = logged.run_status(status) if status else None
        if word is RunStatus.RUNNING:
            runs.resume(self.store, id, actor=self.actor)
        for used in datasets:
            self.use_dataset(id, used.dataset, used.role)
        if params or tags:
            self.edit_run(id, params=params, tags=tags)
        return self.end_run(id, word, reason=reason) if word not in (None, RunStatus.RUNNING) else self.run_record(id)

    def end_run(self, id: str, status: str = "finished", *, reason: str = "") -> Run:  # noqa: A002
        """End a run: finished, failed or killed. Raises RunEnded."""
        buffer.flush(id)
        return runs.end(self.store, id, status, reason=reason, actor=self.actor)

    def use_dataset(self, id: str, dataset: str, role: str = "train") -> DatasetUse:  # noqa: A002
        """Say that a run used a dataset. Raises NotFound, RunEnded, BadField."""
        return runs.use(self.store, id, dataset, role, actor=self.actor)

    def log_batch(
        self,
        id: str,  # noqa: A002 - the user's word
        metrics: Mapping[str, float],
        *,
        step: float | None = None,
        samples: Iterable[Sample] = (),
        series: Iterable[tuple[str, str, Sequence[float], Sequence[float]]] = (),
    ) -> int:
        """Log plain values at one step, points, and whole lines (figure, legend, x, y); return how many points.

        All are stored when this returns, or none. Raises NotFound, RunEnded, BadMetric.
        """
        points = [*self._at_step(id, metrics, step), *samples]
        for figure, line, xs, ys in series:
            if len(xs) != len(ys):
                raise BadMetric(f"x has {len(xs)} points and y has {len(ys)}. Give one x for each y.")
            points += [Sample(figure=figure, legend=line, x=x, y=y) for x, y in zip(xs, ys, strict=True)]
        return runs.log(self.store, id, curves.packed_samples(points))

    def log_points(self, id: str, batch: Batch) -> int:  # noqa: A002
        """Add packed points to a run and return how many. Raises RunEnded."""
        return runs.log(self.store, id, batch)

    def log_curve(self, id: str, figure: str, x: object, y: object, *, legend: str = "") -> int:  # noqa: A002
        """Add a whole curve to a run and return its number of points. Raises BadMetric, RunEnded."""
        key = (logged.figure(figure), logged.legend(legend))
        points = packed_arrays(x, y)
        return runs.log(self.store, id, {key: points} if points else {})

    def run_curve(self, id: str, figure: str, legend: str | None = None, *, points: int | None = None) -> Curve:  # noqa: A002
        """Return one curve of a run, by `figure` or `figure/legend`. Raises NotFound."""
        at_most = checked_points(points)
        buffer.flush(id)
        return Curve.of(*curves.of_run(self.store, id, figure, legend), at_most)

    def run_curves(self, id: str, figure: str | None = None, *, points: int | None = None) -> Curves:  # noqa: A002
        """Return the curves of a run, those of one figure if it is given."""
        at_most = checked_points(points)
        buffer.flush(id)
        return Curves(Curve.of(row, data, at_most) for row, data in curves.all_of_run(self.store, id, figure))

    def log_samples(self, selector: str, samples: Iterable[Sample], *, dataset: str = "") -> int:
        """Log points of curves on a version that no run made, and return how many. Source: D24, D25.

        With a `dataset` the lines are called after it, so one chart holds several datasets. Raises
        NotFound, BadMetric.
        """
        return curves.log(self.store, selector, list(samples), dataset=dataset)

    def series(self, selector: str, figure: str | None = None, *, points: int | None = None) -> Curves:
        """Return the curves of a version: its own, then those of the run that made it. Source: D25.

        At most `points` of each, peaks kept. Raises NotFound.
        """
        at_most = checked_points(points)
        found = curves.of_version(self.store, selector, figure)
        return Curves(Curve.of(row, data, at_most) for row, data in found)

    def _at_step(self, id: str, metrics: Mapping[str, float], step: float | None) -> list[Sample]:  # noqa: A002 - as above
        """Return plain values as points; without a step each is one behind its last."""
        last: dict[str, float] = {}
        if metrics and step is None:
            last = {s.figure: s.last_x + 1 for s in self.run_record(id).summaries if not s.legend}
        return [
            Sample(figure=name, x=last.get(name, 0.0) if step is None else step, y=value)
            for name, value in metrics.items()
        ]
