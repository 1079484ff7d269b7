"""What a search meant by a word that is no field: a metric, a parameter or a property that versions have."""

from sqlalchemy import select

from jupyter_modelmgmt.store import schema
from jupyter_modelmgmt.store.connection import Store

_GROUPS = {"metrics": schema.metrics, "params": schema.params, "properties": schema.properties}


def groups(store: Store, name: str) -> list[str]:
    """Return the groups in which a version has a value called `name`, the likeliest first."""
    with store.read() as c:
        return [
            group
            for group, table in _GROUPS.items()
            if c.execute(select(table.c.key).where(table.c.key == name).limit(1)).first()
        ]
