import shlex

import pytest

from jupyter_modelmgmt import verbs
from jupyter_modelmgmt.domain.errors import BadField, BadSearch


@pytest.fixture
def run(reg, tmp_path):
    """Give a function that does what a line of `%model` says, on a registry with three versions."""
    path = tmp_path / "model.bin"
    path.write_bytes(b"weights")
    for accuracy, tags in ((0.8, "vision"), (0.9, "vision,two words"), (0.95, "text")):
        reg.register_files(path, "digits", metrics={"accuracy": accuracy}, tags=tags, allow_identical=True)
    return lambda line: verbs.run(reg, "%model", shlex.split(line), {})


@pytest.mark.parametrize(
    "line",
    [
        "search metrics.accuracy > 0.85 and tag = 'vision'",
        "search \"metrics.accuracy > 0.85 and tag = 'vision'\"",
        "search metrics.accuracy > -1 and tag='two words'",
        "search tag in (nothing, 'two words')",
        "search tag = 'two words' --model digits --sort=-metrics.accuracy --limit 1",
    ],
)
def test_a_line_is_searched_with_and_without_quotes_around_it(run, line):
    assert [v.version for v in run(line)] == ["1.1.0"]


def test_models_are_listed_by_a_search(run):
    assert [m.name for m in run("list --filter 'metrics.accuracy > 0.9'")] == ["digits"]
    assert run("list --filter 'metrics.accuracy > 0.99'") == ()


def test_a_mistake_points_at_its_character(run):
    with pytest.raises(BadSearch, match="character 19: metrics.accuracy > <here>"):
        run("search 'metrics.accuracy > '")


def test_what_happened_is_shown(run, reg):
    reg.promote("digits@1.1.0", "production", comment="better")
    assert run("history digits@1.1.0")[0].action == "version.promoted"
    assert len(run("history --limit 2")) == 2
    assert [p.version for p in run("who digits --on 2100-01-01")] == ["1.1.0"]
    assert [p.version for p in run("who digits production")] == ["1.1.0"]
    assert [s.status for s in run("status-log digits@1.1.0")] == ["draft"]
    with pytest.raises(BadField, match="is not a date"):
        run("who digits --on then")
