"""Commands: each is named and told of, and what needs no model is found where people look."""

from tests.browser.conftest import notebook

COMMANDS = """async () => {
  const { commands } = window.jupyterapp;
  const ours = commands.listCommands().filter(id => id.startsWith('modelmgmt:'));
  return Promise.all(ours.map(async id => [id, commands.label(id), (await commands.describedBy(id)).args !== null]));
}"""
FIT = "from sklearn.linear_model import LinearRegression\nline = LinearRegression().fit([[0], [1]], [0, 1])"
WITHOUT_A_MODEL = ["Show Models", "Register a Model from Files…", "Import a Model…"]


def test_every_command_has_a_label_and_described_arguments(lab):
    told = lab.page.evaluate(COMMANDS)
    assert len(told) > 20
    assert [name for name, label, is_described in told if not (label and is_described)] == []


def test_launcher_menu_palette_and_the_toolbar_of_a_notebook_lead_to_them(lab, server):
    launcher = lab.page.locator(".jp-Launcher")
    for label in WITHOUT_A_MODEL:
        launcher.get_by_text(label, exact=True).wait_for()
    lab.page.get_by_role("menuitem", name="Models", exact=True).click()
    menu = lab.page.locator(".lm-Menu")
    for label in WITHOUT_A_MODEL:
        menu.get_by_role("menuitem", name=label).wait_for()
    lab.picture("menu-models")
    lab.page.keyboard.press("Escape")
    lab.run("apputils:activate-command-palette")
    palette = lab.page.locator(".lm-CommandPalette")
    palette.get_by_role("textbox").or_(palette.get_by_role("searchbox")).first.fill("import a model")
    palette.get_by_text("Import a Model…").click()
    lab.find(".jp-modelmgmt-Form")
    lab.dialog("Cancel")

    lab.notebook(notebook(server, "toolbar.ipynb", FIT))
    lab.cell(0)
    lab.find("[data-variable=line]")
    lab.page.locator(".jp-NotebookPanel-toolbar [data-command='modelmgmt:register']").click()
    form = lab.find(".jp-modelmgmt-Form")
    assert form.get_by_label("Model name").input_value() == "line"
    lab.dialog("Cancel")
