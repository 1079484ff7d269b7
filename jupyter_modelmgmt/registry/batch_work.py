"""The work of a batch: parcels on their way through a version, some at once, results in the order of the inputs."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Protocol

from jupyter_modelmgmt.domain.batches import BatchState
from jupyter_modelmgmt.domain.errors import ModelManagementError, NotDeployed, NotFound, Overloaded, ServingFailed
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.registry.batch_inputs import Inputs, Parcel, Picture, Rows
from jupyter_modelmgmt.registry.batch_results import Results
from jupyter_modelmgmt.registry.inputs import TensorInput, read_input, read_table
from jupyter_modelmgmt.serving.answers import prediction_fields

_NOTE_S = 1.0  # source of the promise that a cancelled batch stops within a second or one parcel
_TRIES = 30
_PAUSE_S = 1.0
_AWAY = 20  # parcels in a row that nobody answered: then it is not the parcels
Noted = Callable[[int, int, int], bool]
Answered = list[tuple[str, Any, str]]  # item, result, error


class Answerer(Protocol):
    """Who answers the parcels: a deployment, or a worker of the batch's own."""

    def predict_image(self, data: bytes, /) -> Prediction: ...

    def predict_tensors(self, inputs: TensorInput, /) -> Mapping[str, Any]: ...


class Work:
    """One run of a batch. `noted` writes total, successful and failed items, and tells whether to go on."""

    def __init__(self, batch: str, version: ModelVersion, given: Inputs, results: Results, noted: Noted) -> None:
        self.batch = batch
        self.results = results
        self._version = version
        self._given = given
        self._noted = noted
        self._successful = 0
        self._failed = 0
        self._away = 0
        self._noted_at = 0.0

    def done(self, answerer: Answerer, at_once: int) -> BatchState:
        """Ask about all that is not done yet; return whether it was finished or cancelled.

        Raises NotDeployed and the like when nobody answers any more.
        """
        self._successful = sum(item in self.results.kept for parcel in self._given.parcels for item in parcel.items)
        waiting: deque[Future[Answered]] = deque()
        pool = ThreadPoolExecutor(at_once, thread_name_prefix="batch")
        try:
            for parcel in self._open():
                waiting.append(pool.submit(self._answered, answerer, parcel))
                if len(waiting) >= 2 * at_once and not self._taken(waiting.popleft()):
                    return BatchState.CANCELLED
            while waiting:
                if not self._taken(waiting.popleft()):
                    return BatchState.CANCELLED
            self._note(at_once=True)
            return BatchState.FINISHED
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            self.results.flush()

    def _open(self) -> Iterator[Parcel]:
        """Give what an earlier run has not done."""
        for parcel in self._given.parcels:
            done = [item in self.results.kept for item in parcel.items]
            if not any(done):
                yield parcel
            elif isinstance(parcel, Rows) and not all(done):
                yield from (one for one, is_done in zip(parcel.one_by_one(), done, strict=True) if not is_done)

    def _taken(self, answered: Future[Answered]) -> bool:
        """Write the next answers, waiting for them; tell whether to go on."""
        while not wait([answered], timeout=_NOTE_S).done:
            if not self._note():
                return False
        for item, result, error in answered.result():
            self.results.add(item, result=result, error=error)
            self._successful, self._failed = self._successful + (not error), self._failed + bool(error)
        return self._note()

    def _note(self, *, at_once: bool = False) -> bool:
        if not at_once and time.monotonic() - self._noted_at < _NOTE_S:
            return True
        self._noted_at = time.monotonic()
        self.results.flush()
        return self._noted(self._given.total, self._successful, self._failed)

    def _answered(self, answerer: Answerer, parcel: Parcel) -> Answered:
        try:
            results = self._tried(answerer, parcel)
        except (NotDeployed, NotFound):
            raise
        except ModelManagementError as error:
            self._count_away(error)
            if isinstance(parcel, Rows) and len(parcel.items) > 1:
                return [line for one in parcel.one_by_one() for line in self._answered(answerer, one)]
            return [(item, None, str(error)) for item in parcel.items]
        self._away = 0
        return [(item, result, "") for item, result in zip(parcel.items, results, strict=True)]

    def _count_away(self, error: ModelManagementError) -> None:
        self._away = self._away + 1 if isinstance(error, ServingFailed) else 0
        if self._away >= _AWAY:
            raise NotFound(f"{self._away} requests in a row failed: {error}")

    def _tried(self, answerer: Answerer, parcel: Parcel) -> list[Any]:
        """Return the results of a parcel; wait where too many ask already."""
        for _ in range(_TRIES):
            try:
                return self._asked(answerer, parcel)
            except Overloaded:
                time.sleep(_PAUSE_S)
        return self._asked(answerer, parcel)

    def _asked(self, answerer: Answerer, parcel: Parcel) -> list[Any]:
        if isinstance(parcel, Picture):
            return [prediction_fields(answerer.predict_image(parcel.read()))]
        tensors = read_table(parcel.data, self._version.signature) or read_input(
            parcel.data, takes="table" if self._version.adapter else "tensor"
        )
        answers = answerer.predict_tensors(tensors)  # type: ignore[arg-type]  # rows are no image
        return [{name: _plain(array[index]) for name, array in answers.items()} for index in range(len(parcel.items))]


def _plain(value: Any) -> Any:
    """Return a number or row of an array as JSON has it."""
    plain = value.tolist() if hasattr(value, "tolist") else value
    return plain.decode(errors="replace") if isinstance(plain, bytes) else plain
