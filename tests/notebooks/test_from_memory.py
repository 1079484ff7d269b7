"""The notebook on what is in memory runs from top to bottom, and says what it promises."""

import pytest

pytestmark = pytest.mark.heavy


def test_the_notebook_on_memory_runs_and_says_what_it_promises(said_by, registry):
    said = said_by("from_memory.ipynb")
    before, after = said.all_of("%model memory")
    assert "not registered" in before
    assert "differs from tumours 1.0.0, refit in cell 11" in after
    assert "difference=0.0" in said.of("v.proof")
    assert "mean radius" in said.of("v.signature")
    assert "clf = fitted(train, C=0.001)" in said.of("source.py")
    assert "exactly" in said.of("reg.reproduce")
    assert "['benign' 'malignant']" in said.of("subprocess.run")
    assert "accuracy is better" in said.of("advice = ")
    assert "Use bump='major'" in said.of('bump="patch"')
    assert "class Threshold:" in said.of("class Threshold")
    assert "Nothing was registered" in said.of("moody")
    assert {model.name: model.version_count for model in registry.models()} == {"tumours": 2, "tumours-rule": 1}
    assert registry.get("tumours").version == "1.1.0"
