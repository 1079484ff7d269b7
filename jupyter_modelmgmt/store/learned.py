"""Finding versions by what they learned."""

from collections.abc import Collection

from sqlalchemy import select

from jupyter_modelmgmt.store import schema
from jupyter_modelmgmt.store.connection import Store

_V, _M = schema.versions.c, schema.models.c
_ASKED_AT_ONCE = 500


def by_weights(store: Store, digests: Collection[str]) -> dict[str, str]:
    """Return the selectors of versions by the digests of their weights; of several the one registered last.

    At most 500 digests are looked up.
    """
    wanted = sorted(digest for digest in digests if digest)[:_ASKED_AT_ONCE]
    if not wanted:
        return {}
    query = (
        select(_V.weights, _M.name, _V.version)
        .join(schema.models, _M.id == _V.model_id)
        .where(_V.weights.in_(wanted), _V.deleted_at.is_(None), _M.deleted_at.is_(None))
        .order_by(_V.id)
    )
    with store.read() as c:
        return {row.weights: f"{row.name}@{row.version}" for row in c.execute(query)}
