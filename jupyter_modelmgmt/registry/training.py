"""Verbs that train: a version's adapter on data, to a new version. Source: D10."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_modelmgmt.adapters import kinds
from jupyter_modelmgmt.domain.errors import Conflict
from jupyter_modelmgmt.domain.files import refuse_hostile
from jupyter_modelmgmt.domain.jobs import Job, JobKind
from jupyter_modelmgmt.domain.records import DatasetUse, ModelVersion, Status
from jupyter_modelmgmt.domain.tracking import Dataset
from jupyter_modelmgmt.flavors import safety
from jupyter_modelmgmt.registry import job_data
from jupyter_modelmgmt.registry.handles import Version
from jupyter_modelmgmt.registry.jobs import Jobs, started
from jupyter_modelmgmt.registry.logged_run import LoggedRun
from jupyter_modelmgmt.registry.progress import Progress
from jupyter_modelmgmt.serving import job_process
from jupyter_modelmgmt.store import jobs, versions

# What a trained version takes over; proof, cost and weights were those of its parent.
_KEPT = (
    "description", "framework", "flavor", "task", "model_type", "tags", "author", "license", "downloadable", "adapter",
    "labels", "architecture", "signature",
)  # fmt: skip
Work = Callable[[int], None]


class Training(Jobs):
    """Everything about training."""

    def train(
        self,
        selector: str,
        *,
        dataset: str,
        data: object = None,
        version: str | None = None,
        bump: str | None = None,
        params: Mapping[str, Any] | None = None,
        progress: Progress | None = None,
    ) -> Version:
        """Train a version with its adapter's `train` and return the new version. Source: D10.

        That has the status `training`, then `completed`; or `failed`, with the reason in its log of statuses
        and the files that were written so far. A failed version given as `selector` goes on from those.
        `data` is a folder, or by role (train, validation) files, DataFrames or pairs (x, y); without it the
        path that `dataset` was registered with. `params` go to `train`. What it tells of its progress becomes
        the curves of a run. Raises TrainingFailed, Conflict, BadFile, NotFound.
        """
        job, made, work = self._training(selector, dataset, data, version, bump, params or {}, progress)
        work(job.id)
        return Version.of(versions.get(self.store, made.selector), self)

    def start_training(
        self,
        selector: str,
        *,
        dataset: str,
        data: object = None,
        version: str | None = None,
        bump: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Job:
        """Begin what `train` does and return at once; `job` tells how far it is."""
        job, _, work = self._training(selector, dataset, data, version, bump, params or {}, None)
        return started(job, work)

    def _training(
        self, selector: str, dataset: str, data: object, version: str | None, bump: str | None,
        params: Mapping[str, Any], progress: Progress | None,
    ) -> tuple[Job, ModelVersion, Work]:  # fmt: skip
        parent = versions.get(self.store, selector)
        refuse_hostile(parent.selector, parent.safety)
        if parent.status is Status.TRAINING:
            raise Conflict(f"{parent.selector} is in training. Wait for its end, or set its status to failed to go on.")
        if not parent.adapter:
            raise Conflict(
                f"{parent.selector} has no adapter, so nothing trains it. Register it with one that has train."
            )
        kinds.check_trainable(parent.adapter)
        used = self._dataset(dataset, data)
        run = self.start_run(f"train {parent.model}", params=params, tags="training")
        run.use_dataset(used.selector, "train")
        made = self._begun(parent, used, run, version, bump)
        job = jobs.create(self.store, JobKind.TRAIN, made.selector, dataset=used.selector, run=run.id, actor=self.actor)

        def work(number: int) -> None:
            try:
                with self._turn(number, run), TemporaryDirectory() as folder:
                    where = job_data.training(data, used, Path(folder))
                    self._learn(parent, made, run, Path(folder), {"data": str(where), "params": dict(params)},
                                self._heard(number, progress))  # fmt: skip
            except BaseException as error:
                self._given_up(made, error)
                raise

        return job, made, work

    def _begun(
        self, parent: ModelVersion, used: Dataset, run: LoggedRun, version: str | None, bump: str | None
    ) -> ModelVersion:
        """Return the version to be trained: a new one, or the parent where its training failed."""
        if parent.status is Status.FAILED:
            return jobs.training_again(self.store, parent.selector, actor=self.actor)
        told = {field: getattr(parent, field) for field in _KEPT}
        told |= {
            "parent": parent.selector, "status": Status.TRAINING, "config": parent.config, "run": run.id,
            "datasets": (DatasetUse(dataset=used.selector, role="train", digest=used.digest),),
        }  # fmt: skip
        code = [a for a in parent.artifacts if kinds.travels(parent.adapter) and a.path == _home(parent)]
        return self._add(parent.model, version, code, told, bump, allow_identical=True)

    def _learn(
        self, parent: ModelVersion, made: ModelVersion, run: LoggedRun, folder: Path, asked: Mapping[str, Any],
        heard: Callable[[Mapping[str, Any]], None],
    ) -> None:  # fmt: skip
        files, output = folder / "files", folder / "output"
        output.mkdir()
        before = {artifact.path: artifact for artifact in self._ancestor(parent).artifacts}
        resumed = {artifact.path: artifact for artifact in made.artifacts}
        self.artifacts.materialise([*(before | resumed).values()], files)
        self.artifacts.materialise([*resumed.values()], output)
        last: dict[str, float] = {}

        def told(said: Mapping[str, Any]) -> None:
            if values := said.get("metrics"):
                last.update(values)
                run.log_metrics(values, step=said["done"])
            heard(said)

        request = job_process.request(made, "train", folder=str(files), output=str(output), **asked)
        config, reason = dict(made.config), ""
        try:
            config |= job_process.done(request, told, folder / "log")["configuration"]
        except BaseException as error:
            reason = str(error) or type(error).__name__
            raise
        finally:
            self._keep(made, output, config=config, metrics=last, reason=reason)

    def _keep(
        self, made: ModelVersion, output: Path, *, config: Mapping[str, Any], metrics: Mapping[str, float], reason: str
    ) -> None:
        """Give the version what was written, also where training failed. Source: D10."""
        if kinds.travels(made.adapter) and not (output / _home(made)).exists():
            self.artifacts.materialise([a for a in made.artifacts if a.path == _home(made)], output)
        artifacts = self.artifacts.add_folder(output) if any(output.iterdir()) else ()
        jobs.trained(
            self.store, made.selector, artifacts, safety=safety.of_folder(output),
            config=config, metrics=metrics, reason=reason, actor=self.actor,
        )  # fmt: skip

    def _given_up(self, made: ModelVersion, error: BaseException) -> None:
        """Mark as failed a version whose training did not even begin."""
        if versions.get(self.store, made.selector).status is Status.TRAINING:
            jobs.trained(
                self.store, made.selector, made.artifacts, safety=made.safety, config=made.config,
                metrics={}, reason=str(error) or type(error).__name__, actor=self.actor,
            )  # fmt: skip

    def _ancestor(self, parent: ModelVersion) -> ModelVersion:
        """Return the version whose files training begins with: for one that failed, its parent."""
        if parent.status is not Status.FAILED or "@" not in parent.parent:
            return parent
        return dataclasses.replace(versions.get(self.store, parent.parent))


def _home(version: ModelVersion) -> str:
    return version.adapter.partition(":")[0]
