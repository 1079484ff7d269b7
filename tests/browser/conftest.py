"""A real JupyterLab with a registry of its own, and a real Chromium that looks at it."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

from jupyter_modelmgmt.registry import connect
from tests.servers.ports import free_port
from tests.servers.waiting import until

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / ".ci-artifacts" / "browser"
AXE = ROOT / "labextension" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)
QUIET = {"fetchNews": "false", "checkForUpdates": False}
START_S = 60
WAIT_S = 60.0  # longer than anything takes that comes at all, on a machine that does other things beside
NEW_LAB = "lab?reset"

# What a command gives back is often a widget, which cannot leave the browser; one that opens a
# dialog ends only with it.
EXECUTE = """([command, args, wait]) => Promise.race([
  window.jupyterapp.commands.execute(command, args).then(() => undefined),
  new Promise(resolve => setTimeout(resolve, wait))
])"""
KERNEL_IS_IDLE = """() => {
  const kernel = window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
  return kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}"""
# What is ours on the screen: JupyterLab's own parts are not judged, its buttons in our toolbars neither.
OURS = (
    ".jp-modelmgmt-Sidebar, [id^=jp-modelmgmt-page-], [id^=jp-modelmgmt-deployment-], [id^=jp-modelmgmt-runs-], "
    "[id^=jp-modelmgmt-registry-], "
    ".jp-modelmgmt-Widget, .jp-modelmgmt-Form"
)
FINDINGS = """async selector => {
  const seen = node => node.getClientRects().length > 0 && node.checkVisibility({ visibilityProperty: true });
  const include = [...document.querySelectorAll(selector)].filter(seen);
  if (!include.length) return [];
  const { violations } = await axe.run({ include, exclude: ['jp-button'] }, { resultTypes: ['violations'] });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(node => `${node.html.slice(0, 200)} ${node.any.map(
      ({ message }) => message).join(' ')}`).slice(0, 3).join(' | ')}`);
}"""
SELECT_CELL = "index => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = index; }"
# The launcher takes the focus as the last thing that JupyterLab does; keys would go astray before.
LAUNCHED = "() => document.activeElement?.closest('.jp-Launcher')"
KEPT = """async texts => {
  const { data } = await window.jupyterapp.serviceManager.workspaces.fetch('default');
  const kept = JSON.stringify(data);
  return texts.every(text => kept.includes(text));
}"""
RESTORED = "() => window.jupyterapp.restored.then(() => undefined)"


@pytest.fixture(scope="module")
def jp_asyncio_loop():
    """Shadow pytest-jupyter's: Playwright has a loop of its own."""


@pytest.fixture(autouse=True)
def jp_server_cleanup():
    """Shadow pytest-jupyter's: no server runs in this process."""


@pytest.fixture(scope="session")
def base_url():
    """Shadow pytest-base-url's, which pytest 9 warns of; every test here has the whole address."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, **launching()}


def launching():
    """Return how Playwright starts this machine's Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    assert path, "The browser tests need Chromium: run tests/ensure_chromium.sh."
    return {"executable_path": path, "args": list(FLAGS)}


class Server:
    """A Jupyter server in a process of its own."""

    def __init__(self, folder, **places):
        self.folder = folder / "work"
        self.url = f"sqlite:///{folder / 'registry' / 'registry.db'}"
        self.token = secrets.token_hex(16)
        self._log = folder / "server.log"
        self.folder.mkdir()
        settings = folder / "settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True)
        (settings / "notification.jupyterlab-settings").write_text(json.dumps(QUIET))
        environment = {
            # Other tests of the same process may have said where theirs keep files.
            **{name: value for name, value in os.environ.items() if not name.startswith("JUPYTER_MODELMGMT_")},
            "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            "JUPYTER_MODELMGMT_URL": self.url,
            **places,
        }
        options = (
            "--no-browser",
            "--allow-root",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={free_port()}",
            "--LabApp.expose_app_in_browser=True",
            "--JupyterNotebookApp.expose_app_in_browser=True",
            f"--ServerApp.root_dir={self.folder}",
            f"--IdentityProvider.token={self.token}",
        )
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *options], env=environment, stdout=log, stderr=log
            )
        self.address = self._address(Path(environment["JUPYTER_RUNTIME_DIR"]))

    def _address(self, runtime):
        file = runtime / f"jpserver-{self._process.pid}.json"
        deadline = time.monotonic() + START_S
        while not file.exists() or not file.read_text():
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.1)
        url = json.loads(file.read_text())["url"]
        while not listens(url):  # the file comes a moment before the server listens
            assert time.monotonic() < deadline, self._log.read_text()
            time.sleep(0.1)
        return url

    def stop(self):
        self._process.terminate()
        self._process.wait(START_S)


def listens(url):
    """Tell whether a Jupyter server answers, if only that it wants a token."""
    try:
        urllib.request.urlopen(f"{url}api", timeout=START_S).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("lab"))
    yield running
    registry = connect(running.url)
    host = registry.running_host()
    if host is not None:
        host.shutdown()
    registry.close()
    running.stop()


@pytest.fixture
def registry(server):
    """Give the server's registry, opened by another process than the server."""
    opened = connect(server.url)
    yield opened
    opened.close()


class Lab:
    """JupyterLab in a page of the browser."""

    def __init__(self, page, server):
        self.page = page
        self.server = server
        self.broken = []
        self.findings = []
        page.set_default_timeout(WAIT_S * 1000)
        page.on("pageerror", lambda error: self.broken.append(f"{error}\n{error.stack}"))

    def open(self, path=NEW_LAB):
        mark = "&" if "?" in path else "?"
        self.page.goto(f"{self.server.address}{path}{mark}token={self.server.token}")
        self.page.wait_for_function("() => window.jupyterapp", timeout=START_S * 1000)
        self.page.evaluate(RESTORED)
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")
        if path == NEW_LAB:
            self.page.wait_for_function(LAUNCHED, timeout=START_S * 1000)
        return self

    def run(self, command, wait_s=3.0, **args):
        """Run a command; go on after `wait_s` when it waits for a dialog."""
        self.page.evaluate(EXECUTE, [command, args, wait_s * 1000])

    def notebook(self, path):
        """Open a notebook and wait for its kernel."""
        self.run("docmanager:open", path=path)
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
        self.page.wait_for_function(KERNEL_IS_IDLE, timeout=START_S * 1000)

    def cell(self, index, wait_s=60.0):
        """Run a cell of the notebook in front; go on after `wait_s` when it takes longer."""
        self.page.evaluate(SELECT_CELL, index)
        self.run("notebook:run-cell", wait_s=wait_s)

    def keeps(self, *texts):
        """Wait until the server has these texts in what it keeps of the layout: that comes back after a reload."""
        until(lambda: self.page.evaluate(KEPT, texts), WAIT_S)

    def find(self, selector, within_s=WAIT_S):
        """Give the element as soon as it is seen."""
        found = self.page.locator(selector).first
        found.wait_for(timeout=within_s * 1000)
        return found

    def row(self, model):
        """Give the row of a model in the sidebar, which draws what is in sight alone: others are searched away."""
        self.page.get_by_role("combobox", name="Search models").fill(model)
        return self.find(f"[data-model='{model}']")

    def model_page(self, model):
        return f"#jp-modelmgmt-page-{model}"

    def dialog(self, label):
        """Press a button of the dialog and wait until it has gone."""
        self.page.locator(f".jp-Dialog-button:has-text('{label}')").click()
        self.page.locator(".jp-Dialog").wait_for(state="detached", timeout=START_S * 1000)

    def theme(self, name):
        self.run("apputils:change-theme", theme=name)
        self.page.wait_for_selector(f"body[data-jp-theme-name='{name}']", state="attached")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")

    def picture(self, name):
        """Keep what is seen, for people to look at; notifications go by themselves and are left out."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", style=".Toastify { display: none; }")
        self.judge(name)

    def both_themes(self, name):
        """Keep what is seen in light, as `name`, and in dark, as `name`-dark."""
        self.picture(name)
        self.theme("JupyterLab Dark")
        self.picture(f"{name}-dark")
        self.theme("JupyterLab Light")

    def judge(self, name):
        """Note what hinders people who use a keyboard or a screen reader, in the parts that are ours."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text())
        self.findings += [f"{name}: {finding}" for finding in self.page.evaluate(FINDINGS, OURS)]


def notebook(server, name, *sources):
    """Write a notebook whose cells have these sources, and give its name."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), server.folder / name)
    return name


@pytest.fixture
def lab(page, server):
    page.set_viewport_size({"width": 1400, "height": 900})
    opened = Lab(page, server).open()
    opened.run("modelmgmt:show-panel")
    yield opened
    assert opened.broken == []
    assert opened.findings == []


@pytest.fixture
def notebook7(page, server):
    """Give Notebook 7 with an empty notebook."""
    notebook(server, "seven.ipynb")
    opened = Lab(page, server).open("notebooks/seven.ipynb")
    # A server that is ended while it starts a kernel hangs.
    page.wait_for_function(KERNEL_IS_IDLE, timeout=START_S * 1000)
    opened.run("modelmgmt:show-panel")
    yield opened
    # Notebook 7.6 itself throws one error while it loads its shortcuts, with or without this extension.
    assert [error for error in opened.broken if "jupyter-modelmgmt" in error] == []


@pytest.fixture(scope="session")
def photo(tmp_path_factory):
    """Give a photo of an astronaut: 512 x 512, her face about (180, 80) to (275, 180)."""
    from PIL import Image
    from skimage import data

    path = tmp_path_factory.mktemp("photos") / "astronaut.jpg"
    Image.fromarray(data.astronaut()).save(path, quality=92)
    return path
