"""Registry events on their way to browsers: the server reads the table's tail, whoever wrote it."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from jupyter_events import EventLogger

from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.domain.records import Event
from jupyter_modelmgmt.registry import Registry

SCHEMA = "https://events.jupyter.org/jupyter_modelmgmt/registry/v1"
SCHEMA_FILE = Path(__file__).parent / "event_schemas" / "registry" / "v1.yaml"
POLL_S = 0.25
_SLOW_S = 5.0


async def tail(
    open_registry: Callable[[], Registry], threads: ThreadPoolExecutor, logger: EventLogger, log: logging.Logger
) -> None:
    """Emit every event that is written from now on; goes on when the store is away for a while."""
    loop = asyncio.get_running_loop()
    last: int | None = None
    while True:
        try:
            registry = await loop.run_in_executor(threads, open_registry)
            if last is None:
                last = await loop.run_in_executor(threads, registry.last_event)
            for event in await loop.run_in_executor(threads, registry.events, last):
                emit(logger, event)
                last = event.id
            await asyncio.sleep(POLL_S)
        except (OSError, ModelManagementError, database_errors()) as error:
            log.warning("jupyter_modelmgmt cannot read events: %s", error)
            await asyncio.sleep(_SLOW_S)


def emit(logger: EventLogger, event: Event) -> None:
    """Send one event to all listeners, browsers among them."""
    logger.emit(schema_id=SCHEMA, data=msgspec.to_builtins(event))


def database_errors() -> type[Exception]:
    """Return what a database raises when it is away."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - after the registry was opened

    return SQLAlchemyError
