"""A notebook that rebuilds a version."""

from collections.abc import Mapping
from typing import Any

from jupyter_modelmgmt.domain.evidence import Safety
from jupyter_modelmgmt.domain.records import ModelVersion

_CHECK = (
    "# The data that the version was made with; a digest that differs is other data.\n"
    "import jupyter_modelmgmt as mm\n\n"
    "reg = mm.connect()\n"
    "for used in reg.get({selector!r}).datasets:\n"
    "    print(used.role, used.dataset, used.digest)"
)
_LOAD = "# The version itself, to compare with.\nsaved = reg.get({selector!r}).load({yes})"


def made(document: Mapping[str, Any], version: ModelVersion, requirements: str) -> dict[str, Any]:
    """Return the captured notebook with cells around it: title, what to install, the data, the load."""
    lines = [f"# {version.selector}\n", "\n", *_facts(version)]
    packages = " ".join(requirements.splitlines())
    install = f"# What it was made with; take the # away to install it here.\n# %pip install {packages}"
    yes = "allow_code=True" if any(verdict.safety is not Safety.DATA for verdict in version.safety) else ""
    return {
        **document,
        "cells": [
            _cell("modelmgmt-title", lines, "markdown"),
            *([_cell("modelmgmt-install", [install.rstrip()])] if requirements else []),
            _cell("modelmgmt-data", [_CHECK.format(selector=version.selector)]),
            *document["cells"],
            _cell("modelmgmt-load", [_LOAD.format(selector=version.selector, yes=yes)]),
        ],
    }


def _facts(version: ModelVersion) -> list[str]:
    known = {
        "Notebook": version.code.get("notebook"),
        "Commit": version.code.get("git_commit"),
        "Python": version.environment.get("python"),
        "Registered": f"{version.created_at:%Y-%m-%d %H:%M} UTC by {version.created_by}",
    }
    return [f"- {name}: `{str(value).replace('`', '')}`\n" for name, value in known.items() if value]


def _cell(name: str, source: list[str], kind: str = "code") -> dict[str, Any]:
    cell = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}
