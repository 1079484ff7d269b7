"""What the host tells a worker, in a file beside its socket."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_modelmgmt.domain.records import Task

REFUSED = 78  # a worker's exit code when starting it again would not help; EX_CONFIG of sysexits.h


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """`folder` holds the version's artifacts, `socket` is where to listen, `answer_s` the longest call."""

    deployment: str
    model: str
    version: str
    folder: str
    flavor: str
    adapter: str
    config: Mapping[str, Any]
    labels: tuple[str, ...]
    task: Task
    socket: str
    answer_s: float
