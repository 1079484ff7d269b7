"""The tabs of a model's page, filled by a real notebook kernel, in light and dark."""

import re
import zipfile

import pytest
from jupyter_client.manager import start_new_kernel

MODEL = "handwriting"
DESCRIPTION = """Reads **handwritten digits** from 8 x 8 pixels.

- trained on scikit-learn's digits
- not for postal codes

See https://scikit-learn.org/stable/datasets/toy_dataset.html."""
# Three versions as a user makes them: cells that train, a run with curves, data with a name, golden data.
CELLS = (
    """
import os
import pandas as pd
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier
import jupyter_modelmgmt as mm

reg = mm.connect()
x, y = load_digits(return_X_y=True)
train, test = pd.DataFrame(x[:800]), pd.DataFrame(x[800:1000])
train.columns = test.columns = [f"p{i}" for i in range(64)]
""",
    """
def fitted(size, rate):
    net = MLPClassifier((size,), learning_rate_init=rate, max_iter=12, random_state=0)
    return net.fit(train.to_numpy(), y[:800])
""",
    """
def scores(net):
    return {"accuracy": net.score(x[800:1000], y[800:1000]), "val_loss": float(net.loss_)}
""",
    """
reg.register_dataset("golden-digits", data=x[1000:1200])
reg.register_dataset("golden-smudged", data=x[1200:1300])
""",
    "size, rate = 8, 0.01",
    """
net = fitted(size, rate)
with reg.run("train handwriting", params={"size": size, "rate": rate}) as run:
    for step, loss in enumerate(net.loss_curve_):
        run.log_metric("loss", loss, step=step)
        run.log_metric("rate", rate / (1 + step), step=step)
    v = reg.register(net, "handwriting", metrics=scores(net), input_example=x[:3], description=text,
                     datasets={"train": train, "test": test}, tags=["vision"], author="Ada", **more)
for name, part in (("golden-digits", slice(1000, 1200)), ("golden-smudged", slice(1200, 1300))):
    reg.log_evaluation(v.selector, dataset=name, metrics={"accuracy": net.score(x[part], y[part])})
""",
)
# Where `make test` runs, a proof takes a process of two seconds: one version is enough.
PROVE = "os.environ.pop('JUPYTER_MODELMGMT_PROVE')\nmore = {'license': 'BSD-3-Clause'}"


class Kernel:
    def __init__(self, client):
        self._client = client

    def run(self, cell):
        said = []
        reply = self._client.execute_interactive(cell, timeout=120, output_hook=said.append)
        assert reply["content"]["status"] == "ok", [message["content"] for message in said]


@pytest.fixture(scope="module")
def handwriting(server):
    """Give the name of a model with three versions that a notebook kernel registered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_MODELMGMT_URL", server.url)
        patch.setenv("JPY_SESSION_NAME", "")
        manager, client = start_new_kernel(kernel_name="python3", cwd=str(server.folder))
    kernel = Kernel(client)
    first, train, score, golden, choose, register = CELLS
    for cell in (first, f"text = {DESCRIPTION!r}\nmore = {{}}", train, score, golden, choose, register):
        kernel.run(cell)
    kernel.run("size, rate = 24, 0.02")
    kernel.run(register)
    kernel.run(PROVE)
    kernel.run("size, rate = 48, 0.01")
    kernel.run(register)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()
    return MODEL


@pytest.fixture
def page(lab, handwriting):
    """Give the open page; `page.tab(name)` shows a tab."""
    lab.run("modelmgmt:open-model", model=handwriting)
    return Page(lab, handwriting)


class Page:
    def __init__(self, lab, model):
        self.lab = lab
        self.root = lab.page.locator(lab.model_page(model))
        self.root.get_by_role("heading", name=model, level=1).wait_for()

    def tab(self, name):
        self.root.get_by_role("tab", name=name).click()
        panel = self.root.get_by_role("tabpanel", name=name)
        panel.wait_for()
        return panel


def test_the_card_tells_what_was_found_out_and_what_nobody_knows(page):
    card = page.tab("Card")
    summary = card.get_by_role("region", name="Summary")
    summary.locator("strong", has_text="handwritten digits").wait_for()
    card.get_by_role("region", name="Source cells").get_by_text("net = fitted(size, rate)").wait_for()
    assert "allow_code" not in card.get_by_role("region", name="How to load").inner_text()
    assert "golden-smudged" in card.get_by_role("region", name="Evaluation").inner_text()
    facts = card.get_by_role("complementary", name="Facts")
    assert "predicts alike" in facts.inner_text()
    assert "BSD-3-Clause" in card.get_by_role("region", name="License").inner_text()
    page.lab.both_themes("card")
    page.root.get_by_label("Version", exact=True).select_option("1.0.0")
    card.get_by_role("region", name="License").get_by_text("unknown").wait_for()
    facts.get_by_text("facts are unknown").click()
    facts.get_by_text("License: edit the version.").wait_for()


def test_history_tells_old_and_new_and_is_filtered(page, registry):
    registry.update(f"{MODEL}@1.0.0", author="Grace")
    history = page.tab("History")
    row = history.get_by_role("row").filter(has_text="Version edited").filter(has_text="author")
    row.wait_for()
    assert (row.locator("del").inner_text(), row.locator("ins").inner_text()) == ("Ada", "Grace")
    history.get_by_label("Filter the history").fill("grace")
    history.get_by_role("status").get_by_text("1 change", exact=True).wait_for()
    history.get_by_label("Filter the history").fill("")
    page.lab.both_themes("history")


def test_a_model_without_deployments_offers_one(page):
    deployments = page.tab("Deployments")
    deployments.get_by_role("button", name="Deploy 1.2.0").wait_for()
    page.lab.both_themes("deployments-none")


def test_curves_of_several_versions_lie_over_one_another(page):
    metrics = page.tab("Metrics")
    chart = metrics.get_by_role("figure", name="accuracy over versions")
    chart.locator("svg circle").nth(2).wait_for()
    metrics.get_by_label("Metric", exact=True).select_option("accuracy @ golden-digits")
    metrics.get_by_role("figure", name="accuracy @ golden-digits over versions").wait_for()
    loss = metrics.get_by_role("region", name="loss", exact=True)
    loss.locator("svg path[stroke]").nth(2).wait_for()
    lines = [f"{version}{kept}" for version in ("1.2.0", "1.1.0", "1.0.0") for kept in ("", " train")]
    assert loss.get_by_role("listitem").all_inner_texts() == lines
    page.lab.both_themes("metrics")
    metrics.get_by_text("3 versions", exact=True).click()
    metrics.get_by_role("group", name="Versions in the charts").get_by_label("1.1.0").uncheck()
    loss.get_by_role("listitem").nth(4).wait_for(state="detached")
    metrics.get_by_label("Logarithmic").check()


def test_lineage_is_a_graph_with_a_list_beside_it(page):
    lineage = page.tab("Lineage")
    graph = lineage.get_by_role("region", name="Graph")
    graph.get_by_role("button", name="handwriting@1.2.0").wait_for()
    page.lab.both_themes("lineage")
    graph.get_by_role("button", name="handwriting-train").focus()
    page.lab.page.keyboard.press("Enter")
    dataset = lineage.get_by_role("region", name="Dataset handwriting-train@1")
    dataset.get_by_role("list", name="Went into").get_by_role("button", name=f"Version {MODEL}@1.2.0").click()
    version = lineage.get_by_role("region", name=f"Version {MODEL}@1.2.0")
    version.get_by_role("list", name="Comes from").get_by_role("button", name="Run train handwriting").click()
    run = lineage.get_by_role("region", name="Run train handwriting")
    run.get_by_role("list", name="Went into").get_by_role("button").first.click()
    lineage.get_by_role("button", name="Open", exact=True).click()
    page.root.get_by_role("tabpanel", name="Card").wait_for()


def test_files_tell_their_safety_and_show_what_is_inside(page, registry, onnx_file, tmp_path):
    folder = tmp_path / "mixed"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "README.md").write_text("# Net\n\nA **net**.")
    (folder / "config.json").write_text('{"size": [8, 8]}')
    (folder / "net.onnx").write_bytes(onnx_file.read_bytes())
    registry.register_files(folder, "mixed")
    page.lab.run("modelmgmt:open-model", model="mixed", tab="files")
    files = Page(page.lab, "mixed").tab("Files")
    preview = files.get_by_role("complementary")
    files.get_by_role("button", name="net.onnx").click()
    preview.get_by_role("table", name="Tensors").get_by_role("row").nth(1).wait_for()
    assert "data" in files.get_by_role("row").filter(has_text="net.onnx").inner_text()
    page.lab.both_themes("files")
    files.get_by_role("button", name="config.json").click()
    preview.get_by_text('"size": [').wait_for()
    files.get_by_role("button", name="README.md").click()
    preview.locator("strong", has_text="net").wait_for()
    files.get_by_label("Choose config.json").check()
    files.get_by_label("Choose docs/README.md").check()
    with page.lab.page.expect_download() as download:
        files.get_by_role("button", name="Download (2)").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert sorted(archive.namelist()) == ["config.json", "docs/README.md"]


def test_versions_are_compared_down_to_packages_cells_and_files(page, registry, classifier, tmp_path):
    registry.register(classifier, "rival", metrics={"accuracy": 0.97})
    selectors = [f"{MODEL}@{version}" for version in ("1.0.0", "1.1.0", "1.2.0")]
    page.lab.run("modelmgmt:compare-versions", selectors=selectors)
    compare = page.root.get_by_role("tabpanel", name="Compare")
    row = compare.get_by_role("row", name=re.compile("^accuracy @ golden-digits"))
    row.get_by_role("img", name="best").first.wait_for()
    assert compare.get_by_role("row", name=re.compile("^python")).count() == 0
    compare.get_by_role("row", name=re.compile("^model.skops")).wait_for()
    compare.get_by_role("figure", name="Radar of all scores").locator("svg circle").first.wait_for()
    page.lab.both_themes("compare")
    cells = compare.get_by_role("region", name="Cells", exact=True)
    cells.get_by_text("size, rate = 24, 0.02").wait_for()
    cells.get_by_role("status").get_by_text(re.compile(r"^\d+ lines differ$")).wait_for()
    cells.scroll_into_view_if_needed()
    page.lab.both_themes("compare-cells")
    compare.get_by_label("Version to add").fill("rival@1.0.0")
    compare.get_by_role("button", name="Add").click()
    compare.get_by_role("columnheader", name="rival@1.0.0").wait_for()
    with page.lab.page.expect_download() as download:
        compare.get_by_role("button", name="CSV").click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0] == f"group,name,{','.join(selectors)},rival@1.0.0"
    compare.get_by_role("button", name="Remove rival@1.0.0").click()
    compare.get_by_role("columnheader", name="rival@1.0.0").wait_for(state="detached")
