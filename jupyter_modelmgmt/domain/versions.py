"""Semantic versions: reading, ordering, choosing the next one.

Source: semver.org 2.0.0.
"""

from enum import StrEnum
from functools import lru_cache

from semver import Version

from jupyter_modelmgmt.domain.errors import BadVersion

FIRST = "1.0.0"
MAX_LENGTH = 128
MAX_DIGITS = 16
MAX_KEY = 255


class Bump(StrEnum):
    """Which part of the version grows. Source: seed 004, "Version Guidelines" (K11)."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"


@lru_cache(maxsize=4096)
def parse(text: str) -> Version:
    """Return `text` as a version; a leading `v` is dropped.

    Raises BadVersion, also for numbers of more than 16 digits or too many parts, which SQL could not order.
    """
    bare = text[1:] if text[:1] in ("v", "V") else text
    if len(bare) > MAX_LENGTH or not bare.isascii() or not Version.is_valid(bare):
        raise BadVersion(
            f"{text[:MAX_LENGTH]!r} is not a semantic version. Write major.minor.patch, for example 1.2.0."
        )
    version = Version.parse(bare)
    numbers = [version.major, version.minor, version.patch, *_numbers(version.prerelease)]
    if max(numbers) >= 10**MAX_DIGITS:
        raise BadVersion(f"{text!r} has a number of more than {MAX_DIGITS} digits. Use smaller numbers.")
    if len(sort_key(version)) > MAX_KEY:
        raise BadVersion(f"{text!r} has too many parts behind '-'. Use fewer.")
    return version


def _numbers(prerelease: str | None) -> list[int]:
    return [int(part) for part in (prerelease or "").split(".") if part.isdigit()]


def identity(version: Version) -> str:
    """Return the text that makes a version unique: build metadata does not. Source: semver item 10."""
    return str(version.replace(build=None) if version.build else version)


def sort_key(version: Version) -> str:
    """Return a text whose byte order is the precedence of versions. Source: semver item 11."""
    numbers = ".".join(f"{n:0{MAX_DIGITS}d}" for n in (version.major, version.minor, version.patch))
    if not version.prerelease:
        return numbers + "~"
    parts = version.prerelease.split(".")
    return numbers + "-" + "\x01".join(_part_key(part) for part in parts)


def _part_key(part: str) -> str:
    # Numbers sort below words and by value: their length goes first.
    return f"0{len(part):03d}{part}" if part.isdigit() else f"1{part}"


def is_release(version: Version) -> bool:
    return not version.prerelease


def bumped(latest: str | None, bump: Bump, first: str = FIRST) -> str:
    """Return the version after `latest`, or `first` when there is none."""
    if latest is None:
        return first
    return str(parse(latest).next_version(bump.value))


def choose(version: str | None, latest: str | None, bump: Bump | str, *, first: str = FIRST) -> str:
    """Return the wanted `version`, normalised, or the one that `bump` leads to from `latest`."""
    if version is not None:
        return str(parse(version))
    try:
        return bumped(latest, Bump(bump), first)
    except ValueError:
        raise BadVersion(f"{bump!r} is not a bump. Use major, minor or patch.") from None
