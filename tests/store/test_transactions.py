"""What happens when several write at once, or a writer dies."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor

from sqlalchemy import text

from jupyter_modelmgmt.domain.errors import VersionTaken
from jupyter_modelmgmt.domain.records import Artifact, NewVersion
from jupyter_modelmgmt.store import Store, events, searching, sqlite, versions
from tests.servers.waiting import until

FILE = Artifact(path="model.bin", digest="blake3:" + "0" * 64, size=7)
NEW = NewVersion(model="digits", version="", artifacts=(FILE,))


def bump_many(url, count):
    store = Store.open(url)
    return [versions.add(store, NEW, bump="minor", actor="ada").version for _ in range(count)]


def every(store):
    cursor = None
    while True:
        page = searching.page(store, model="digits", limit=1000, cursor=cursor)
        yield from page.items
        if (cursor := page.next_cursor) is None:
            return


def take_one(url, number):
    store = Store.open(url)
    wanted = NewVersion(model="digits", version=number, artifacts=(FILE,))
    try:
        versions.add(store, wanted, bump="minor", actor=str(os.getpid()))
    except VersionTaken:
        return 0
    return 1


def test_no_update_is_lost_between_processes(url):
    with ProcessPoolExecutor(4) as pool:
        numbers = [n for found in pool.map(bump_many, [url] * 4, [30] * 4) for n in found]
    assert len(set(numbers)) == 120
    store = Store.open(url)
    with store.read() as c:
        assert c.execute(text("SELECT version_count, last_sequence FROM models")).one() == (120, 120)
    assert events.last_id(store) == 121
    store.close()


def test_one_of_two_writers_gets_a_version(url):
    Store.open(url).close()
    with ProcessPoolExecutor(2) as pool:
        for i in range(40):
            assert sum(pool.map(take_one, [url] * 2, [f"1.{i}.0"] * 2)) == 1


def test_a_store_opens_while_another_process_writes_the_first_bytes(tmp_path):
    """Changing the journal to WAL is refused at once while somebody writes; opening waits for its turn."""
    file = tmp_path / "registry.db"
    first = sqlite.driver().connect(str(file), isolation_level=None, check_same_thread=False)
    first.execute("BEGIN IMMEDIATE")
    first.execute("CREATE TABLE early (id INTEGER)")
    threading.Timer(0.3, lambda: first.execute("COMMIT")).start()
    store = Store.open(f"sqlite:///{file}")
    assert events.last_id(store) == 0
    store.close()
    first.close()


def test_a_killed_writer_leaves_whole_versions(url, tmp_path):
    """Every acknowledged version is there, and every version there is whole."""
    acknowledged = tmp_path / "acknowledged"
    program = (
        "import sys; from jupyter_modelmgmt.store import Store, versions\n"
        "from jupyter_modelmgmt.domain.records import Artifact, NewVersion\n"
        "store = Store.open(sys.argv[1]); out = open(sys.argv[2], 'a', buffering=1)\n"
        "file = Artifact(path='m', digest='blake3:' + '0' * 64, size=7)\n"
        "facts = {str(i): float(i) for i in range(10)}\n"
        "while True:\n"
        "    new = NewVersion(model='digits', version='', artifacts=(file,), metrics=facts, params=facts)\n"
        "    out.write(versions.add(store, new, bump='minor', actor='ada').version + '\\n')\n"
    )
    Store.open(url).close()
    acknowledged.touch()
    for round_ in range(6):
        child = subprocess.Popen([sys.executable, "-c", program, url, str(acknowledged)])
        before = acknowledged.stat().st_size
        until(lambda before=before: acknowledged.stat().st_size > before)
        time.sleep(round_ * 0.037)
        child.send_signal(signal.SIGKILL)
        child.wait()
    store = Store.open(url)
    said = {line for line in acknowledged.read_text().split("\n")[:-1] if line}
    assert said
    found = [versions.get(store, v.selector) for v in every(store)]
    assert said <= {v.version for v in found}
    assert all(len(v.metrics) == len(v.params) == 10 and len(v.artifacts) == 1 for v in found)
    if url.startswith("sqlite"):
        with store.read() as c:
            assert c.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    store.close()
