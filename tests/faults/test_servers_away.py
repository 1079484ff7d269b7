"""Database and object store go away in the middle of work: told, nothing half done, and it goes on."""

import threading
import time

import numpy as np
import psutil
import pytest

from jupyter_modelmgmt.domain.errors import StoreUnavailable
from jupyter_modelmgmt.domain.records import Artifact, NewVersion
from jupyter_modelmgmt.registry import connect
from jupyter_modelmgmt.registry.inputs import read_input
from jupyter_modelmgmt.store import Store, events, searching, versions
from tests.servers.postgresql_server import PASSWORD, PostgreSQL
from tests.servers.s3_server import S3

pytestmark = pytest.mark.heavy

NEW = NewVersion(
    model="digits", version="", metrics={str(i): i / 10 for i in range(10)},
    artifacts=(Artifact(path="model.bin", digest="blake3:" + "0" * 64, size=7),),
)  # fmt: skip


@pytest.fixture
def own_database(postgresql):
    """Give a server that may go away without harm to other tests."""
    with PostgreSQL.running() as server:
        yield server


@pytest.fixture
def own_s3(s3_server, tmp_path, monkeypatch):
    with S3.running() as server:
        for name, value in {**server.environment, "XDG_CACHE_HOME": str(tmp_path / "cache")}.items():
            monkeypatch.setenv(name, value)
        yield server


def test_writers_go_on_after_the_database_restarted_five_times(own_database):
    """Every version that was acknowledged is there, every version there is whole."""
    url = own_database.new_url()
    stop, said, told, others = threading.Event(), [], [], []

    def write(store):
        while not stop.is_set():
            try:
                said.append(versions.add(store, NEW, bump="minor", actor="ada").version)
            except StoreUnavailable as error:
                told.append(str(error))
                time.sleep(0.05)
            except Exception as error:  # noqa: BLE001 - counted below
                others.append(error)
        store.close()

    writers = [threading.Thread(target=write, args=[Store.open(url)]) for _ in range(3)]
    for writer in writers:
        writer.start()
    for _ in range(5):
        time.sleep(0.4)
        own_database.stop()
        own_database.start()
    time.sleep(0.4)
    stop.set()
    for writer in writers:
        writer.join()
    store = Store.open(url)
    listed = list(searching.page(store, model="digits", limit=1000).items)
    found = {v.version for v in listed}
    print(f"\n5 restarts: {len(said)} acknowledged, {len(told)} told, {len(found) - len(said)} written unheard")  # noqa: T201
    assert not others, others[0]
    assert told
    assert not [text for text in told if PASSWORD in text]
    assert set(said) <= found
    assert all(len(v.metrics) == 10 for v in listed)
    assert events.last_id(store) >= len(said)
    store.close()


def test_a_deployment_answers_while_the_database_is_away(own_database, own_s3, classifier, digits):
    """All of it remote: metadata in PostgreSQL, files in an object store; the host needs neither to answer."""
    registry = connect(own_database.new_url(), artifacts=own_s3.new_location())
    registry.register(classifier, "digits")
    registry.deploy("digits", name="digits")
    host, x = registry.running_host(), digits[0][:5]
    assert PASSWORD not in " ".join(psutil.Process(host.file.pid).cmdline())  # every user of the machine reads it
    own_database.stop()
    own_s3.stop()
    answered = 0
    for _ in range(20):
        outputs = host.predict_tensors("digits", read_input(x, takes="tensor"))
        answered += len(outputs) > 0
        time.sleep(0.2)  # longer than the host's look at the database, all together
    with pytest.raises(StoreUnavailable):
        registry.stop("digits")
    own_database.start()
    own_s3.start()
    assert registry.stop("digits").state == "Stopped"
    print(f"\ndatabase and object store away: {answered} of 20 predictions answered")  # noqa: T201
    assert answered == 20
    host.shutdown()
    registry.close()


def test_registering_into_an_object_store_that_goes_and_comes(own_s3, tmp_path):
    """Killed while a big file is on its way, six times: no half object, no version without bytes."""
    registry = connect(f"sqlite:///{tmp_path / 'registry.db'}", artifacts=own_s3.new_location())
    chance, told, made = np.random.default_rng(0), 0, 0
    for round_ in range(6):
        file = tmp_path / f"{round_}.bin"
        file.write_bytes(chance.bytes(60_000_000))
        killer = threading.Timer(0.1 + 0.15 * round_, own_s3.stop)
        killer.start()
        try:
            registry.register_files(file, "digits")
            made += 1
        except StoreUnavailable:
            told += 1
        killer.join()
        own_s3.start()
    listed = registry.versions("digits") if made else ()
    found = registry.verify()
    print(f"\nobject store killed 6 times: {told} told, {made} registered, {len(found.damaged)} damaged")  # noqa: T201
    assert told + made == 6
    assert told
    assert len(listed) == made
    assert (found.damaged, found.missing) == ((), ())
    assert all(blob.size == 60_000_000 for blob in registry.artifacts.digests())
    assert registry.register_files(file, "after").version == "1.0.0"
    registry.close()
