"""The comparison as a grid, in a cell: many versions and rows, and what is done with them."""

import pytest

from tests.browser.conftest import notebook

pytestmark = pytest.mark.heavy

VERSIONS, ROWS = 30, 200
BOX = "name => document.querySelector(name).getBoundingClientRect().left"
GRID = ".jp-OutputArea .jp-modelmgmt-Comparison"


@pytest.fixture
def wide(registry, tmp_path):
    """Register versions with many parameters and a few metrics."""
    model = f"wide-{tmp_path.name[-12:]}"  # each test has its own: numbers are never used again
    (tmp_path / "weights.bin").write_bytes(b"weights")
    for n in range(VERSIONS):
        params = {f"layer{k:03}.width": n * k for k in range(ROWS)}
        registry.register_files(
            tmp_path / "weights.bin", model, params=params, metrics={"accuracy": n * 7 % VERSIONS / VERSIONS}
        )
    yield [version.selector for version in reversed(registry.versions(model))]
    registry.delete_model(model, confirm=model)


def opened(lab, server, selectors):
    """Show a comparison in the first cell; the second tells what is ticked."""
    compare = f"import jupyter_modelmgmt as mm\nw = mm.widgets.Compare(*{selectors})\nw"
    lab.notebook(notebook(server, "grid.ipynb", compare, "print('ticked', w.selected)"))
    lab.cell(0)
    return lab.find(GRID)


def heads(grid):
    return [
        head.split("@")[1] for head in grid.get_by_role("columnheader").evaluate_all("all => all.map(h => h.title)")
    ]


def test_a_wide_comparison_draws_what_is_in_sight_and_keeps_its_base_there(lab, server, wide):
    grid = opened(lab, server, wide)
    assert grid.locator("td, th").count() < 1500
    assert grid.get_by_role("table").get_attribute("aria-rowcount") > "200"
    scroller = grid.locator(".jp-modelmgmt-Comparison-scroller")
    base = f"{GRID} thead [data-pinned=base]"
    before = lab.page.evaluate(BOX, base)
    scroller.evaluate("node => node.scrollTo(node.scrollWidth, node.scrollHeight)")
    lab.find(f"{GRID} th[title='{wide[-1]}']")
    lab.find(f"{GRID} [data-row='layer199.width']")
    assert lab.page.evaluate(BOX, base) == before
    assert grid.get_by_role("button", name="Facts").bounding_box()["x"] < before
    lab.both_themes("grid")


def test_a_comparison_is_filtered_ordered_widened_ticked_and_exported(lab, server, wide):
    grid = opened(lab, server, wide[:4])
    grid.get_by_label("Filter rows").fill("accuracy")
    assert grid.locator("tr[data-row]").all_inner_texts()[0].startswith("accuracy")
    assert grid.locator("tr[data-row]").count() == 1
    grid.get_by_role("button", name="accuracy").click()
    assert heads(grid) == ["1.0.0", "1.3.0", "1.2.0", "1.1.0"]
    edge = grid.get_by_label(f"Width of {wide[3]}")
    width = int(edge.get_attribute("aria-valuenow"))
    edge.hover()
    lab.page.mouse.down()
    box = edge.bounding_box()
    lab.page.mouse.move(box["x"] + 60, box["y"] + 5, steps=4)
    lab.page.mouse.up()
    assert width + 40 < int(edge.get_attribute("aria-valuenow")) < width + 80
    grid.get_by_label(f"Hide {wide[1]}").click()
    assert heads(grid) == ["1.0.0", "1.3.0", "1.2.0"]
    grid.get_by_label(f"Select {wide[3]}").check()
    with lab.page.expect_download() as saved:
        grid.get_by_role("button", name="CSV").click()
    assert saved.value.path().read_text().splitlines()[0] == f"group,name,{wide[3]}"
    lab.picture("grid-ordered")
    lab.cell(1)
    lab.find(f"text=ticked ['{wide[3]}']")
