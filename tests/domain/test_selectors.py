import pytest

from jupyter_modelmgmt.domain import selectors, versions
from jupyter_modelmgmt.domain.errors import BadName, BadSelector
from jupyter_modelmgmt.domain.selectors import Exact, Range, Word


def inside(pointer: Range, version: str) -> bool:
    return pointer.low <= versions.sort_key(versions.parse(version)) < pointer.high


@pytest.mark.parametrize(
    ("text", "within", "without"),
    [
        ("^1", ["1.0.0", "1.9.9"], ["0.9.0", "2.0.0-rc.1", "2.0.0"]),
        ("^1.2", ["1.2.0", "1.10.0"], ["1.1.9", "2.0.0"]),
        ("^1.2.3", ["1.2.3", "1.3.0"], ["1.2.2", "2.0.0"]),
        ("^0.2", ["0.2.0", "0.2.9"], ["0.3.0", "0.1.0", "1.0.0"]),
        ("^0.0.3", ["0.0.3"], ["0.0.4", "0.1.0"]),
        ("^0", ["0.0.1", "0.9.0"], ["1.0.0"]),
        ("^0.0", ["0.0.0", "0.0.7"], ["0.1.0"]),
    ],
)
def test_caret_ranges_are_those_of_npm(text, within, without):
    pointer = selectors.parse_pointer(text)
    assert [inside(pointer, v) for v in within] == [True] * len(within)
    assert [inside(pointer, v) for v in without] == [False] * len(without)


def test_pointers_are_told_apart():
    assert selectors.parse_pointer("v1.2.0+build") == Exact("1.2.0")
    assert selectors.parse_pointer("production") == Word("production")
    assert selectors.split("digits") == ("digits", "latest")
    assert selectors.split("digits@^1.2") == ("digits", "^1.2")


@pytest.mark.parametrize(
    "text", ["digits@", "digits@1.2", "digits@^", "digits@^a", "digits@ x", "digits@1.0.0@2", "digits@../x"]
)
def test_what_points_nowhere_is_refused(text):
    with pytest.raises(BadSelector):
        selectors.parse_pointer(selectors.split(text)[1])


@pytest.mark.parametrize(
    "name", ["", "../x", "a/b", "a b", "é", "-a", ".a", "a.", "a" * 65, "a\x00", "<b>", "a%2fb", "a\n"]
)
def test_names_that_files_and_urls_cannot_carry_are_refused(name):
    with pytest.raises(BadName):
        selectors.split(name + "@1.0.0")
