"""Engines run deployments: `local` as processes of this machine, `container` as containers, `ray` on a cluster."""

from collections.abc import Callable
from dataclasses import replace

from jupyter_modelmgmt.serving.engines.container import Containers
from jupyter_modelmgmt.serving.engines.local import Local
from jupyter_modelmgmt.serving.engines.ray import RayGeneration
from jupyter_modelmgmt.serving.generation import Generation, Running
from jupyter_modelmgmt.serving.order import Launch, Order, Site
from jupyter_modelmgmt.store.deployments import WantedDeployment, WantedVersion

_LAUNCHES: dict[str, Callable[[Order, Site], Launch]] = {"local": Local, "container": Containers}


def run(wanted: WantedDeployment, version: WantedVersion, site: Site, changed: Callable[[], None]) -> Running:
    """Start one version with the engine that its deployment names; `changed` is called with every news."""
    answer_s = wanted.spec.limits.answer_s or site.limits.answer_s
    order = Order(
        name=wanted.name, revision=wanted.revision, version_id=version.version_id, version=version.version,
        spec=wanted.spec, limits=replace(site.limits, answer_s=answer_s),
    )  # fmt: skip
    if wanted.spec.engine == "ray":
        return RayGeneration(order, site, changed)
    return Generation(order, site, _LAUNCHES[wanted.spec.engine](order, site), changed)
