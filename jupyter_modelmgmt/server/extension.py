"""The extension as Jupyter starts and stops it."""

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jupyter_server.extension.application import ExtensionApp
from traitlets import Bool, Int, List, Unicode

from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.domain.records import Event
from jupyter_modelmgmt.places import ARTIFACTS_VARIABLE, LIBRARY_VARIABLE, URL_VARIABLE, place
from jupyter_modelmgmt.server import events
from jupyter_modelmgmt.server.openapi import document
from jupyter_modelmgmt.server.rerunning import Rerunner
from jupyter_modelmgmt.server.routes import ROUTES, handlers
from jupyter_modelmgmt.server.sending import Sender
from jupyter_modelmgmt.serving.trials import Trials

if TYPE_CHECKING:
    from jupyter_events import EventLogger
    from jupyter_server.serverapp import ServerApp

    from jupyter_modelmgmt.artifacts import Uploads
    from jupyter_modelmgmt.registry import Registry

_THREADS = 8
_HOUR_S = 3600
_OPENING = threading.Lock()


class ModelManagement(ExtensionApp):
    """Model management: a registry, deployments, and what the sidebar needs."""

    name = "jupyter_modelmgmt"
    extension_url = "/lab"
    load_other_extensions = True

    url = Unicode(
        "",
        help="SQL database of the registry (sqlite:///... or postgresql+psycopg://...). "
        "Empty: below Jupyter's data directory.",
    ).tag(config=True)
    artifacts = Unicode(
        "", help="Folder of the registry's files, or s3://bucket/prefix. Empty: beside the SQLite database."
    ).tag(config=True)
    library = List(
        Unicode(), help="Folders with library entries of your own, a TOML file each; beside those shipped."
    ).tag(config=True)
    image_limit = Int(25 * 2**20, help="Largest image, in bytes, that a prediction takes.").tag(config=True)
    upload_limit = Int(50 * 2**30, help="Largest file, in bytes, that can be uploaded.").tag(config=True)

    keep_deployments = Bool(
        default_value=False,
        help="Let deployments run on when this server ends; else they end, and run again with the next.",
    ).tag(config=True)

    run_kept_tests = Bool(
        default_value=True,
        help="Run a model's kept tests with each new and each promoted version, in a worker of its own.",
    ).tag(config=True)

    _tail: asyncio.Task[None] | None = None
    _sender: Sender | None = None
    _rerunner: Rerunner | None = None
    _resumed: asyncio.Task[None] | None = None
    _expiring: asyncio.Task[None] | None = None

    @cached_property
    def threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(_THREADS, thread_name_prefix="modelmgmt")

    @property
    def registry(self) -> "Registry":
        """The registry, opened by who asks first: several threads do as soon as the server starts."""
        with _OPENING:  # cached_property lets two in at once since Python 3.12
            return self._registry

    @cached_property
    def _registry(self) -> "Registry":
        from jupyter_modelmgmt.registry import connect  # noqa: PLC0415 - opened when first asked for

        return connect(self.url or None, artifacts=self.artifacts or None)

    @cached_property
    def trials(self) -> Trials:
        """The workers of versions that are tried."""
        return Trials()

    @cached_property
    def uploads(self) -> "Uploads":
        """The uploads on their way in: one for all requests, it knows how far each digest is."""
        return self.registry.uploads(self.upload_limit)

    @cached_property
    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document of all routes."""
        return document(ROUTES)

    @property
    def event_logger(self) -> "EventLogger":
        """The server's stream of events."""
        return cast("EventLogger", cast("ServerApp", self.serverapp).event_logger)

    def initialize_settings(self) -> None:
        self.settings["jupyter_modelmgmt"] = self
        self.event_logger.register_event_schema(events.SCHEMA_FILE)
        self._tell_kernels()

    def initialize_handlers(self) -> None:
        self.handlers.extend(handlers())

    def emit_progress(self, action: str, entry: str, done: int, total: int) -> None:
        """Tell browsers how far `action` on `entry` is."""
        event = Event(
            id=0, at=datetime.now(UTC), actor=action.partition(".")[0], action=action,
            details={"entry": entry, "done": done, "total": total},
        )  # fmt: skip
        events.emit(self.event_logger, event)

    async def _start_jupyter_server_extension(self, _serverapp: Any) -> None:
        self._loop = asyncio.get_running_loop()
        self._tail = asyncio.create_task(events.tail(lambda: self.registry, self.threads, self.event_logger, self.log))
        self._sender = Sender(lambda: self.registry, self.log)
        self._rerunner = Rerunner(lambda: self.registry, self.log) if self.run_kept_tests else None
        self._resumed = asyncio.create_task(self._resume())
        self._expiring = asyncio.create_task(self._expire())

    async def _resume(self) -> None:
        """Bring back the deployments that should run."""
        try:
            await self._loop.run_in_executor(self.threads, self._resume_now)
        except ModelManagementError as error:
            self.log.warning("Deployments were not brought back: %s", error)

    def _resume_now(self) -> None:
        self.registry.resume_deployments()  # opens the registry: on a thread, not in the caller

    async def _expire(self) -> None:
        """Move versions whose lifetime is over to the trash, now and every hour."""
        while True:
            try:
                await self._loop.run_in_executor(self.threads, self._expire_now)
            except (OSError, ModelManagementError, events.database_errors()) as error:
                self.log.warning("Versions did not expire: %s", error)
            await asyncio.sleep(_HOUR_S)

    def _expire_now(self) -> None:
        self.registry.expire()  # opens the registry: on a thread, not in the caller

    async def stop_extension(self) -> None:
        for task in (self._tail, self._expiring):
            if task:
                task.cancel()
        for busy in (self._sender, self._rerunner):
            if busy:
                await busy.stop()
        self.threads.shutdown(wait=False, cancel_futures=True)
        if "trials" in self.__dict__:
            self.trials.close()
        if "_registry" in self.__dict__:
            self._end_host()
            self.registry.close()

    def _end_host(self) -> None:
        if self.keep_deployments:
            return
        try:
            if host := self.registry.running_host():
                host.shutdown()
        except ModelManagementError as error:
            self.log.warning("The host of the deployments was not ended: %s", error)

    def _tell_kernels(self) -> None:
        """Hand the registry's place to kernels and terminals, which inherit this environment."""
        os.environ[URL_VARIABLE], os.environ[ARTIFACTS_VARIABLE] = place(self.url, self.artifacts)
        if self.library:
            os.environ[LIBRARY_VARIABLE] = os.pathsep.join(str(Path(folder).absolute()) for folder in self.library)


main = ModelManagement.launch_instance
