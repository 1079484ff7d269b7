"""Kept tests in the Test tab: kept with their answer, run by themselves with a new version, run again, removed."""

import io
import time
from dataclasses import replace

import pytest
from PIL import Image

import jupyter_modelmgmt as mm
from tests.servers.waiting import until

pytestmark = pytest.mark.heavy

MODEL = "portraits"


@pytest.fixture
def faces(registry):
    """Register a face detector that a photo can be kept of."""
    registry.clone("blazeface", MODEL)
    yield registry
    registry.delete_model(MODEL, confirm=MODEL)


class Keeper:
    """What a person does on the page of the model."""

    def __init__(self, lab):
        self.lab = lab
        lab.run("modelmgmt:open-model", model=MODEL, tab="test")
        self.root = lab.page.locator(lab.model_page(MODEL))
        self.kept = self.root.get_by_role("region", name="Kept tests")

    def keep(self, photo):
        self.root.get_by_role("button", name="Try 1.0.0 without deploying").click()
        self.root.locator("input[type=file]").set_input_files(photo)
        self.root.get_by_role("button", name="Predict").click()
        self.root.get_by_role("button", name="Keep this test…").click(timeout=60_000)
        form = self.root.get_by_role("form", name="Keep this test")
        assert form.get_by_label("Name").input_value() == "astronaut.jpg"
        assert form.get_by_text("face × 1").is_visible()  # noqa: RUF001
        self.both("kept-form")
        form.get_by_role("button", name="Keep", exact=True).click()
        self.root.get_by_text("Kept. Every new version is asked this again.").wait_for()

    def tally(self, told):
        """Wait for the badge that tells how many passed."""
        badge = self.root.get_by_role("img", name=told).first
        badge.wait_for(timeout=60_000)
        return badge.inner_text()

    def both(self, name):
        self.lab.both_themes(name)


def test_a_test_is_kept_and_every_new_version_is_asked_by_itself(lab, faces, photo):
    keeper = Keeper(lab)
    keeper.kept.get_by_text("Nothing is kept yet").wait_for()
    keeper.keep(photo)
    row = keeper.kept.get_by_role("row", name="astronaut.jpg")
    assert row.get_by_text("Passed").is_visible()
    picture = row.get_by_role("img", name="The input of astronaut.jpg")
    lab.page.wait_for_function("image => image.naturalWidth === 512", arg=picture.element_handle())
    assert keeper.tally("1 of 1 kept tests passed, 0 failed") == "Kept tests 1/1"

    faces.clone_version(f"{MODEL}@1.0.0", MODEL, version="1.1.0")
    faces.clone_version(f"{MODEL}@1.0.0", MODEL, version="2.0.0", labels=["head"])
    keeper.root.get_by_role("tab", name="Versions").click()
    for version, told in (
        ("1.1.0", "1 of 1 kept tests passed, 0 failed"),
        ("2.0.0", "0 of 1 kept tests passed, 1 failed"),
    ):
        line = keeper.root.locator(f"tr[data-version='{version}']")
        line.get_by_role("img", name=told).wait_for(timeout=60_000)
    keeper.both("kept-versions")

    keeper.root.locator("tr[data-version='2.0.0']").get_by_role("button", name="Test").click()
    row.get_by_text("expected face × 1, got head × 1").wait_for()  # noqa: RUF001
    keeper.both("kept-tests")
    lab.page.set_viewport_size({"width": 900, "height": 900})
    lab.picture("kept-narrow")
    lab.page.set_viewport_size({"width": 1400, "height": 900})
    keeper.kept.get_by_role("button", name="Run all with 2.0.0").click()
    keeper.kept.get_by_role("button", name="Run all with 2.0.0").wait_for(timeout=60_000)
    assert row.get_by_text("Failed").is_visible()

    row.get_by_role("button", name="Remove astronaut.jpg").click()
    lab.dialog("Remove")
    keeper.kept.get_by_text("Nothing is kept yet").wait_for()
    assert faces.kept_tests(MODEL) == ()


def test_a_test_is_kept_on_the_page_of_a_deployment_and_a_removed_one_comes_back(lab, faces, photo):
    faces.deploy(MODEL, name="doorbell")
    lab.run("modelmgmt:open-deployment", deployment="doorbell", tab="test")
    page = lab.page.locator("[id^=jp-modelmgmt-deployment-]")
    page.locator("input[type=file]").set_input_files(photo)
    page.get_by_role("button", name="Predict").click()
    page.get_by_role("button", name="Keep this test…").click(timeout=60_000)
    form = page.get_by_role("form", name="Keep this test")
    form.get_by_label("Name").fill("a visitor")
    lab.picture("kept-deployment-form")
    form.get_by_role("button", name="Keep", exact=True).click()
    kept = page.get_by_role("region", name="Kept tests")
    row = kept.get_by_role("row", name="a visitor")
    row.get_by_text("Passed").wait_for()
    (before,) = faces.kept_tests(MODEL)
    told = (before.name, before.expected.version, before.media)
    assert told == ("a visitor", faces.get(MODEL).version, "image/jpeg")
    lab.picture("kept-deployment")

    row.get_by_role("button", name="Remove a visitor").click()
    lab.dialog("Remove")
    row.wait_for(state="detached")
    assert faces.kept_tests(MODEL) == ()
    lab.page.get_by_role("button", name="Undo").click()
    row.get_by_text("Passed").wait_for()
    (after,) = faces.kept_tests(MODEL)
    assert replace(after, created_at=before.created_at) == replace(before, created_by=after.created_by)
    faces.stop("doorbell")
    faces.delete_deployment("doorbell", confirm="doorbell")


class Stuck(mm.ModelAdapter):
    """Answers pictures at once, but never black ones."""

    def load(self, local_path):
        self.files = local_path

    def predict(self, batch):
        for pixels in batch:
            while not pixels.any():
                time.sleep(1)
        return [mm.Text("seen") for _ in batch]


def test_a_run_of_kept_tests_is_cancelled_and_keeps_what_it_found(lab, registry, tmp_path):
    (tmp_path / "weights.bin").write_bytes(b"none")
    registry.register_files(tmp_path / "weights.bin", "stuck", adapter=Stuck, prove=False)
    registry.keep_test("stuck", Image.new("RGB", (8, 8), (200, 0, 0)), name="red")
    black = io.BytesIO()
    Image.new("RGB", (8, 8)).save(black, "PNG")
    digest, size = registry.artifacts.add(io.BytesIO(black.getvalue()))
    said = {"digest": digest, "size": size, "media": "image/png", "expected": {"text": "seen"}}
    registry.keep_answer("stuck", name="black", **said)

    lab.run("modelmgmt:open-model", model="stuck", tab="test")
    kept = lab.page.locator(lab.model_page("stuck")).get_by_role("region", name="Kept tests")
    kept.get_by_role("button", name="Run all with 1.0.0").click()
    kept.get_by_role("status").get_by_text("1 of 2 with 1.0.0").wait_for(timeout=60_000)
    lab.picture("kept-running")
    kept.get_by_role("button", name="Cancel").click()
    kept.get_by_role("button", name="Run all with 1.0.0").wait_for()
    assert kept.get_by_role("row", name="red").get_by_text("Passed").is_visible()
    assert kept.get_by_role("alert").count() == 0
    # The worker of the black picture has ended: another run begins at once.
    begun = registry.last_event()
    kept.get_by_role("button", name="Run red").click()
    runs = until(lambda: [event for event in registry.events(begun) if event.action == "tests.run"])
    assert [event.details for event in runs] == [{"passed": 1, "total": 1}]
    registry.delete_model("stuck", confirm="stuck")
