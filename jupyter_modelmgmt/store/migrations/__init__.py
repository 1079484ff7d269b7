"""Bringing a database to the newest schema with Alembic."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from jupyter_modelmgmt.domain.errors import Conflict

FOLDER = Path(__file__).parent
HEAD = max(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))
Transaction = Callable[[], AbstractContextManager[Connection]]


def upgrade(read: Transaction, write: Transaction) -> None:
    """Migrate the database to `HEAD`, in one transaction; a second process waits for the first."""
    if _current(read) == HEAD:
        return
    # Alembic takes 0.2 s to import: only when there is something to do.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    with write() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, HEAD)
        except CommandError as error:
            raise Conflict(
                "This registry was made by a newer jupyter_modelmgmt. Upgrade with `pip install -U jupyter_modelmgmt`."
            ) from error


def _current(read: Transaction) -> str | None:
    with read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return revision
