"""Selectors: how people point at a version.

`name@1.2.0`, `name@latest`, `name@newest`, `name@^1.2`, `name@production`, `name@champion`;
a bare `name` is `name@latest`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jupyter_modelmgmt.domain import fields, versions
from jupyter_modelmgmt.domain.errors import BadAlias, BadSelector, BadStage, BadVersion

_NUMBER = rf"(0|[1-9]\d{{0,{versions.MAX_DIGITS - 1}}})"
_RANGE = re.compile(rf"\^v?{_NUMBER}(?:\.{_NUMBER})?(?:\.{_NUMBER})?", re.ASCII)
_EXACT = re.compile(r"v?\d", re.ASCII)
RESERVED = ("latest", "newest")
_STAGE_LENGTH = 40
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Exact:
    """One version, by its semver without build metadata."""

    identity: str


@dataclass(frozen=True, slots=True)
class Range:
    """The highest release with `low` <= sort key < `high`."""

    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Word:
    """`latest`, `newest`, a stage or an alias."""

    word: str


Pointer = Exact | Range | Word


def split(selector: str) -> tuple[str, str]:
    """Return the model name and the text after `@`; `latest` when there is none."""
    name, at, pointer = selector.partition("@")
    if at and not pointer:
        raise BadSelector(f"{selector!r} ends at '@'. Write a version, a stage or an alias behind it.")
    return fields.checked_name(name), pointer or "latest"


def parse_pointer(text: str) -> Pointer:
    """Return what stands behind `@` as a pointer. Raises BadSelector."""
    if text.startswith("^"):
        return _range(text)
    if _EXACT.match(text):
        return Exact(_identity(text))
    if _WORD.match(text):
        return Word(text)
    raise BadSelector(f"{text[:80]!r} points at no version. Use 1.2.0, ^1.2, latest, newest, a stage or an alias.")


def checked_alias(alias: str, stages: Sequence[str]) -> str:
    """Return `alias` if a version may be called so: selectors must tell it from all else. Raises BadAlias."""
    if not _is_word(alias) or alias in stages:
        raise BadAlias(
            f"{alias[:80]!r} cannot be an alias. Begin with a letter, use letters from a to z or A to Z, digits, "
            "'.', '_' and '-', and none of latest, newest, the stages, or what reads as a version."
        )
    return alias


def checked_stage(name: str) -> str:
    """Return `name` if a stage may be called so. Raises BadStage."""
    if not _is_word(name) or name != name.lower() or len(name) > _STAGE_LENGTH:
        raise BadStage(
            f"{name[:80]!r} cannot be a stage. Use up to {_STAGE_LENGTH} lower-case letters from a to z, digits, "
            "'.', '_' and '-', beginning with a letter; latest and newest are taken."
        )
    return name


def _is_word(text: str) -> bool:
    return bool(_WORD.match(text)) and not _EXACT.match(text) and text not in RESERVED


def _identity(text: str) -> str:
    try:
        return versions.identity(versions.parse(text))
    except BadVersion as error:
        raise BadSelector(f"{error} For the highest of a line write ^{text.lstrip('v')}.") from None


def _range(text: str) -> Range:
    """Return the caret range: the left-most number that is not 0 stays. Source: npm's semver ranges."""
    match = _RANGE.fullmatch(text)
    if not match:
        raise BadSelector(f"{text[:80]!r} is not a range. Use ^1, ^1.2 or ^1.2.3.")
    given = [int(n) for n in match.groups() if n is not None]
    low = [*given, 0, 0][:3]
    fixed = next((i for i, n in enumerate(given) if n), len(given) - 1)
    high = [*low[:fixed], low[fixed] + 1, 0, 0][:3]
    return Range(_floor(low), _floor(high))


def _floor(numbers: list[int]) -> str:
    # Below every prerelease of these numbers, so that ^1.2 never reaches 2.0.0-rc.1. Behind the
    # highest number comes what sorts behind all digits.
    return ".".join(f"{n:0{versions.MAX_DIGITS}d}" if n < 10**versions.MAX_DIGITS else "~" for n in numbers)
