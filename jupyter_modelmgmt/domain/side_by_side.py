"""Answers of several to the same input, side by side: whether they agree and where they differ. Source: N4, A6."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from jupyter_modelmgmt.domain.predictions import Prediction

MOST = 8  # differences that are told: more are not read
_DIGITS = 6

Where = Literal["deployment", "version", "memory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one of several said: a deployment, a version by its selector, or an object in memory by its variable.

    `problem` says why there is no `prediction`. `round_trip_ms` is from the question to the answer; of a version
    that is not deployed the start of its worker is not in it.
    """

    name: str
    where: Where
    prediction: Prediction | None = None
    problem: str = ""
    round_trip_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDifference:
    """What each answer says of `name`, a label or a number's place; `spread` is the greatest distance, None for texts."""

    name: str
    values: tuple[float | str | None, ...]
    spread: float | None


def agree(answers: Sequence[Answer]) -> bool | None:
    """Tell whether all say the same: the best label, the same boxes, the same numbers; None while one says nothing."""
    said = [in_short(answer.prediction) for answer in answers if answer.prediction]
    return len(set(said)) == 1 if len(said) == len(answers) > 1 else None


def in_short(answer: Prediction) -> str:
    """Return what a prediction says in a word."""
    if answer.boxes is not None:
        labels = [box.label for box in answer.boxes]
        return ", ".join(f"{label} × {labels.count(label)}" for label in sorted(set(labels))) or "–"  # noqa: RUF001
    if answer.classes is not None or answer.mask is not None:
        return next(iter(_scores(answer)), "–")  # noqa: RUF001 - a sign people read
    named = _tensors(answer.outputs)
    if named is not None:
        shown = {"label": named["label"]} if "label" in named else named
        return "; ".join(", ".join(map(_rounded, data)) for data in shown.values())
    plain = _plain(answer)
    return _rounded(plain) if isinstance(plain, str | int | float) else json.dumps(plain, default=str)


def differences(answers: Sequence[Answer]) -> tuple[AnswerDifference, ...]:
    """Return where answers to the same input differ, the greatest difference first; a label that one lacks counts as 0."""
    said = [dict(_values(answer.prediction)) if answer.prediction else {} for answer in answers]
    names = dict.fromkeys(name for values in said for name in values)
    found = [_difference(name, tuple(values.get(name) for values in said)) for name in names]
    found = [one for one in found if len(set(one.values)) > 1]
    return tuple(sorted(found, key=lambda one: -(float("inf") if one.spread is None else one.spread))[:MOST])


def _difference(name: str, values: tuple[float | str | None, ...]) -> AnswerDifference:
    if any(isinstance(value, str) for value in values):
        return AnswerDifference(name=name, values=values, spread=None)
    numbers = [float(value or 0) for value in values]
    return AnswerDifference(name=name, values=values, spread=max(numbers) - min(numbers))


def _values(answer: Prediction) -> Iterator[tuple[str, float | str]]:
    if answer.classes is not None or answer.boxes is not None or answer.mask is not None:
        yield from _scores(answer).items()
        return
    named = _tensors(answer.outputs)
    if answer.vector is not None:
        named = {"": answer.vector}
    if named is None:
        plain = _plain(answer)
        text = plain if isinstance(plain, str) else json.dumps(plain, default=str)
        yield ("value", plain) if isinstance(plain, int | float) else ("answer", text)
        return
    for name, data in named.items():
        for place, value in enumerate(data):
            told = value if isinstance(value, int | float) else str(value)
            yield (name if len(data) == 1 else f"{name}[{place}]"), told


def _scores(answer: Prediction) -> dict[str, float]:
    """Return the best score of each label, the best label first; of a mask its part of the pixels."""
    if answer.mask is not None:
        found = [*answer.mask.share.items()]
    else:
        found = [(one.label, one.score) for one in (answer.classes or answer.boxes or ())]
    scores: dict[str, float] = {}
    for label, score in found:
        scores[label] = max(score, scores.get(label, score))
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def _tensors(outputs: Any) -> Mapping[str, Sequence[Any]] | None:
    """Return the data of tensors by their names; None for anything else."""
    told = isinstance(outputs, list | tuple) and all(isinstance(t, Mapping) and "data" in t for t in outputs)
    return {str(tensor["name"]): tensor["data"] for tensor in outputs} if told and outputs else None


def _plain(answer: Prediction) -> Any:
    kinds = (answer.text, answer.value, answer.vector, answer.outputs)
    return next((said for said in kinds if said is not None), None)


def _rounded(value: Any) -> str:
    return f"{value:.{_DIGITS}g}" if isinstance(value, float) else str(value)
