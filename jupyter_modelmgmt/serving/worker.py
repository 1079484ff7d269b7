"""A worker: one process that holds one version and answers Open Inference Protocol v2 on a unix socket.

`python -m jupyter_modelmgmt.serving.worker SPEC`, where SPEC is the JSON file of a `WorkerSpec`. The
worker ends, with all its children, when its standard input does: then the host is gone.
"""

import asyncio
import fcntl
import gc
import logging
import os
import select
import signal
import socket
import sys
import threading
import time
from pathlib import Path

import msgspec

from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.serving import listening, memory, output
from jupyter_modelmgmt.serving.spec import REFUSED, WorkerSpec

LINUX = sys.platform == "linux"
KEEP_ALIVE_S = 3600  # the router alone decides when a pooled connection ends
_log = logging.getLogger("modelmgmt.worker")


def main() -> None:
    """Serve until SIGTERM."""
    _tie_to_host()
    output.outlive_a_full_disk()
    spec = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=WorkerSpec)
    memory.bound(spec.memory_mb)
    logging.Formatter.converter = time.gmtime
    told = f"%(asctime)sZ {spec.version} %(levelname)s %(message)s"
    logging.basicConfig(level=logging.INFO, format=told, stream=sys.stderr)
    _log.info("Loading %s@%s for %s", spec.model, spec.version, spec.deployment)
    try:
        asyncio.run(_serve(spec))
    except ModelManagementError as error:
        _log.error("%s", error)  # the message says all, a traceback hides it
        sys.exit(REFUSED)


async def _serve(spec: WorkerSpec) -> None:
    from jupyter_modelmgmt.serving.answering import Answering  # noqa: PLC0415  # the framework comes after the tie

    app = Answering.loaded(spec, Path(spec.folder)).app()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(spec.socket)
    answering = listening.server(
        app, keep_alive_s=KEEP_ALIVE_S, grace_s=1, date_header=False, lifespan="off", log_level="warning"
    )
    gc.freeze()  # a full collection would walk through all of scikit-learn: 77 ms in which nobody is answered
    _log.info("Ready")
    await answering.serve(sockets=[listener])


def _tie_to_host() -> None:
    """End this process and its group as soon as the host's end of standard input closes."""
    if LINUX:
        # The kernel itself kills: a model that never gives up the interpreter's lock cannot prevent it.
        fcntl.fcntl(0, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(0, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    if not LINUX or select.select([0], [], [], 0)[0]:
        threading.Thread(target=_end_with_host, name="host watch", daemon=True).start()


def _end_with_host() -> None:
    sys.stdin.buffer.read()
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
