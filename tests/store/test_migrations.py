"""The way of a database from the first released schema to the newest and back, with rows in it."""

import json
from concurrent.futures import ProcessPoolExecutor

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from jupyter_modelmgmt.domain.errors import Conflict
from jupyter_modelmgmt.domain.records import Artifact, NewVersion
from jupyter_modelmgmt.store import Store, connection, events, migrations, models, versions

DIGEST = "blake3:" + "0" * 64
TIME = "2026-11-01 12:00:00"
FIRST_ROWS = {
    "models": [{"id": 1, "name": "Digits", "name_key": "digits", "description": "first", "created_at": TIME,
                "updated_at": TIME, "created_by": "ada", "version_count": 2, "last_sequence": 2,
                "latest_id": 2, "newest_id": 2, "deleted_at": None}],
    "versions": [
        {"id": n, "model_id": 1, "sequence": n, "version": f"1.{n}.0", "identity": f"1.{n}.0",
         "sort_key": f"{1:016d}.{n:016d}.{0:016d}~", "is_release": True, "created_at": TIME, "updated_at": TIME,
         "created_by": "ada", "description": "", "framework": "onnx", "flavor": "onnx", "task": "classification",
         "model_type": "custom", "status": "completed", "stage": stage, "author": "Ada", "license": "MIT",
         "public": False, "size": 7, "adapter": "", "config": '{"size": [8, 8]}', "labels": '["a", "b"]',
         "parent": "", "source": "", "deleted_at": None}
        for n, stage in ((1, "development"), (2, "production"))
    ],
    "artifacts": [{"version_id": n, "path": "model.onnx", "digest": DIGEST, "size": 7} for n in (1, 2)],
    "aliases": [{"model_id": 1, "alias": "champion", "version_id": 2}],
    "version_metrics": [{"version_id": 2, "key": "accuracy", "value": 0.9}],
    "version_params": [{"version_id": 2, "key": "C", "value": "1.5"}],
    "version_tags": [{"version_id": 2, "position": 0, "tag": "vision"}],
    "deployments": [{"id": 1, "name": "digits", "model_id": 1, "version_id": 2, "engine": "local", "running": False,
                     "state": "Stopped", "message": "", "replicas": 1, "available": 0, "revision": 2,
                     "created_at": TIME, "updated_at": TIME, "created_by": "ada"}],
    "events": [{"id": 1, "at": TIME, "actor": "ada", "action": "model.created", "model": "Digits", "version": "",
                "deployment": "", "details": json.dumps({})}],
}  # fmt: skip


@pytest.fixture
def empty_url(database_url, request, tmp_path):
    """Give the URL of a database without any table."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'empty' / 'registry.db'}"
        return
    server = request.getfixturevalue("postgresql")
    url = server.empty_url()
    yield url
    server.drop(url)


@pytest.fixture
def bare(empty_url, monkeypatch):
    """Give an open store whose database holds nothing yet."""
    with monkeypatch.context() as patch:
        patch.setattr(connection.migrations, "upgrade", lambda *_: None)
        store = Store.open(empty_url)
    yield store
    store.close()


def migrate(store, how, revision):
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    with store.write() as c:
        config.attributes["connection"] = c
        how(config, revision)


def fill_first(store):
    """Write rows as the first release wrote them."""
    with store.write() as c:
        for table, rows in FIRST_ROWS.items():
            names = list(rows[0])
            statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(':' + n for n in names)})"
            c.execute(text(statement), rows)
        if c.dialect.name == "postgresql":  # rows with ids of their own leave the sequences behind
            for table in ("models", "versions", "deployments", "events"):
                c.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))


def test_a_registry_of_the_first_release_opens_with_all_it_has(bare, empty_url):
    migrate(bare, command.upgrade, "0001")
    fill_first(bare)
    store = Store.open(empty_url)
    found = versions.get(store, "digits@production")
    assert (found.version, found.stage, found.framework, found.author, found.license) == (
        "1.2.0", "production", "onnx", "Ada", "MIT",
    )  # fmt: skip
    assert (found.metrics, found.params, found.tags, found.labels) == (
        {"accuracy": 0.9}, {"C": 1.5}, ("vision",), ("a", "b"),
    )  # fmt: skip
    assert found.aliases == ("champion",)
    assert found.artifacts == (Artifact(path="model.onnx", digest=DIGEST, size=7),)
    model = models.get(store, "digits")
    assert (model.version_count, model.latest.version, model.description) == (2, "1.2.0", "first")
    assert next(e.action for e in events.after(store, 0)) == "model.created"
    file = Artifact(path="model.onnx", digest=DIGEST, size=7)
    new = NewVersion(model="digits", version="", artifacts=(file,))
    assert versions.add(store, new, bump="minor", actor="bo").version == "1.3.0"
    store.close()


def test_migrations_lead_up_down_and_up_again(bare, empty_url):
    migrate(bare, command.upgrade, "0001")
    fill_first(bare)
    migrate(bare, command.upgrade, "head")
    migrate(bare, command.downgrade, "0001")
    with bare.read() as c:
        assert c.execute(text("SELECT version FROM versions ORDER BY id")).scalars().all() == ["1.1.0", "1.2.0"]
        assert c.execute(text("SELECT tag FROM version_tags")).scalars().all() == ["vision"]
    migrate(bare, command.upgrade, "head")
    migrate(bare, command.downgrade, "base")
    with bare.read() as c:
        assert set(inspect(c).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    Store.open(empty_url).close()
    with bare.read() as c:
        assert "versions" in inspect(c).get_table_names()


def open_and_add(url):
    store = Store.open(url)
    file = Artifact(path="model.onnx", digest=DIGEST, size=7)
    made = versions.add(store, NewVersion(model="digits", version="", artifacts=(file,)), bump="minor", actor="bo")
    store.close()
    return made.version


def test_processes_that_open_an_empty_database_together_all_succeed(empty_url):
    with ProcessPoolExecutor(4) as pool:
        assert sorted(pool.map(open_and_add, [empty_url] * 4)) == ["1.0.0", "1.1.0", "1.2.0", "1.3.0"]


def test_the_tables_are_those_that_the_queries_expect(store):
    migrate(store, lambda config, _: command.check(config), "")


def test_a_registry_of_a_newer_release_is_refused(url):
    store = Store.open(url)
    with store.write() as c:
        c.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(Conflict, match="newer"):
        Store.open(url)
