"""Journeys of the seeds: the board of W&B in a cell; the form, the edit and the versions of Kaisar."""

import pytest

from tests.browser.conftest import notebook

MODEL = "resnet50-imagenet-v1"
LOSSES = {"1.0.0": (0.31, 0.42), "1.1.0": (0.27, 0.45), "1.2.0": (0.29, 0.40)}


@pytest.fixture
def evaluated(registry, tmp_path):
    """Register three versions that were evaluated on two golden datasets (S13)."""
    (tmp_path / "net.bin").write_bytes(b"net")
    for name in ("10k", "1k"):
        registry.register_dataset(name, digest="blake3:" + f"{len(name):064}")
    for version, losses in LOSSES.items():
        registry.register_files(tmp_path / "net.bin", "golden", version=version, allow_identical=True)
        for dataset, loss in zip(("10k", "1k"), losses, strict=True):
            registry.log_evaluation(f"golden@{version}", dataset=dataset, metrics={"loss": loss})
    return "golden"


def test_the_board_of_w_and_b_is_sorted_ticked_and_leads_to_the_model(lab, server, evaluated):
    board = f"import jupyter_modelmgmt as mm\nb = mm.widgets.Board('{evaluated}', metrics=['loss'])\nb"
    lab.notebook(notebook(server, "board.ipynb", board, "print('ticked', b.selected, b.sort)"))
    lab.cell(0)
    table = lab.page.locator(".jp-OutputArea").get_by_role("table", name="Board")
    table.wait_for()
    heads = [head.strip(" ↓↑") for head in table.get_by_role("columnheader").all_inner_texts()]
    assert heads == ["Model link", "Version", "Status", "Loss @ 10k", "Loss @ 1k"]
    by_loss = table.get_by_role("button", name="Loss @ 10k")
    by_loss.click()
    by_loss.click()
    rows = table.locator("tbody tr")
    table.locator("tbody tr:first-child[data-version='1.1.0']").wait_for()
    assert [rows.nth(n).get_attribute("data-version") for n in range(3)] == ["1.1.0", "1.2.0", "1.0.0"]
    assert "★" in table.locator("tr[data-version='1.1.0'] [data-best=true]").inner_text()
    table.get_by_label(f"Select {evaluated}@1.2.0").check()
    lab.both_themes("board")
    lab.cell(1)
    lab.find(f"text=ticked ['{evaluated}@1.2.0'] loss @ 10k")
    table.get_by_role("button", name=f"{evaluated}@1.0.0").click()
    lab.find(f"{lab.model_page(evaluated)} h1")


def test_kaisars_model_is_registered_edited_grown_downloaded_and_deleted(lab, registry, tmp_path):
    weights = tmp_path / "weights.h5"
    weights.write_bytes(b"first")
    lab.run("modelmgmt:register-files", wait_s=0.5)
    form = lab.find(".jp-modelmgmt-Form")
    form.get_by_label("Model name").fill(MODEL)
    form.get_by_text("Semantic version (major.minor.patch)").wait_for()
    form.get_by_label("Files of the model").set_input_files(weights)
    lab.picture("dialog-kaisar")
    lab.dialog("Create")
    lab.find(f"text={MODEL}@1.0.0 is registered")
    first = registry.get(f"{MODEL}@1.0.0")
    assert (first.task, first.model_type, first.status, first.stage) == (
        "classification", "custom", "draft", "development",
    )  # fmt: skip

    edit(lab)
    grow(lab, tmp_path)
    assert [v.version for v in registry.versions(MODEL)] == ["1.2.0", "1.1.0", "1.0.0"]
    assert registry.get(f"{MODEL}@1.0.0").license == "MIT"

    lab.run("modelmgmt:open-model", model=MODEL, tab="files")
    page = lab.model_page(MODEL)
    lab.find(f"{page} [data-tab=files][aria-selected=true]")
    with lab.page.expect_download() as saved:
        lab.page.locator(page).get_by_role("button", name="Download all").click()
    assert saved.value.suggested_filename.endswith(".zip")
    lab.run("modelmgmt:delete-version", model=MODEL, version="1.1.0", wait_s=0.5)
    lab.dialog("Delete")
    lab.find(f"text={MODEL}@1.1.0 is deleted.")
    assert [v.version for v in registry.versions(MODEL)] == ["1.2.0", "1.0.0"]


def edit(lab):
    """Change the six fields of K9; name, version and framework are not among them."""
    lab.run("modelmgmt:edit-version", model=MODEL, version="1.0.0", wait_s=0.5)
    form = lab.find(".jp-modelmgmt-Form")
    for label in ("Description", "Tags", "Status", "Author", "License"):
        assert form.get_by_label(label).is_enabled(), label
    assert form.get_by_label("Model name").count() == 0
    assert form.get_by_label("Framework").count() == 0
    form.get_by_label("License").fill("MIT")
    lab.dialog("Update model")


def grow(lab, tmp_path):
    """Make 1.1.0 and 1.2.0 of it (K10); a number that is taken is refused where it was written."""
    for how, content in (("1.1.0, minor", b"second"), ("1.2.0, minor", b"third")):
        form = new_version(lab, tmp_path, content)
        form.get_by_label(how).check()
        lab.dialog("Create")
        lab.find(f"text={MODEL}@{how[:5]} is registered")
    form = new_version(lab, tmp_path, b"fourth")
    form.get_by_label("Exact version").check()
    form.get_by_role("textbox", name="Exact version").fill("1.1.0")
    lab.page.locator(".jp-Dialog-button:has-text('Create')").click()
    form.get_by_text(f"{MODEL}@1.1.0 already exists").wait_for()
    lab.dialog("Cancel")


def new_version(lab, tmp_path, content):
    weights = tmp_path / "weights.h5"
    weights.write_bytes(content)
    lab.run("modelmgmt:register-files", model=MODEL, wait_s=0.5)
    form = lab.find(".jp-modelmgmt-Form")
    form.get_by_label("Files of the model").set_input_files(weights)
    return form
