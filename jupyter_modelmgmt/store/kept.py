"""Kept tests and their results."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select

from jupyter_modelmgmt.domain.errors import Conflict, NotConfirmed, NotFound
from jupyter_modelmgmt.domain.kept import MAX_TESTS, KeptResult, KeptTally, KeptTest, KeptTests, ResultState
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.records import Artifact, StoredFile
from jupyter_modelmgmt.store import events, lookup, models, schema
from jupyter_modelmgmt.store.connection import Store
from jupyter_modelmgmt.store.events import now
from jupyter_modelmgmt.store.pages import AnyRow

TALLIES = 500
_T, _R, _V, _M = (table.c for table in (schema.kept_tests, schema.kept_results, schema.versions, schema.models))
_PASSED = func.sum(case((_R.state == ResultState.PASSED, 1), else_=0))


def add(store: Store, test: KeptTest, *, latency_ms: float, actor: str) -> KeptTest:
    """Add a test to its model; the version that gave the expected answer passed it. Raises NotFound, Conflict."""
    with store.write() as c:
        model = models.row(c, test.model)
        _refuse(c, model, test.name)
        row = {
            "model_id": model.id, "name": test.name, "name_key": test.name.lower(), "media": test.media,
            "digest": test.digest, "size": test.size, "expected": msgspec.to_builtins(test.expected),
            "tolerance": test.tolerance, "threshold": test.threshold, "created_at": now(), "created_by": actor,
        }  # fmt: skip
        c.execute(insert(schema.kept_tests).values(row))
        version = lookup.find(c, f"{model.name}@{test.expected.version}")
        found = _row(c, model, test.name)
        passed = KeptResult(
            test=test.name, version=version.version, state=ResultState.PASSED, difference="", latency_ms=latency_ms,
            at=found.created_at, by=actor,
        )  # fmt: skip
        _put(c, found.id, version.id, passed)
        events.write(c, actor, "test.kept", model=model.name, version=version.version, test=test.name)
        return _record(found, model.name)


def of_model(store: Store, model: str) -> KeptTests:
    """Return the tests of a model, the first kept first, and the tallies of its last `TALLIES` tested versions."""
    with store.read() as c:
        found = models.row(c, model)
        rows = c.execute(select(schema.kept_tests).where(_T.model_id == found.id).order_by(_T.id)).all()
        query = (
            select(_V.version, _PASSED.label("passed"), func.count().label("run"))
            .join(schema.kept_results, _R.version_id == _V.id)
            .where(_V.model_id == found.id, _V.deleted_at.is_(None))
            .group_by(_V.id, _V.version, _V.sequence)
            .order_by(_V.sequence.desc())
            .limit(TALLIES)
        )
        tallies = tuple(
            KeptTally(version=row.version, passed=row.passed, failed=row.run - row.passed) for row in c.execute(query)
        )
        return KeptTests(items=tuple(_record(row, found.name) for row in rows), tallies=tallies)


def get(store: Store, model: str, name: str) -> KeptTest:
    """Return one test. Raises NotFound."""
    with store.read() as c:
        found = models.row(c, model)
        return _record(_row(c, found, name), found.name)


def remove(store: Store, model: str, name: str, *, confirm: str, actor: str) -> None:
    """Forget a test and its results; `confirm` repeats its name. Raises NotFound, NotConfirmed."""
    with store.write() as c:
        found = models.row(c, model)
        row = _row(c, found, name)
        if confirm != row.name:
            raise NotConfirmed(f"Removing a test cannot be undone. Confirm with its name: confirm={row.name!r}.")
        _forget(c, _T.id == row.id)
        events.write(c, actor, "test.removed", model=found.name, test=row.name)


def results(store: Store, selector: str) -> tuple[KeptResult, ...]:
    """Return what became of the tests with a version, those that were run. Raises NotFound."""
    with store.read() as c:
        version = lookup.find(c, selector)
        query = select(schema.kept_results, _T.name).join(schema.kept_tests, _T.id == _R.test_id)
        rows = c.execute(query.where(_R.version_id == version.id).order_by(_T.id)).all()
    return tuple(
        KeptResult(
            test=row.name, version=version.version, state=ResultState(row.state), difference=row.difference,
            latency_ms=row.latency_ms, at=row.at, by=row.by,
        )
        for row in rows
    )  # fmt: skip


def note(store: Store, result: KeptResult, *, model: str) -> None:
    """Write what became of a test; of one that was removed meanwhile nothing is kept."""
    with store.write() as c:
        version = lookup.find(c, f"{model}@{result.version}")
        query = select(_T.id).where(_T.model_id == version.model_id, _T.name_key == result.test.lower())
        if (test := c.execute(query).scalar()) is not None:
            _put(c, test, version.id, result)


def tell(store: Store, model: str, version: str, found: Sequence[KeptResult], *, actor: str) -> None:
    """Write the event of a run."""
    passed = sum(result.state is ResultState.PASSED for result in found)
    with store.write() as c:
        events.write(c, actor, "tests.run", model=model, version=version, passed=passed, total=len(found))


def inputs(c: Connection, digests: Sequence[str]) -> set[str]:
    """Return those of `digests` that are the input of some test."""
    return set(c.execute(select(_T.digest).where(_T.digest.in_(digests)).distinct()).scalars())


def files(store: Store, selector: str = "") -> tuple[tuple[Artifact, tuple[StoredFile, ...]], ...]:
    """Return the inputs of all tests, or of a model's, as `artifacts.files` gives files; a version has none of its own."""
    if "@" in selector:
        return ()
    query = select(_T.name, _T.digest, _T.size, _M.name.label("model")).join(schema.models, _M.id == _T.model_id)
    if selector:
        query = query.where(_M.name_key == selector.lower())
    with store.read() as c:
        rows = c.execute(query.order_by(_M.name_key, _T.id)).all()
    named = ((row, f"test {row.name}") for row in rows)
    return tuple(
        (Artifact(path=path, digest=row.digest, size=row.size), (StoredFile(version=row.model, path=path),))
        for row, path in named
    )


def forget_of_gone(c: Connection, model_id: int) -> None:
    """Forget the tests of a model that is deleted and has no version left that could bring it back."""
    alive = select(_V.id).where(_V.model_id == model_id, _V.purged_at.is_(None)).limit(1)
    if c.execute(select(_M.deleted_at).where(_M.id == model_id)).scalar() and c.execute(alive).first() is None:
        _forget(c, _T.model_id == model_id)


def _refuse(c: Connection, model: AnyRow, name: str) -> None:
    """Raise Conflict where a model may not have another test of this name."""
    names = c.execute(select(_T.name_key).where(_T.model_id == model.id)).scalars().all()
    if name.lower() in names:
        raise Conflict(f"{model.name} has a test {name!r} already. Choose another name, or remove that one first.")
    if len(names) >= MAX_TESTS:
        raise Conflict(f"{model.name} has {len(names)} tests, more than {MAX_TESTS} may not be. Remove one first.")


def _row(c: Connection, model: AnyRow, name: str) -> AnyRow:
    row = c.execute(select(schema.kept_tests).where(_T.model_id == model.id, _T.name_key == name.lower())).first()
    if row is None:
        raise NotFound(f"{model.name} has no test {name[:80]!r}. See them with `%model tests {model.name}`.")
    return row


def _put(c: Connection, test: int, version: int, result: KeptResult) -> None:
    c.execute(delete(schema.kept_results).where(_R.test_id == test, _R.version_id == version))
    row: dict[str, Any] = {
        "test_id": test, "version_id": version, "state": result.state,
        "difference": result.difference[:500].replace("\x00", ""), "latency_ms": result.latency_ms, "at": result.at,
        "by": result.by,
    }  # fmt: skip
    c.execute(insert(schema.kept_results).values(row))


def _forget(c: Connection, which: ColumnElement[bool]) -> None:
    c.execute(delete(schema.kept_results).where(_R.test_id.in_(select(_T.id).where(which))))
    c.execute(delete(schema.kept_tests).where(which))


def _record(row: AnyRow, model: str) -> KeptTest:
    return KeptTest(
        model=model, name=row.name, media=row.media, digest=row.digest, size=row.size,
        expected=msgspec.convert(row.expected, Prediction), tolerance=row.tolerance, threshold=row.threshold,
        created_at=row.created_at, created_by=row.created_by,
    )  # fmt: skip
