"""JupyterLab in a real Chromium: its start with and without the extension, and lists of ten thousand.

Without a graphics card Chromium draws on the processor, so frames are held against those of a plain table of
the same size, in which nothing happens but scrolling.
"""

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.measure import Figure, told_by_turns
from tests.browser.conftest import NEW_LAB, RESTORED, START_S, Lab, Server, launching, notebook
from tests.browser.crowd import DRAWN, FRAMES, MANY, WAITED, crowd

TURNS = 7
WIDE = {"width": 1400, "height": 900}
TREE = ".jp-modelmgmt-Tree"
ROW = "<tr>" + "<td style='padding: 4px 8px; border-bottom: 1px solid #ccc'>1.10000.0</td>" * 11 + "</tr>"
PLAIN = f"""<div id=plain style='height: 520px; width: 1060px; overflow: auto'>
<table style='width: 100%; border-collapse: collapse; font: 13px sans-serif'>{ROW * 2000}</table></div>"""

WIDE_TABLE = """
from jupyter_modelmgmt.comparison_widget import ComparisonWidget
from jupyter_modelmgmt.domain.compare import ComparisonRow, ComparisonTable

versions = tuple(f"m@1.{n}.0" for n in range(200))
values = [tuple(n * k for k in range(200)) for n in range(1000)]
rows = tuple(ComparisonRow(group="param", name=f"p{n}", values=row, differs=True) for n, row in enumerate(values))
ComparisonWidget(ComparisonTable(versions=versions, base=0, rows=rows))
"""


def figures(folder: Path) -> Iterator[Figure]:
    os.environ["JUPYTER_RUNTIME_DIR"] = str(folder / "runtime")
    with sync_playwright() as playwright, closing(playwright.chromium.launch(**launching())) as browser:
        yield from starting(folder, browser)
        yield from scrolling(folder, browser)


def starting(folder: Path, browser: Browser) -> Iterator[Figure]:
    off = folder / "without" / "config"
    (off / "labconfig").mkdir(parents=True)
    page_config = {"disabledExtensions": {"jupyter-modelmgmt": True}}
    (off / "labconfig" / "page_config.json").write_text(json.dumps(page_config))
    with served(folder / "with") as ours, served(folder / "without", JUPYTER_CONFIG_DIR=str(off)) as theirs:
        times = told_by_turns(
            lambda: [started(browser, ours, True)], lambda: [started(browser, theirs, False)], turns=TURNS
        )
    yield Figure(what="JupyterLab's start", ours=times[0], against="without the extension", theirs=times[1], extra=100)


def scrolling(folder: Path, browser: Browser) -> Iterator[Figure]:
    crowd(folder / "crowded" / "registry", MANY)
    with served(folder / "crowded") as server:
        page = browser.new_page(viewport=WIDE)
        page.add_init_script(DRAWN)
        page.set_content(PLAIN)
        plain = page.evaluate(FRAMES, "#plain")
        lab = Lab(page, server).open()
        lab.run("modelmgmt:show-panel")
        lab.find("[data-model=m]")
        yield Figure(what=f"{MANY:,} models drawn after their data came", ours=page.evaluate(WAITED),
                     against="nothing", theirs=1, at_most=0, extra=300)  # fmt: skip
        models = page.evaluate(FRAMES, TREE)
        lab.run("modelmgmt:open-model", model="m")
        table = f"{lab.model_page('m')} .jp-modelmgmt-VersionTable-scroller"
        lab.find(f"{table} [data-version='1.{MANY}.0']")
        versions = page.evaluate(FRAMES, table)
        for what, frames in (("models", models), ("versions", versions)):
            yield Figure(what=f"a frame while {MANY:,} {what} scroll", ours=1000 / frames, against="of a plain table",
                         theirs=1000 / plain, at_most=1.1)  # fmt: skip
        lab.notebook(notebook(server, "wide.ipynb", WIDE_TABLE))
        lab.cell(0)
        grid = ".jp-OutputArea .jp-modelmgmt-Comparison-scroller"
        lab.find(grid)
        yield Figure(what="a frame while 1,000 rows of 200 versions scroll", ours=1000 / page.evaluate(FRAMES, grid),
                     against="of a plain table", theirs=1000 / plain, at_most=1.1)  # fmt: skip


def started(browser: Browser, server: Server, extended: bool) -> float:
    """Return how many milliseconds a page of a new browser profile takes from its address to JupyterLab at work."""
    page: Page = browser.new_page(viewport=WIDE)
    page.goto(f"{server.address}{NEW_LAB}&token={server.token}")
    page.wait_for_function("() => window.jupyterapp", timeout=START_S * 1000)
    page.evaluate(RESTORED)
    told: float = page.evaluate("() => performance.now()")
    assert page.evaluate("() => window.jupyterapp.commands.hasCommand('modelmgmt:show-panel')") is extended
    page.close()
    return told


@contextmanager
def served(folder: Path, **places: str) -> Iterator[Any]:
    folder.mkdir(parents=True, exist_ok=True)
    server = Server(folder, **places)
    try:
        yield server
    finally:
        server.stop()
