"""Versions and ranges against the texts of semver.org 2.0.0 and npm, written anew here."""

from functools import cmp_to_key
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from semver import Version

from jupyter_modelmgmt.domain import selectors, versions
from jupyter_modelmgmt.domain.errors import BadAlias, BadSelector, BadStage, BadVersion
from jupyter_modelmgmt.domain.selectors import Exact, Range, Word

NUMBER = st.integers(0, 12) | st.integers(0, 10**16 - 1)
PART = NUMBER.map(str) | st.from_regex(r"[0-9A-Za-z-]{0,4}[A-Za-z-][0-9A-Za-z-]{0,4}", fullmatch=True)
PRERELEASE = st.lists(PART, max_size=4).map(".".join)
BUILD = st.lists(st.from_regex(r"[0-9A-Za-z-]{1,4}", fullmatch=True), max_size=2).map(".".join)


@st.composite
def texts(draw):
    """Give versions as text; half of them have a prerelease, some have build metadata."""
    core = ".".join(str(draw(NUMBER)) for _ in range(3))
    pre, build = draw(st.just("") | PRERELEASE), draw(st.just("") | BUILD)
    return core + (f"-{pre}" if pre else "") + (f"+{build}" if build else "")


def precedence(a: str, b: str) -> int:
    """Return -1, 0 or 1. Source: semver.org 2.0.0, items 10 and 11."""
    (core_a, pre_a), (core_b, pre_b) = taken_apart(a), taken_apart(b)
    if core_a != core_b:
        return -1 if core_a < core_b else 1
    if not pre_a or not pre_b:
        return bool(pre_b) - bool(pre_a)
    for x, y in zip(pre_a, pre_b, strict=False):
        if x == y:
            continue
        if x.isdigit() and y.isdigit():
            return -1 if int(x) < int(y) else 1
        if x.isdigit() != y.isdigit():
            return -1 if x.isdigit() else 1
        return -1 if x.encode("ascii") < y.encode("ascii") else 1
    return (len(pre_a) > len(pre_b)) - (len(pre_a) < len(pre_b))


def taken_apart(text: str) -> tuple[list[int], list[str]]:
    core, _, pre = text.partition("+")[0].partition("-")
    return [int(n) for n in core.split(".")], pre.split(".") if pre else []


def by_key(a: str, b: str) -> int:
    """Return the order of sort keys as a database with byte order sees it."""
    x, y = (versions.sort_key(versions.parse(text)).encode() for text in (a, b))
    return (x > y) - (x < y)


@given(texts(), texts())
def test_sort_keys_and_semver_order_as_the_specification_says(a, b):
    wanted = precedence(a, b)
    assert by_key(a, b) == wanted
    assert Version.parse(a).compare(b) == wanted


@given(st.lists(texts(), max_size=12))
def test_any_list_sorts_alike(found):
    by_text = sorted(found, key=cmp_to_key(precedence))
    by_bytes = sorted(found, key=lambda text: versions.sort_key(versions.parse(text)).encode())
    assert [versions.sort_key(versions.parse(t)) for t in by_text] == [
        versions.sort_key(versions.parse(t)) for t in by_bytes
    ]


def test_the_examples_of_the_specification_are_in_order():
    chain = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "2.0.0",
        "2.1.0",
        "2.1.1",
    ]
    for low, high in pairwise(chain):
        assert precedence(low, high) == by_key(low, high) == -1


@given(texts())
def test_identity_drops_build_metadata_alone(text):
    parsed = versions.parse(text)
    assert versions.identity(parsed) == text.partition("+")[0]
    assert versions.parse(f"v{text}") == parsed
    assert versions.is_release(parsed) == ("-" not in text.partition("+")[0])


@given(st.text(st.characters(categories=("L", "N", "P", "Z", "Cc")), max_size=30) | st.from_regex(r"[0-9v.\-+a]{1,20}"))
def test_any_text_is_a_version_or_is_refused(text):
    try:
        parsed = versions.parse(text)
    except BadVersion:
        return
    assert str(parsed) == text.removeprefix("v").removeprefix("V")
    assert len(versions.sort_key(parsed)) <= 255, "it is a column"


def test_a_version_whose_sort_key_has_no_room_is_refused():
    assert len(versions.sort_key(versions.parse("1.0.0-" + "a." * 60 + "a"))) <= 255
    with pytest.raises(BadVersion, match="parts"):
        versions.parse("1.0.0-" + "1." * 60 + "1")


SMALL = st.integers(0, 3)
RELEASE = st.tuples(SMALL, SMALL, SMALL)


def npm_caret(given: list[int], version: tuple[int, int, int]) -> bool:
    """Tell whether a release is within ^given. Source: npm/node-semver, "Caret Ranges", desugared as there."""
    match given:
        case [major]:
            return version[0] == major
        case [0, minor]:
            return version[:2] == (0, minor)
        case [major, minor]:
            return version[0] == major and version[1] >= minor
        case [0, 0, patch]:
            return version == (0, 0, patch)
        case [0, minor, patch]:
            return version[:2] == (0, minor) and version[2] >= patch
        case [major, minor, patch]:
            return version[0] == major and version[1:] >= (minor, patch)
    raise AssertionError(given)


@given(st.lists(SMALL, min_size=1, max_size=3), RELEASE)
def test_a_caret_range_has_the_releases_that_npms_has(given, version):
    pointer = selectors.parse_pointer("^" + ".".join(map(str, given)))
    assert isinstance(pointer, Range)
    key = versions.sort_key(Version(*version))
    assert (pointer.low <= key < pointer.high) == npm_caret(given, version)


@given(st.lists(NUMBER, min_size=1, max_size=3), RELEASE, PART)
def test_no_prerelease_of_the_end_is_within_a_caret_range(given, version, pre):
    pointer = selectors.parse_pointer("^" + ".".join(map(str, given)))
    end = [int(n) for n in pointer.high.split(".")]
    assert versions.sort_key(Version(*end, prerelease=pre)) >= pointer.high


@given(texts())
def test_a_version_is_a_selector_of_itself(text):
    assert selectors.parse_pointer(text) == Exact(text.partition("+")[0])
    assert selectors.split(f"digits@{text}") == ("digits", text)


@given(st.text(max_size=80) | st.from_regex(r"\^?v?[0-9.a-z]{0,12}", fullmatch=True))
def test_any_text_behind_at_is_a_pointer_or_is_refused(text):
    try:
        pointer = selectors.parse_pointer(text)
    except BadSelector:
        return
    assert isinstance(pointer, Exact | Range | Word)
    if isinstance(pointer, Word):
        assert pointer.word == text
        assert text.isascii()


@given(st.from_regex(r"[A-Za-z0-9._^@-]{1,70}", fullmatch=True), st.booleans())
def test_an_alias_and_a_stage_always_read_as_words(text, as_stage):
    try:
        selectors.checked_stage(text) if as_stage else selectors.checked_alias(text, ("production",))
    except (BadAlias, BadStage):
        return
    assert selectors.parse_pointer(text) == Word(text)
    assert text not in selectors.RESERVED


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("^9999999999999999", "9999999999999999.0.0"),
        ("^9999999999999998.2", "9999999999999998.9999999999999999.0"),
        ("^0.9999999999999999", "0.9999999999999999.7"),
        ("^0.0.9999999999999999", "0.0.9999999999999999"),
    ],
)
def test_a_range_holds_the_highest_numbers_too(text, version):
    pointer = selectors.parse_pointer(text)
    assert pointer.low <= versions.sort_key(versions.parse(version)) < pointer.high


@pytest.mark.parametrize("text", ["^99999999999999999", "^1.10000000000000000", "^" + "9" * 5000, "^01", "^1.00"])
def test_a_range_of_numbers_that_no_version_has_is_refused(text):
    with pytest.raises(BadSelector):
        selectors.parse_pointer(text)
