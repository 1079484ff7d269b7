"""Widgets in a cell: what is clicked reaches the kernel."""

from contextlib import closing

import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression

from jupyter_modelmgmt.registry import connect
from tests.browser.conftest import KERNEL_IS_IDLE, START_S, Lab, notebook
from tests.browser.test_in_memory import CONFIG, FIT

IMPORT = "import jupyter_modelmgmt as mm\n"


@pytest.fixture(scope="module")
def faces(server):
    """Give the name of a face detector and of its deployment."""
    with closing(connect(server.url)) as registry:
        registry.clone("blazeface", "widget-faces")
        registry.deploy("widget-faces", name="widget-faces")
    return "widget-faces"


@pytest.mark.heavy
def test_models_are_chosen_and_a_photo_is_tried_in_cells(lab, server, faces, photo):
    cells = (
        f"{IMPORT}m = mm.widgets.Models('{faces}')\nm",
        "print('selected', m.selected)",
        f"t = mm.widgets.Test('{faces}')\nt",
        "print('boxes', len(t.prediction['boxes']))",
    )
    lab.notebook(notebook(server, "widgets.ipynb", *cells))
    output = lab.page.locator(".jp-OutputArea")
    lab.cell(0)
    output.get_by_role("tree", name="Models").get_by_role("treeitem", name=faces).click()
    lab.cell(1)
    lab.find(f"text=selected {faces}")

    lab.cell(2)
    output.get_by_label("Image file").set_input_files(photo)
    output.get_by_role("button", name="Predict").click()
    lab.find(".jp-OutputArea .jp-modelmgmt-Box[data-label=face]")
    lab.both_themes("widgets")
    lab.cell(3)
    lab.find("text=boxes 1")


def test_a_model_is_registered_by_the_form_in_a_cell(lab, server, registry):
    model = "from sklearn.linear_model import LinearRegression\nmodel = LinearRegression().fit([[0], [1]], [0, 1])\n"
    cells = (f"{IMPORT}{model}r = mm.widgets.Register(model, 'widget-line')\nr", "r.form['description'], r.registered")
    lab.notebook(notebook(server, "widget-register.ipynb", *cells))
    lab.cell(0)
    form = lab.find(".jp-OutputArea .jp-modelmgmt-Widget-form")
    form.get_by_text("A new model").wait_for()
    form.get_by_label("Description").fill("From a cell")
    form.get_by_label("Tags").fill("one, two")
    form.scroll_into_view_if_needed()
    lab.both_themes("widget-register")
    form.get_by_role("button", name="Create model").click()
    form.get_by_role("status").get_by_text("widget-line@1.0.0 is registered.").wait_for(timeout=60000)
    assert registry.get("widget-line@1.0.0").tags == ("one", "two")
    lab.cell(1)
    lab.find("text=('From a cell', 'widget-line@1.0.0')")


def test_a_lineage_tells_of_what_is_clicked_in_a_cell(lab, server, faces):
    lab.notebook(notebook(server, "widget-lineage.ipynb", f"{IMPORT}mm.widgets.Lineage('{faces}@1.0.0')"))
    lab.cell(0)
    graph = lab.find(".jp-OutputArea .jp-modelmgmt-Lineage")
    graph.get_by_role("button", name=f"Deployment {faces}").first.click()
    graph.get_by_role("region", name=f"Deployment {faces}").wait_for()
    graph.scroll_into_view_if_needed()
    lab.both_themes("widget-lineage")


@pytest.mark.heavy
def test_an_object_a_version_and_a_deployment_answer_one_image_in_a_cell(lab, server, registry, digits):
    """A6, in a widget."""
    x, y = digits
    for c in (0.01, 1.0):
        fitted = LogisticRegression(max_iter=300, C=c).fit(x[:300], y[:300])
        registry.register(fitted, "widget-digits", adapter="image_classifier", config=CONFIG)
    registry.deploy("widget-digits@1.0.0", name="widget-digits")
    ask = "t = mm.widgets.Test(clf, 'widget-digits@1.1.0', 'widget-digits')\nt"
    told = "print(t.answers[0]['prediction']['version'], [a['name'] for a in t.answers], t.ask_all(digit).agree)"
    path = notebook(server, "several.ipynb", FIT, IMPORT + ask, told)
    lab.notebook(path)
    lab.cell(0)
    lab.cell(1)
    widget = lab.page.locator(".jp-OutputArea .jp-modelmgmt-Widget")
    picture = server.folder / "seven.png"
    Image.fromarray((x[7].reshape(8, 8) * 15.9).astype("uint8")).save(picture)
    widget.get_by_label("Image file").set_input_files(picture)
    widget.get_by_role("button", name="Ask all").click()
    widget.get_by_role("status").get_by_text("All agree: 7").wait_for(timeout=60_000)
    heads = [text.split("\n")[0] for text in widget.get_by_role("region").all_inner_texts()]
    assert heads == ["clf in memory", "widget-digits@1.1.0 registered", "widget-digits deployed"]
    columns = widget.locator("thead th").all_inner_texts()
    assert columns == ["clf", "widget-digits@1.1.0", "widget-digits", "Difference"]
    widget.scroll_into_view_if_needed()
    lab.both_themes("widget-several")
    lab.cell(2)
    lab.find("text=in memory ['clf', 'widget-digits@1.1.0', 'widget-digits'] True")
    registry.stop("widget-digits")


def test_a_widget_works_in_notebook_7(page, server, registry, tmp_path):
    (tmp_path / "net.bin").write_bytes(b"net")
    registry.register_files(tmp_path / "net.bin", "in-seven")
    make = "import jupyter_modelmgmt as mm\nm = mm.widgets.Models('in-seven')\nm"
    path = notebook(server, "widgets7.ipynb", make, "print('selected', m.selected)")
    lab = Lab(page, server).open(f"notebooks/{path}")
    page.wait_for_function(KERNEL_IS_IDLE, timeout=START_S * 1000)
    lab.cell(0)
    tree = page.locator(".jp-OutputArea").get_by_role("tree", name="Models")
    tree.get_by_role("treeitem", name="in-seven").click()
    lab.cell(1)
    lab.find("text=selected in-seven")
    lab.picture("widget-notebook-7")
    assert lab.findings == []
