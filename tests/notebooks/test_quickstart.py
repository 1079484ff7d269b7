"""The first thing a new user reads runs from top to bottom, and says what it promises."""

from jupyter_modelmgmt.sources import library

DOWNLOADED = ("efficientnet-lite0", "blazeface")


def test_the_quickstart_runs_and_says_what_it_promises(said_by, registry, tmp_path):
    for name in DOWNLOADED:
        folder = tmp_path / name
        folder.mkdir()
        library.materialise(library.entry(name), folder, lambda _done, _total: None)
    said = said_by("quickstart.ipynb")
    assert any("espresso" in text for text in said.all_of("coffee"))
    faces = said.all_of("astronaut")
    assert any("face" in text for text in faces)
    assert any("<rect" in text for text in faces)
    assert {model.name for model in registry.models()} == {"digits", "efficientnet-lite0", "blazeface"}
    better = registry.compare("digits@1.0.0", "digits@1.1.0").frame().loc[("metric", "accuracy")]
    assert better["digits@1.1.0"] > better["digits@1.0.0"]
    assert all(d.state == "Stopped" for d in registry.deployments())
