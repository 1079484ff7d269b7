"""Datasets: a name, and a version for each digest that the name has had."""

import dataclasses
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Table, delete, func, insert, select, tuple_, update

from jupyter_modelmgmt.domain import fields, logged
from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.domain.records import DatasetUse, Page
from jupyter_modelmgmt.domain.tracking import Dataset, NewDataset, Role
from jupyter_modelmgmt.store import events, pages, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow

_D = schema.datasets.c
_U = schema.run_datasets.c


def register(store: Store, new: NewDataset, *, actor: str) -> Dataset:
    """Return the dataset with this name and digest: a new version of the name, or the one that is there.

    Raises BadName, BadField.
    """
    said = logged.new_dataset(new)
    row = {f.name: getattr(said, f.name) for f in dataclasses.fields(said)} | {"name_key": said.name.lower()}
    with store.write() as c:
        mine = select(schema.datasets).where(_D.name_key == row["name_key"])
        same = c.execute(mine.where(_D.digest == said.digest)).first()
        if same is not None:
            return record(_described(c, same, said))
        newest = c.execute(mine.order_by(_D.version.desc()).limit(1)).first()
        called, number = (newest.name, newest.version + 1) if newest else (said.name, 1)
        made = {"name": called, "version": number, "created_at": now(), "created_by": actor}
        c.execute(insert(schema.datasets), row | made)
        events.write(c, actor, "dataset.registered", dataset=f"{called}@{number}", digest=said.digest)
        return Dataset(**{f.name: getattr(said, f.name) for f in dataclasses.fields(said)} | made)


def get(store: Store, selector: str) -> Dataset:
    """Return `name@3`, or the newest of `name`. Raises BadSelector, NotFound."""
    with store.read() as c:
        return record(find(c, selector))


def page(store: Store, *, name: str = "", limit: int = 50, cursor: str | None = None) -> Page[Dataset]:
    """Return datasets, the newest first; those of one name if it is given."""
    query = select(schema.datasets)
    if name:
        query = query.where(_D.name_key == fields.checked_name(name).lower())
    with store.read() as c:
        found = c.execute(pages.page_of(query, [_D.id], limit=limit, cursor=cursor, descending=True)).all()
    rows, following = pages.cut(found, [_D.id], limit)
    listed = tuple(dataclasses.replace(record(row), statistics={}) for row in rows)
    return Page(items=listed, next_cursor=following)


def find(c: Connection, selector: str) -> AnyRow:
    """Return the row of a dataset. Raises BadSelector, NotFound."""
    return _found(c, [selector])[selector]


def use(c: Connection, table: Table, owner: int, used: Sequence[tuple[str, Role]]) -> list[DatasetUse]:
    """Hang datasets on a run or version, whose row is `owner`; said twice is said once. Raises NotFound."""
    rows = _found(c, [selector for selector, _ in used])
    wanted = {(rows[selector].id, role.value) for selector, role in used}
    column = table.c[0]
    c.execute(delete(table).where(column == owner, tuple_(table.c.dataset_id, table.c.role).in_(list(wanted))))
    c.execute(insert(table), [{column.name: owner, "dataset_id": i, "role": role} for i, role in sorted(wanted)])
    return [
        DatasetUse(dataset=f"{row.name}@{row.version}", role=role, digest=row.digest)
        for selector, role in used
        for row in [rows[selector]]
    ]


def attach(c: Connection, version_id: int, uses: tuple[DatasetUse, ...], run_id: int | None) -> None:
    """Hang on a version the datasets that were given and those of its run. Raises NotFound, BadField."""
    if uses:
        use(c, schema.version_datasets, version_id, logged.uses(uses))
    if run_id is None:
        return
    v = schema.version_datasets.c
    given = {tuple(row) for row in c.execute(select(v.dataset_id, v.role).where(v.version_id == version_id))}
    of_run = c.execute(select(_U.dataset_id, _U.role).where(_U.run_id == run_id)).all()
    rest = [{"version_id": version_id, "dataset_id": i, "role": role} for i, role in of_run if (i, role) not in given]
    if rest:
        c.execute(insert(schema.version_datasets), rest)


def _described(c: Connection, row: AnyRow, said: NewDataset) -> AnyRow:
    """Return the row of a dataset with the statistics that `said` has, where nobody had read the data before."""
    if row.statistics or not said.statistics:
        return row
    changed = update(schema.datasets).where(_D.id == row.id).values(statistics=said.statistics)
    return c.execute(changed.returning(schema.datasets)).one()


def _found(c: Connection, selectors: Iterable[str]) -> dict[str, AnyRow]:
    """Return the rows of datasets by their selectors, in one query."""
    wanted = {selector: logged.dataset_pointer(selector) for selector in selectors}
    names = {name.lower() for name, _ in wanted.values()}
    newest = select(_D.name_key, func.max(_D.version).label("version")).where(_D.name_key.in_(names))
    last = newest.group_by(_D.name_key).subquery()
    exact = [(name.lower(), number) for name, number in wanted.values() if number is not None]
    rows = c.execute(
        select(schema.datasets, last.c.version.label("newest"))
        .join(last, last.c.name_key == _D.name_key)
        .where((_D.version == last.c.version) | tuple_(_D.name_key, _D.version).in_(exact))
    ).all()
    by_number = {(row.name_key, row.version): row for row in rows}
    by_name = {row.name_key: row for row in rows if row.version == row.newest}
    found = {}
    for selector, (name, number) in wanted.items():
        row = by_name.get(name.lower()) if number is None else by_number.get((name.lower(), number))
        if row is None:
            raise NotFound(
                f"There is no dataset {selector!r}. Register it first, from a file or folder: "
                f"`%model dataset {name} --data PATH`; `%model datasets` lists what there is."
            )
        found[selector] = row
    return found


def record(row: AnyRow) -> Dataset:
    """Return a row of datasets as the record."""
    return Dataset(
        name=row.name, version=row.version, digest=row.digest, created_at=row.created_at, created_by=row.created_by,
        fields=row.fields, size=row.size, rows=row.rows, source=row.source, description=row.description,
        statistics=row.statistics,
    )  # fmt: skip
