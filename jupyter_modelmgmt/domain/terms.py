"""What searches are made of: fields, comparisons, and their combinations.

`str()` of each is text that reads back as the same tree.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from jupyter_modelmgmt.domain.records import Status, Task

Literal = str | int | float | bool | date | datetime | None
Value = Literal | tuple[Literal, ...]

EQUAL = ("=", "!=")
ORDER = ("<", "<=", ">", ">=")
LIKE = ("like", "ilike")


class Kind(StrEnum):
    """What a field holds, in the words of error lines."""

    TEXT = "a text"
    NUMBER = "a number"
    TIME = "a date"
    TRUTH = "true or false"
    VERSION = "a version"
    STATUS = "a status"
    TASK = "a task"
    WORDS = "a word"
    SCALAR = "a value"


OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    Kind.TEXT: (*EQUAL, "in", *LIKE),
    Kind.NUMBER: (*EQUAL, *ORDER, "in"),
    Kind.TIME: (*EQUAL, *ORDER),
    Kind.TRUTH: EQUAL,
    Kind.VERSION: (*EQUAL, *ORDER, "in", *LIKE),
    Kind.STATUS: (*EQUAL, "in"),
    Kind.TASK: (*EQUAL, "in"),
    Kind.WORDS: (*EQUAL, "in", *LIKE),
    Kind.SCALAR: (*EQUAL, *ORDER, "in", *LIKE),
}
CHOICES: Mapping[Kind, tuple[str, ...]] = {
    Kind.STATUS: tuple(map(str, Status)),
    Kind.TASK: tuple(map(str, Task)),
}

FIELDS: Mapping[str, Kind] = {
    "model": Kind.TEXT,
    "version": Kind.VERSION,
    "sequence": Kind.NUMBER,
    "description": Kind.TEXT,
    "framework": Kind.TEXT,
    "flavor": Kind.TEXT,
    "task": Kind.TASK,
    "model_type": Kind.TEXT,
    "status": Kind.STATUS,
    "stage": Kind.TEXT,
    "author": Kind.TEXT,
    "license": Kind.TEXT,
    "public": Kind.TRUTH,
    "downloadable": Kind.TRUTH,
    "size": Kind.NUMBER,
    "created_at": Kind.TIME,
    "updated_at": Kind.TIME,
    "created_by": Kind.TEXT,
    "tag": Kind.WORDS,
    "alias": Kind.WORDS,
    "deployment": Kind.WORDS,
}
GROUPS: Mapping[str, Kind] = {
    "metrics": Kind.NUMBER,
    "params": Kind.SCALAR,
    "properties": Kind.SCALAR,
    "evaluations": Kind.NUMBER,
}
_BARE = re.compile(r"[^\W\d][\w/@:-]*")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a version, or a named value in one of the groups; `dataset` is that of an evaluation."""

    name: str
    group: str = ""
    dataset: str = ""

    @property
    def kind(self) -> Kind:
        return GROUPS[self.group] if self.group else FIELDS[self.name]

    def __str__(self) -> str:
        parts = [self.dataset, self.name] if self.dataset else [self.name]
        return ".".join([self.group, *map(_named, parts)]) if self.group else self.name


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field against one value; `in` has a tuple of values.

    What a version has not is never equal, unequal, less or more; `= none` finds it.
    """

    field: Field
    operator: str
    value: Value

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {_written(self.value)}"


@dataclass(frozen=True, slots=True)
class Not:
    part: "Expression"

    def __str__(self) -> str:
        return f"not {_inside(self.part)}"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return " and ".join(map(_inside, self.parts))


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Expression", ...]

    def __str__(self) -> str:
        return " or ".join(map(_inside, self.parts))


Expression = Comparison | Not | And | Or


def _inside(part: Expression) -> str:
    return f"({part})" if isinstance(part, And | Or) else str(part)


def _named(name: str) -> str:
    return name if _BARE.fullmatch(name) else "`" + name.replace("`", "``") + "`"


def _written(value: Value) -> str:
    match value:
        case tuple():
            return f"({', '.join(map(_written, value))})"
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case int() | float():
            return repr(value)
        case date():  # datetime is one too
            return f"'{value.isoformat()}'"
        case str():
            return "'" + value.replace("'", "''") + "'"
