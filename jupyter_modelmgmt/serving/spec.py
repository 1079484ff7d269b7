"""What the host tells a worker, in a file beside its socket."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jupyter_modelmgmt.domain.evidence import Signature
from jupyter_modelmgmt.domain.records import ModelVersion, Task

REFUSED = 78  # a worker's exit code when starting it again would not help; EX_CONFIG of sysexits.h


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSpec:
    """`folder` holds the version's artifacts, `socket` is where to listen, `answer_s` the longest call.

    `max_batch` bounds what the model gets at once, in rows or items; `memory_mb` what it may take, in MiB, 0 for no bound.
    """

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
    signature: Signature = field(default_factory=Signature)
    max_batch: int | None = None
    memory_mb: int = 0


def worker_spec(
    version: ModelVersion,
    *,
    deployment: str,
    answer_s: float,
    max_batch: int | None = None,
    memory_mb: int = 0,
    folder: str = "",
    socket: str = "",
) -> WorkerSpec:
    """Return what a worker of `version` is told."""
    return WorkerSpec(
        deployment=deployment, model=version.model, version=version.version, folder=folder, flavor=version.flavor,
        adapter=version.adapter, config=version.config, labels=version.labels, task=version.task,
        signature=version.signature, socket=socket, answer_s=answer_s,
        max_batch=max_batch, memory_mb=memory_mb,
    )  # fmt: skip
