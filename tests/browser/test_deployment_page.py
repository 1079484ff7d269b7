"""The page of a deployment: what it is, does and writes, who may ask, and the way back."""

from contextlib import closing

import numpy as np
import pytest

from jupyter_modelmgmt.registry import connect

NAME = "postal"


@pytest.fixture(scope="module")
def filled(server, classifier):
    """Deploy a model of two versions, changed once."""
    with closing(connect(server.url)) as registry:
        for number in ("1.0.0", "1.1.0"):
            registry.register(classifier, "stamps", version=number, allow_identical=True)
        registry.deploy("stamps@1.0.0", name=NAME, message="First try")
        shares = ({"version": "1.0.0", "weight": 60}, {"version": "1.1.0", "weight": 40})
        registry.update_deployment(NAME, versions=shares, private=True, message="Share it")
    return NAME


class Page:
    def __init__(self, lab):
        self.lab = lab
        self.root = lab.page.locator(f"#jp-modelmgmt-deployment-{NAME}")

    def tab(self, name):
        self.root.get_by_role("tab", name=name).click()
        return self.root.get_by_role("tabpanel", name=name)


@pytest.fixture
def shown(lab, filled):
    """Give the open page of the deployment."""
    lab.find(f"[data-service={NAME}]").get_by_role("button", name=f"Open {NAME}").click()
    return Page(lab)


def test_a_deployment_is_watched_on_its_page(shown, registry):
    information = shown.tab("Information")
    shares = information.get_by_role("list", name="Shares of the versions").get_by_role("listitem")
    shares.first.wait_for()
    assert shares.all_inner_texts() == ["1.0.0\n60 %", "1.1.0\n40 %"]
    shown.lab.both_themes("deployment-information")

    for _ in range(3):
        registry.predict(NAME, np.zeros((1, 64)), version="1.1.0")
    usage = shown.tab("Metrics").get_by_role("table", name="Usage by version")
    usage.get_by_role("row").filter(has_text="1.1.0").get_by_role("cell", name="3", exact=True).wait_for()
    shown.root.get_by_role("figure", name="Memory (MB)").locator("svg").wait_for()
    shown.lab.both_themes("deployment-metrics")

    logs = shown.tab("Logs")
    logs.get_by_label("Filter the logs").fill("1.1.0 for")
    assert "Loading stamps@1.1.0" in logs.get_by_label(f"Logs of {NAME}").inner_text()
    logs.get_by_label("Filter the logs").fill("")
    with shown.lab.page.expect_download() as download:
        logs.get_by_role("button", name="Download").click()
    assert "Loading stamps@1.0.0" in download.value.path().read_text()


def test_a_client_is_let_in_and_shown_how_to_ask(shown):
    clients = shown.tab("Clients")
    clients.get_by_label("New client").fill("shop")
    clients.get_by_role("button", name="Add").click()
    token = shown.lab.page.get_by_label("Token", exact=True)
    assert len(token.input_value()) > 40
    shown.lab.dialog("Copy and close")
    clients.get_by_role("rowheader", name="shop").wait_for()
    example = shown.tab("Run an example")
    example.get_by_label("Asked by").select_option("shop")
    example.get_by_text("-u 'shop:TOKEN'").wait_for()
    shown.lab.both_themes("deployment-example")


def test_a_deployment_is_rolled_back_on_its_page_which_comes_back_with_the_layout(shown, registry):
    history = shown.tab("History")
    history.get_by_role("button", name="What revision 2 changed").click()
    history.get_by_role("list", name="Differences").get_by_text("private").wait_for()
    shown.lab.both_themes("deployment-history")
    history.get_by_role("button", name="Roll back to revision 1").click()
    shown.lab.page.locator(".jp-Dialog").get_by_text("versions.1.1.0").wait_for()
    shown.lab.dialog("Roll back")
    history.get_by_role("row").filter(has_text="Roll back to revision 1 (1.0.0)").wait_for()
    assert registry.deployment(NAME).version == "1.0.0"

    page = f"modelmgmt-deployments:{NAME}"
    shown.lab.keeps(f'"current":"{page}"', f'"{page}":{{"data":{{"deployment":"{NAME}","tab":"history"')
    shown.lab.open("lab")
    shown.root.get_by_role("tabpanel", name="History").wait_for()


def test_an_update_splits_requests_and_changes_what_is_rarely_changed(lab, filled, registry):
    registry.update_deployment(NAME, versions=({"version": "1.0.0", "weight": 100},))
    lab.run("modelmgmt:open-deployment", deployment=NAME)
    shown = Page(lab)
    shown.root.get_by_role("button", name="Update…").click()
    form = lab.find(".jp-modelmgmt-Form")
    assert form.get_by_label("Deployment", exact=True).input_value() == NAME
    form.get_by_label("Split them over versions").check()
    split = form.get_by_role("group", name="Split")
    split.get_by_label("Add a version").select_option("1.1.0")
    split.get_by_label("Weight of 1.1.0").fill("15")
    lab.page.locator(".jp-Dialog-button:has-text('Confirm and deploy')").click()
    split.get_by_text("The weights sum to 115. They must sum to 100.").wait_for()
    lab.both_themes("dialog-deploy-split")
    split.get_by_label("Weight of 1.0.0").fill("85")
    form.get_by_label("Update message").fill("Less of the new one")
    form.get_by_text("Advanced").click()
    form.get_by_role("button", name="Add to Environment variables").click()
    form.get_by_label("Name of Environment variables 1").fill("1 MODE")
    form.get_by_text('"1 MODE" cannot be a name here.').wait_for()
    form.get_by_label("Name of Environment variables 1").fill("MODE")
    form.get_by_label("Value of Environment variables 1").fill("fast")
    form.get_by_label("Longest answer (s)").fill("30")
    form.get_by_label("Metadata").scroll_into_view_if_needed()
    lab.both_themes("dialog-deploy-advanced")
    lab.page.set_viewport_size({"width": 460, "height": 900})
    lab.both_themes("dialog-deploy-narrow")
    lab.page.set_viewport_size({"width": 1400, "height": 900})
    lab.dialog("Confirm and deploy")
    changed = registry.deployment(NAME)
    assert {share.version: share.weight for share in changed.versions} == {"1.0.0": 85, "1.1.0": 15}
    assert (changed.variables, changed.limits.answer_s, changed.replicas) == ({"MODE": "fast"}, 30, 1)
    assert registry.deployment_history(NAME)[0].message == "Less of the new one"
