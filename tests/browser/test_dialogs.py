"""The dialogs that register, promote, clone and delete."""

import pytest

from tests.browser.conftest import notebook
from tests.servers.waiting import until


@pytest.fixture
def model(registry, classifier, request):
    """Give the name of a model with two versions that only this test has."""
    name = request.function.__name__.removeprefix("test_").replace("_", "-")[:40]
    registry.register(classifier, name, metrics={"accuracy": 0.91})
    registry.register(classifier, name, metrics={"accuracy": 0.93})
    return name


FIT = "from sklearn.linear_model import LinearRegression\nadvised = LinearRegression().fit([[0], [1]], [0, 1])"


@pytest.mark.heavy
def test_advice_is_shown_while_typing_and_a_restarted_kernel_loses_nothing(lab, server, registry):
    register = "import jupyter_modelmgmt as mm\nmm.connect().register(advised, 'advised')"
    refit = "advised = LinearRegression(positive=True).fit([[0, 1], [1, 1]], [0, 2])"
    lab.notebook(notebook(server, "advised.ipynb", FIT, register, refit))
    for cell in range(3):
        lab.cell(cell)
    lab.page.get_by_role("button", name="Register advised").click()
    form = lab.find(".jp-modelmgmt-Form")
    form.get_by_label("Model name").fill("advised")
    form.get_by_text("Advice: major").or_(form.get_by_text("Advice: minor")).wait_for()
    form.get_by_label("Description").fill("Kept while the kernel goes")
    lab.picture("dialog-register-advice")
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    lab.page.locator(".jp-Dialog-button:has-text('Create model')").click()
    alert = form.get_by_role("alert")
    alert.wait_for()
    assert "Run the cell" in alert.inner_text() or "run the cells" in alert.inner_text()
    assert form.get_by_label("Description").input_value() == "Kept while the kernel goes"
    lab.dialog("Cancel")
    assert [v.version for v in registry.versions("advised")] == ["1.0.0"]


def test_files_become_a_version_and_an_upload_that_fails_leaves_nothing(lab, registry, tmp_path):
    weights, notes = tmp_path / "weights.bin", tmp_path / "notes.txt"
    weights.write_bytes(bytes(9 * 2**20))
    notes.write_text("trained on Tuesday")
    lab.run("modelmgmt:register-files", wait_s=0.5)
    form = lab.find(".jp-modelmgmt-Form")
    lab.page.locator(".jp-Dialog-button:has-text('Create')").click()
    form.get_by_text("Choose at least one file.").wait_for()
    form.get_by_label("Model name").fill("of-files")
    form.get_by_label("Files of the model").set_input_files([weights, notes])
    form.get_by_label("Metrics").fill("accuracy=0.5")
    form.get_by_text("Which number?").click()
    lab.picture("dialog-files")
    lab.dialog("Create")
    lab.row("of-files")
    version = registry.get("of-files@1.0.0")
    assert {a.path: a.size for a in version.artifacts} == {"weights.bin": 9 * 2**20, "notes.txt": 18}
    assert version.metrics == {"accuracy": 0.5}


def test_promoting_shows_the_gate_and_an_archive_answers_a_deletion(lab, model, registry):
    # A stage of its own: other tests promote into the known ones.
    registry.configure_stage("checked", gates=["metrics.accuracy > 0.92"], exclusive=True)
    lab.run("modelmgmt:promote-version", model=model, version="1.0.0", wait_s=0.5)
    form = lab.find(".jp-modelmgmt-Form")
    form.get_by_label("Stage", exact=True).select_option("checked")
    form.get_by_text("metrics.accuracy > 0.92").wait_for()
    lab.picture("dialog-promote")
    lab.page.locator(".jp-Dialog-button:has-text('Promote')").click()
    form.get_by_role("alert").wait_for()
    lab.dialog("Cancel")
    assert registry.get(f"{model}@1.0.0").stage == "development"
    lab.run("modelmgmt:promote-version", model=model, version="1.1.0", stage="checked", wait_s=0.5)
    lab.dialog("Promote")
    until(lambda: registry.get(f"{model}@1.1.0").stage == "checked")
    assert registry.get(f"{model}@checked").version == "1.1.0"
    lab.run("modelmgmt:delete-version", model=model, version="1.0.0", wait_s=0.5)
    lab.dialog("Archive")
    lab.find("text=is in stage Archived now")


def test_deleting_lists_what_keeps_the_version_and_stops_it(lab, model, registry):
    registry.deploy(f"{model}@1.0.0", name="keeps-it-running")
    registry.set_alias(f"{model}@1.0.0", "champion")
    lab.run("modelmgmt:delete-version", model=model, version="1.0.0", wait_s=0.5)
    lab.find("text=Deployment keeps-it-running runs it")
    lab.picture("dialog-delete-blocked")
    assert lab.page.locator(".jp-Dialog-button:has-text('Delete')").count() == 0
    lab.page.locator(".jp-Dialog-button:has-text('Stop deployments')").click()
    lab.page.locator(".jp-Dialog-button:has-text('Delete with aliases')").click(timeout=60000)
    lab.find(f"text={model}@1.0.0 is deleted.")
    assert [v.version for v in registry.versions(model)] == ["1.1.0"]


def test_a_new_deployment_begins_with_a_split_and_a_cluster_scales(lab, model, registry):
    lab.run("modelmgmt:deploy-version", model=model, version="1.1.0", wait_s=0.5)
    form = lab.find(".jp-modelmgmt-Form")
    form.get_by_label("Deployment name").fill("begins-with-two")
    form.get_by_label("Split them over versions").check()
    form.get_by_label("Add a version").select_option("1.0.0")
    form.get_by_label("Weight of 1.1.0").fill("60")
    lab.page.locator(".jp-Dialog-button:has-text('Deploy')").click()
    form.get_by_text("The weights sum to 60. They must sum to 100.").wait_for()
    form.get_by_label("Weight of 1.0.0").fill("40")
    form.get_by_text("Advanced").click()
    form.get_by_label("Engine").select_option("ray")
    form.get_by_label("Scale with the requests").check()
    form.get_by_label("Most replicas").scroll_into_view_if_needed()
    lab.both_themes("dialog-deploy-autoscale")
    form.get_by_label("Engine").select_option("local")
    lab.dialog("Deploy")
    shares = registry.deployment("begins-with-two").versions
    assert [(share.version, share.weight) for share in shares] == [("1.1.0", 60), ("1.0.0", 40)]
    registry.stop("begins-with-two")


@pytest.mark.heavy
def test_a_version_is_cloned_with_labels_of_its_own(lab, model, registry):
    lab.run("modelmgmt:clone-version", model=model, version="1.1.0", wait_s=0.5)
    form = lab.find(".jp-modelmgmt-Form")
    form.get_by_label("Model name").fill(f"{model[:20]}-mine")
    form.get_by_label("Labels").fill(", ".join(f"digit {i}" for i in range(10)))
    form.get_by_label("Configuration").fill("{")
    form.get_by_text("Write a JSON object").wait_for()
    form.get_by_label("Configuration").fill("{}")
    lab.dialog("Clone")
    lab.row(f"{model[:20]}-mine")
    clone = registry.get(f"{model[:20]}-mine@1.0.0")
    assert (clone.labels[3], clone.parent) == ("digit 3", f"{model}@1.1.0")


def test_versions_are_imported_from_storage_a_template_a_run_and_an_export(lab, registry, onnx_file, tmp_path):
    with registry.run("train elsewhere") as run:
        run.log_metric("loss", 0.25)
    exported = registry.export(registry.register_files(onnx_file, "packed", version="2.0.0").selector, tmp_path)
    form = imports(lab, "storage")
    form.get_by_label("Path").fill("/no/such/place")
    form.get_by_label("Model name").fill("from-storage")
    lab.page.locator(".jp-Dialog-button:has-text('Import')").click()
    assert "/no/such/place" in form.get_by_role("alert").inner_text()
    form.get_by_label("Path").fill(str(onnx_file))
    form.get_by_text("Advanced").click()
    form.get_by_label("Edge").uncheck()
    lab.both_themes("dialog-import-storage")
    lab.dialog("Import")
    assert registry.get("from-storage@1.0.0").interface.services == ("real-time", "batch")

    form = imports(lab, "template")
    form.get_by_label("Template").select_option("onnx-image-classifier")
    form.get_by_label("Path").fill(str(onnx_file))
    form.get_by_label("Model name").fill("from-template")
    lab.both_themes("dialog-import-template")
    lab.dialog("Import")
    assert registry.get("from-template@1.0.0").interface.template == "onnx-image-classifier"

    form = imports(lab, "run")
    form.get_by_label("Run", exact=True).select_option(run.id)
    form.get_by_text("loss 0.25").wait_for()
    form.get_by_label("Path").fill(str(onnx_file))
    form.get_by_label("Model name").fill("from-run")
    lab.both_themes("dialog-import-run")
    lab.dialog("Import")
    assert registry.get("from-run@1.0.0").source == f"run:{run.id}"

    form = imports(lab, "export")
    form.get_by_label("Export file", exact=True).set_input_files(exported)
    form.get_by_label("Model name").fill("unpacked")
    lab.both_themes("dialog-import-export")
    lab.dialog("Import")
    assert registry.get("unpacked@2.0.0").framework == "onnx"


@pytest.mark.heavy
def test_a_container_is_imported_and_an_mlflow_server_that_is_not_there_says_so(lab, registry):
    form = imports(lab, "container")
    form.get_by_label("Image", exact=True).fill("localhost/letters:1")
    form.get_by_label("Keep a copy").uncheck()
    form.get_by_label("A command runs inside").check()
    form.get_by_label("Command that is run").fill("test -e /ready")
    form.get_by_label("Model name").fill("from-container")
    lab.both_themes("dialog-import-container")
    lab.dialog("Import")
    assert registry.get("from-container@1.0.0").config["health"]["command"] == ["test", "-e", "/ready"]

    form = imports(lab, "mlflow")
    form.get_by_text("MLflow is not configured").wait_for()
    form.get_by_label("Server").fill("http://127.0.0.1:9")
    form.get_by_role("button", name="Show its models").click()
    form.get_by_role("alert").get_by_text("127.0.0.1:9").wait_for()
    lab.both_themes("dialog-import-mlflow")
    lab.dialog("Cancel")


def test_an_import_that_is_cancelled_ends_and_leaves_nothing(lab, registry, tmp_path):
    with (tmp_path / "huge.bin").open("wb") as file:
        file.truncate(16 * 2**30)  # of zeros that take no room; more than can be read before the click
    form = imports(lab, "storage")
    form.get_by_label("Path").fill(str(tmp_path))
    form.get_by_label("Model name").fill("given-up")
    lab.page.locator(".jp-Dialog-button:has-text('Import')").click()
    lab.page.wait_for_function("() => document.querySelector('.jp-modelmgmt-Form progress')?.value > 0", timeout=60000)
    assert lab.page.locator(".jp-Dialog-button:has-text('Import')").get_attribute("aria-disabled") == "true"
    lab.both_themes("dialog-import-progress")
    lab.dialog("Cancel")
    # What it had copied goes as soon as the server notices.
    until(lambda: not [path for path in registry.artifacts.folder.rglob("*") if size_of(path) > 2**26])
    assert "given-up" not in [model.name for model in registry.models()]
    assert lab.page.locator("[data-model=given-up]").count() == 0


def size_of(path):
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def imports(lab, source):
    """Open the dialog and choose where a version comes from."""
    lab.run("modelmgmt:import", wait_s=0.5)
    form = lab.find(".jp-modelmgmt-Form")
    form.get_by_label("Source").select_option(source)
    return form
