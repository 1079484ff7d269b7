"""Container images of this machine: the tool that has them, and the copies that versions keep."""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from blake3 import blake3

from jupyter_modelmgmt.domain.errors import ServingFailed
from jupyter_modelmgmt.serving.commands import Command, Failed

TOOL_VARIABLE = "JUPYTER_MODELMGMT_CONTAINERS"
_TOOLS = ("podman", "docker")


def tool(command: Command) -> str:
    """Return the path of podman or docker, whichever works here, or of what the environment names.

    Raises ServingFailed.
    """
    named = os.environ.get(TOOL_VARIABLE)
    reasons = []
    for name in (named,) if named else _TOOLS:
        if found := shutil.which(name):
            try:
                command.output(found, "version")
            except Failed as error:
                reasons.append(f"{name}: {str(error).splitlines()[-1] if str(error) else 'it does not work'}")
            else:
                return found
    told = f" ({'; '.join(reasons)})" if reasons else ""
    raise ServingFailed(f"Neither podman nor docker works here{told}. Install one of them, then start the deployment.")


def copy_name(model: str, version: str, registry: str) -> str:
    """Return the name under which the image of a version is kept, for the registry whose artifacts lie at `registry`.

    Each registry of a machine has copies of its own: the same number may be another image there.
    """
    return f"{_prefix(registry)}{_plain(model)}:{_plain(version)}"


def copies(registry: str) -> list[str]:
    """Return the copies that this machine keeps for a registry; none where no tool works, which could keep them."""
    command = _quiet()
    try:
        told = command.output(tool(command), "images", "--format", "{{.Repository}}:{{.Tag}}")
    except (ServingFailed, Failed):
        return []
    return sorted(name for name in told.split() if name.startswith(_prefix(registry)))


def remove(names: Iterable[str]) -> int:
    """Remove images by their names and return how many went; one that a container still uses stays."""
    command, removed = _quiet(), 0
    for name in names:
        try:
            command.output(tool(command), "rmi", name)
        except (ServingFailed, Failed):
            continue
        removed += 1
    return removed


def _quiet() -> Command:
    return Command(Path(os.devnull), lambda _doing: None)


def _prefix(registry: str) -> str:
    return f"localhost/modelmgmt-{blake3(registry.encode()).hexdigest(6)}/"


def _plain(text: str) -> str:
    """Return `text` as a part of an image's name may be written; different texts stay different."""
    return re.sub(r"[^a-z0-9.-]", lambda match: f"_{ord(match[0]):x}", text)
