"""Ten thousand models and versions, a network that goes and comes, two tabs."""

from contextlib import closing

import pytest

from jupyter_modelmgmt.registry import connect
from tests.browser.conftest import Lab, Server
from tests.browser.crowd import DRAWN, FRAMES, MANY, WAITED, crowd

pytestmark = pytest.mark.heavy
TREE = ".jp-modelmgmt-Tree"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """Give a server whose registry has a model `m` of 10,000 versions and 10,000 other models."""
    folder = tmp_path_factory.mktemp("crowded")
    crowd(folder / "registry", MANY)
    server = Server(folder)
    yield server
    server.stop()


@pytest.fixture
def many(page, crowded):
    page.set_viewport_size({"width": 1400, "height": 900})
    page.add_init_script(DRAWN)
    lab = Lab(page, crowded).open()
    lab.run("modelmgmt:show-panel")
    yield lab
    assert lab.broken == []
    assert lab.findings == []


def count(lab, selector):
    return lab.page.locator(selector).count()


def test_ten_thousand_models_are_a_short_list(many):
    many.find("[data-model=m]")
    waited, frames = many.page.evaluate(WAITED), many.page.evaluate(FRAMES, TREE)
    print(f"\nmodels: drawn {waited:.0f} ms after the data came, {frames:.0f} frames a second")  # noqa: T201
    assert count(many, "[data-model]") < 100
    many.page.get_by_role("combobox", name="Search models").fill("model-0999")
    many.find("[data-model=model-09999]")


def test_ten_thousand_versions_are_sorted_and_scrolled(many, crowded):
    many.run("modelmgmt:open-model", model="m")
    page = many.model_page("m")
    table = f"{page} .jp-modelmgmt-VersionTable-scroller"
    many.find(f"{table} [data-version='1.{MANY}.0']")
    frames = many.page.evaluate(FRAMES, table)
    print(f"\nversions: {frames:.0f} frames a second")  # noqa: T201
    assert count(many, f"{table} tr") < 100
    many.page.wait_for_function("() => /[2-9]\\d\\d+ versions were read/.test(document.body.innerText)")
    with connect_to(crowded) as registry:
        best = registry.search_page("", model="m", sort="-metrics.m1", limit=1).items[0].version
    many.page.locator(table).get_by_role("button", name="m1", exact=True).click()
    many.find(f"{table} [data-version='{best}']")
    many.both_themes("versions-many")


def test_a_network_that_goes_is_told_and_heals_by_itself(many, crowded):
    many.find("[data-model=m]")
    many.page.context.set_offline(True)
    many.find("text=The server does not answer", within_s=90)
    assert count(many, "[data-model=m]") == 1
    many.picture("offline")
    with connect_to(crowded) as registry:
        registry.update("m@1.7.0", description="while nobody could tell")
    many.page.context.set_offline(False)
    many.page.wait_for_selector("text=The server does not answer", state="detached", timeout=90_000)
    many.find("[data-model=m]")
    many.broken[:] = [error for error in many.broken if "Failed to fetch" not in error]  # JupyterLab's own requests


def test_two_tabs_show_the_same(many, crowded):
    other = Lab(many.page.context.new_page(), crowded).open("lab/workspaces/other?reset")
    other.run("modelmgmt:open-model", model="m", version=f"1.{MANY}.0")
    many.run("modelmgmt:open-model", model="m", version=f"1.{MANY}.0")
    with connect_to(crowded) as registry:
        registry.update(f"m@1.{MANY}.0", status="completed")
    for lab in (many, other):
        lab.find(f"{lab.model_page('m')} [data-version='1.{MANY}.0'] >> text=Completed")
    other.page.close()


def connect_to(server):
    return closing(connect(server.url))
