"""The Test tab's table: a request to a version that takes columns is typed, pasted and read as rows."""

import json

import pytest

from tests.browser.conftest import notebook
from tests.browser.test_looks import STICKS_OUT, wide
from tests.browser.test_pages import open_page

pytestmark = pytest.mark.heavy  # a worker loads the version, and pictures are judged by axe

MODEL = "flats"
PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def model(registry):
    """Register a pipeline whose signature is that of a DataFrame."""
    import pandas as pd
    from sklearn.compose import make_column_transformer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder
    from sklearn.tree import DecisionTreeRegressor

    rows = pd.DataFrame({
        "rooms": [1, 2, 3, 4], "area": [30.0, 55.5, 80.0, 120.0], "city": ["Oslo", "Bergen", "Oslo", "Rome"],
        "garden": [False, False, True, True],
    })  # fmt: skip
    cities = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    pipeline = make_pipeline(
        make_column_transformer((cities, ["city"]), remainder="passthrough"), DecisionTreeRegressor(random_state=0)
    ).fit(rows, [100, 180, 300, 420])
    if MODEL not in [one.name for one in registry.models()]:
        registry.register(pipeline, MODEL, input_example=rows)
    return MODEL


def test_rows_are_typed_pasted_checked_and_answered_one_by_one(lab, model):
    page = open_page(lab, model, tab="test")
    lab.page.get_by_role("button", name="Try 1.0.0 without deploying").click()
    test = lab.page.locator(page).get_by_role("tabpanel", name="Test")
    predict = test.get_by_role("button", name="Predict")

    def cell(column, row):
        return test.get_by_label(f"{column}, row {row}")

    cell("rooms", 1).fill("2")
    cell("rooms", 1).press("Tab")
    lab.page.keyboard.type("55.5")
    test.get_by_role("button", name="Add row").click()
    assert cell("rooms", 2).evaluate("cell => cell === document.activeElement")
    lab.page.keyboard.type("3")
    cell("rooms", 2).press("Tab")
    lab.page.keyboard.press("Delete")  # missing
    cell("rooms", 1).evaluate(PASTE, "rooms\tcity\tgarden\n2\tRome\tno\n4\tOslo\tyes\n")
    test.get_by_role("status").get_by_text("2 rows pasted.").wait_for()
    cell("rooms", 2).evaluate(PASTE, "4\tNA\tOslo\tyes\n5\tabc\tBergen\tno\n")
    assert cell("area", 3).get_attribute("aria-invalid") == "true"
    note = cell("area", 3).get_attribute("aria-describedby")
    assert lab.page.locator(f"#{note}").inner_text() == "not a number, such as 1.5"
    test.get_by_role("status").get_by_text("Row 3, area: not a number").wait_for()
    assert predict.is_disabled()
    lab.both_themes("request-wrong-cell")
    cell("area", 3).fill("140")
    predict.click()
    answers = test.get_by_role("table", name="Answers by row")
    answers.wait_for(timeout=60000)
    assert [row.inner_text().split("\t")[0] for row in answers.get_by_role("row").all()] == ["Row", "1", "2", "3"]
    lab.both_themes("request-answered")
    test.get_by_role("tab", name="JSON").click()
    inputs = json.loads(test.get_by_label("Tensors, as JSON").input_value())["inputs"]
    assert {one["name"]: one["data"] for one in inputs} == {
        "rooms": [2, 4, 5], "area": [55.5, None, 140], "city": ["Rome", "Oslo", "Bergen"], "garden": [False, True, False],
    }  # fmt: skip
    lab.picture("request-json")
    test.get_by_role("tab", name="Table").click()
    test.get_by_role("button", name="Remove row 1").click()
    assert cell("city", 1).input_value() == "Oslo"
    wide(lab, "narrow", side=500)
    lab.page.wait_for_timeout(300)
    lab.both_themes("request-narrow")
    assert lab.page.evaluate(STICKS_OUT, page) == []


def test_a_widget_has_the_same_cells(lab, server, model):
    ask = f"import jupyter_modelmgmt as mm\nmm.widgets.Test('{model}@1.0.0', '{model}@1.0.0')"
    lab.notebook(notebook(server, "cells.ipynb", ask))
    lab.cell(0)
    output = lab.page.locator(".jp-OutputArea")
    output.get_by_role("button", name="Add row").click()
    output.get_by_label("area, row 1").click()
    lab.page.keyboard.type("30")
    lab.page.keyboard.press("Enter")  # no command of the notebook
    lab.page.keyboard.type("120")
    assert [output.get_by_label(f"area, row {row}").input_value() for row in (1, 2)] == ["30", "120"]
    output.get_by_role("button", name="Ask all").click()
    output.get_by_role("table", name="Answers by row").nth(1).wait_for(timeout=60000)
    lab.both_themes("request-widget")
    output.get_by_role("button", name="Discard").click()
    assert output.get_by_label("area, row 1").input_value() == "0"
