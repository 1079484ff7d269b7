"""`pip install .` from a clone gives all parts, enabled, with Node and without."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.heavy
ROOT = Path(__file__).parents[2]


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def plain(text):
    """Return a terminal's text without its colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.fixture
def clone(tmp_path):
    """Give a copy of what git tracks: no bundle, no node_modules."""
    folder = tmp_path / "clone"
    for name in run("git", "ls-files", cwd=ROOT).splitlines():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return folder


def without_node(folder):
    """Return a PATH with everything of this one but Node."""
    folder.mkdir()
    for place in reversed(os.environ["PATH"].split(os.pathsep)):
        for tool in Path(place).iterdir() if Path(place).is_dir() else ():
            link = folder / tool.name
            if tool.name not in ("node", "npm", "npx", "corepack", "nodejs"):
                link.unlink(missing_ok=True)
                link.symlink_to(tool)
    assert shutil.which("node", path=str(folder)) is None
    return str(folder)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("node", [True, False])
def test_a_plain_install_gives_every_part_enabled(clone, tmp_path, node):
    environment = dict(os.environ) if node else {**os.environ, "PATH": without_node(tmp_path / "bin")}
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", str(tmp_path), ".", cwd=clone, env=environment)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("share/jupyter/labextensions/jupyter-modelmgmt/package.json") for name in names)
    assert "jupyter_modelmgmt/widgets/static/compare.js" in names
    assert len([name for name in names if "remoteEntry" in name]) == 1
    assert not [name for name in names if "node_modules" in name or name.startswith("tests")]

    venv = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", str(venv))
    python = str(venv / "bin" / "python")
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", str(wheel))
    (site / "rest.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    away = {"cwd": tmp_path}  # the clone that pytest runs in must not be what is imported
    assert run(python, "-c", "import jupyter_modelmgmt as m; print(m.__file__)", **away).startswith(str(site))
    assert "jupyter-modelmgmt" in run(python, "-m", "jupyterlab.labextensions", "list", **away)
    listed = run(python, "-m", "jupyter_server.extension.serverextension", "list", **away)
    assert "jupyter_modelmgmt enabled" in " ".join(plain(listed).split())
    assert "jupyter_modelmgmt 0.1.0 OK" in " ".join(plain(listed).split())
    shell = "from IPython.core.interactiveshell import InteractiveShell as S; S().run_line_magic('load_ext', 'jupyter_modelmgmt')"
    run(python, "-c", shell, **away)
    run(python, "-c", "from jupyter_modelmgmt import ComparisonWidget; print(ComparisonWidget._esm)", **away)
