"""Curves that a fitted object keeps by itself, read without any logging call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_LISTS = {
    "loss_curve_": ("loss", "train"),
    "validation_scores_": ("score", "validation"),
    "train_score_": ("score", "train"),
    "validation_score_": ("score", "validation"),
    "oob_improvement_": ("oob_improvement", ""),
    "oob_scores_": ("oob_score", ""),
}
_INSIDE = ("best_estimator_", "estimator_", "_final_estimator")
_MAX_ROUNDS = 1000
_CLOCKS = ("epoch", "step", "total_flos")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One curve: `y` over `x`, a line `legend` in a chart `figure`."""

    figure: str
    legend: str
    x: Sequence[float]
    y: Sequence[float]


def curves_of(obj: object, data: tuple[object, object] | None = None) -> tuple[Line, ...]:
    """Return the curves that `obj` keeps of its fit: losses, scores, evaluations by round.

    Read are `history.history`, `evals_result_`, `loss_curve_` and their like, and `log_history`. With
    `data`, rows and their true answers, `staged_predict` gives the score by round, too. Nothing is
    there for objects that keep none.
    """
    found = [*_of_lists(obj), *_of_histories(obj), *_of_log(obj), *_of_evaluations(obj)]
    if data is not None:
        found += _staged(obj, *data)
    for name in _INSIDE:
        inner = _held(obj, name)
        if inner is not None and inner is not obj:
            found += curves_of(inner, None)
    return tuple(found)


def _held(obj: object, name: str) -> Any:
    try:
        return getattr(obj, name, None)
    except Exception:  # noqa: BLE001 - a property of something that is not fitted raises what it likes
        return None


def _line(figure: str, legend: str, y: object, x: Sequence[float] | None = None) -> Iterator[Line]:
    """Give a curve, nothing for what is no list of numbers."""
    try:
        numbers = [float(value) for value in y]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return
    if len(numbers) > 1:
        yield Line(figure=figure, legend=legend, x=range(len(numbers)) if x is None else x, y=numbers)


def _of_lists(obj: object) -> Iterator[Line]:
    for attribute, (figure, legend) in _LISTS.items():
        yield from _line(figure, legend, _held(obj, attribute))


def _of_histories(obj: object) -> Iterator[Line]:
    """Give the curves of a Keras history, or of a model that keeps one."""
    history = _held(obj, "history")
    lists = history if isinstance(history, Mapping) else _held(history, "history")
    if not isinstance(lists, Mapping):
        return
    for name, values in lists.items():
        validated = str(name).startswith("val_")
        yield from _line(str(name).removeprefix("val_"), "validation" if validated else "train", values)


def _of_log(obj: object) -> Iterator[Line]:
    """Give the curves of a transformers trainer: its log is a list of what was known at a step."""
    log = _held(_held(obj, "state"), "log_history")
    if not isinstance(log, list):
        return
    points: dict[str, list[tuple[float, float]]] = {}
    for position, entry in enumerate(log):
        for name, value in entry.items():
            if name not in _CLOCKS and isinstance(value, int | float):
                points.setdefault(name, []).append((float(entry.get("step", position)), float(value)))
    for name, pairs in points.items():
        legend = "validation" if name.startswith("eval_") else "train"
        yield from _line(name.removeprefix("eval_"), legend, [y for _, y in pairs], [x for x, _ in pairs])


def _of_evaluations(obj: object) -> Iterator[Line]:
    """Give what boosted trees keep: by evaluation set, by metric, a value a round."""
    kept = _held(obj, "evals_result_")
    if not isinstance(kept, Mapping) and callable(ask := _held(obj, "evals_result")):
        try:
            kept = ask()
        except Exception:  # noqa: BLE001 - without an evaluation set XGBoost raises an error of its own
            return
    if not isinstance(kept, Mapping):
        return
    for legend, metrics in kept.items():
        if isinstance(metrics, Mapping):
            for figure, values in metrics.items():
                yield from _line(str(figure), str(legend), values)


def _staged(obj: object, rows: object, answers: object) -> Iterator[Line]:
    """Give the score after each round: accuracy of a classifier, else the coefficient of determination."""
    if not callable(_held(obj, "staged_predict")):
        return
    from sklearn.base import is_classifier  # noqa: PLC0415 - who has such a method has scikit-learn
    from sklearn.metrics import accuracy_score, r2_score  # noqa: PLC0415

    score = accuracy_score if is_classifier(obj) else r2_score
    stages = zip(range(_MAX_ROUNDS), obj.staged_predict(rows), strict=False)  # type: ignore[attr-defined]
    yield from _line(score.__name__, "staged", [score(answers, predicted) for _, predicted in stages])
