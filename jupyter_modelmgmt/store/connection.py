"""Opening the store: one SQL database, its driver, its transactions.

SQLite through SQLAlchemy's defaults loses updates: no BEGIN is sent before a SELECT. Here every
write begins with BEGIN IMMEDIATE, every read with BEGIN.
"""

import json
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError

from jupyter_modelmgmt.domain.errors import StorageFull
from jupyter_modelmgmt.store import migrations

BUSY_TIMEOUT_MS = 10_000
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "lustre", "gpfs", "9p", "beegfs", "ceph"})


class Store:
    """One open database. Safe to share between threads; open it anew after a fork."""

    def __init__(self, engine: Engine, url: str) -> None:
        self.engine = engine
        self.url = url

    @classmethod
    def open(cls, url: str) -> "Store":
        """Return the store at `url` (`sqlite:///...`), made or migrated to the newest schema."""
        store = cls(_engine(url), url)
        with _full_disk_told():
            migrations.upgrade(store.engine)
        return store

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the database and changes nothing."""
        with self.engine.connect().execution_options(modelmgmt_read=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection whose changes become visible together, or not at all."""
        with _full_disk_told(), self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if "disk is full" in str(error) or "disk I/O error" in str(error):
            raise StorageFull(
                "The disk of the registry is full or cannot be written; nothing was changed. Free some space and try again."
            ) from error
        raise


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, json_serializer=_dump)
    path = Path(parsed.database or "")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(parsed, module=sqlite_driver(), json_serializer=_dump)
    journal = "DELETE" if on_network(path.parent) else "WAL"

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's "begin" event below sends BEGIN instead
        for pragma in _pragmas(journal):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("modelmgmt_read", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


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


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@cache
def sqlite_driver() -> ModuleType:
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
