"""What a service of a version takes and gives, and which kinds of services it may become. Source: M14, M15."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from jupyter_modelmgmt.domain.refusals import ServiceRefused


class Mode(StrEnum):
    """Input and output of a service. `adapter`: as the version's adapter or signature says.

    `undefined` is known to its author alone, so that it cannot be run over a batch. Source: M15.
    """

    ADAPTER = "adapter"
    DETECTION = "object_detection"
    IMAGE = "image_processing"
    ANALYTICS = "predictive_analytics"
    UNDEFINED = "undefined"


class Service(StrEnum):
    """The kinds of services. Source: M21."""

    REAL_TIME = "real-time"
    BATCH = "batch"
    EDGE = "edge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One way to call a service; `request` and `response` are JSON Schemas."""

    url: str = "/"
    method: str = "POST"
    content_type: str = "application/json"
    request: Mapping[str, Any] = field(default_factory=dict)
    response: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """What a version's services are like; `template` names the one that it was imported by."""

    mode: Mode = Mode.ADAPTER
    services: tuple[Service, ...] = tuple(Service)
    apis: tuple[Api, ...] = ()
    template: str = ""


def refuse_service(selector: str, interface: Interface, service: Service) -> None:
    """Raise ServiceRefused unless the version `selector` may become such a service. Source: M14, M15; M20b, 3589."""
    if service not in interface.services:
        raise ServiceRefused(
            f"{selector} was imported for {', '.join(interface.services)}, not for {service} services. "
            "Import it again with that kind among its services."
        )
    if service is Service.BATCH and interface.mode is Mode.UNDEFINED:
        raise ServiceRefused(
            f"{selector} has the mode 'undefined': what it takes is known to its author alone, so it cannot run over "
            "a batch. Import it again with another mode, or deploy it."
        )
