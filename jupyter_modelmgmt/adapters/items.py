"""Many items through an adapter: prepared in threads, predicted in batches, each failing for itself.

Source: D6.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

import numpy as np

from jupyter_modelmgmt.adapters.base import ModelAdapter, writes
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.domain.predictions import Boxes, Classes, Mask, Text, Value, Vector

PREPARING = 16
EMBEDDINGS_SIZE = 256
_TYPED = (Boxes, Classes, Mask, Text, Value, Vector)
T = TypeVar("T")


def answered(adapter: ModelAdapter, batch: Sequence[Any]) -> list[Any]:
    """Return one result for each prepared item. Raises BadPrediction for another number of them, or for no results."""
    results = adapter.predict(batch)
    name = type(adapter).__name__
    if isinstance(results, str | bytes) or not hasattr(results, "__len__") or not hasattr(results, "__iter__"):
        raise BadPrediction(f"{name}.predict returned {type(results).__name__}. Return a list, one result an item.")
    if len(results) != len(batch):
        raise BadPrediction(f"{name}.predict returned {len(results)} results for {len(batch)} items. Return one each.")
    if not writes(type(adapter), "predict"):
        size = int(adapter.configuration.get("embeddings_size", EMBEDDINGS_SIZE))
        return [vector(result, size) for result in results]
    return [result if isinstance(result, _TYPED) else plain(result) for result in results]


def vector(values: Any, size: int) -> Vector:
    """Return an embedding. Raises BadPrediction for one of another size. Source: T11."""
    numbers = np.asarray(values, dtype=np.float64).ravel()
    if len(numbers) != size:
        raise BadPrediction(
            f"An embedding has {len(numbers)} numbers; embeddings_size of the configuration is {size}. Change one of them."
        )
    return Vector(tuple(numbers.tolist()))


def plain(value: Any) -> Any:
    """Return what JSON can hold for what an adapter answered: arrays and NumPy numbers too. Raises BadPrediction."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise BadPrediction(
        f"predict returned a {type(value).__name__}, which JSON cannot hold. "
        "Return mm.Classes, mm.Boxes, ... or plain values."
    )


def each(items: Sequence[T], batch_size: int, prepare: Callable[[T], Any], predict: Callable[[list[Any]], list[Any]]) -> (
    Iterator[tuple[int, Any]]
):  # fmt: skip
    """Give the place of each item and its result, or the exception that it failed with, batch after batch.

    A batch that fails is tried again item by item, so a bad one fails alone.
    """
    with ThreadPoolExecutor(PREPARING, thread_name_prefix="prepare") as pool:
        waiting = iter(enumerate(items))
        while chunk := list(islice(waiting, batch_size)):
            ready = list(pool.map(lambda pair: _outcome(prepare, pair[1]), chunk))
            places = [place for (place, _), outcome in zip(chunk, ready, strict=True) if outcome[1] is None]
            yield from (
                (place, outcome[1]) for (place, _), outcome in zip(chunk, ready, strict=True) if outcome[1] is not None
            )
            prepared = [outcome[0] for outcome in ready if outcome[1] is None]
            yield from zip(places, outcomes(prepared, predict), strict=True)


def outcomes(prepared: list[Any], predict: Callable[[list[Any]], list[Any]]) -> list[Any]:
    """Return the result of each prepared item, or the exception that it alone raises."""
    together, error = _outcome(predict, prepared) if prepared else ([], None)
    if error is None:
        return list(together)
    if len(prepared) == 1:
        return [error]
    alone = [_outcome(predict, [item]) for item in prepared]
    return [results[0] if failed is None else failed for results, failed in alone]


def _outcome(call: Callable[[Any], Any], argument: Any) -> tuple[Any, Exception | None]:
    try:
        return call(argument), None
    except Exception as error:  # noqa: BLE001  a border: the user's code runs here
        return None, error
