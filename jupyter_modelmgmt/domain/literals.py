"""Values as searches write them, read as what their field holds."""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final

from jupyter_modelmgmt.domain import selectors, versions
from jupyter_modelmgmt.domain.terms import CHOICES, EQUAL, LIKE, ORDER, Field, Kind, Literal

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "none": None, "null": None}
_YEARS = range(1970, 9999)
_EXACT = 2**53
_SHOWN = 40


def read(field: Field, operator: str, word: str, *, quoted: bool) -> Literal:
    """Return `word` as what `field` holds. Raises ValueError, BadVersion, BadSelector."""
    literal = word if quoted or operator in LIKE else _CONSTANTS.get(word.lower(), word)
    if literal is None:
        return _nothing(field, operator)
    if isinstance(literal, bool) and field.kind in (Kind.TRUTH, Kind.SCALAR):
        return _truth(field, operator, truth=literal)
    if operator in LIKE or field.kind in (Kind.TEXT, Kind.WORDS):
        return word
    if field.kind in (Kind.NUMBER, Kind.SCALAR):
        return _number(field, word, quoted=quoted)
    return _OF_KIND[field.kind](field, operator, word)


def number(word: str) -> int | float | None:
    """Return a finite number that SQL holds, None when `word` is none."""
    if not _NUMBER.fullmatch(word) or not math.isfinite(float(word)):
        return None
    whole = word.lstrip("+-").isdigit() and abs(float(word)) < _EXACT
    return int(word) if whole else float(word)


def _nothing(field: Field, operator: str) -> Literal:
    if operator not in EQUAL or not (field.group or field.kind is Kind.WORDS):
        raise ValueError("none goes with = and !=, and with what a version may lack: metrics.x, tag")
    return None


def _truth(field: Field, operator: str, *, truth: bool) -> bool:
    if operator in ORDER:
        raise ValueError(f"{field} {operator} true says nothing; use =")
    return truth


def _number(field: Field, word: str, *, quoted: bool) -> str | int | float:
    found = None if quoted else number(word)
    if found is not None:
        return found
    if field.kind is Kind.NUMBER:
        raise ValueError(f"{field} is compared with a number")
    return word


def _time(field: Field, _operator: str, word: str) -> date | datetime:
    try:
        found = date.fromisoformat(word) if _DAY.fullmatch(word) else datetime.fromisoformat(word)
        if isinstance(found, datetime):
            found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        found = date.min
    if found.year not in _YEARS:
        raise ValueError(f"{field} is compared with a date, such as 2026-11-21 or 2026-11-21T10:00:00Z,")
    return found


def _version(_field: Field, operator: str, word: str) -> str:
    if word.startswith("^") and operator not in ORDER:
        selectors.parse_pointer(word)
        return word
    return str(versions.parse(word))


def _choice(field: Field, _operator: str, word: str) -> str:
    if word not in CHOICES[field.kind]:
        raise ValueError(f"{word[:_SHOWN]!r} is not {field.kind}. Use one of {', '.join(CHOICES[field.kind])};")
    return word


def _not_true(field: Field, _operator: str, _word: str) -> Literal:
    raise ValueError(f"{field} is true or false")


_OF_KIND: Final[dict[Kind, Callable[[Field, str, str], Literal]]] = {
    Kind.TIME: _time,
    Kind.TRUTH: _not_true,
    Kind.VERSION: _version,
    Kind.STATUS: _choice,
    Kind.TASK: _choice,
}
