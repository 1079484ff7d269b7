"""Running kept tests by itself: of versions that are new, or were promoted. Source: N10."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.server.events import database_errors
from jupyter_modelmgmt.serving.trials import Cancellation

POLL_S = 1.0
_SLOW_S = 30.0


class Rerunner:
    """Asks one waiting version after the other, each in a worker of its own, until it is stopped."""

    def __init__(self, open_registry: Callable[[], Registry], log: logging.Logger) -> None:
        self._open_registry = open_registry
        self._log = log
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="modelmgmt-tests")
        self._cancellation = Cancellation()
        self._last = -1
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End the run that is under way; what was not asked is asked when a server runs again."""
        self._task.cancel()
        self._cancellation.cancel()
        await asyncio.to_thread(self._thread.shutdown, cancel_futures=True)

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                await loop.run_in_executor(self._thread, self._run_waiting)
                await asyncio.sleep(POLL_S)
            except (OSError, ModelManagementError, database_errors()) as error:
                self._log.warning("jupyter_modelmgmt cannot run kept tests: %s", error)
                await asyncio.sleep(_SLOW_S)

    def _run_waiting(self) -> None:
        registry = self._open_registry()
        if (last := registry.last_event()) == self._last:
            return  # nothing happened, so nothing waits
        while registry.acting_as("kept tests").run_waiting_tests(self._cancellation):
            self._cancellation.refuse()
        if not registry.tests_wait():  # else another server is at it, and may end before it is done
            self._last = last
