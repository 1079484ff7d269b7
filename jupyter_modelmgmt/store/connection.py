"""Opening the store: one SQL database and its transactions.

SQLite through SQLAlchemy's defaults loses updates: no BEGIN is sent before a SELECT. Here every
write begins with BEGIN IMMEDIATE, every read with BEGIN. On PostgreSQL a lock makes writers as
orderly: one at a time, so that no rule needs a lock of its own and event ids appear in order.
"""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import URL, Connection, Engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.store import migrations, postgresql, sqlite

_BACKENDS = {"sqlite": sqlite, "postgresql": postgresql, "postgres": postgresql}
_HIDDEN = "***"
# One for all: json.dumps makes one for each value, which takes longer than most values do.
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Store:
    """One open database. Safe to share between threads; open it anew after a fork."""

    def __init__(self, engine: Engine, url: str) -> None:
        backend = _BACKENDS[engine.dialect.name]
        self.engine = engine
        self.url = url
        self._told_as = backend.told
        self._reading = engine.execution_options(modelmgmt_begin="read", **backend.READING)
        self._appending = engine.execution_options(modelmgmt_begin="append")

    @classmethod
    def open(cls, url: str) -> "Store":
        """Return the store at `url` (`sqlite:///...`, `postgresql+psycopg://...`), of the newest schema.

        Raises BadField for another URL, StoreUnavailable, Conflict for a newer release's registry.
        """
        parsed = _parsed(url)
        backend = _BACKENDS[parsed.get_backend_name()]
        engine = backend.engine(parsed, json_serializer=_dump)

        @event.listens_for(engine, "begin")
        def started(connection: Connection) -> None:
            backend.send(connection, connection.get_execution_options().get("modelmgmt_begin", "write"))

        store = cls(engine, url)
        try:
            migrations.upgrade(store.read, store.write)
        except BaseException:
            store.close()
            raise
        return store

    @property
    def shown_url(self) -> str:
        """The URL as people may see it: without its password."""
        url = make_url(self.url)
        return url.update_query_dict({k: _HIDDEN for k in url.query if "password" in k}).render_as_string()

    def read(self) -> AbstractContextManager[Connection]:
        """Give a connection that sees one state of the database and changes nothing."""
        return self._transaction(self._reading)

    def write(self) -> AbstractContextManager[Connection]:
        """Give a connection whose changes become visible together, or not at all; the only writer now."""
        return self._transaction(self.engine)

    def append(self) -> AbstractContextManager[Connection]:
        """Give a connection like `write`, beside other writers where the database can.

        For rows that are only added and need no order, such as points of metrics; never for events.
        """
        return self._transaction(self._appending)

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except DataError as error:
            raise BadField(f"The database refuses a value: {str(error.orig).splitlines()[0]}. Change it.") from error
        except (OverflowError, UnicodeEncodeError) as error:
            what = (
                "a number that is too large" if isinstance(error, OverflowError) else "half a character (a surrogate)"
            )
            raise BadField(f"The database cannot hold {what}. Change it.") from error
        except DBAPIError as error:
            if told := self._told_as(error):
                raise told from error
            raise

    def close(self) -> None:
        self.engine.dispose()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.get_backend_name() not in _BACKENDS:
        raise BadField("A registry's URL is sqlite:///folder/registry.db or postgresql+psycopg://user@host/database.")
    return parsed
