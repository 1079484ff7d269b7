"""Widgets in a cell: what is clicked reaches the kernel."""

from PIL import Image
from sklearn.linear_model import LogisticRegression

from tests.browser.conftest import notebook
from tests.browser.test_in_memory import CONFIG, FIT


def test_models_and_a_test_of_a_photo_work_in_cells(lab, server, registry, photo):
    registry.clone("blazeface", "widget-faces")
    registry.deploy("widget-faces", name="widget-faces")
    lab.notebook(
        notebook(
            server,
            "widgets.ipynb",
            "import jupyter_modelmgmt as mm\nm = mm.widgets.Models('widget-faces')\nm",
            "print('selected', m.selected)",
            "t = mm.widgets.Test('widget-faces')\nt",
            "print('boxes', len(t.prediction['boxes']))",
            "from sklearn.linear_model import LinearRegression\n"
            "r = mm.widgets.Register(LinearRegression().fit([[0], [1]], [0, 1]), 'widget-line')\nr",
            "r.form['description'], r.registered",
            "l = mm.widgets.Lineage('widget-faces@1.0.0')\nl",
        )
    )
    lab.cell(0)
    tree = lab.page.locator(".jp-OutputArea").get_by_role("tree", name="Models")
    tree.get_by_role("treeitem", name="widget-faces").click()
    lab.cell(1)
    lab.find("text=selected widget-faces")
    lab.cell(2)
    lab.page.locator(".jp-OutputArea").get_by_label("Image file").set_input_files(photo)
    lab.page.locator(".jp-OutputArea").get_by_role("button", name="Predict").click()
    lab.find(".jp-OutputArea .jp-modelmgmt-Box[data-label=face]", within_s=30)
    lab.picture("widgets-light")
    lab.cell(3)
    lab.find("text=boxes 1")
    lab.cell(4)
    form = lab.find(".jp-OutputArea .jp-modelmgmt-Widget-form")
    form.get_by_text("A new model").wait_for()
    form.get_by_label("Description").fill("From a cell")
    form.get_by_label("Tags").fill("one, two")
    form.scroll_into_view_if_needed()
    both_themes(lab, "widget-register")
    form.get_by_role("button", name="Create model").click()
    form.get_by_role("status").get_by_text("widget-line@1.0.0 is registered.").wait_for(timeout=60000)
    assert registry.get("widget-line@1.0.0").tags == ("one", "two")
    lab.cell(5)
    lab.find("text=('From a cell', 'widget-line@1.0.0')")
    lab.cell(6)
    graph = lab.find(".jp-OutputArea .jp-modelmgmt-Lineage")
    graph.get_by_role("button", name="Deployment widget-faces").first.click()
    graph.get_by_role("region", name="Deployment widget-faces").wait_for()
    graph.scroll_into_view_if_needed()
    both_themes(lab, "widget-lineage")


def test_an_object_a_version_and_a_deployment_answer_one_image_in_a_cell(lab, server, registry, digits):
    """A6, in a widget."""
    x, y = digits
    for c in (0.01, 1.0):
        fitted = LogisticRegression(max_iter=300, C=c).fit(x[:300], y[:300])
        registry.register(fitted, "widget-digits", adapter="image_classifier", config=CONFIG)
    registry.deploy("widget-digits@1.0.0", name="widget-digits")
    ask = "t = mm.widgets.Test(clf, 'widget-digits@1.1.0', 'widget-digits')\nt"
    told = "print(t.answers[0]['prediction']['version'], [a['name'] for a in t.answers], t.ask_all(digit).agree)"
    path = notebook(server, "several.ipynb", FIT, f"import jupyter_modelmgmt as mm\n{ask}", told)
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
    both_themes(lab, "widget-several")
    lab.cell(2)
    lab.find("text=in memory ['clf', 'widget-digits@1.1.0', 'widget-digits'] True")
    registry.stop("widget-digits")


def both_themes(lab, name):
    lab.picture(name)
    lab.theme("JupyterLab Dark")
    lab.picture(f"{name}-dark")
    lab.theme("JupyterLab Light")
