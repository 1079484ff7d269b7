"""Verbs on batches: many inputs through a version, by the workers of a deployment or by one of their own."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jupyter_modelmgmt.domain.batches import Batch, BatchState
from jupyter_modelmgmt.domain.errors import Conflict, NotFound, NotLoadable
from jupyter_modelmgmt.domain.files import refuse_hostile
from jupyter_modelmgmt.domain.interfaces import Service, refuse_service
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.records import ModelVersion, Page
from jupyter_modelmgmt.registry import batch_inputs, batch_results
from jupyter_modelmgmt.registry.batch_handle import RunningBatch
from jupyter_modelmgmt.registry.batch_work import Answerer, Work
from jupyter_modelmgmt.registry.deployments import Deployments
from jupyter_modelmgmt.registry.handles import Listing
from jupyter_modelmgmt.registry.inputs import TensorInput
from jupyter_modelmgmt.registry.progress import Progress
from jupyter_modelmgmt.serving.client import Host
from jupyter_modelmgmt.serving.temporary import temporary_worker
from jupyter_modelmgmt.store import batches, versions

_WALKED = 500
_AT_ONCE = 4  # requests a worker: while it computes one batch, the next one arrives
_MOST_AT_ONCE = 64


class Batches(Deployments):
    """Everything about batches."""

    def batch(
        self,
        target: str,
        inputs: object,
        output: str | Path,
        *,
        columns: Mapping[str, str | int] | None = None,
        resume: bool = False,
        wait: bool = True,
        progress: Progress | None = None,
    ) -> RunningBatch:
        """Run many inputs through `target` and write what became of each to `output`, `.jsonl` or `.parquet`.

        `target` is a deployment, whose replicas do the work, or a selector, for which a worker of its
        own is started. `inputs` is a folder, a manifest, a CSV file, the selector of a dataset, a
        DataFrame, an array or a list of pictures. `resume` keeps the results that are there and tries
        the rest. `progress` gets items done and items in all. Source: M23.
        Raises NotFound, BadField, BadFile, TooLarge, Conflict, NotLoadable, ServingFailed.
        """
        deployment, version = self._target(target)
        path = batch_results.checked_output(output, resume=resume)
        self._same_version(path, version, resume=resume)
        given = batch_inputs.inputs(self._located(inputs), columns)
        begun = batches.begin(
            self.store, version.selector, target=deployment, inputs=given.told, output=str(path), actor=self.actor
        )
        results = batch_results.Results(path, resume=resume)
        work = Work(begun.id, version, given, results, self._noted(begun.id, progress))
        if wait:
            self._worked(work, deployment, version)
        else:
            arguments = (work, deployment, version)
            threading.Thread(target=self._unwatched, args=arguments, name="batch", daemon=True).start()
        return self.get_batch(begun.id)

    def get_batch(self, batch: str) -> RunningBatch:
        """Return one batch. Raises NotFound."""
        return RunningBatch.of(batches.get(self.store, batch), self)

    def cancel_batch(self, batch: str) -> RunningBatch:
        """Let a batch end after the items that it is at; what is done stays. Raises NotFound, Conflict."""
        return RunningBatch.of(batches.cancel(self.store, batch, actor=self.actor), self)

    def batches(self) -> Listing[Batch]:
        """Return all batches, the newest first."""
        return Listing.of_pages(lambda cursor: self.batches_page(limit=_WALKED, cursor=cursor))

    def batches_page(self, *, limit: int = 50, cursor: str | None = None) -> Page[Batch]:
        """Return one page of batches."""
        return batches.page(self.store, limit=limit, cursor=cursor)

    def _target(self, target: str) -> tuple[str, ModelVersion]:
        """Return the deployment that answers, "" for none, and the version. Raises NotFound, NotLoadable."""
        deployment = ""
        if "@" not in target:
            with contextlib.suppress(NotFound):
                running = self.answering(self.deployment(target).name)
                deployment, target = running.name, f"{running.model}@{running.version}"
        version = versions.get(self.store, target)
        refuse_service(version.selector, version.interface, Service.BATCH)
        refuse_hostile(version.selector, version.safety)
        if not version.flavor:
            raise NotLoadable(f"No flavor serves {version.selector}, so no batch can be made with it.")
        return deployment, version

    def _located(self, inputs: object) -> object:
        """Return where the data of a dataset lie if `inputs` is its selector and no path here."""
        if not isinstance(inputs, str) or Path(inputs).expanduser().exists() or "/" in inputs:
            return inputs
        try:
            dataset = self.dataset(inputs)
        except NotFound:
            return inputs
        if not dataset.source:
            raise Conflict(f"The dataset {dataset.selector} does not say where its data are. Give their path instead.")
        return dataset.source

    def _same_version(self, path: Path, version: ModelVersion, *, resume: bool) -> None:
        """Raise Conflict when another version made the results that shall be gone on with."""
        before = batches.last_into(self.store, str(path)) if resume else None
        if before and (before.model, before.version) != (version.model, version.version):
            raise Conflict(
                f"{path.name} has results of {before.model}@{before.version}, not of {version.selector}. "
                "Name another file."
            )

    def _noted(self, batch: str, progress: Progress | None) -> Callable[[int, int, int], bool]:
        def noted(total: int, successful: int, failed: int) -> bool:
            if progress:
                progress(successful + failed, total)
            return batches.note(self.store, batch, total=total, successful=successful, failed=failed)

        return noted

    def _unwatched(self, work: Work, deployment: str, version: ModelVersion) -> None:
        with contextlib.suppress(Exception):  # a thread's end: the record says why
            self._worked(work, deployment, version)

    def _worked(self, work: Work, deployment: str, version: ModelVersion) -> None:
        try:
            with self._answerer(deployment, version) as (answerer, at_once):
                state = work.done(answerer, at_once)
        except BaseException as error:  # Ctrl-C too: the record says how it ended
            work.results.close(complete=False)
            stopped = isinstance(error, KeyboardInterrupt)
            reason = "It was interrupted." if stopped else str(error) or type(error).__name__
            batches.end(self.store, work.batch, BatchState.CANCELLED if stopped else BatchState.FAILED, reason)
            raise
        work.results.close(complete=state is BatchState.FINISHED)
        batches.end(self.store, work.batch, state, "" if state is BatchState.FINISHED else "It was cancelled.")

    @contextmanager
    def _answerer(self, deployment: str, version: ModelVersion) -> Iterator[tuple[Answerer, int]]:
        """Give who answers, and how many parcels may be asked at once."""
        if deployment:
            at_once = _AT_ONCE * self.deployment(deployment).replicas
            yield _OfDeployment(self.host(), deployment), min(at_once, _MOST_AT_ONCE)
            return

        def prepare(folder: Path) -> None:
            self.artifacts.materialise(version.artifacts, folder)

        with temporary_worker(version, prepare) as worker:
            yield worker, _AT_ONCE


@dataclass(frozen=True, slots=True)
class _OfDeployment:
    """A deployment, asked through its host."""

    host: Host
    name: str

    def predict_image(self, data: bytes) -> Prediction:
        return self.host.predict_image(self.name, data)

    def predict_tensors(self, inputs: TensorInput) -> TensorInput:
        return self.host.predict_tensors(self.name, inputs)
