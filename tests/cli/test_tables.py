"""Tables in terminals: as wide as there is room for, and nothing of a cell is lost."""

import io

import pytest
from rich.console import Console

from jupyter_modelmgmt.cli.tables import Listed

VERSIONS = [
    {"Model": "my-net", "Version": "1.2.0", "Stage": "development", "At": "2026-11-28 23:56", "By": "", "f1": "0.99"},
    {"Model": "my-net", "Version": "1.10.0-rc.1", "Stage": "production", "At": "2026-11-28 23:57", "By": "", "f1": ""},
]


def lines(rows, width):
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(Listed(list(rows[0]), rows))
    return [line.rstrip() for line in out.getvalue().splitlines() if line.strip()]


def test_what_fits_is_one_line_a_row_with_all_columns():
    shown = lines(VERSIONS, 100)
    assert len(shown) == 4
    assert shown[0].split() == ["Model", "Version", "Stage", "At", "By", "f1"]


@pytest.mark.parametrize("width", range(50, 66, 5))
def test_columns_without_values_go_first_and_then_words_move_to_the_next_line(width):
    shown = lines(VERSIONS, width)
    assert max(map(len, shown)) <= width
    assert "By" not in shown[0].split()
    for word in ("1.10.0-rc.1", "development", "production", "2026-11-28", "23:57"):
        assert any(word in line.split() for line in shown), word


def test_what_fits_in_no_way_is_told_record_by_record():
    shown = lines(VERSIONS, 30)
    assert [line.split()[0] for line in shown[:5]] == ["Model", "Version", "Stage", "At", "f1"]
    assert not any("..." in line or "…" in line for line in shown)


def test_long_words_are_broken_and_wide_letters_counted():
    shown = lines([{"Digest": "blake3:" + "0123456789" * 6, "Label": "模型" * 10}], 60)
    assert max(len(line) for line in shown) <= 60
    assert "".join(line.split()[0] for line in shown[2:]) == "blake3:" + "0123456789" * 6


def test_what_steers_a_terminal_is_shown_and_takes_its_room():
    shown = lines([{"Name": "\x1b[31mred", "More": "x" * 200}], 40)
    assert "\x1b" not in "".join(shown)
