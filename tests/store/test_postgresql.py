"""What is PostgreSQL's alone: away and back, one writer at a time, no password in any text."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import InternalError

from jupyter_modelmgmt.domain.errors import BadField, StoreUnavailable
from jupyter_modelmgmt.registry import connect
from jupyter_modelmgmt.store import Store, events, postgresql, schema, versions
from tests.servers.postgresql_server import PASSWORD, PostgreSQL


@pytest.fixture
def url(postgresql):
    url = postgresql.new_url()
    yield url
    postgresql.drop(url)


@pytest.fixture
def store(url):
    opened = Store.open(url)
    yield opened
    opened.close()


@pytest.fixture
def own_server(postgresql):
    """Give a server that may be stopped without harm to other tests."""
    with PostgreSQL.running() as server:
        yield server


def test_a_read_sees_one_state_and_changes_nothing(store, new):
    with store.read() as c:
        assert c.execute(select(schema.versions.c.id)).all() == []
        versions.add(store, new("1.0.0"), bump="minor", actor="ada")
        assert c.execute(select(schema.versions.c.id)).all() == []
    with pytest.raises(InternalError, match="read-only"), store.read() as c:
        c.execute(text("DELETE FROM versions"))


def test_ids_of_events_become_visible_in_order(url, new):
    """A reader that asks for what is behind the last id it saw misses nothing."""
    stores = [Store.open(url) for _ in range(4)]
    seen, done = [], threading.Event()

    def follow():
        reader = Store.open(url)
        while not done.is_set() or events.last_id(reader) > (seen[-1] if seen else 0):
            seen.extend(e.id for e in events.after(reader, seen[-1] if seen else 0))
        reader.close()

    def write(store):
        for _ in range(25):
            versions.add(store, new(), bump="minor", actor="ada")

    follower = threading.Thread(target=follow)
    writers = [threading.Thread(target=write, args=[store]) for store in stores]
    for thread in (follower, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    follower.join()
    with stores[0].read() as c:
        assert seen == c.execute(select(schema.events.c.id).order_by(schema.events.c.id)).scalars().all()
    for store in stores:
        store.close()


def test_appending_does_not_wait_for_the_writer(store, new):
    version = versions.add(store, new("1.0.0"), bump="minor", actor="ada")
    point = {"version_id": 1, "key": "loss", "value": 0.5}
    with store.write(), store.append() as c:
        c.execute(insert(schema.metrics), point)
    assert versions.get(store, version.selector).metrics == {"loss": 0.5}


def test_a_writer_that_waits_too_long_is_told(store):
    impatient = postgresql._LOCK.replace(f"'{postgresql.LOCK_TIMEOUT_MS}'", "'200'")
    with store.write(), pytest.raises(StoreUnavailable, match="Another process"), store.append() as c:
        c.exec_driver_sql(impatient)


def test_a_value_that_the_database_cannot_hold_is_the_users_mistake(store, new):
    with pytest.raises(BadField, match="too long"):
        versions.add(store, new("1.0.0", framework="x" * 500), bump="minor", actor="ada")


def test_the_next_call_works_after_a_restart(own_server, new):
    url = own_server.new_url()
    store = Store.open(url)
    versions.add(store, new("1.0.0"), bump="minor", actor="ada")
    own_server.stop()
    with pytest.raises(StoreUnavailable, match="does not answer") as caught:
        versions.get(store, "digits")
    assert PASSWORD not in str(caught.value)
    with pytest.raises(StoreUnavailable):
        versions.add(store, new(), bump="minor", actor="ada")
    own_server.start()
    assert versions.get(store, "digits").version == "1.0.0"
    assert versions.add(store, new(), bump="minor", actor="ada").version == "1.1.0"
    own_server.stop(signal.SIGINT)
    own_server.start()  # nobody asked while it was away: idle connections have ended
    assert versions.add(store, new(), bump="minor", actor="ada").version == "1.2.0"
    store.close()


def test_a_restart_inside_a_transaction_is_told_and_nothing_is_written(own_server, new):
    store = Store.open(own_server.new_url())
    versions.add(store, new("1.0.0"), bump="minor", actor="ada")
    with pytest.raises(StoreUnavailable), store.write() as c:
        events.write(c, "ada", "test")
        own_server.stop()
        c.execute(text("SELECT 1"))
    own_server.start()
    assert [e.action for e in events.after(store, 0)] == ["model.created", "version.registered"]
    store.close()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda url: url.replace(PASSWORD, "wrong-secret"), "password authentication failed"),
        (lambda url: url.rpartition("/")[0] + "/nowhere", "does not exist"),
        (lambda url: url.replace("127.0.0.1:", "127.0.0.1:1"), "."),
        (lambda url: url.replace("127.0.0.1", "no-such-host.invalid"), "."),
        (lambda url: url.replace(f":{PASSWORD}@", "@") + f"?password={PASSWORD}x", "password"),
    ],
    ids=["password", "database", "port", "host", "password in the query"],
)
def test_what_keeps_the_database_away_is_told_without_the_password(url, change, said):
    with pytest.raises(StoreUnavailable, match="does not answer") as caught:
        Store.open(change(url))
    assert said in str(caught.value)
    assert PASSWORD not in str(caught.value)
    assert "wrong-secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nothing_shows_the_password(url, tmp_path):
    for place in (url, url.replace(f":{PASSWORD}@", "@") + f"?password={PASSWORD}"):
        registry = connect(place, artifacts=tmp_path)
        assert PASSWORD not in repr(registry)
        assert PASSWORD not in registry.store.shown_url
        assert "registry" in registry.store.shown_url
        registry.close()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2"])
def test_every_spelling_of_the_scheme_opens(url, scheme):
    Store.open(url.replace("postgresql+psycopg", scheme)).close()


@pytest.mark.parametrize("url", ["", "mysql://host/db", "nonsense", "http://[::1", "/tmp/registry.db"])
def test_another_database_is_refused(url):
    with pytest.raises(BadField, match="sqlite:///"):
        Store.open(url)


def test_sqlite_imports_no_driver_of_postgresql(tmp_path):
    program = (
        "import sys, jupyter_modelmgmt as mm\n"
        "mm.connect(sys.argv[1]).models()\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('psycopg', 'psycopg_binary', 'obstore', 'alembic')])\n"
    )
    place = f"sqlite:///{tmp_path}/registry.db"
    Store.open(place).close()
    done = subprocess.run([sys.executable, "-c", program, place], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_driver_is_told(url):
    program = (
        "import sys\nsys.modules['psycopg'] = None\n"
        "from jupyter_modelmgmt.store import Store\nStore.open(sys.argv[1])\n"
    )
    done = subprocess.run([sys.executable, "-c", program, url], capture_output=True, text=True, check=False)
    assert 'pip install "psycopg[binary]"' in done.stderr.splitlines()[-1]


def test_a_writer_that_is_killed_frees_the_others(url, store, new):
    program = (
        "import sys, time\nfrom jupyter_modelmgmt.store import Store\n"
        "with Store.open(sys.argv[1]).write():\n    print('in', flush=True)\n    time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "in\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    versions.add(store, new("1.0.0"), bump="minor", actor="ada")
