"""What people meet beside the straight way."""

import gzip
import json
from pathlib import Path

import pytest

from tests.browser.conftest import notebook

BUNDLE = Path(__file__).parents[2] / "jupyter_modelmgmt" / "labextension" / "static"
MARKUP = '<img src=x onerror="document.title=\'broken in\'"> & "quotes" — ünïcode'


@pytest.fixture
def model(registry, classifier, request):
    """Give the name of a model with two versions that only this test has."""
    name = request.function.__name__.removeprefix("test_").replace("_", "-")
    registry.register(classifier, name, metrics={"accuracy": 0.91, "loss": 0.3}, description=MARKUP)
    registry.register(classifier, name, metrics={"accuracy": 0.93, "loss": 0.2})
    return name


def open_page(lab, model, **args):
    lab.run("modelmgmt:open-model", model=model, **args)
    lab.find(f"{lab.model_page(model)} h1")
    return lab.model_page(model)


def test_what_is_loaded_at_start_is_small(lab):
    """Charts, tables and graphs come when they are opened."""
    names = lab.page.evaluate("() => performance.getEntriesByType('resource').map(({ name }) => name)")
    loaded = {name.split("/")[-1].split("?")[0] for name in names if "/jupyter-modelmgmt/static/" in name}
    sizes = {name: len(gzip.compress((BUNDLE / name).read_bytes())) for name in loaded if name.endswith(".js")}
    assert any(name.startswith("remoteEntry") for name in sizes)
    assert sum(sizes.values()) <= 400_000, sizes
    print(f"{len(sizes)} files of {sum(sizes.values())} bytes were loaded at start.")  # noqa: T201 - the measure


def test_what_another_process_registers_appears(lab, registry, classifier):
    lab.page.get_by_role("combobox", name="Search models").fill("from-a-terminal")
    lab.find("text=No model matches")
    registry.register(classifier, "from-a-terminal")
    lab.find("[data-model=from-a-terminal]")


def test_search_narrows_the_list(lab, model):
    search = lab.page.get_by_role("combobox", name="Search models")
    search.fill(model[-12:])
    lab.page.wait_for_function("() => document.querySelectorAll('[data-model]').length === 1")
    search.fill("no such model")
    lab.find("text=No model matches")


def test_versions_show_their_metrics_with_the_best_marked(lab, model):
    page = open_page(lab, model)
    lab.find(f"{page} [data-best=true]")
    best = lab.page.locator(f"{page} [data-best=true]").all_inner_texts()
    assert best == ["0.93", "0.2"]
    lab.picture("versions")


def test_markup_of_others_runs_nothing(lab, model):
    page = open_page(lab, model, version="1.0.0")
    details = f"{page} .jp-modelmgmt-Details"
    lab.find(f'{details} >> text=& "quotes" — ünïcode')
    assert lab.page.locator(f"{details} [onerror]").count() == 0
    assert lab.page.title() != "broken in"


def test_a_long_description_is_rendered_and_cut_until_one_asks(lab, registry, classifier):
    text = "# Why\n\nIt is **better**.\n\n" + "It was trained on more rows. " * 100
    registry.register(classifier, "long-description", description=text, prove=False)
    details = f"{open_page(lab, 'long-description')} .jp-modelmgmt-Details"
    lab.find(f"{details} strong >> text=better")
    lab.picture("long-description")
    shown = lab.page.locator(f"{details} .jp-modelmgmt-Markdown")
    cut = lab.page.locator(f"{details} .jp-modelmgmt-Description > div").bounding_box()["height"]
    assert cut < shown.bounding_box()["height"]
    lab.page.get_by_role("button", name="Show all").click()
    lab.find(f"{details} button[aria-expanded=true]")
    assert lab.page.locator(f"{details} .jp-modelmgmt-Description > div").bounding_box()["height"] > cut


def test_ticked_versions_are_compared(lab, model):
    page = open_page(lab, model)
    for version in ("1.0.0", "1.1.0"):
        lab.page.get_by_label(f"Compare {version}").check()
    lab.page.click(f"{page} button:has-text('Compare (2)')")
    cells = lab.find(f"{page} tr[data-row=loss]").locator("td")
    assert cells.all_inner_texts() == ["0.3", "0.2★\N{MINUS SIGN}0.1"]
    lab.page.get_by_label("Base version").select_option("1")
    lab.find(f"{page} tr[data-row=loss] >> text=+0.1")
    lab.page.get_by_label("Only differences").check()
    lab.page.locator(f"{page} tr[data-row=task]").wait_for(state="detached")


def test_a_version_is_edited_and_promoted(lab, model, registry):
    page = open_page(lab, model)
    lab.run("modelmgmt:edit-version", model=model, version="1.0.0", wait_s=1)
    form = lab.find(".jp-modelmgmt-Form")
    form.get_by_label("Tags").fill("edited, twice")
    lab.dialog("Update model")
    lab.run("modelmgmt:promote-version", model=model, version="1.0.0", stage="production")
    lab.find(f"{page} tr[data-version='1.0.0'] [data-stage=production]")
    edited = registry.get(f"{model}@production")
    assert (edited.version, edited.tags, edited.description) == ("1.0.0", ("edited", "twice"), MARKUP)


def test_a_deployed_version_is_not_deleted_and_a_stopped_one_comes_back(lab, model, registry):
    registry.deploy(f"{model}@1.0.0", name="keeps-it")
    page = open_page(lab, model)
    lab.run("modelmgmt:delete-version", model=model, version="1.0.0", wait_s=0.5)
    lab.find("text=You cannot delete a model that is currently deployed. Stop all deployments first.")
    lab.dialog("Cancel")
    lab.page.click(f"{page} [data-tab=deployments]")
    lab.page.click(f"{page} [data-deployment=keeps-it] button:has-text('Stop')")
    lab.dialog("Stop")
    lab.find(f"{page} [data-deployment=keeps-it][data-state=Stopped]")
    lab.page.click(f"{page} [data-tab=versions]")
    lab.run("modelmgmt:delete-version", model=model, version="1.0.0", wait_s=0.5)
    lab.dialog("Delete")
    lab.page.locator(f"{page} tr[data-version='1.0.0']").wait_for(state="detached")
    lab.page.click("button:has-text('Undo')")
    lab.find(f"{page} tr[data-version='1.0.0']")


def test_a_failed_deployment_shows_its_reason_and_its_log(lab, model, registry):
    version = registry.get(f"{model}@1.1.0")
    stored = registry.artifacts.path(version.artifacts[0].digest)
    kept = stored.read_bytes()
    stored.chmod(0o600)
    stored.write_bytes(b"x" + kept[1:])
    page = open_page(lab, model)
    lab.page.click(f"{page} tr[data-version='1.1.0'] button:has-text('Deploy')")
    lab.find(".jp-modelmgmt-Form").get_by_label("Deployment name").fill("broken")
    lab.dialog("Deploy")
    failed = lab.find(f"{page} [data-deployment=broken][data-state=Failed]", within_s=60)
    assert "The stored bytes of 'model.skops'" in failed.get_by_role("alert").inner_text()
    lab.page.click(f"{page} [data-tab=deployments]")
    lab.find(f"{page} [aria-label='Logs of broken']")
    lab.picture("deployment-failed")
    stored.write_bytes(kept)


def test_samples_are_asked_and_files_that_are_no_images_are_refused_where_they_were_dropped(
    lab, registry, tmp_path, photo
):
    registry.clone("blazeface", "refusing-faces")
    registry.deploy("refusing-faces", name="refusing")
    page = open_page(lab, "refusing-faces", tab="test")
    lab.both_themes("test-samples")
    lab.page.locator(page).get_by_role("button", name="A drawn face").click()
    lab.page.click(f"{page} button:has-text('Predict')")
    lab.find(f"{page} .jp-modelmgmt-Prediction").get_by_text("by version 1.0.0").wait_for()
    lab.picture("test-sample-asked")
    lab.page.click(f"{page} button:has-text('Discard')")
    truncated = tmp_path / "half.jpg"
    truncated.write_bytes(photo.read_bytes()[:2000])
    text = tmp_path / "text.jpg"
    text.write_text("no image at all")
    large = tmp_path / "large.jpg"
    large.write_bytes(b"\xff\xd8\xff" + bytes(26 * 2**20))
    for file, sentence in ((text, "not an image"), (truncated, "image"), (large, "larger than the limit")):
        lab.page.set_input_files(f"{page} input[type=file]", file)
        lab.page.click(f"{page} button:has-text('Predict')")
        assert sentence in lab.find(f"{page} .jp-modelmgmt-Trial-outcome [role=alert]").inner_text()
        lab.page.click(f"{page} button:has-text('Discard')")


@pytest.mark.heavy
def test_versions_answer_on_tensors_deployed_or_not_and_side_by_side(lab, model, registry):
    page = open_page(lab, model, tab="test")
    lab.page.get_by_role("button", name="Try 1.1.0 without deploying").click()
    test = lab.page.locator(page).get_by_role("tabpanel", name="Test")
    request = {"inputs": [{"name": "input", "datatype": "FP32", "shape": [1, 64], "data": [0] * 64}]}
    test.get_by_role("tab", name="JSON").click()
    tensors = test.get_by_label("Tensors, as JSON")
    tensors.fill(json.dumps(request))
    test.get_by_role("button", name="Predict").click()
    test.get_by_text("by version 1.1.0").wait_for(timeout=60000)
    lab.picture("test-not-deployed")
    registry.deploy(f"{model}@1.0.0", name="tensors")
    test.get_by_label("Answered by").select_option("tensors (1.0.0)")
    side = test.get_by_role("region", name="Side by side")
    side.get_by_label("1.1.0, not deployed").check()
    side.get_by_role("button", name="Ask all").click()
    side.get_by_role("status").get_by_text("All agree").wait_for(timeout=60000)
    lab.both_themes("test-side-by-side")
    tensors.fill("{")
    test.get_by_role("button", name="Predict").click()
    assert "not an inference request" in lab.find(f"{page} .jp-modelmgmt-Trial-outcome [role=alert]").inner_text()
    tensors.fill(json.dumps(request))
    test.get_by_role("button", name="Predict").click()
    label = lab.find(f"{page} .jp-modelmgmt-Prediction dt:has-text('label') + dd")
    assert int(label.inner_text()) in range(10)


def test_memory_is_listed_while_a_cell_runs(lab, server):
    fit = "from sklearn.linear_model import LinearRegression\nearly = LinearRegression().fit([[0], [1]], [0, 1])"
    wait = "late = LinearRegression().fit([[0], [1]], [0, 1])\nimport time\ntime.sleep(40)"
    lab.notebook(notebook(server, "busy.ipynb", fit, wait))
    lab.cell(0)
    lab.find("[data-variable=early]")
    lab.cell(1, wait_s=0.5)
    lab.page.get_by_label("In memory toolbar").locator("jp-button").click()
    lab.find("[data-variable=late]", within_s=30)  # long before the cell ends


def test_the_widget_tells_the_kernel_its_base(lab, server, model):
    compare = f"import jupyter_modelmgmt as mm\nw = mm.connect().compare('{model}@1.0.0', '{model}@1.1.0').widget()\nw"
    lab.notebook(notebook(server, "widget.ipynb", compare, "print(f'The base is {w.base}')"))
    lab.cell(0)
    lab.find(".jp-OutputArea .jp-modelmgmt-Comparison")
    lab.page.get_by_label("Base version").select_option("1")
    lab.find("tr[data-row=loss] >> text=+0.1")
    lab.cell(1)
    lab.find("text=The base is 1")


def test_an_open_page_is_there_after_a_reload(lab, model):
    open_page(lab, model, tab="files")
    page = f"modelmgmt-pages:{model}"
    lab.keeps(f'"current":"{page}"', f'"{page}":{{"data":{{"model":"{model}","tab":"files"')
    lab.page.goto(f"{lab.server.address}lab")
    lab.find(f"{lab.model_page(model)} [data-tab=files][aria-selected=true]")


def test_an_address_opens_the_page_of_a_model(lab, model):
    lab.open(f"lab?model={model}@1.0.0&tab=lineage")
    head = lab.find(lab.model_page(model))
    lab.find(f"{lab.model_page(model)} [data-tab=lineage][aria-selected=true]")
    assert head.get_by_label("Version", exact=True).input_value() == "1.0.0"
    assert "model=" not in lab.page.url
    lab.open(f"lab?model={model}&tab=nonsense")
    lab.find(f"{lab.model_page(model)} [role=tabpanel]")
    lab.open("lab?model=nobody&tab=history")
    lab.find(f"{lab.model_page('nobody')} [role=alert] >> text=There is no model 'nobody'")
    assert lab.page.locator(lab.model_page("nobody")).get_by_role("tab").count() == 0


def test_notebook_7_has_the_panel_and_pages_beside_the_notebook(notebook7, model):
    notebook7.page.get_by_role("combobox", name="Search models").fill(model)
    notebook7.find(f"[data-model={model}]").click()
    page = notebook7.model_page(model)
    assert notebook7.page.locator(f"{page} [data-best=true]").first.inner_text() == "0.93"
