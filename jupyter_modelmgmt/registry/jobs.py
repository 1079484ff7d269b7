"""Verbs on jobs: a version evaluated on golden data, trained on data; what waits, runs and ended."""

import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.files import refuse_hostile
from jupyter_modelmgmt.domain.jobs import Job, JobKind, JobStatus
from jupyter_modelmgmt.domain.records import ModelVersion, Page
from jupyter_modelmgmt.domain.tracking import Dataset, Evaluation, RunStatus
from jupyter_modelmgmt.registry import job_data
from jupyter_modelmgmt.registry.evaluations import Evaluations
from jupyter_modelmgmt.registry.handles import Listing
from jupyter_modelmgmt.registry.logged_run import LoggedRun
from jupyter_modelmgmt.registry.progress import Progress
from jupyter_modelmgmt.registry.registration import Registration
from jupyter_modelmgmt.registry.runs import Runs
from jupyter_modelmgmt.serving import job_process
from jupyter_modelmgmt.store import evaluations, jobs, versions

_WALKED = 500
_WRITTEN_EVERY_S = 0.5
# Two trainings at a time take more than twice as long on most machines: the others wait for their turn.
_TURN = threading.Lock()


class Jobs(Registration, Evaluations, Runs):
    """Evaluating, and everything about jobs."""

    def evaluate(
        self, selector: str, dataset: str, *, data: object = None, target: str = "", progress: Progress | None = None
    ) -> Evaluation:
        """Return what a version scores on golden data, in a process of its own; boards and lists show it.

        `dataset` is registered, `golden@1`, with the path where it lies; or `data` is given, a DataFrame, a pair
        (x, y), a CSV file with the truth in the column `target`, or a folder of images (label/picture.png,
        COCO's annotations.json, images and masks), and registered under that name. An adapter with an
        `evaluate` of its own measures itself. `progress` is called with items done and items in all.
        Raises ItemsFailed's list as TrainingFailed, BadFile, NotFound. Source: D26.
        """
        job, work = self._evaluation(selector, dataset, data, target, progress)
        work(job.id)
        return self.evaluations_page(selector, limit=1).items[0]

    def start_evaluation(self, selector: str, dataset: str, *, data: object = None, target: str = "") -> Job:
        """Begin what `evaluate` does and return at once; `job` tells how far it is."""
        job, work = self._evaluation(selector, dataset, data, target, None)
        return started(job, work)

    def job(self, job: int) -> Job:
        """Return one job. Raises NotFound."""
        return jobs.get(self.store, job)

    def jobs(self, search: str = "", *, status: str = "", kind: str = "") -> Listing[Job]:
        """Return jobs, the newest first: by part of the model's name or by id, of this status. Source: D27."""
        return Listing.of_pages(
            lambda cursor: self.jobs_page(search, status=status, kind=kind, limit=_WALKED, cursor=cursor)
        )

    def jobs_page(
        self, search: str = "", *, status: str = "", kind: str = "", limit: int = 50, cursor: str | None = None
    ) -> Page[Job]:
        """Return one page of jobs. Raises BadField."""
        for name, value, known in (("status", status, JobStatus), ("kind", kind, JobKind)):
            if value and value not in [member.value for member in known]:
                raise BadField(f"{value[:40]!r} is no {name} of jobs. Use one of {', '.join(known)}.")
        return jobs.page(self.store, search=search, status=status, kind=kind, limit=limit, cursor=cursor)

    def _evaluation(
        self, selector: str, dataset: str, data: object, target: str, progress: Progress | None
    ) -> tuple[Job, Callable[[int], None]]:
        version = versions.get(self.store, selector)
        refuse_hostile(version.selector, version.safety)
        golden = self._dataset(dataset, data)
        run = self.start_run(f"evaluate {version.selector}", tags="evaluation")
        run.use_dataset(golden.selector, "golden")
        job = jobs.create(
            self.store, JobKind.EVALUATE, version.selector, dataset=golden.selector, run=run.id, actor=self.actor
        )

        def work(number: int) -> None:
            with self._turn(number, run), TemporaryDirectory() as folder:
                laid = job_data.golden(data, golden, Path(folder))
                asked = {"data": str(laid.path), "own": laid.own, "target": target}
                self._measure(version, golden, run, Path(folder), asked, self._heard(number, progress))

        return job, work

    def _measure(
        self, version: ModelVersion, golden: Dataset, run: LoggedRun, folder: Path, asked: Mapping[str, Any],
        heard: Callable[[Mapping[str, Any]], None],
    ) -> None:  # fmt: skip
        started = time.monotonic()
        files = folder / "files"
        self.artifacts.materialise(version.artifacts, files)
        request = job_process.request(version, "evaluate", folder=str(files), **asked)
        found = job_process.done(request, heard, folder / "log")
        run.log_metrics(found["metrics"])
        for figure, legend, x, y in found["lines"]:
            run.log_series(figure, x, y, legend=legend)
        evaluations.add(
            self.store, version.selector, golden.selector, found["metrics"],
            duration_s=time.monotonic() - started, run=run.id, actor=self.actor,
        )  # fmt: skip

    def _dataset(self, name: str, data: object) -> Dataset:
        """Return the dataset of a name, registered with `data` where that is given. Raises NotFound."""
        if data is None:
            return self.dataset(name)
        if isinstance(data, Mapping):
            data = data.get("train") if "train" in data else next(iter(data.values()))
        kept = job_data.frame(data) if isinstance(data, tuple) else data
        source = str(Path(kept).resolve()) if isinstance(kept, str | Path) else ""
        return self.register_dataset(name.partition("@")[0], data=kept, source=source)

    def _turn(self, number: int, run: LoggedRun) -> "_Turn":
        return _Turn(self, number, run)

    def _heard(self, number: int, progress: Progress | None) -> Callable[[Mapping[str, Any]], None]:
        """Return what hears how far the process is; the store is told at most twice a second."""
        written = 0.0

        def heard(said: Mapping[str, Any]) -> None:
            nonlocal written
            done, total = said.get("done", 0), said.get("total", 0)
            if progress is not None:
                progress(done, total)
            if total and time.monotonic() - written > _WRITTEN_EVERY_S:
                written = time.monotonic()
                jobs.proceed(self.store, number, done / total)

        return heard


class _Turn:
    """A job's turn: waits for it, and ends job and run as the block ends. Source: D27."""

    def __init__(self, registry: Jobs, job: int, run: LoggedRun) -> None:
        self._registry, self._job, self._run = registry, job, run

    def __enter__(self) -> None:
        _TURN.acquire()
        jobs.begin(self._registry.store, self._job)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        _TURN.release()
        reason = "" if kind is None else str(error) or kind.__name__
        jobs.end(self._registry.store, self._job, reason=reason, actor=self._registry.actor)
        self._run.finish(RunStatus.FAILED if reason else RunStatus.FINISHED, reason=reason[:1000])


def started(job: Job, work: Callable[[int], None]) -> Job:
    def quietly() -> None:
        try:
            work(job.id)
        except Exception:  # noqa: BLE001 - the job has the reason
            return

    threading.Thread(target=quietly, name=job.name, daemon=True).start()
    return job
