"""Pages and dialogs where there is little room and where there is much: nothing sticks out, no line is endless."""

import pytest

from tests.browser.conftest import notebook
from tests.browser.test_pages import open_page

pytestmark = pytest.mark.heavy  # many pictures, each judged by axe

MODEL = "looked-at"
TABS = ("card", "versions", "metrics", "compare", "lineage", "files", "deployments", "test", "history")
SERVICE_TABS = ("information", "test", "metrics", "logs", "history", "example")
KINDS = ("run", "template", "container", "storage", "mlflow", "export", "reference")
SIZES = {"narrow": (900, 900), "4k": (3840, 2160)}
# What is wider than its page without a scroller of its own, and text in lines that nobody reads to their end.
STICKS_OUT = """selector => [...document.querySelectorAll(selector)].filter(root => root.checkVisibility()).flatMap(root => {
  const edge = root.getBoundingClientRect().right + 1;
  const scrolls = node => node !== root && (/auto|scroll|hidden|clip/.test(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
  return [...root.querySelectorAll('*')]
    .filter(node => node.checkVisibility() && node.getBoundingClientRect().right > edge)
    .filter(node => node.getBoundingClientRect().width > 1 && node !== root && !scrolls(node.parentElement))
    .map(node => `${node.tagName}.${node.className} ${(node.textContent ?? '').slice(0, 40)}`);
}).slice(0, 5)"""
ENDLESS = """selector => [...document.querySelectorAll(`${selector} p, ${selector} li, ${selector} dd`)]
  .filter(node => node.checkVisibility() && !node.children.length && node.textContent.length > 120)
  .filter(node => node.getBoundingClientRect().width > 1200)
  .map(node => `${node.tagName}.${node.className} ${node.textContent.slice(0, 60)}`)"""
SIDE = 400
WORDS = "A description of some length, as people write it when they tell what a model is good for and what not. " * 4


@pytest.fixture
def model(registry, digits, classifier):
    x, _ = digits
    if MODEL not in [one.name for one in registry.models()]:
        with registry.run("a run", params={"C": 0.01}) as run:
            for step in range(20):
                run.log_metric("loss", 1 / (step + 1), step=step)
            registry.register(
                classifier, MODEL, description=WORDS, metrics={"accuracy": 0.91, "loss": 0.3}, tags=["vision", "digits"],
                datasets={"train": x[:50]}, adapter="image_classifier", config={"size": [8, 8], "color": "GRAY"},
            )  # fmt: skip
        registry.register(classifier, MODEL, metrics={"accuracy": 0.93, "loss": 0.2}, allow_identical=True)
        registry.deploy(f"{MODEL}@1.0.0", name=MODEL)
    return MODEL


def wide(lab, size, side=SIDE):
    """Give the window a size, and the sidebar `side` pixels."""
    width, height = SIZES[size]
    lab.page.set_viewport_size({"width": width, "height": height})
    lab.page.wait_for_timeout(300)  # JupyterLab lays itself out anew
    sides = [side / width, 1 - side / width, 0]
    lab.page.evaluate("sides => window.jupyterapp.shell._hsplitPanel.setRelativeSizes(sides)", sides)


def look(lab, name, selector, found):
    lab.picture(name)
    found += [f"{name}: {what}" for what in lab.page.evaluate(STICKS_OUT, selector)]
    found += [f"{name}: {what}" for what in lab.page.evaluate(ENDLESS, selector)]


@pytest.mark.parametrize("size", SIZES)
def test_nothing_sticks_out_of_pages(lab, model, size):
    wide(lab, size)
    found = []
    for tab in TABS:
        page = open_page(lab, model, tab=tab)
        lab.page.wait_for_timeout(700)
        look(lab, f"looks-{size}-{tab}", page, found)
    for tab in SERVICE_TABS:
        lab.run("modelmgmt:open-deployment", deployment=model, tab=tab)
        lab.page.wait_for_timeout(700)
        look(lab, f"looks-{size}-deployment-{tab}", "[id^=jp-modelmgmt-deployment-]", found)
    look(lab, f"looks-{size}-sidebar", ".jp-modelmgmt-Sidebar", found)
    assert found == []


def test_pages_are_readable_in_high_contrast(lab, model):
    """Each picture is judged by axe, colours and all."""
    lab.theme("JupyterLab Dark High Contrast")
    for tab in TABS:
        open_page(lab, model, tab=tab)
        lab.page.wait_for_timeout(500)
        lab.picture(f"contrast-{tab}")
    lab.run("modelmgmt:open-deployment", deployment=model, tab="history")
    lab.picture("contrast-deployment-history")
    lab.run("modelmgmt:deploy-version", wait_s=0.5, model=model, version="2.0.0")
    lab.find(".jp-Dialog-content")
    lab.picture("contrast-deploy-version")
    lab.dialog("Cancel")
    lab.theme("JupyterLab Light")


@pytest.mark.parametrize("size", SIZES)
def test_nothing_sticks_out_of_dialogs(lab, model, size):
    wide(lab, size)
    found = []
    dialogs = [("modelmgmt:deploy-version", {"model": model, "version": "2.0.0"}), ("modelmgmt:register-files", {})]
    dialogs += [("modelmgmt:import", {"source": kind}) for kind in KINDS]
    dialogs += [("modelmgmt:promote-version", {"model": model, "version": "2.0.0"})]
    dialogs += [("modelmgmt:delete-version", {"model": model, "version": "1.0.0"})]
    for command, args in dialogs:
        lab.run(command, wait_s=0.5, **args)
        lab.find(".jp-Dialog-content")
        lab.page.wait_for_timeout(400)
        name = command.split(":")[1] + (f"-{args['source']}" if "source" in args else "")
        look(lab, f"looks-{size}-{name}", ".jp-Dialog-content", found)
        lab.dialog("Cancel")
    assert found == []


def test_nothing_sticks_out_of_widgets(lab, model, server):
    make = "import jupyter_modelmgmt as mm\nfrom sklearn.linear_model import LinearRegression\nw = mm.widgets\n"
    line = "line = LinearRegression().fit([[0], [1]], [0, 1])\n"
    path = notebook(server, "looks.ipynb", f"{make}{line}w.Register(line, 'line')", f"w.Lineage('{MODEL}@1.0.0')")
    lab.notebook(path)
    found = []
    for cell in range(2):
        lab.cell(cell)
    lab.page.wait_for_timeout(1500)
    for size in SIZES:
        wide(lab, size)
        lab.page.wait_for_timeout(500)
        look(lab, f"looks-{size}-widgets", ".jp-modelmgmt-Widget", found)
    assert found == []
