"""Story A4: a version is deployed, updated, fails, is shared, read, stopped and deleted, all from JupyterLab."""

import urllib.error
import urllib.request

import pytest

from jupyter_modelmgmt.domain.deployments import Outcome

pytestmark = pytest.mark.heavy  # half a minute: a service lives from its first day to its last
MODEL, NAME = "parcels", "parcel-sorter"
BROKEN = """
import jupyter_modelmgmt as mm
from jupyter_modelmgmt.domain.errors import NotLoadable


class Broken(mm.ModelAdapter):
    def load(self, local_path):
        raise NotLoadable("The scale is missing.")

    def predict(self, batch):
        return batch
"""


@pytest.fixture
def versions(registry, classifier, tmp_path):
    """Register two versions that answer, and one that no worker can load."""
    for number in ("1.0.0", "1.1.0"):
        registry.register(classifier, MODEL, version=number, allow_identical=True)
    (tmp_path / "broken.py").write_text(BROKEN)
    registry.register_files(tmp_path / "broken.py", MODEL, version="1.2.0", adapter="broken.py:Broken", reason="a test")


class Story:
    """What a person does and sees, on the page of the model and that of the deployment."""

    def __init__(self, lab, registry):
        self.lab = lab
        self.registry = registry
        lab.run("modelmgmt:open-model", model=MODEL)
        self.model = lab.page.locator(lab.model_page(MODEL))
        self.page = lab.page.locator(f"#jp-modelmgmt-deployment-{NAME}")

    def row(self, version):
        self.model.locator("[data-tab=versions]").click()
        return self.model.locator(f"tr[data-version='{version}']")

    def form_for(self, version):
        self.row(version).get_by_role("button", name="Deploy").click()
        return self.lab.find(".jp-modelmgmt-Form")

    def is_now(self, state, version):
        """Wait until the sidebar shows the deployment in a state, with a version."""
        shown = self.lab.find(f"[data-service={NAME}][data-state={state}] >> text={MODEL}@{version}", within_s=60)
        assert shown.is_visible()

    def tab(self, name):
        self.page.get_by_role("tab", name=name).click()
        return self.page.get_by_role("tabpanel", name=name)

    def answers(self, route, label, state):
        """Press a button of the dialog; the server answers on `route` that the deployment is on its way to `state`."""

        def is_it(answer):
            return answer.request.method == "POST" and answer.url.split("?")[0].endswith(route)

        with self.lab.page.expect_response(is_it) as answered:
            self.lab.dialog(label)
        assert answered.value.json()["state"] == state


def test_a_version_is_deployed_updated_fails_is_shared_read_stopped_and_deleted(lab, registry, versions):
    story = Story(lab, registry)
    deployed_and_updated(story)
    failed_with_the_reason(story)
    told_in_history(story)
    shared_with_a_client(story)
    read_by_replica(story)
    stopped_and_deleted(story)


def deployed_and_updated(story):
    form = story.form_for("1.0.0")
    form.get_by_label("Deployment name").fill(NAME)
    form.get_by_label("Replicas").fill("2")
    form.get_by_label("Message", exact=True).fill("Sort the parcels")
    story.answers("/deployments", "Deploy", "Deploying")
    story.is_now("Deployed", "1.0.0")
    heads = story.model.get_by_role("columnheader").all_inner_texts()
    assert {"Version", "Status", "Stage", "Deployed by"} <= {head.split("\n")[0] for head in heads}
    story.row("1.0.0").get_by_text(NAME).wait_for()

    form = story.form_for("1.1.0")
    form.get_by_label("Deployment", exact=True).select_option(NAME)
    assert form.get_by_label("Replicas").input_value() == "2"  # pre-filled
    form.get_by_text(f"Serves {MODEL}@1.0.0 now").wait_for()
    form.get_by_label("Update message").fill("Fewer mistakes")
    story.lab.dialog("Deploy")
    story.is_now("Deployed", "1.1.0")
    story.row("1.1.0").get_by_text(NAME).wait_for()


def failed_with_the_reason(story):
    """Deploy what does not come up: the version before goes on, and history has the reason."""
    form = story.form_for("1.2.0")
    form.get_by_label("Deployment", exact=True).select_option(NAME)
    story.lab.dialog("Deploy")
    story.lab.find(f"[data-service={NAME}]").get_by_role("button", name=f"Open {NAME}").click()
    failed = story.tab("History").locator("[data-outcome=failed]").locator("xpath=ancestor::tr")
    failed.get_by_text("The scale is missing.").wait_for(timeout=60_000)
    story.is_now("Deployed", "1.1.0")


def told_in_history(story):
    told = {revision.message: revision for revision in story.registry.deployment_history(NAME)}
    for message in ("Sort the parcels", "Fewer mistakes"):
        row = story.tab("History").get_by_role("row").filter(has_text=message)
        row.get_by_text(told[message].actor).wait_for()
        assert told[message].outcome is Outcome.DEPLOYED


def shared_with_a_client(story):
    clients = story.tab("Clients")
    clients.get_by_role("button", name="Let clients in").click()
    story.lab.dialog("Let clients in")
    clients.get_by_label("New client").fill("shop")
    clients.get_by_role("button", name="Add").click()
    token = story.lab.page.get_by_label("Token", exact=True).input_value()
    story.lab.dialog("Copy and close")
    assert token not in story.page.inner_text()
    endpoint = story.registry.deployment(NAME).endpoint
    assert [status(endpoint, each) for each in (token, "wrong")] == [400, 401]  # 400: it was let in, and said nothing
    clients.get_by_role("button", name="Remove shop").click()
    story.lab.dialog("Remove")
    clients.get_by_role("rowheader", name="shop").wait_for(state="detached")
    assert status(endpoint, token) == 401


def status(endpoint, token):
    request = urllib.request.Request(endpoint, b"{}", {"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def read_by_replica(story):
    logs = story.tab("Logs")
    chooser = logs.get_by_label("Replica")
    chooser.locator("option", has_text="replica 1.1.0-1").wait_for(state="attached")
    text = logs.get_by_label(f"Logs of {NAME}")
    logs.get_by_label("Filter the logs").fill("Loading")
    text.get_by_text("[1.0.0-0]").wait_for()
    assert {line[:9] for line in text.inner_text().splitlines()} >= {"[1.0.0-1]", "[1.1.0-0]", "[1.1.0-1]"}
    story.lab.picture("deployment-logs")
    chooser.select_option("1.1.0-1")
    story.lab.page.wait_for_function("text => !text.innerText.includes('1.0.0')", arg=text.element_handle())
    assert f"Loading {MODEL}@1.1.0" in text.inner_text()
    story.lab.theme("JupyterLab Dark")
    story.lab.picture("deployment-logs-dark")
    story.lab.theme("JupyterLab Light")


def stopped_and_deleted(story):
    story.page.get_by_role("button", name="Stop").click()
    story.answers(f"/{NAME}/stop", "Stop", "Stopping")
    story.is_now("Stopped", "1.1.0")
    story.page.get_by_role("button", name="Delete").click()
    form = story.lab.find(".jp-modelmgmt-Form")
    delete = story.lab.page.locator(".jp-Dialog-button.jp-mod-warn")
    form.get_by_label(f"Type {NAME} to confirm").fill("parcel")
    delete.click()
    form.get_by_text(f"Type {NAME}, exactly.").wait_for()
    story.lab.picture("deployment-delete")
    form.get_by_label(f"Type {NAME} to confirm").fill(NAME)
    story.lab.dialog("Delete")
    story.lab.page.locator(f"[data-service={NAME}]").wait_for(state="detached")
    assert NAME not in [deployment.name for deployment in story.registry.deployments()]
