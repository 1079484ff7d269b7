"""What is SQLite's alone."""

import pytest
from sqlalchemy import text

from jupyter_modelmgmt.domain.errors import StorageFull, StoreUnavailable
from jupyter_modelmgmt.store import Store, searching, sqlite, versions


@pytest.fixture
def file_store(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path / 'registry.db'}")
    yield opened
    opened.close()


def test_a_full_disk_is_told_and_leaves_no_half_version(file_store, new):
    versions.add(file_store, new("1.0.0"), bump="minor", actor="ada")
    with file_store.engine.connect() as c:
        pages = c.execute(text("PRAGMA page_count")).scalar()
    with file_store.engine.connect() as c:  # SQLite's own way to a full disk, kept by this pooled connection
        c.execute(text(f"PRAGMA max_page_count={pages}"))
    with pytest.raises(StorageFull, match="full"):
        for _ in range(500):
            versions.add(file_store, new(description="x" * 9000), bump="minor", actor="ada")
    listed = searching.page(file_store, model="digits", limit=1000).items
    assert all(versions.get(file_store, v.selector).artifacts for v in listed)


def test_what_is_no_database_is_told(tmp_path):
    (tmp_path / "registry.db").write_bytes(b"hello " * 1000)
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        Store.open(f"sqlite:///{tmp_path / 'registry.db'}")


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 50, 7), True),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 53, 4), True),
    ],
)
def test_damaging_sqlite_versions_are_known(version, safe):
    assert sqlite._is_safe(version) is safe


def test_wal_is_used_on_a_local_disk(file_store, tmp_path):
    assert not sqlite.on_network(tmp_path)
    with file_store.engine.connect() as c:
        assert c.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert c.execute(text("PRAGMA synchronous")).scalar() == 2
