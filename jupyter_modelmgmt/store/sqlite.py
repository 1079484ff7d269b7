"""SQLite: the driver, the settings of a connection, times as text, where its file may lie."""

import contextlib
import random
import sqlite3
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from jupyter_modelmgmt.domain.errors import ModelManagementError, StorageFull, StoreUnavailable

BUSY_TIMEOUT_MS = 10_000
_TURN_S = 0.004  # a writer that waits asks again after half of it to all of it
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "lustre", "gpfs", "9p", "beegfs", "ceph"})
_BEGIN = "BEGIN IMMEDIATE"
# A crash of the machine may cost the last points of metrics, and nothing else that was acknowledged.
_SYNCHRONOUS = {"write": "FULL", "append": "NORMAL"}
READING: dict[str, Any] = {}


def engine(url: URL, **options: Any) -> Engine:
    """Return the engine of a file, whose folder is made when missing."""
    path = Path(url.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreUnavailable(
            f"The registry's folder {str(path.parent)!r} cannot be made: {error.strerror}. "
            "Give the path of another: sqlite:////folder/registry.db."
        ) from error
    made = create_engine(url, module=driver(), **options)
    journal = "DELETE" if on_network(path.parent) else "WAL"

    @event.listens_for(made, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the store sends BEGIN itself
        for pragma in _pragmas(journal):
            _insist(partial(connection.execute, f"PRAGMA {pragma}"))

    return made


def send(connection: Connection, kind: str) -> None:
    """Begin a transaction to `read`, `write` or `append`, as soon as nobody else writes when it is a writing one.

    SQLite's own waiting sleeps longer each time, so that those who waited long starve: of 8 writers
    one waited 8 s and more, 0.8 s so.
    """
    raw: Any = connection.connection.driver_connection
    if kind == "read":
        raw.execute("BEGIN")
        return
    raw.execute(f"PRAGMA synchronous={_SYNCHRONOUS[kind]}")
    raw.execute("PRAGMA busy_timeout=0")
    try:
        with contextlib.suppress(driver().OperationalError):  # the next line tells it as SQLAlchemy does
            _insist(partial(raw.execute, _BEGIN))
        if not raw.in_transaction:
            connection.exec_driver_sql(_BEGIN)
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _insist(attempt: Callable[[], object]) -> None:
    """Call `attempt` until nobody is in its way, or raise what it raised when the time is up.

    For some locks SQLite does not wait, whatever its busy_timeout: that of the change to WAL is one.
    """
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            attempt()
        except driver().OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= until:
                raise
            time.sleep(random.uniform(_TURN_S / 2, _TURN_S))  # noqa: S311 - no secret
        else:
            return


def written(time: datetime | None) -> str | None:
    """Return a time as the text that SQLAlchemy writes too, in a fifth of its time."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds") if time else None


def read(text: str | None) -> datetime | None:
    """Return the time that such a text tells."""
    return datetime.fromisoformat(f"{text}+00:00") if text else None


def told(error: DBAPIError) -> ModelManagementError | None:
    """Return what to tell people instead of `error`, None when it is no matter of theirs."""
    text = str(error.orig)
    if "disk is full" in text or "disk I/O error" in text:
        return StorageFull(
            "The disk of the registry is full or cannot be written; nothing was changed. Free some space and try again."
        )
    if "database is locked" in text:
        return StoreUnavailable(
            f"Another process has been writing into the registry for {BUSY_TIMEOUT_MS // 1000} s; "
            "nothing was changed. Try again."
        )
    if "unable to open" in text:
        return StoreUnavailable(
            f"The registry's database cannot be opened: {text}. Check that its path is a file in a folder of yours."
        )
    if "not a database" in text or "malformed" in text:
        return StoreUnavailable(f"The registry's database cannot be read: {text}. Restore its file from a backup.")
    return None


def _pragmas(journal: str) -> tuple[str, ...]:
    return (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        f"journal_mode={journal}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-65536",
        "journal_size_limit=67108864",
        "trusted_schema=OFF",
    )


@cache
def driver() -> ModuleType:
    """Return the DB-API module with the newest SQLite to be had.

    SQLite 3.7.0 to 3.51.2 can damage a WAL database. Source: sqlite.org/wal.html, "walresetbug".
    """
    if _is_safe(sqlite3.sqlite_version_info):
        return sqlite3
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - only where the standard library's is too old
    except ImportError:
        warnings.warn(
            f"SQLite {sqlite3.sqlite_version} has a rare bug that can damage a database under heavy "
            "concurrent writing. Install `pysqlite3` or a newer Python.",
            RuntimeWarning,
            stacklevel=2,
        )
        return sqlite3
    module: ModuleType = dbapi2
    return module


def _is_safe(version: tuple[int, ...]) -> bool:
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def on_network(folder: Path) -> bool:
    """Tell whether `folder` lies on a network file system, where WAL breaks."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return False
    found = ("", "")
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        if folder.resolve().is_relative_to(point.replace("\\040", " ")) and len(point) >= len(found[0]):
            found = (point, kind)
    return found[1] in NETWORK_FILE_SYSTEMS
