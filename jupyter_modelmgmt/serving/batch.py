"""Natural batching: what queued while the model was busy is its next batch, without any delay.

One thread runs the model, others prepare items for it. A batch that fails is run again one by one,
so that a bad input fails alone.
"""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import numpy as np

from jupyter_modelmgmt.domain.errors import BadTensor, ModelManagementError, Overloaded
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.serving.protocol import Array

Tensors = Mapping[str, Array]
Items = Callable[[list[Any]], list[Any]]
MAX_ROWS = 256
PREPARING = 4  # decoders: more than cores do not help
_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Job:
    """One call that waits for the model; `inputs` or `item` is set if it may be batched."""

    run: Callable[[], Any]
    answer: asyncio.Future[Any]
    inputs: Tensors | None = None
    item: Any = None
    queued_at: float = field(default_factory=monotonic)


class ModelThread:
    """The thread of one model: `predict` runs tensors in batches, `predict_item` at most `batch_size` items.

    `max_rows` bounds both; left out, requests are joined up to 256 rows, and a larger one runs whole.
    """

    def __init__(
        self,
        predict: Callable[[Tensors], Tensors],
        *,
        batchable: bool,
        answer_s: float,
        items: Items = list,
        batch_size: int = 1,
        max_rows: int | None = None,
    ) -> None:
        self._predict = predict
        self._max_rows = max_rows
        self._items = items
        self._batch_size = min(batch_size, max_rows or batch_size)
        self._pool = ThreadPoolExecutor(PREPARING, thread_name_prefix="prepare")
        self._preparing: dict[object, float] = {}
        self._batchable = batchable
        self._answer_s = answer_s
        self._jobs: deque[_Job] = deque()
        self._filled = threading.Condition()
        self._busy_since = 0.0
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._work, name="model", daemon=True).start()

    @property
    def busy_s(self) -> float:
        """How long the oldest running call has been running, 0 when all is idle."""
        started = [since for since in (self._busy_since, *list(self._preparing.values())) if since]
        return monotonic() - min(started) if started else 0.0

    async def prepare(self, run: Callable[[], Any]) -> Any:
        """Return what `run` returns beside the model's thread."""
        return await self._loop.run_in_executor(self._pool, self._prepared, run)

    async def predict_item(self, item: Any) -> Any:
        """Return the model's result for a prepared item, computed with others that wait."""
        return await self._queued(_Job(lambda: self._items([item])[0], self._loop.create_future(), item=item))

    async def predict(self, inputs: Tensors) -> Tensors:
        """Return the model's outputs for `inputs`, computed with others that wait."""
        batched = inputs if self._batchable and _rows(inputs) else None
        run = self._in_parts if batched else self._predict
        job = _Job(lambda: run(inputs), self._loop.create_future(), batched)
        answer: Tensors = await self._queued(job)
        return answer

    def _in_parts(self, inputs: Tensors) -> Tensors:
        """Return the outputs of one call, computed at most `max_rows` rows at once where that was asked for."""
        rows = _rows(inputs)
        if not self._max_rows or rows <= self._max_rows:
            return self._predict(inputs)
        cuts = range(self._max_rows, rows, self._max_rows)
        cut = {name: np.split(array, cuts) for name, array in inputs.items()}
        parts = [self._predict({name: cut[name][i] for name in cut}) for i in range(len(cuts) + 1)]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    async def _queued(self, job: _Job) -> Any:
        with self._filled:
            self._jobs.append(job)
            self._filled.notify()
        return await job.answer

    def _prepared(self, run: Callable[[], Any]) -> Any:
        key = object()
        self._preparing[key] = monotonic()
        try:
            return run()
        except ModelManagementError:
            raise
        except Exception as error:
            raise _raised(error) from error
        finally:
            del self._preparing[key]

    def _work(self) -> None:
        while True:
            with self._filled:
                while not self._jobs:
                    self._filled.wait()
                batch = _next_batch(self._jobs, self._batch_size, self._max_rows or MAX_ROWS)
            self._busy_since = monotonic()
            done = self._run(batch)
            self._busy_since = 0.0
            self._loop.call_soon_threadsafe(_settle, done)

    def _run(self, batch: Sequence[_Job]) -> list[tuple[_Job, Any]]:
        fresh = [job for job in batch if monotonic() - job.queued_at < self._answer_s]
        late = [(job, Overloaded("The model was busy for too long. Try again.")) for job in batch if job not in fresh]
        return late + (self._together(fresh) if len(fresh) > 1 else [_outcome(job) for job in fresh])

    def _together(self, batch: Sequence[_Job]) -> list[tuple[_Job, Any]]:
        try:
            parts = self._joined(batch)
        except Exception:  # noqa: BLE001  # whatever a model raises: one of the batch may be to blame
            return [_outcome(job) for job in batch]
        return list(zip(batch, parts, strict=True))

    def _joined(self, batch: Sequence[_Job]) -> Sequence[Any]:
        if batch[0].item is not None:
            return self._items([job.item for job in batch])
        inputs = [job.inputs or {} for job in batch]
        sizes = [_rows(tensors) for tensors in inputs]
        outputs = self._predict({name: np.concatenate([t[name] for t in inputs]) for name in inputs[0]})
        return _parts(outputs, sizes)


def _next_batch(jobs: deque[_Job], batch_size: int, max_rows: int) -> list[_Job]:
    """Take the first job and those behind it that fit into one batch with it."""
    batch = [jobs.popleft()]
    if batch[0].item is not None:
        while jobs and jobs[0].item is not None and len(batch) < batch_size:
            batch.append(jobs.popleft())
        return batch
    if batch[0].inputs is None:
        return batch
    kind, rows = _kind(batch[0].inputs), _rows(batch[0].inputs)
    while jobs and jobs[0].inputs is not None and _kind(jobs[0].inputs) == kind:
        rows += _rows(jobs[0].inputs)
        if rows > max_rows:
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
        return job, _raised(error)


def _raised(error: Exception) -> BadPrediction:
    """Return what to tell of an error of the user's code; the log has the whole story."""
    _log.error("The model raised", exc_info=error)
    said = ": ".join(filter(None, (type(error).__name__, str(error))))
    return BadPrediction(f"The model raised {said}. Read the deployment's logs.")


def _settle(done: Sequence[tuple[_Job, Any]]) -> None:
    for job, outcome in done:
        if job.answer.done():
            continue
        if isinstance(outcome, Exception):
            job.answer.set_exception(outcome)
        else:
            job.answer.set_result(outcome)
