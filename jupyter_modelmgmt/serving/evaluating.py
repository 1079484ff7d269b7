"""A version on golden data: predicted in batches, measured as its task is. Runs in a process of its own."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt import images
from jupyter_modelmgmt.adapters import golden, items, metrics
from jupyter_modelmgmt.adapters.base import writes
from jupyter_modelmgmt.adapters.metrics import Scored
from jupyter_modelmgmt.adapters.predictor import Predictor
from jupyter_modelmgmt.domain.errors import BadField, BadFile
from jupyter_modelmgmt.domain.failures import BadPrediction, ItemsFailed
from jupyter_modelmgmt.domain.predictions import Boxes, Classes, Mask, Text, Value
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors.base import with_texts

Told = Callable[[int, int], None]
_LABEL_OUTPUTS = ("label", "output", "prediction")
_VALUE_OUTPUTS = ("value", "output", "prediction", "total")


def evaluated(model: Predictor, data: Path, *, target: str, labels: Sequence[str], own: bool, told: Told) -> Scored:
    """Return what `model` scores on the data at `data`; `told` hears items done and items in all.

    `own` says that the caller wrote the table a moment ago.

    An item that fails does not stop the others: ItemsFailed lists them at the end. Raises BadFile, BadField.
    """
    if model.adapter is not None and writes(type(model.adapter), "evaluate"):
        measured = model.adapter.evaluate(data)
        return Scored({str(name): float(value) for name, value in measured.items()})
    if model.takes == "image":
        return _images(model, data, labels, told)
    table, truth = golden.rows(data, target, own=own)
    if model.takes == "text":
        texts = [str(value) for value in table.iloc[:, 0]]
        results = _results(model, range(len(texts)), lambda place: model.prepare_text(texts[place]), told)
        return _scored(model.task, truth, results)
    return _table(model, table, truth, told)


def _images(model: Predictor, data: Path, labels: Sequence[str], told: Told) -> Scored:
    found = golden.images(data, model.task)
    results = _results(model, range(len(found.names)), lambda place: model.prepare_image(found.read(place)), told)
    if model.task is Task.SEGMENTATION:
        return _masks(found.truth, results, labels)
    return _scored(model.task, found.truth, results)


def _results(model: Predictor, places: Sequence[int], prepare: Callable[[int], Any], told: Told) -> list[Any]:
    """Return the result of each item, in order. Raises ItemsFailed. Source: D6."""
    outcomes: dict[int, Any] = {}
    for place, outcome in items.each(places, model.batch_size, prepare, model.predict_items):
        outcomes[place] = outcome
        told(len(outcomes), len(places))
    failed = {place: f"{type(o).__name__}: {o}" for place, o in outcomes.items() if isinstance(o, Exception)}
    if failed:
        raise ItemsFailed(failed, {place: o for place, o in outcomes.items() if place not in failed})
    return [outcomes[place] for place in places]


def _scored(task: Task, truth: Sequence[Any], results: Sequence[Any]) -> Scored:
    if all(isinstance(result, Boxes) for result in results):
        return metrics.detection(truth, [result.boxes for result in results])
    if task is Task.REGRESSION or all(isinstance(result, Value) for result in results):
        return metrics.regression([float(value) for value in truth], [_value(result) for result in results])
    return metrics.classification([str(label) for label in truth], [_scores(result) for result in results])


def _scores(result: Any) -> Mapping[str, float]:
    if isinstance(result, Classes):
        return {entry.label: entry.score for entry in result.classes}
    if isinstance(result, Text | str):
        return {result.text if isinstance(result, Text) else result: 1.0}
    raise BadPrediction(f"A {type(result).__name__} is no answer of a classification. Give the version its task.")


def _value(result: Any) -> float:
    if isinstance(result, Value | int | float):
        return result.value if isinstance(result, Value) else float(result)
    raise BadPrediction(f"A {type(result).__name__} is no number, as a regression answers. Give the version its task.")


def _table(model: Predictor, table: Any, truth: Sequence[Any], told: Told) -> Scored:
    columns = {str(name): table[name].to_numpy() for name in table.columns}
    inputs = columns if model.takes == "table" else _tensors(model, columns)
    outputs = model.predict_tensors({name: with_texts(values) for name, values in inputs.items()})
    told(len(truth), len(truth))
    if model.task is Task.REGRESSION or (model.task is Task.OTHER and "value" in outputs):
        values = _first(outputs, _VALUE_OUTPUTS)
        return metrics.regression([float(value) for value in truth], np.ravel(values).astype(float).tolist())
    names = [str(label) for label in np.ravel(_first(outputs, _LABEL_OUTPUTS))]
    return metrics.classification([str(label) for label in truth], _probabilities(outputs, names, truth))


def _tensors(model: Predictor, columns: Mapping[str, NDArray[Any]]) -> Mapping[str, NDArray[Any]]:
    """Return columns as a model without an adapter takes them: by name, or as one matrix."""
    names = {spec.name for spec in model.inputs}
    if names <= set(columns):
        return {name: columns[name] for name in names}
    if len(names) != 1:
        raise BadField(f"The golden data has no {', '.join(sorted(names - set(columns)))}. Name its columns so.")
    return {names.pop(): np.column_stack([*columns.values()])}


def _first(outputs: Mapping[str, NDArray[Any]], names: Sequence[str]) -> NDArray[Any]:
    found = next((outputs[name] for name in names if name in outputs), None)
    if found is None:
        found = next(iter(outputs.values()))
    return found


def _probabilities(
    outputs: Mapping[str, NDArray[Any]], best: Sequence[str], truth: Sequence[Any]
) -> list[dict[str, float]]:
    """Return scores by label: the model's probabilities where it gives one for each label that there is."""
    table = outputs.get("probability")
    names = sorted({*map(str, truth), *best})
    if table is None:
        by_name = {
            name.removeprefix("probability_"): v for name, v in outputs.items() if name.startswith("probability_")
        }
        if by_name.keys() >= set(names):
            return [{name: float(by_name[name][i]) for name in by_name} for i in range(len(best))]
    elif table.ndim == 2 and table.shape[1] == len(names) and _agree(table, best, names):  # noqa: PLR2004
        return [{name: float(row[i]) for i, name in enumerate(names)} for row in table]
    return [{label: 1.0} for label in best]


def _agree(table: NDArray[Any], best: Sequence[str], names: Sequence[str]) -> bool:
    return all(names[i] == label for i, label in zip(table.argmax(axis=1), best, strict=True))


def _masks(truth: Sequence[Path], results: Sequence[Any], labels: Sequence[str]) -> Scored:
    counts = np.zeros((0, 0), np.int64)
    names: Sequence[str] = labels
    for path, result in zip(truth, results, strict=True):
        if not isinstance(result, Mask):
            raise BadPrediction(f"A {type(result).__name__} is no mask. Give the version its task.")
        names = names or result.labels
        size = max(len(names), len(result.labels), 1)
        counts = _grown(counts, size)
        wanted, found = images.mask(path.read_bytes()), images.mask(result.png)
        seen = images.sampled(found, wanted.shape)
        if (highest := max(wanted.max(initial=0), seen.max(initial=0))) >= size:
            raise BadFile(
                f"{path.name}, or the answer to it, has label number {highest}; there are {size} labels. Name them all."
            )
        np.add.at(counts, (wanted.ravel(), seen.ravel()), 1)
    return metrics.segmentation(counts, [*names, *(str(i) for i in range(len(names), len(counts)))])


def _grown(counts: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    more = max(0, size - len(counts))
    return np.pad(counts, ((0, more), (0, more)))
