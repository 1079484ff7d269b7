"""Files of versions and inputs of kept tests by their digest: which blobs are named, and by whom."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import BigInteger, ColumnElement, cast, func, select

from jupyter_modelmgmt.domain.records import Artifact, StoredFile
from jupyter_modelmgmt.store import kept, lookup, models, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.pages import AnySelect

_PAGE = 500
_A = schema.artifacts.c
_V = schema.versions.c
# Files of a version in the trash are named: it may come back. Those of a purged one are not.
_NAMED = _V.purged_at.is_(None)


def named(store: Store, digests: Sequence[str]) -> set[str]:
    """Return those of `digests` that some version or kept test has."""
    query = select(_A.digest).join(schema.versions, _V.id == _A.version_id).where(_A.digest.in_(digests), _NAMED)
    with store.read() as c:
        return set(c.execute(query.distinct()).scalars()) | kept.inputs(c, digests)


def size(store: Store, selector: str = "") -> int:
    """Return the bytes of all files, each blob once; see `files`. Raises NotFound."""
    blobs = _of(_chosen(store, selector)).subquery()
    with store.read() as c:
        return c.execute(select(cast(func.coalesce(func.sum(blobs.c.size), 0), BigInteger))).scalar_one()


def files(store: Store, selector: str = "") -> Iterator[tuple[Artifact, tuple[StoredFile, ...]]]:
    """Give each blob once, by digest, with all files that have its bytes.

    `selector` is empty for the whole registry, a model's name for all its versions, or one version's.
    Raises NotFound.
    """
    chosen, last = _chosen(store, selector), ""
    while True:
        with store.read() as c:
            query = _of([*chosen, _A.digest > last]).order_by(_A.digest).limit(_PAGE)
            blobs = c.execute(query).all()
            if not blobs:
                return
            last = blobs[-1].digest
            rows = c.execute(
                select(_A.digest, _A.path, _V.version, schema.models.c.name.label("model"))
                .join(schema.versions, _V.id == _A.version_id)
                .join(schema.models, schema.models.c.id == _V.model_id)
                .where(_A.digest.in_([blob.digest for blob in blobs]), *chosen)
                .order_by(schema.models.c.name_key, _V.sort_key, _A.path)
            ).all()
        named_by: Mapping[str, list[StoredFile]] = {blob.digest: [] for blob in blobs}
        for row in rows:
            named_by[row.digest].append(StoredFile(version=f"{row.model}@{row.version}", path=row.path))
        for blob in blobs:
            users = named_by[blob.digest]
            yield Artifact(path=users[0].path, digest=blob.digest, size=blob.size), tuple(users)


def _chosen(store: Store, selector: str) -> list[ColumnElement[bool]]:
    if not selector:
        return [_NAMED]
    with store.read() as c:
        if "@" in selector:
            return [_NAMED, _V.id == lookup.find(c, selector).id]
        return [_NAMED, _V.model_id == models.row(c, selector).id]


def _of(conditions: Sequence[ColumnElement[bool]]) -> AnySelect:
    blobs = select(_A.digest, _A.size).join(schema.versions, _V.id == _A.version_id)
    return blobs.where(*conditions).distinct()
