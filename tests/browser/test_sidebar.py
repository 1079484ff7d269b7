"""The sidebar: what is in memory, the tree of models, deployments, the library."""

import pytest

from tests.browser.conftest import notebook


@pytest.fixture
def trees(registry, classifier, request):
    """Give the name of a model of this test's own: two versions, one of them in production."""
    name = request.function.__name__.removeprefix("test_").replace("_", "-")[:40]
    registry.register(classifier, name, metrics={"accuracy": 0.91}, tags=["vision"])
    registry.register(classifier, name, metrics={"accuracy": 0.93})
    registry.promote(f"{name}@1.1.0", "production")
    return name


def row(lab, name, level=1):
    return lab.page.get_by_role("treeitem", name=name, level=level).first


def source_of_cell(lab, index):
    return lab.page.evaluate(
        "i => window.jupyterapp.shell.currentWidget.content.model.cells.get(i).sharedModel.getSource()", index
    )


def test_a_tree_is_walked_by_keys_down_to_a_version(lab, trees):
    search = lab.page.get_by_role("combobox", name="Search models")
    search.fill(trees)
    lab.page.wait_for_function("() => document.querySelectorAll('[data-kind=model]').length === 1")
    lab.page.get_by_role("tree", name="Models").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.find(f"[data-selector='{trees}@1.1.0'] >> text=Production")
    lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("ArrowDown")
    lab.page.keyboard.press("Enter")
    lab.find(f"{lab.model_page(trees)} tr[data-version='1.0.0'][aria-selected=true], {lab.model_page(trees)} h1")
    lab.picture("sidebar-tree-light")


def test_the_search_language_completes_and_points_at_a_mistake(lab, trees):
    search = lab.page.get_by_role("combobox", name="Search models")
    search.fill(trees)
    row(lab, trees).wait_for()
    search.fill("metrics.acc")
    lab.page.get_by_role("option", name="metrics.accuracy").click()
    lab.page.wait_for_function("() => document.querySelector('.jp-modelmgmt-Search input').value.includes('accuracy')")
    search.press_sequentially(f" > 0.92 and model = {trees}")
    lab.page.wait_for_function("() => document.querySelectorAll('[data-kind=model]').length === 1")
    row(lab, trees).locator(".jp-modelmgmt-Tree-caret").click()
    lab.find(f"[data-selector='{trees}@1.1.0']")
    lab.page.locator(f"[data-selector='{trees}@1.0.0']").wait_for(state="detached")
    search.fill("metrics.accuracy >> 0.9")
    mark = lab.find(".jp-modelmgmt-Search-error mark")
    assert (mark.inner_text(), mark.get_attribute("data-place")) == (">", "18")
    lab.picture("sidebar-search-error")


def test_filters_narrow_by_stage_and_tag(lab, trees):
    lab.page.get_by_role("combobox", name="Search models").fill(trees)
    lab.page.get_by_role("button", name="Filters").click()
    filters = lab.page.get_by_role("group", name="Filters")
    filters.get_by_label("Stage").select_option("production")
    row(lab, trees).wait_for()
    filters.get_by_label("Tag", exact=True).fill("no-such-tag")
    lab.find("text=No model matches")
    lab.picture("sidebar-filters")


@pytest.mark.heavy
def test_memory_says_which_version_an_object_is(lab, server, registry):
    register = (
        "from sklearn.linear_model import LinearRegression\nimport jupyter_modelmgmt as mm\n"
        "line = LinearRegression().fit([[0], [1]], [0, 1])\nmm.connect().register(line, 'standing')"
    )
    refit = "line.fit([[0], [1]], [0, 2])\nother = LinearRegression().fit([[0], [3]], [0, 1])"
    lab.notebook(notebook(server, "standing.ipynb", register, refit))
    lab.cell(0)
    lab.find("[data-variable=line] [data-standing=same] >> text== standing 1.0.0")
    lab.cell(1)
    lab.find("[data-variable=line] [data-standing=differs] >> text=refit in cell 2")
    lab.find("[data-variable=other] [data-standing=unregistered]")
    # The notebook's path was told by the browser, not guessed.
    assert registry.get("standing@1.0.0").code["notebook"] == str(server.folder / "standing.ipynb")
    lab.picture("sidebar-memory")
    # The cell says which version came of it, and the notebook holds nothing of that (N18).
    lab.page.locator(".jp-Cell").first.get_by_role("button", name="→ standing 1.0.0").click()
    lab.find(f"{lab.model_page('standing')} h1")


def test_a_version_dragged_into_a_notebook_becomes_a_cell(lab, server, trees):
    lab.notebook(notebook(server, "drag.ipynb", "1 + 1"))
    lab.page.get_by_role("combobox", name="Search models").fill(trees)
    lab.page.wait_for_function("() => document.querySelectorAll('[data-kind=model]').length === 1")
    source = row(lab, trees)
    start, end = source.bounding_box(), lab.find(".jp-NotebookPanel .jp-Cell").bounding_box()
    lab.page.mouse.move(start["x"] + 60, start["y"] + 12)
    lab.page.mouse.down()
    for step in range(1, 9):
        x = start["x"] + 60 + (end["x"] + 120 - start["x"] - 60) * step / 8
        y = start["y"] + 12 + (end["y"] + 10 - start["y"] - 12) * step / 8
        lab.page.mouse.move(x, y)
        lab.page.wait_for_timeout(30)
    lab.page.mouse.up()
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.widgets.length === 2")
    sources = [source_of_cell(lab, i) for i in range(2)]
    assert any(f'mm.connect().get("{trees}@1.1.0").load()' in source for source in sources), sources
    lab.run("modelmgmt:insert-cell", model=trees, version="1.0.0", kind="predict")
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.widgets.length === 3")
    assert any(f'deploy("{trees}@1.0.0")' in source_of_cell(lab, i) for i in range(3))


def test_a_deployment_is_stopped_and_started_from_the_sidebar(lab, trees, registry):
    registry.deploy(f"{trees}@1.0.0", name="side-service")
    item = lab.find("[data-service=side-service][data-state=Deployed]")
    item.click(button="right")
    lab.page.get_by_role("menuitem", name="Show Logs").wait_for()
    lab.picture("sidebar-deployments")
    lab.page.keyboard.press("Escape")
    lab.page.get_by_role("button", name="Stop side-service").click()
    lab.dialog("Stop")
    lab.find("[data-service=side-service][data-state=Stopped]")
    lab.page.get_by_role("button", name="Start side-service").click()
    lab.find("[data-service=side-service][data-state=Deployed]", within_s=60)


def heights(lab):
    sections = lab.page.locator(".jp-modelmgmt-Sidebar .jp-modelmgmt-Section")
    return [section.bounding_box()["height"] for section in sections.all()]


def test_models_have_most_of_the_height_after_a_reload_too(lab):
    """JupyterLab keeps heights from before the panel was ever shown, and gives them back."""
    for _ in range(2):
        memory, models, deployments, library = heights(lab)
        assert models > 1.3 * max(memory, deployments, library)
        lab.keeps('"current":"jp-modelmgmt-sidebar"')
        lab.open("lab")


def test_folded_sections_stay_folded_after_a_reload(lab):
    title = lab.page.locator(".jp-modelmgmt-Sidebar .jp-AccordionPanel-title", has_text="Library")
    title.click()
    assert title.get_attribute("aria-expanded") == "false"
    lab.keeps('"current":"jp-modelmgmt-sidebar"', '"jupyter-modelmgmt:folded":[3]')
    lab.page.goto(f"{lab.server.address}lab")
    title.wait_for()
    lab.page.wait_for_function(
        "() => [...document.querySelectorAll('.jp-modelmgmt-Sidebar .jp-AccordionPanel-title')]"
        ".at(-1)?.getAttribute('aria-expanded') === 'false'"
    )
    title.click()
    lab.keeps('"jupyter-modelmgmt:folded":[]')
