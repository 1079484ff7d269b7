"""Settings of the whole registry."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from jupyter_modelmgmt.domain import versions
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.governance import Settings
from jupyter_modelmgmt.store import events, schema
from jupyter_modelmgmt.store.connection import Store

_NAMES = tuple(field.name for field in fields(Settings))


def read(c: Connection) -> Settings:
    """Return the settings; what nobody set has its default."""
    rows = c.execute(select(schema.settings.c.name, schema.settings.c.value))
    return Settings(**{row.name: row.value for row in rows if row.name in _NAMES})


def get(store: Store) -> Settings:
    with store.read() as c:
        return read(c)


def change(store: Store, changes: Mapping[str, Any], *, actor: str) -> Settings:
    """Write the settings that `changes` names. Raises BadField, BadVersion."""
    for name in changes:
        if name not in _NAMES:
            raise BadField(f"{name!r} is not a setting. There are {', '.join(_NAMES)}.")
    checked = {name: str(versions.parse(str(value))) for name, value in changes.items()}
    with store.write() as c:
        before = asdict(read(c))
        for name, value in checked.items():
            c.execute(delete(schema.settings).where(schema.settings.c.name == name))
            c.execute(insert(schema.settings).values(name=name, value=value))
        told = {name: [before[name], value] for name, value in checked.items()}
        events.write(c, actor, "registry.configured", changes=told)
        return read(c)
