"""Widgets from Python: traits in, out and observable; what is shown where no widget runs."""

import json

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import MarkdownExporter

import jupyter_modelmgmt as mm
from jupyter_modelmgmt.domain.errors import ServingFailed
from jupyter_modelmgmt.widgets import Board, Compare, Deployment, Lineage, Models, Register, Test
from tests.servers.registries import opened


@pytest.fixture
def filled(reg, tmp_path):
    """Give a registry with two versions of `net`, one of them evaluated, and another model."""
    for number, accuracy in ((1, 0.9), (2, 0.95)):
        file = tmp_path / f"{number}.bin"
        file.write_bytes(bytes(number))
        reg.register_files(file, "net", metrics={"accuracy": accuracy}, tags=["vision"] if number == 1 else [])
    reg.register_files(file, "other", allow_identical=True)
    reg.register_dataset("golden", digest="sha256:golden")
    reg.log_evaluation("net@1.0.0", dataset="golden", metrics={"loss": 0.25})
    return reg


def heard(widget, **message):
    """Send what the browser sends."""
    widget._handle_custom_msg(message, [])


def test_models_are_searched_from_code_and_from_the_browser(filled):
    widget = Models(registry=filled)
    assert [model["name"] for model in widget.models] == ["net", "other"]
    widget.filter = "metrics.accuracy > 0.92"
    assert [model["name"] for model in widget.models] == ["net"]
    heard(widget, verb="open", model="net")
    assert [version["version"] for version in widget.versions["net"]] == ["1.1.0"]
    widget.set_state({"filter": "metrics.accuracy >"})
    assert "Expected a value" in widget.error
    widget.set_state({"filter": "", "search": "oth"})
    assert ([model["name"] for model in widget.models], widget.error) == (["other"], "")


def test_what_is_chosen_in_the_browser_is_observed_in_python(filled):
    seen = []
    widget = Models(registry=filled)
    widget.observe(lambda change: seen.append(change.new), "selected")
    widget.set_state({"selected": "net@1.0.0"})
    assert seen == ["net@1.0.0"]


def test_a_look_reads_again_only_what_changed(filled, tmp_path):
    widget = Models(registry=filled)
    before = widget.models
    heard(widget, verb="look")
    assert widget.models is before
    filled.register_files(tmp_path / "1.bin", "third", allow_identical=True)
    heard(widget, verb="look")
    assert [model["name"] for model in widget.models] == ["net", "other", "third"]


def test_a_board_has_a_column_for_each_golden_dataset(filled):
    widget = Board("net", registry=filled)
    assert list(widget.board["columns"]) == ["loss @ golden"]
    assert "Loss @ golden" in widget.frame().columns
    widget.sort = "no column"
    assert "is no column" in widget.error
    widget.model = "nobody"
    assert widget.error


def test_a_comparison_is_made_of_selectors(filled):
    widget = Compare("net@1.0.0", "net@1.1.0", registry=filled)
    assert list(widget.table["versions"]) == ["net@1.0.0", "net@1.1.0"]
    assert "<td>0.95</td>" in widget.html()


def test_a_trial_of_what_is_not_deployed_says_what_to_do(filled):
    widget = Test("net@1.0.0", registry=filled)
    assert widget.deployment == ""
    heard(widget, verb="predict", request="{}")
    assert "not an inference request" in widget.error
    heard(widget, verb="deploy")
    assert "No flavor serves net@1.0.0" in widget.error
    assert not widget.is_busy


def test_an_object_in_memory_and_a_version_are_asked_side_by_side(filled, classifier, digits):
    filled.register(classifier, "digits")
    widget = Test(classifier, "digits@1.0.0", registry=filled)
    assert widget.targets == [
        {"name": "LogisticRegression", "where": "memory"}, {"name": "digits@1.0.0", "where": "version"},
    ]  # fmt: skip
    assert "<li>digits@1.0.0</li>" in widget.html()
    assert widget.inputs == [{"name": "input", "datatype": "FP64", "shape": (-1, 64)}]
    seen = []
    widget.observe(lambda change: seen.append(len(change.new)), "answers")
    tensor = {"name": "input", "datatype": "FP64", "shape": [2, 64], "data": digits[0][:2].ravel().tolist()}
    heard(widget, verb="ask_all", request=json.dumps({"inputs": [tensor]}))
    assert (widget.error, widget.is_busy, seen) == ("", False, [2])
    assert [answer["prediction"]["version"] for answer in widget.answers] == ["in memory", "1.0.0"]
    found = widget.ask_all(digits[0][:2])
    assert (found.agree, found.differences) == (True, ())
    assert "LogisticRegression" in widget.html()
    widget.close()


def test_an_object_alone_is_asked_and_says_why_it_cannot_answer(filled, classifier, digits, sqlite_url):
    with opened(sqlite_url.replace("registry.db", "other.db")) as other:
        other.register(classifier, "elsewhere")  # what it is known as there means nothing here
    widget = Test(classifier, registry=filled)
    assert widget.predict(digits[0][:2]).outputs[0]["data"] == [0, 1]
    assert widget.prediction["version"] == "in memory"
    with pytest.raises(ServingFailed, match="Reshape it"):
        widget.predict(digits[0][:2, :3])
    assert "Reshape it" in widget.answers[0]["problem"]
    assert "Nobody is asked" in Test(registry=filled).error


def test_a_deployment_that_is_not_there_is_an_error_line(filled):
    widget = Deployment("nobody", registry=filled)
    assert "nobody" in widget.error
    assert widget.html() == ""


def test_a_model_in_memory_is_registered_by_the_form_and_from_code(filled, classifier):
    seen = []
    widget = Register(classifier, "digits", registry=filled)
    widget.observe(lambda change: seen.append(change.new), "registered")
    assert (widget.about["framework"], widget.about["task"]) == ("scikit-learn", "classification")
    heard(widget, verb="latest", name="digits", id=1)
    assert widget.answer == {"id": 1, "value": False}
    widget.set_state({"form": {"description": "Reads digits", "tags": ["vision"], "bump": "minor"}})
    heard(widget, verb="register")
    assert (seen, widget.is_busy, widget.error) == (["digits@1.0.0"], False, "")
    assert filled.get("digits@1.0.0").tags == ("vision",)
    heard(widget, verb="latest", name="digits", id=2)
    assert widget.answer == {"id": 2, "value": "1.0.0"}
    heard(widget, verb="advice", name="digits", id=3)
    assert widget.answer["value"]["base"].endswith("1.0.0")
    widget.form = {"colour": "blue"}
    heard(widget, verb="register")
    assert "The form has no field colour" in widget.error
    assert "digits" in widget.html()


def test_lineage_follows_its_selector(filled, tmp_path):
    with filled.run("train net") as run:
        filled.register_files(tmp_path / "1.bin", "made", allow_identical=True, run=run.id)
    widget = Lineage("net@1.0.0", registry=filled)
    assert widget.chosen == widget.graph["root"]
    widget.selector = "made@1.0.0"
    assert {node["kind"] for node in widget.graph["nodes"]} == {"version", "run"}
    assert "train net" in widget.html()
    widget.selector = "nobody@1.0.0"
    assert "nobody" in widget.error


@pytest.mark.parametrize(
    "make",
    [
        lambda r: Models(registry=r),
        lambda r: Board("net", registry=r),
        lambda r: Lineage("net@1.0.0", registry=r),
    ],
)
def test_every_widget_brings_html_for_viewers_without_widgets(filled, make):
    data, _metadata = make(filled)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "net" in data["text/html"]


def test_a_notebook_converted_without_a_browser_shows_the_table(filled):
    source = (
        "import jupyter_modelmgmt as mm\n"
        f"mm.widgets.Models(registry=mm.connect({filled.store.url!r}, artifacts={str(filled.artifacts.location)!r}))"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    notebook.metadata.pop("widgets", None)
    text, _resources = MarkdownExporter().from_notebook_node(notebook)
    assert "<table>" in text
    assert "other" in text


def test_the_package_names_its_widgets():
    assert mm.widgets.__all__ == ["Board", "Compare", "Deployment", "Lineage", "Models", "Register", "Test"]
