import pytest

from jupyter_modelmgmt.domain.errors import BadField, BadSearch, NotFound

FILES = {"framework": "onnx"}


@pytest.fixture
def filled(any_reg, tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(b"weights")
    for name, accuracy, tags in (("digits", 0.9, "vision,small"), ("digits", 0.95, "vision"), ("words", 0.8, "text")):
        any_reg.register_files(path, name, metrics={"accuracy": accuracy}, tags=tags, allow_identical=True)
    any_reg.create_model("empty", "nothing in it yet")
    return any_reg


def test_versions_of_all_models_are_searched(filled):
    found = filled.search("metrics.accuracy > 0.85 and tag = 'vision'", sort="-metrics.accuracy")
    assert [v.selector for v in found] == ["digits@1.1.0", "digits@1.0.0"]
    assert [v.selector for v in filled.search()] == ["words@1.0.0", "digits@1.1.0", "digits@1.0.0"]
    assert len(filled.search(limit=2)) == 2
    assert "<td>1.1.0</td>" in found._repr_html_()
    assert list(found.frame()["accuracy"]) == ["0.95", "0.9"]


def test_versions_of_one_model_are_searched(filled):
    assert [v.version for v in filled.versions("digits", filter="tag = small")] == ["1.0.0"]
    assert [v.version for v in filled.search("metrics.accuracy < 1", model="words")] == ["1.0.0"]
    with pytest.raises(NotFound, match="no model 'nobody'"):
        filled.versions("nobody", filter="tag = small")
    with pytest.raises(NotFound, match="no model 'nobody'"):
        filled.search(model="nobody")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["digits", "empty", "words"]),
        ("metrics.accuracy > 0.92", ["digits"]),
        ("tag = text or tag = small", ["digits", "words"]),
        ("not tag = vision", ["empty", "words"]),
        ("name = EMPTY", ["empty"]),
        ("description like '%yet'", ["empty"]),
        ("created_at > 2020-01-01 and metrics.accuracy = none", ["empty"]),
        ("metrics.accuracy < 0.1", []),
    ],
)
def test_models_match_by_a_version_or_empty_by_themselves(filled, text, names):
    assert [m.name for m in filled.models(filter=text)] == names
    assert [m.name for m in filled.models(filter=text, sort="-name")] == names[::-1]


def test_a_search_for_models_goes_with_words_in_their_names(filled):
    assert [m.name for m in filled.models("WORD", filter="metrics.accuracy > 0.1")] == ["words"]
    assert [m.name for m in filled.models("digit", filter="tag = text")] == []


def test_what_is_in_the_trash_is_not_found(filled):
    filled.delete("digits@1.1.0")
    assert [v.selector for v in filled.search("tag = vision")] == ["digits@1.0.0"]
    assert [m.name for m in filled.models(filter="metrics.accuracy > 0.92")] == []


def test_mistakes_are_told(filled):
    with pytest.raises(BadSearch, match="character 19: metrics.accuracy > <here>"):
        filled.search("metrics.accuracy > ")
    with pytest.raises(BadField, match="sort is one of"):
        filled.search(sort="color")
    with pytest.raises(BadField, match="limit is a number"):
        filled.search(limit=0)
