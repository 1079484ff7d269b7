"""The rules of a search once more, without SQL: which records a condition keeps, and in which order."""

import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cmp_to_key

from jupyter_modelmgmt.domain import selectors
from jupyter_modelmgmt.domain import versions as semver
from jupyter_modelmgmt.domain.literals import number
from jupyter_modelmgmt.domain.search import And, Field, Not, Or, parse_sort
from jupyter_modelmgmt.domain.terms import Kind


def meets(v, tree):
    match tree:
        case And(parts):
            return all(meets(v, part) for part in parts)
        case Or(parts):
            return any(meets(v, part) for part in parts)
        case Not(part):
            return not meets(v, part)
    held = values(v, tree.field)
    if tree.value is None:
        return bool(held) == (tree.operator == "!=")
    if tree.field.kind is Kind.WORDS and tree.operator == "!=":
        return tree.value not in held
    return any(agrees(one, tree.operator, tree.value, tree.field) for one in held)


def values(v, field):
    if field.group == "evaluations":
        held = v.evaluations.get(field.dataset, {}).get(field.name)
    elif field.group:
        held = getattr(v, field.group).get(field.name)
    elif field.kind is Kind.WORDS:
        return {"tag": v.tags, "alias": v.aliases, "deployment": [d.name for d in v.deployments]}[field.name]
    else:
        held = getattr(v, field.name)
    held = str(held) if isinstance(held, StrEnum) else held
    return [] if held is None else [held]


def agrees(held, operator, value, field):
    match operator:
        case "in":
            return any(agrees(held, "=", one, field) for one in value)
        case "!=":
            return not agrees(held, "=", value, field)
        case "like" | "ilike":
            return alike(held, value, operator, field)
    if field.kind is Kind.VERSION:
        return version_agrees(held, operator, value)
    if type(value) is date:
        return day_agrees(held, operator, value)
    held, value = comparable(held, operator, value, field)
    return held is not None and compare(held, operator, value)


def comparable(held, operator, value, field):
    if field == Field("model"):
        return held.lower(), value.lower()
    if field.kind is Kind.NUMBER:
        return float(held), float(value)
    return scalars(held, operator, value) if field.kind is Kind.SCALAR else (held, value)


def scalars(held, operator, value):
    """Return both as what they are compared as: numbers or texts; None where they never are."""
    held = str(held).lower() if isinstance(held, bool) else held
    value = str(value).lower() if isinstance(value, bool) else value
    if isinstance(held, str) != isinstance(value, str):
        if operator == "=" and isinstance(value, str) and number(value) is not None:
            return float(held), float(value)
        return None, None
    return (held, value) if isinstance(held, str) else (float(held), float(value))


def compare(held, operator, value):
    return {"=": held == value, "<": held < value, "<=": held <= value, ">": held > value, ">=": held >= value}[
        operator
    ]


def alike(held, pattern, operator, field):
    if isinstance(held, bool):
        held = str(held).lower()
    if not isinstance(held, str):
        return False
    if operator == "ilike" or field == Field("model"):
        lower = {c: c + 32 for c in range(65, 91)}
        held, pattern = held.translate(lower), pattern.translate(lower)
    wild = {"%": ".*", "_": "."}
    pieces = re.findall(r"\\[%_\\]|.", pattern, re.DOTALL)
    return bool(re.fullmatch("".join(wild.get(p) or re.escape(p[-1]) for p in pieces), held, re.DOTALL))


def version_agrees(held, operator, value):
    held = semver.parse(held)
    if value.startswith("^"):
        span = selectors.parse_pointer(value)
        return semver.is_release(held) and span.low <= semver.sort_key(held) < span.high
    return compare(held, operator, semver.parse(value))


def day_agrees(held, operator, value):
    begin = datetime(value.year, value.month, value.day, tzinfo=UTC)
    end = begin + timedelta(days=1)
    return {"=": begin <= held < end, "<": held < begin, "<=": held < end, ">": held >= end, ">=": held >= begin}[
        operator
    ]


def in_order(records, sort):
    field, descending = parse_sort(sort)
    sign = -1 if descending else 1
    ids = {v.selector: int(v.version.split(".")[1]) for v in records}

    def key(v):
        if field.name == "sequence":
            return (0, 0)
        held = next(iter(values(v, field)), None)
        if isinstance(held, bool):
            held = str(held).lower()
        if field.name == "model":
            held = held.lower()
        if field.name == "version":
            held = semver.sort_key(semver.parse(held))
        return (isinstance(held, str), held) if held is not None else None

    def order(a, b):
        one, other = key(a), key(b)
        if (one is None) != (other is None):
            return 1 if one is None else -1
        by_key = 0 if one is None else (one > other) - (one < other)
        return sign * (by_key or ids[a.selector] - ids[b.selector])

    return sorted(records, key=cmp_to_key(order))
