"""What runs inside a Ray cluster: an application that holds one version and answers as a worker does.

Ray Serve imports `build` on the cluster's nodes, so this package is installed there, or given by
`runtime_env`. The version's files come from where the registry keeps them, each checked by its digest.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from jupyter_modelmgmt.artifacts import blobs_at
from jupyter_modelmgmt.domain.records import Artifact
from jupyter_modelmgmt.serving.answering import Answering
from jupyter_modelmgmt.serving.spec import WorkerSpec
from jupyter_modelmgmt.serving.web import Application

NAME = "model"  # of the one deployment in each application
_answering: list[Answering] = []  # a process of Ray holds one replica


def build(args: Mapping[str, str]) -> Any:
    """Return the application for `args`: JSON of a `WorkerSpec`, of its files, and where they lie."""
    from ray import serve  # noqa: PLC0415  # only a cluster has Ray

    def application() -> Application:
        return _loaded(args)

    replica = serve.ingress(application)(_Replica)
    return serve.deployment(replica, name=NAME).bind()


class _Replica:
    def check_health(self) -> None:
        """Raise when a call hangs, so that Ray starts the replica anew."""
        if _answering and not _answering[0].is_live:
            raise TimeoutError("One call has been running for longer than any may.")


def _loaded(args: Mapping[str, str]) -> Application:
    spec = msgspec.json.decode(args["spec"], type=WorkerSpec)
    files = msgspec.json.decode(args["files"], type=tuple[Artifact, ...])
    folder = Path(tempfile.mkdtemp(prefix="modelmgmt-"))
    blobs_at(args["artifacts"]).materialise(files, folder)
    _answering[:] = [Answering.loaded(spec, folder)]
    return _answering[0].app()
