"""Answers of several to the same input, side by side: whether they agree and where they differ. Source: N4, A6.

The rule, which `differences.ts` follows in the browser; `tests/domain/side_by_side.json` holds both to it:

- An answer says a number of things. Classes, boxes and a mask say scores of labels; a vector, tensors and any other
  JSON say what is in each place. Neither the order of keys nor the shape of a tensor matters.
- Two numbers are the same where they are no farther apart than numpy's `allclose` has it, 1e-5 of the greater and 1e-8
  about zero; but whole numbers count or name things, so they are equal or not. A text, true, false and null are each
  the same as themselves alone: "3" is not 3. NaN is null, as in JSON. What one says and another does not differs.
- Answers agree that differ in nothing. Those with labels agree sooner: classes and masks where one label is the best
  of all, boxes where there are as many of each label, wherever they lie, tensors and JSON where `label` is the same.
"""

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Literal, NamedTuple

from jupyter_modelmgmt.domain.predictions import Prediction

MOST = 8  # differences that are told: more are not read
_SHOWN = 12  # values that an answer in a word has
_DIGITS = 6
_RELATIVE, _ABSOLUTE = 1e-5, 1e-8
_TINY, _HUGE = Decimal("1e-6"), 10**21  # numbers beyond are shown with their exponent
_NONE = "–"  # noqa: RUF001 - a sign people read

Where = Literal["deployment", "version", "memory"]
_Path = tuple[str | int, ...]  # the kind of the answer, then names and places


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
    """What each answer says of `name`, a label or a place; None where it says nothing.

    A text beside something else is in quotes. `spread` is the greatest distance of two numbers, what is not said
    counting as 0; None where there are texts.
    """

    name: str
    values: tuple[float | str | None, ...]
    spread: float | None


class _Part(NamedTuple):
    """One thing that an answer says: a number, a text, or the name of what is neither."""

    value: float | str
    is_text: bool = False

    @property
    def word(self) -> str:
        """The same in JSON, numbers rounded."""
        if self.is_text:
            return json.dumps(self.value, ensure_ascii=False)
        return self.value if isinstance(self.value, str) else _number(self.value)


_Parts = Mapping[_Path, _Part]


def agree(answers: Sequence[Answer]) -> bool | None:
    """Tell whether all say the same, by the rule above; None while one says nothing, and for less than two."""
    said = [_parts(answer.prediction) for answer in answers if answer.prediction]
    if len(said) < len(answers) or len(said) < 2:  # noqa: PLR2004 - one alone agrees with nobody
        return None
    kinds = {path[0] for parts in said for path in parts}
    if kinds == {"boxes"}:
        return all(parts.keys() == said[0].keys() for parts in said)
    if kinds in ({"classes"}, {"mask"}):
        return bool(set.intersection(*map(_best, said)))
    labels = any(_is_label(path) for parts in said for path in parts)
    return not any(_is_label(path) or not labels for path in _differing(said))


def in_short(answer: Prediction) -> str:
    """Return what a prediction says in a word."""
    parts = _parts(answer)
    counted = answer.boxes is not None
    if counted or answer.classes is not None or answer.mask is not None:
        labels = [str(path[1]) for path in parts]
        found = sorted(set(labels), key=_order)
        count = ", ".join(f"{label} × {labels.count(label)}" for label in found)  # noqa: RUF001
        return (count if counted else "".join(labels[:1])) or _NONE
    shown = {path: part for path, part in parts.items() if _is_label(path)} or parts
    several = _several([shown])
    is_one = len({tuple(step for step in path if isinstance(step, str)) for path in shown}) == 1
    words = [_plainly(part) if is_one else f"{_name(path, several)}: {_plainly(part)}" for path, part in shown.items()]
    return ", ".join([*words[:_SHOWN], f"… ({len(words)})"] if len(words) > _SHOWN else words) or _NONE


def differences(answers: Sequence[Answer]) -> tuple[AnswerDifference, ...]:
    """Return where answers to the same input differ, the greatest difference first; who gave none has no say."""
    asked = [_parts(answer.prediction) if answer.prediction else None for answer in answers]
    given = [parts for parts in asked if parts is not None]
    several = _several(given)
    found = [_difference(path, _name(path, several), asked) for path in _differing(given)]
    return tuple(sorted(found, key=lambda one: -(math.inf if one.spread is None else one.spread))[:MOST])


def _differing(said: Sequence[_Parts]) -> list[_Path]:
    paths = dict.fromkeys(path for parts in said for path in parts)
    return [path for path in paths if not _same([parts.get(path) for parts in said])]


def _same(parts: Sequence[_Part | None]) -> bool:
    numbers = [part.value for part in parts if part and not isinstance(part.value, str)]
    if len(numbers) < len(parts):
        return None not in parts and len({part.word for part in parts if part}) == 1
    high, low = max(numbers), min(numbers)
    if all(float(number).is_integer() for number in numbers):
        return high == low
    return high - low <= _noise(high, low)


def _noise(one: float, other: float) -> float:
    return max(_RELATIVE * max(abs(one), abs(other)), _ABSOLUTE)


def _difference(path: _Path, name: str, asked: Sequence[_Parts | None]) -> AnswerDifference:
    parts = [None if said is None else said.get(path) for said in asked]
    is_mixed = len({part.is_text for part in parts if part}) > 1
    values = tuple(part and (part.word if is_mixed and part.is_text else part.value) for part in parts)
    if any(isinstance(value, str) for value in values):
        return AnswerDifference(name=name, values=values, spread=None)
    said = (value or 0 for value, parts in zip(values, asked, strict=True) if parts is not None)
    numbers = [value for value in said if not isinstance(value, str)]
    return AnswerDifference(name=name, values=values, spread=max(numbers) - min(numbers))


def _best(parts: _Parts) -> set[str | int]:
    """Return the labels with the best score: several where no two answers could tell them apart."""
    scores = {path[1]: part.value for path, part in parts.items() if path[2] == 0 and not isinstance(part.value, str)}
    top = max(scores.values(), default=0.0)
    return {label for label, score in scores.items() if top - score <= 3 * _noise(top, 0)}


def _is_label(path: _Path) -> bool:
    return path[:2] == ("", "label")


def _parts(answer: Prediction) -> dict[_Path, _Part]:
    """Return all that an answer says: the best label first, names in their order."""
    for kind in ("mask", "boxes", "classes"):
        found = getattr(answer, kind)
        if found is not None:
            pairs = found.share.items() if kind == "mask" else [(one.label, one.score) for one in found]
            return {(kind, *path): _part(score) for path, score in _scores(pairs)}
    kinds = (answer.text, answer.value, answer.vector, answer.outputs)
    plain = next((said for said in kinds if said is not None), None)
    return {} if plain is None else {("", *path): _part(value) for path, value in _leaves(_named(plain))}


def _scores(pairs: Any) -> Iterator[tuple[tuple[str, int], float]]:
    """Give each score with its label and its place among those of the label, the best first."""
    scores: dict[str, list[float]] = {}
    for label, score in pairs:
        scores.setdefault(label, []).append(score)
    for label in sorted(scores, key=lambda label: (-max(scores[label]), _order(label))):
        for place, score in enumerate(sorted(scores[label], reverse=True)):
            yield (label, place), score


def _named(outputs: Any) -> Any:
    """Return the data of tensors by their names; anything else as it is."""
    told = isinstance(outputs, list | tuple) and all(isinstance(t, Mapping) and "data" in t for t in outputs)
    return {str(tensor.get("name", "")): tensor["data"] for tensor in outputs} if told and outputs else outputs


def _leaves(value: Any) -> Iterator[tuple[_Path, Any]]:
    """Give all that is in lists and mappings however deep, with its path; keys in their order."""
    left: list[tuple[_Path, Any]] = [((), value)]
    while left:
        path, one = left.pop()
        if isinstance(one, Mapping) and one:
            left += [((*path, str(key)), one[key]) for key in sorted(one, key=_order, reverse=True)]
        elif isinstance(one, list | tuple) and one:
            left += [((*path, place), one[place]) for place in range(len(one) - 1, -1, -1)]
        else:
            yield path, one


def _order(text: object) -> bytes:
    """Return what sorts texts as JavaScript does."""
    return str(text).encode("utf-16-be", "surrogatepass")


def _part(value: Any) -> _Part:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) <= sys.float_info.max:
            return _Part(value)
        return _Part("Infinity" if value > 0 else "-Infinity" if value < 0 else "null")
    if isinstance(value, str):
        return _Part(value, is_text=True)
    return _Part(json.dumps(value, default=str))


def _plainly(part: _Part) -> str:
    return str(part.value) if part.is_text else part.word


def _number(value: float) -> str:
    """Return a number to six digits, but never without its whole part, as JavaScript writes it."""
    if value == int(value):
        return str(int(value)) if abs(value) < _HUGE else repr(float(value))
    digits = max(_DIGITS, len(str(abs(int(value)))))
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).plus(Decimal(value))
    return f"{rounded.normalize():f}" if abs(rounded) >= _TINY else repr(float(rounded)).replace("e-0", "e-")


def _several(said: Sequence[_Parts]) -> set[_Path]:
    """Return the paths below which some answer has more than one place."""
    paths = {path for parts in said for path in parts}
    return {path[:depth] for path in paths for depth, step in enumerate(path) if step == 1}


def _name(path: _Path, several: set[_Path]) -> str:
    """Return what people call a path: `probability[3]`, a place that is alone by the name before it."""
    steps = path[1:-1] if path[-1] == 0 and path[:-1] not in several else path[1:]
    told = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps]
    return "".join(told).removeprefix(".") or "answer"
