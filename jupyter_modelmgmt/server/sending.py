"""Delivering to webhooks while the server runs, on a thread of its own: receivers may be slow."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.registry.courier import Courier
from jupyter_modelmgmt.server.events import database_errors

POLL_S = 0.5
_SLOW_S = 5.0


class Sender:
    """Delivers what is due, again and again, until it is stopped."""

    def __init__(self, open_registry: Callable[[], Registry], log: logging.Logger) -> None:
        self._open_registry = open_registry
        self._log = log
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="modelmgmt-webhooks")
        self._courier: Courier | None = None
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End the calls that are under way; they are made again when a server runs."""
        self._task.cancel()
        if self._courier is not None:
            self._courier.stop()
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                await loop.run_in_executor(self._thread, self._deliver)
                await asyncio.sleep(POLL_S)
            except (OSError, ModelManagementError, database_errors()) as error:
                self._log.warning("jupyter_modelmgmt cannot deliver to webhooks: %s", error)
                await asyncio.sleep(_SLOW_S)

    def _deliver(self) -> None:
        if self._courier is None:
            self._courier = Courier(self._open_registry().store)
        self._courier.deliver()
