"""PostgreSQL by psycopg 3: one writer at a time as on SQLite, connections that outlive a restart."""

import select
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError

from jupyter_modelmgmt.domain.errors import ModelManagementError, StorageFull, StoreUnavailable

DRIVER = "postgresql+psycopg"
CONNECT_TIMEOUT_S = 10
LOCK_TIMEOUT_MS = 10_000
_FROZEN_MS = 60_000
_WRITER = 0x6D6F64656C  # "model": the lock that every writer of a registry takes

# One round trip. The lock ends after the commit is visible, so ids of events become visible in
# order. A client that freezes in its transaction loses it: all others would wait.
_LOCK = (
    f"SELECT set_config('lock_timeout', '{LOCK_TIMEOUT_MS}', true), "
    f"set_config('idle_in_transaction_session_timeout', '{_FROZEN_MS}', true), pg_advisory_xact_lock({_WRITER})"
)
READING: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

_FULL = "53100"
_WRITER_IS_BUSY = "55P03"
# Connection exceptions, too many connections, shutdown and start; wrong role, password or database.
_AWAY = ("08", "53300", "57P", "28", "3D000", "25P03")


def engine(url: URL, **options: Any) -> Engine:
    """Return the engine of a database. Raises StoreUnavailable when the driver is not installed."""
    try:
        made = create_engine(
            url.set(drivername=DRIVER),
            connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
            use_native_hstore=False,  # nobody has such columns, and asking for them costs a round trip
            **options,
        )
    except ModuleNotFoundError as error:
        raise StoreUnavailable(
            'A registry in PostgreSQL needs the driver psycopg. Install it with `pip install "psycopg[binary]"`.'
        ) from error
    event.listen(made, "checkout", _refuse_ended)
    return made


def send(connection: Connection, kind: str) -> None:
    """Begin a transaction to `read`, `write` or `append`: the driver does by itself, writers take their lock."""
    if kind == "write":
        connection.exec_driver_sql(_LOCK)


def told(error: DBAPIError) -> ModelManagementError | None:
    """Return what to tell people instead of `error`, None when it is no matter of theirs."""
    state = getattr(error.orig, "sqlstate", None) or ""
    if state == _FULL:
        return StorageFull(
            "The disk of the database is full; nothing was changed. Free some space there and try again."
        )
    if state == _WRITER_IS_BUSY:
        return StoreUnavailable(
            f"Another process has been writing into the registry for {LOCK_TIMEOUT_MS // 1000} s; "
            "nothing was changed. Try again."
        )
    if state.startswith(_AWAY) or (not state and _lost(error)):
        reason = (str(error.orig).strip().splitlines() or ["the connection ended"])[0]
        return StoreUnavailable(
            f"The registry's database does not answer: {reason}. Check that it runs and that its URL is right; "
            "then try again."
        )
    return None


def _lost(error: DBAPIError) -> bool:
    from psycopg import OperationalError  # noqa: PLC0415 - SQLite needs no psycopg

    return error.connection_invalidated or isinstance(error.orig, OperationalError)


def _refuse_ended(connection: Any, _record: Any, _proxy: Any) -> None:
    """Let the pool make a new connection when this idle one has ended; costs no round trip.

    An idle connection has nothing to read but its end.
    """
    if connection.closed or _readable(connection.fileno()):
        raise DisconnectionError


def _readable(descriptor: int) -> bool:
    if not hasattr(select, "poll"):  # Windows
        return bool(select.select([descriptor], [], [], 0)[0])
    poll = select.poll()  # select() takes no descriptor above 1023
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))
