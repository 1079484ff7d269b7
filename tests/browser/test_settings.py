"""The settings page: each setting does what it says, at once."""

from itertools import pairwise

import pytest

from tests.browser.conftest import notebook

pytestmark = pytest.mark.heavy  # it waits for what settings change
LOOKS = """() => performance.getEntriesByType('resource')
  .filter(({ name }) => /modelmgmt\\/api\\/v1\\/events\\?/.test(name)).map(({ startTime }) => startTime)"""
DEFAULTS = "() => window.jupyterapp.serviceManager.settings.save('jupyter-modelmgmt:registry', '{}')"
MADE = """
import jupyter_modelmgmt as mm
from sklearn.linear_model import LinearRegression
line = LinearRegression().fit([[0], [1]], [0, 1])
v = mm.connect().register(line, "linked-to-a-cell", prove=False)
"""


class Settings:
    """The page of settings, with its fields by their names in the schema."""

    def __init__(self, lab):
        self.lab = lab

    def open(self):
        self.lab.run("settingeditor:open", query="Models")
        self.field("author").wait_for()
        return self

    def field(self, name):
        return self.lab.page.locator(f"[id='jp-SettingsEditor-jupyter-modelmgmt:registry_{name}']")


@pytest.fixture
def settings(lab):
    yield Settings(lab).open()
    lab.page.evaluate(DEFAULTS)


def test_the_environment_and_the_interval_are_used(lab, settings, registry, classifier):
    registry.register(classifier, "set-by-the-page")
    settings.field("interval").fill("1")
    settings.field("environment").select_option(label="Isolated: built from the version's packages")
    lab.both_themes("settings")
    lab.run("modelmgmt:deploy-version", model="set-by-the-page", version="1.0.0", wait_s=0.5)
    environment = lab.find(".jp-modelmgmt-Form").get_by_label("Environment", exact=True)
    assert environment.input_value() == "isolated"
    lab.dialog("Cancel")
    lab.page.wait_for_function(f"() => ({LOOKS})().length > 3", timeout=60000)
    # Without the setting no two looks are nearer to each other than ten seconds.
    assert min(later - sooner for sooner, later in pairwise(lab.page.evaluate(LOOKS))) < 8000


def test_the_author_and_the_links_below_cells_are_used(lab, settings, server):
    settings.field("author").fill("Ada of the settings")
    path = notebook(server, "linked.ipynb", MADE)
    lab.notebook(path)
    lab.cell(0)
    link = lab.page.locator(".jp-NotebookPanel .jp-modelmgmt-CellLinks")
    link.get_by_text("linked-to-a-cell 1.0.0").wait_for()
    lab.page.get_by_role("button", name="Register line").click()
    assert lab.find(".jp-modelmgmt-Form").get_by_label("Author").input_value() == "Ada of the settings"
    lab.dialog("Cancel")
    settings.open()
    settings.field("cellLinks").uncheck()
    link.wait_for(state="detached")
    settings.field("cellLinks").check()
    link.wait_for(state="attached")
