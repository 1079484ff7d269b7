"""The journey of ModelArts: a model grows by imports from several sources, and its versions stand in one list."""

import json
import shutil

import pytest

from tests.browser.test_sidebar import row

MODEL = "modelarts-digits"
PACKAGE = {"model_algorithm": "predict_analysis", "model_type": "ONNX", "metrics": {"accuracy": 0.91}}
ROUGHLY = {"package_name": "numpy", "package_version": "2", "restraint": "ROUGHLY"}

# A column, a direction, and the version that is the first then.
ORDERS = (
    ("accuracy", "ascending", "1.0.0"),
    ("Size", "descending", "2.0.0"),
    ("Registered at", "ascending", "1.0.0"),
    ("max_iter", "ascending", "2.0.0"),
)


@pytest.fixture
def package(tmp_path, onnx_file):
    """Give a model package whose config.json asks for a version of numpy in a way that there is not."""
    folder = tmp_path / "package"
    folder.mkdir()
    shutil.copyfile(onnx_file, folder / "digits.onnx")
    configure(folder, dependencies=[{"installer": "pip", "packages": [ROUGHLY]}])
    return folder


@pytest.fixture
def runs(registry):
    """Give a run that has finished and one that has not."""
    with registry.run("finished training", params={"C": 0.01, "solver": "lbfgs"}) as run:
        run.log_metric("accuracy", 0.96)
    going = registry.start_run("training that goes on")
    yield run, going
    going.finish()


def configure(folder, **said):
    (folder / "config.json").write_text(json.dumps({**PACKAGE, **said}))


@pytest.mark.heavy
def test_versions_come_from_several_sources_and_are_found_sorted_and_deleted(
    lab, registry, package, runs, onnx_file, classifier
):
    import_a_package(lab, registry, package)
    import_another_version(lab, registry, runs, onnx_file)
    registry.register(classifier, MODEL, downloadable=False, version="2.0.0", allow_identical=True)
    look_through_the_list(lab, runs[0])
    delete(lab, registry)


def import_a_package(lab, registry, package):
    """Import from storage; a config.json that is malformed is refused by the name of its field (M16, M17)."""
    lab.run("modelmgmt:import", source="storage", wait_s=0.5)
    form = lab.find(".jp-modelmgmt-Form")
    form.get_by_label("Path").fill(str(package))
    form.get_by_label("Model name").fill(MODEL)
    lab.page.locator(".jp-Dialog-button:has-text('Import')").click()
    lab.page.get_by_role("alert").get_by_text("dependencies[0].packages[0].restraint").first.wait_for()
    lab.both_themes("modelarts-malformed")
    configure(package)
    form.get_by_text("Advanced").click()
    form.get_by_label("Edge").uncheck()
    lab.dialog("Import")
    first = registry.get(f"{MODEL}@1.0.0")
    assert (first.metrics, first.interface.services) == ({"accuracy": 0.91}, ("real-time", "batch"))


def import_another_version(lab, registry, runs, onnx_file):
    """Make versions from the model's row: they keep its name and come from elsewhere than the first (M4, M10, M11)."""
    finished, going = runs
    form = another(lab, "run")
    offered = form.get_by_label("Run", exact=True).locator("option")
    offered.filter(has_text="finished training").first.wait_for(state="attached")
    assert going.id not in offered.evaluate_all("found => found.map(one => one.value)")
    form.get_by_label("Run", exact=True).select_option(finished.id)
    form.get_by_label("Path").fill(str(onnx_file))
    lab.dialog("Import")
    form = another(lab, "template")
    form.get_by_label("Template").select_option("onnx-image-classifier")
    form.get_by_label("Path").fill(str(onnx_file))
    lab.dialog("Import")
    assert registry.get(f"{MODEL}@newest").interface.template == "onnx-image-classifier"


def another(lab, source):
    lab.row(MODEL).click(button="right")
    lab.page.get_by_role("menuitem", name="Import a Version…").click()
    form = lab.find(".jp-modelmgmt-Form")
    assert form.get_by_label("Model name").input_value() == MODEL
    form.get_by_label("Source").select_option(source)
    return form


def look_through_the_list(lab, run):
    """Unfold the row of the model; choose columns, sort, and read where versions come from (M4, M6, M7, M9, P3)."""
    search = lab.page.get_by_role("combobox", name="Search models")
    search.fill(MODEL)
    row(lab, MODEL).locator(".jp-modelmgmt-Tree-caret").click()
    row(lab, "2.0.0", level=2).wait_for()
    assert lab.page.get_by_role("treeitem", level=2).count() == 4
    lab.run("modelmgmt:open-model", model=MODEL, tab="versions")
    page = lab.page.locator(lab.model_page(MODEL))
    page.get_by_text("Columns", exact=True).click()
    page.get_by_role("group", name="Parameters").get_by_label("Parameters").check()
    page.get_by_label("Size").check()
    lab.both_themes("modelarts-columns")
    page.get_by_text("Columns", exact=True).click()
    table = page.get_by_role("table", name="Versions")
    rows = table.locator("tbody tr")
    for name, way, first in ORDERS:
        head = table.get_by_role("columnheader", name=name, exact=True)
        while head.get_attribute("aria-sort") != way:
            head.get_by_role("button").click()
        table.locator(f"tbody tr:first-child[data-version='{first}']").wait_for()
    assert rows.count() == 4
    rows.filter(has_text="1.1.0").first.click()
    details = page.get_by_role("region", name="Details of 1.1.0")
    details.get_by_text(f"run:{run.id}").wait_for()
    lab.both_themes("modelarts-versions")
    rows.filter(has_text="1.0.0").first.click()
    page.get_by_role("region", name="Details of 1.0.0").get_by_text("Real-time, Batch").wait_for()
    rows.filter(has_text="2.0.0").first.click()
    last = page.get_by_role("region", name="Details of 2.0.0")
    last.get_by_text("This version may be deployed and not downloaded.").wait_for()
    assert last.get_by_role("button", name="Download").count() == 0
    lab.picture("modelarts-deploy-only")


def delete(lab, registry):
    """Delete one version from its menu, then the model with all that are left, by its typed name (M4, M8)."""
    page = lab.page.locator(lab.model_page(MODEL))
    page.locator("tr[data-version='1.0.0']").click(button="right")
    lab.page.get_by_role("menuitem", name="Delete…").click()
    lab.dialog("Delete")
    page.locator("tr[data-version='1.0.0']").wait_for(state="detached")
    assert "1.0.0" not in [one.version for one in registry.versions(MODEL)]
    lab.row(MODEL).click(button="right")
    lab.page.get_by_role("menuitem", name="Delete Model…").click()
    form = lab.find(".jp-modelmgmt-Form")
    form.get_by_label(f"Type {MODEL} to confirm").fill("another")
    lab.page.locator(".jp-Dialog-button:has-text('Delete')").click()
    form.get_by_text(f"Type {MODEL}, exactly.").wait_for()
    form.get_by_label(f"Type {MODEL} to confirm").fill(MODEL)
    lab.picture("modelarts-delete")
    lab.dialog("Delete")
    row(lab, MODEL).wait_for(state="detached")
    assert MODEL not in [one.name for one in registry.models()]
