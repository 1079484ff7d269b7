"""The settings page: each setting does what it says, at once."""

import pytest

from tests.browser.test_pages import notebook

LOOKS = """() => performance.getEntriesByType('resource')
  .filter(({ name }) => /modelmgmt\\/api\\/v1\\/events\\?/.test(name)).map(({ startTime }) => startTime)"""
MADE = """
import jupyter_modelmgmt as mm
from sklearn.linear_model import LinearRegression
line = LinearRegression().fit([[0], [1]], [0, 1])
v = mm.connect().register(line, "linked-to-a-cell", prove=False)
"""


@pytest.fixture
def settings(lab):
    """Give the open settings of this extension; the defaults come back."""
    lab.run("settingeditor:open", query="Models")
    page = lab.page.locator("#setting-editor, .jp-SettingsPanel").last
    page.get_by_label("Author").wait_for()
    yield page
    lab.run("settingeditor:open", query="Models")
    lab.page.get_by_role("button", name="Restore to Defaults").click()
    lab.page.wait_for_timeout(500)


def test_the_author_and_the_environment_are_what_the_forms_begin_with(lab, settings, registry, classifier):
    registry.register(classifier, "set-by-the-page")
    settings.get_by_label("Author").fill("Ada of the settings")
    settings.get_by_label("Where new deployments run").select_option(
        label="Isolated: built from the version's packages"
    )
    lab.picture("settings")
    lab.theme("JupyterLab Dark")
    lab.picture("settings-dark")
    lab.theme("JupyterLab Light")
    lab.run("modelmgmt:register-files", wait_s=0.5)
    form = lab.find(".jp-modelmgmt-Form")
    form.get_by_text("Which number?").click()
    assert form.get_by_label("Author").input_value() == "Ada of the settings"
    lab.dialog("Cancel")
    lab.run("modelmgmt:deploy-version", model="set-by-the-page", version="1.0.0", wait_s=0.5)
    assert lab.find(".jp-modelmgmt-Form").get_by_label("Environment", exact=True).input_value() == "isolated"
    lab.dialog("Cancel")


def test_the_interval_is_that_of_the_looks(lab, settings):
    settings.get_by_label("Seconds between two looks for changes").fill("1")
    lab.page.wait_for_function(f"() => ({LOOKS})().length > 3", timeout=60000)
    looks = lab.page.evaluate(LOOKS)
    # Without the setting no two looks are nearer to each other than ten seconds.
    assert min(later - sooner for sooner, later in zip(looks, looks[1:], strict=False)) < 8000


def test_links_below_cells_go_and_come(lab, settings, server):
    path = notebook(server, "linked.ipynb", MADE)
    lab.notebook(path)
    lab.cell(0)
    link = lab.page.locator(".jp-NotebookPanel .jp-modelmgmt-CellLinks")
    link.get_by_text("linked-to-a-cell 1.0.0").wait_for()
    lab.run("settingeditor:open", query="Models")
    settings.get_by_label("Versions below their cells").uncheck()
    link.wait_for(state="detached")
    settings.get_by_label("Versions below their cells").check()
    link.wait_for(state="attached")
