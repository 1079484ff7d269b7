"""The host of one registry: `python -m jupyter_modelmgmt.serving.host --runtime-dir DIR`.

Where the registry lies is said by the environment, as to kernels. The host supervises workers and routes
requests to them. There is one per registry and user; it ends by itself when nothing has run for a while.
"""

import asyncio
import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import metadata
from pathlib import Path

from starlette.applications import Starlette

from jupyter_modelmgmt.artifacts import blobs_at
from jupyter_modelmgmt.serving import listening
from jupyter_modelmgmt.serving.environments import Environments
from jupyter_modelmgmt.serving.gateway import Gateway
from jupyter_modelmgmt.serving.limits import HostOptions, options
from jupyter_modelmgmt.serving.order import Site
from jupyter_modelmgmt.serving.reconcile import Reconciler, Versions
from jupyter_modelmgmt.serving.router import Router
from jupyter_modelmgmt.serving.runtime import HostFile, Runtime
from jupyter_modelmgmt.store import Store

KEEP_ALIVE_S = 120
_WATCH_S = 1.0
_TAKEOVER_S = 15.0
_log = logging.getLogger(__name__)


def main() -> None:
    """Run the host, unless the registry has one."""
    given = options()
    logging.basicConfig(level=logging.INFO, format="%(asctime)sZ %(levelname)s %(message)s", stream=sys.stderr)
    logging.Formatter.converter = time.gmtime
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    runtime = Runtime(given.runtime_dir, given.store)
    deadline = time.monotonic() + _TAKEOVER_S
    while time.monotonic() < deadline:
        with runtime.held() as alone:
            if alone:
                asyncio.run(_Host(given, runtime).serve())
                return
        if runtime.read():
            return
        time.sleep(0.05)  # another host starts or ends; the file will tell which


class _Host:
    def __init__(self, given: HostOptions, runtime: Runtime) -> None:
        _sweep(runtime)
        self._runtime = runtime
        self._limits = given.limits
        self._store = Store.open(given.store)
        self._sockets = Path(tempfile.mkdtemp(prefix="modelmgmt-"))
        self._site = Site(
            work=runtime.folder / "work", logs=runtime.logs, sockets=self._sockets, limits=given.limits,
            versions=Versions(self._store, blobs_at(given.artifacts)), environments=Environments(),
        )  # fmt: skip
        self._listener = _listener(runtime.port)
        runtime.port = self._listener.getsockname()[1]
        self._file = HostFile(
            pid=os.getpid(), port=self._listener.getsockname()[1], token=secrets.token_urlsafe(32),
            version=metadata.version("jupyter_modelmgmt"), started_at=time.time(), sockets=str(self._sockets),
        )  # fmt: skip

    async def serve(self) -> None:
        """Answer until something says to leave."""
        self._leave = asyncio.Event()
        router = Router(self._limits)
        endpoint = f"http://127.0.0.1:{self._file.port}/v2/models/{{}}/infer"
        self._reconciler = Reconciler(self._store, router, self._site, endpoint)
        app = Gateway(router, self._reconciler, self._site, self._leave).app(self._file.token, lifespan=self._life)
        grace_s = int(self._limits.grace_s) + 1
        self._server = listening.server(app, keep_alive_s=KEEP_ALIVE_S, grace_s=grace_s, lifespan="on", log_config=None)
        await self._server.serve(sockets=[self._listener])

    @asynccontextmanager
    async def _life(self, _: Starlette) -> AsyncIterator[None]:
        await self._reconciler.look()  # before anybody can find this host and ask for a deployment
        jobs = [self._reconciler.run(), self._reconciler.write(), self._watch(), self._until_told()]
        tasks = [asyncio.create_task(job) for job in jobs]
        for task in tasks:
            task.add_done_callback(self._end)
        header = self._sockets / "authorization"
        header.touch(mode=0o600)
        header.write_text(f"Authorization: Bearer {self._file.token}\n", encoding="ascii")
        self._runtime.write(self._file)
        _log.info("Listening on port %d", self._file.port)
        try:
            yield
        finally:
            self._forget_file()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            await self._reconciler.close()
            self._site.environments.close()
            self._store.close()
            _sweep(self._runtime, self._sockets)
            _log.info("Ended")

    def _end(self, task: asyncio.Task[None]) -> None:
        self._server.should_exit = True
        if not task.cancelled() and (error := task.exception()):
            _log.error("The host ends because of an error", exc_info=error)

    async def _until_told(self) -> None:
        await self._leave.wait()

    async def _watch(self) -> None:
        """Return when nothing has run for long, or another host has taken over the file."""
        while True:
            await asyncio.sleep(min(_WATCH_S, self._limits.idle_s))
            found = self._runtime.read()
            if found and found.pid != self._file.pid:
                _log.warning("Process %d serves this registry now", found.pid)
                return
            if self._reconciler.idle_s >= self._limits.idle_s and await self._may_leave():
                return
            if not found:
                self._runtime.write(self._file)

    async def _may_leave(self) -> bool:
        # The file goes first: whoever wants a deployment after that finds no host and starts one.
        self._runtime.remove()
        await self._reconciler.look()
        if self._reconciler.idle_s >= self._limits.idle_s:
            return True
        self._runtime.write(self._file)
        return False

    def _forget_file(self) -> None:
        found = self._runtime.read()
        if found and found.pid == self._file.pid:
            self._runtime.remove()


def _listener(last: int) -> socket.socket:
    """Return a socket that listens at the port of the host before, else, when that is taken, at any."""
    # With the protocol left out, asyncio keeps Nagle's algorithm on, and every answer takes 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", last))
    except OSError:
        listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    return listener


def _sweep(runtime: Runtime, sockets: Path | None = None) -> None:
    """Remove what a host, this or one that was killed, left behind."""
    left = runtime.read()
    if left and left.pid != os.getpid() and not sockets:
        shutil.rmtree(left.sockets, ignore_errors=True)
        runtime.remove()
    if sockets:
        shutil.rmtree(sockets, ignore_errors=True)
    shutil.rmtree(runtime.folder / "work", ignore_errors=True)


if __name__ == "__main__":
    main()
