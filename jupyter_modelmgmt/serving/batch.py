"""Natural batching: what queued while the model was busy is its next batch, without any delay.

One thread runs the model. A batch that fails is run again one by one, so that a bad input fails
alone.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import numpy as np

from jupyter_modelmgmt.domain.errors import BadTensor, ModelManagementError, Overloaded
from jupyter_modelmgmt.serving.protocol import Array

Tensors = Mapping[str, Array]
MAX_ROWS = 256
_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Job:
    """One call that waits for the model; `inputs` is set if it may be batched."""

    run: Callable[[], Any]
    answer: asyncio.Future[Any]
    inputs: Tensors | None = None
    queued_at: float = field(default_factory=monotonic)


class ModelThread:
    """The thread of one model: `call` runs anything in it, `predict` tensors in batches."""

    def __init__(self, predict: Callable[[Tensors], Tensors], *, batchable: bool, answer_s: float) -> None:
        self._predict = predict
        self._batchable = batchable
        self._answer_s = answer_s
        self._jobs: deque[_Job] = deque()
        self._filled = threading.Condition()
        self._busy_since = 0.0
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._work, name="model", daemon=True).start()

    @property
    def busy_s(self) -> float:
        """How long the running call has been running, 0 when the model is idle."""
        since = self._busy_since
        return monotonic() - since if since else 0.0

    async def call(self, run: Callable[[], Any]) -> Any:
        """Return what `run` returns in the model's thread."""
        return await self._queued(_Job(run, self._loop.create_future()))

    async def predict(self, inputs: Tensors) -> Tensors:
        """Return the model's outputs for `inputs`, computed with others that wait."""
        batched = inputs if self._batchable and _rows(inputs) else None
        job = _Job(lambda: self._predict(inputs), self._loop.create_future(), batched)
        answer: Tensors = await self._queued(job)
        return answer

    async def _queued(self, job: _Job) -> Any:
        with self._filled:
            self._jobs.append(job)
            self._filled.notify()
        return await job.answer

    def _work(self) -> None:
        while True:
            with self._filled:
                while not self._jobs:
                    self._filled.wait()
                batch = _next_batch(self._jobs)
            self._busy_since = monotonic()
            done = self._run(batch)
            self._busy_since = 0.0
            self._loop.call_soon_threadsafe(_settle, done)

    def _run(self, batch: Sequence[_Job]) -> list[tuple[_Job, Any]]:
        fresh = [job for job in batch if monotonic() - job.queued_at < self._answer_s]
        late = [(job, Overloaded("The model was busy for too long. Try again.")) for job in batch if job not in fresh]
        return late + (self._together(fresh) if len(fresh) > 1 else [_outcome(job) for job in fresh])

    def _together(self, batch: Sequence[_Job]) -> list[tuple[_Job, Any]]:
        inputs = [job.inputs or {} for job in batch]
        sizes = [_rows(tensors) for tensors in inputs]
        try:
            outputs = self._predict({name: np.concatenate([t[name] for t in inputs]) for name in inputs[0]})
            parts = _parts(outputs, sizes)
        except Exception:  # noqa: BLE001  # whatever a model raises: one of the batch may be to blame
            return [_outcome(job) for job in batch]
        return list(zip(batch, parts, strict=True))


def _next_batch(jobs: deque[_Job]) -> list[_Job]:
    """Take the first job and those behind it that fit into one batch with it."""
    batch = [jobs.popleft()]
    if batch[0].inputs is None:
        return batch
    kind, rows = _kind(batch[0].inputs), _rows(batch[0].inputs)
    while jobs and jobs[0].inputs is not None and _kind(jobs[0].inputs) == kind:
        rows += _rows(jobs[0].inputs)
        if rows > MAX_ROWS:
            break
        batch.append(jobs.popleft())
    return batch


def _kind(inputs: Tensors) -> dict[str, tuple[np.dtype[Any], tuple[int, ...]]]:
    return {name: (array.dtype, array.shape[1:]) for name, array in inputs.items()}


def _rows(inputs: Tensors) -> int:
    """Return how many rows all `inputs` have, 0 when they differ or one has no axis."""
    rows = {array.shape[0] if array.ndim else 0 for array in inputs.values()}
    return rows.pop() if len(rows) == 1 else 0


def _parts(outputs: Tensors, sizes: Sequence[int]) -> list[Tensors]:
    if any(array.shape[:1] != (sum(sizes),) for array in outputs.values()):
        raise BadTensor("The outputs have another number of rows than the inputs.")
    ends = np.cumsum(sizes)[:-1]
    split = {name: np.split(array, ends) for name, array in outputs.items()}
    return [{name: parts[i] for name, parts in split.items()} for i in range(len(sizes))]


def _outcome(job: _Job) -> tuple[_Job, Any]:
    try:
        return job, job.run()
    except ModelManagementError as error:
        return job, error
    except Exception as error:  # noqa: BLE001  # a border: user code runs here
        _log.exception("The model raised")
        return job, ModelManagementError(
            f"The model raised {type(error).__name__}: {error}. Read the deployment's logs."
        )


def _settle(done: Sequence[tuple[_Job, Any]]) -> None:
    for job, outcome in done:
        if job.answer.done():
            continue
        if isinstance(outcome, Exception):
            job.answer.set_exception(outcome)
        else:
            job.answer.set_result(outcome)
