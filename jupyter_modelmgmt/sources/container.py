"""A container image as what a new version says of itself. Nothing is pulled or run here. Source: M12."""

from dataclasses import fields
from typing import Any

from jupyter_modelmgmt.domain.containers import CONTAINER, Container, container
from jupyter_modelmgmt.domain.interfaces import Interface, Mode
from jupyter_modelmgmt.domain.sources import ContainerSource


def said_by(source: ContainerSource) -> dict[str, Any]:
    """Return the fields of a version that runs the image of `source`. Raises BadField, BadHealthCheck."""
    described = {each.name: getattr(source, each.name) for each in fields(Container) if each.name != "health"}
    health = source.health
    described["health"] = {each.name: getattr(health, each.name) for each in fields(health)}
    checked = container(described)
    return {
        "framework": CONTAINER,
        "flavor": CONTAINER,
        "config": checked.config,
        "interface": Interface(mode=source.mode or Mode.UNDEFINED, services=source.services, apis=source.apis),
        "source": f"container:{checked.image}",
    }
