"""The page of the registry: approvals, stages, trash; and the names that point at versions."""

from contextlib import closing

import pytest

from jupyter_modelmgmt.registry import connect

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def filled(server, classifier):
    """Register three versions; one, and nothing of other tests, is in the trash."""
    with closing(connect(server.url)) as registry:
        for left in registry.trash():
            registry.purge(f"{left.model}@{left.version}", confirm=f"{left.model}@{left.version}")
        for number in ("1.0.0", "1.1.0", "1.2.0"):
            registry.register(classifier, "alphabet", version=number, allow_identical=True, metrics={"accuracy": 0.97})
        registry.delete("alphabet@1.2.0")
    return server.url


@pytest.fixture
def governance(lab, filled):
    lab.run("modelmgmt:open-registry")
    return lab.find("#jp-modelmgmt-registry-registry")


def tab(governance, name):
    governance.get_by_role("tab", name=name).click()
    return governance.get_by_role("tabpanel", name=name)


def test_a_stage_that_wants_an_approval_is_made_asked_for_and_entered(lab, governance, registry):
    stages = tab(governance, "Stages")
    stages.get_by_role("button", name="Add stage…").click()
    form = lab.find(".jp-modelmgmt-Form")
    form.get_by_label("Name").fill("review")
    form.get_by_label("One version of a model at a time").check()
    form.get_by_label("Nobody enters without an approval").check()
    form.get_by_label("Gates").fill("metrics.accuracy >> 0.95")
    lab.page.locator(".jp-Dialog-button:has-text('Add')").click()
    form.get_by_role("alert").first.wait_for()
    lab.both_themes("dialog-stage")
    form.get_by_label("Gates").fill("metrics.accuracy >= 0.95")
    lab.dialog("Add")
    row = stages.get_by_role("row").filter(has_text="metrics.accuracy >= 0.95")
    row.get_by_text("an approval").wait_for()
    lab.both_themes("registry-stages")

    lab.run("modelmgmt:promote-version", model="alphabet", version="1.1.0", stage="review", wait_s=1)
    lab.find(".jp-modelmgmt-Form").get_by_label("Comment").fill("Ready")
    lab.dialog("Promote")
    approvals = tab(governance, "Approvals")
    approvals.get_by_role("cell", name="Ready").wait_for()
    lab.both_themes("registry-approvals")
    approvals.get_by_role("button", name="Approve alphabet@1.1.0").click()
    lab.dialog("Approve")
    approvals.get_by_text("Nobody waits for an approval").wait_for()
    assert registry.get("alphabet@review").version == "1.1.0"

    registry.request_approval("alphabet@1.0.0", "review")
    approvals.get_by_role("button", name="Reject alphabet@1.0.0").click()
    lab.page.locator(".jp-Dialog-button:has-text('Reject')").click()
    lab.find(".jp-modelmgmt-Form").get_by_text("Say why, for the one who asked.").wait_for()
    lab.find(".jp-modelmgmt-Form").get_by_label("Reason").fill("It is the older one")
    lab.dialog("Reject")
    approvals.get_by_label("Which requests").select_option("rejected")
    approvals.get_by_text("It is the older one").wait_for()


def test_what_was_deleted_comes_back_or_goes_for_ever(lab, governance, registry):
    trash = tab(governance, "Trash")
    trash.get_by_role("button", name="Restore alphabet@1.2.0").click()
    trash.get_by_text("The trash is empty").wait_for()
    registry.delete("alphabet@1.2.0")
    trash.get_by_role("button", name="Delete alphabet@1.2.0 for ever").click()
    form = lab.find(".jp-modelmgmt-Form")
    form.get_by_label("Type alphabet@1.2.0 to confirm").fill("alphabet")
    lab.both_themes("registry-trash")
    form.get_by_label("Type alphabet@1.2.0 to confirm").fill("alphabet@1.2.0")
    lab.dialog("Delete for ever")
    trash.get_by_text("The trash is empty").wait_for()
    assert [str(version.version) for version in registry.versions("alphabet")] == ["1.1.0", "1.0.0"]


def test_an_alias_is_set_moved_and_taken_back_from_the_menu_of_a_version(lab, filled, registry):
    lab.run("modelmgmt:set-alias", model="alphabet", version="1.0.0", wait_s=1)
    lab.find(".jp-modelmgmt-Form").get_by_label("Alias").fill("champion of all")
    lab.page.locator(".jp-Dialog-button:has-text('Set alias')").click()
    lab.find(".jp-modelmgmt-Form").get_by_role("alert").first.wait_for()
    lab.find(".jp-modelmgmt-Form").get_by_label("Alias").fill("champion")
    lab.picture("dialog-alias")
    lab.dialog("Set alias")
    assert registry.get("alphabet@champion").version == "1.0.0"
    lab.run("modelmgmt:open-model", model="alphabet", tab="versions")
    row = lab.find("#jp-modelmgmt-page-alphabet").get_by_role("row").filter(has_text="champion")
    row.click(button="right")
    lab.page.locator(".lm-Menu-item").filter(has_text="Aliases").hover()
    lab.page.get_by_role("menuitem", name="Remove Alias champion").wait_for()
    lab.picture("menu-version")
    lab.page.get_by_role("menuitem", name="Remove Alias champion").click()
    row.wait_for(state="detached")
    assert registry.get("alphabet@1.0.0").aliases == ()
