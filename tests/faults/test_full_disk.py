"""A disk that is full: told in one line, nothing half written, and it goes on when there is room."""

import io
import os

import numpy as np
import pytest
from blake3 import blake3
from sklearn.neighbors import KNeighborsClassifier
from sqlalchemy import text

from jupyter_modelmgmt.artifacts import Blobs, Uploads
from jupyter_modelmgmt.domain.errors import StorageFull
from jupyter_modelmgmt.domain.records import Artifact, NewVersion
from jupyter_modelmgmt.registry import connect
from jupyter_modelmgmt.store import Store, searching, versions

LEVELS_KIB = range(0, 400, 20)
DISK_KIB = 4096
FILE = Artifact(path="model.bin", digest="blake3:" + "0" * 64, size=7)


def grown(number):
    return NewVersion(model="digits", version=f"1.{number}.0", artifacts=(FILE,), description="x" * 9000)


def test_a_full_disk_below_the_database(small_disk, leave_free):
    told = 0
    for free_kib in LEVELS_KIB:
        disk = small_disk(DISK_KIB)
        store = Store.open(f"sqlite:///{disk / 'registry.db'}")
        filler, said = leave_free(disk, free_kib), []
        with pytest.raises(StorageFull, match="Free some space"):
            for number in range(500):
                said.append(versions.add(store, grown(number), bump="minor", actor="ada").version)
        told += 1
        filler.unlink()
        listed = {v.version for v in searching.page(store, model="digits", limit=1000).items} if said else set()
        assert listed == set(said)
        with store.read() as c:
            assert c.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        versions.add(store, grown(900), bump="minor", actor="ada")
        store.close()
    print(f"\nfull disk below the database: told {told} of {len(LEVELS_KIB)} times")  # noqa: T201


def test_a_full_disk_below_the_blobs(small_disk, leave_free):
    told, data = 0, os.urandom(401 * 1024)
    for free_kib in LEVELS_KIB:
        disk = small_disk(DISK_KIB)
        blobs = Blobs.open(disk)
        filler = leave_free(disk, free_kib)
        with pytest.raises(StorageFull, match="Free some space"):
            blobs.add(io.BytesIO(data))
        told += 1
        assert list(blobs.digests()) == []
        assert list((disk / "tmp").iterdir()) == []
        filler.unlink()
        digest, size = blobs.add(io.BytesIO(data))
        assert blobs.verified(Artifact(path="x", digest=digest, size=size)).read_bytes() == data
    print(f"\nfull disk below the blobs: told {told} of {len(LEVELS_KIB)} times")  # noqa: T201


def test_a_full_disk_below_an_upload(small_disk, leave_free):
    told, data = 0, os.urandom(401 * 1024)
    for free_kib in LEVELS_KIB:
        disk = small_disk(DISK_KIB)
        uploads = Uploads(Blobs.open(disk), limit=10**9)
        session = uploads.start().id
        uploads.append(session, 0, data[:1000])
        filler = leave_free(disk, free_kib)
        with pytest.raises(StorageFull, match="Free some space"):
            uploads.append(session, 1000, data[1000:])
        told += 1
        filler.unlink()
        offset = uploads.get(session).offset
        assert uploads.append(session, offset, data[offset:]) == len(data)
        artifact = uploads.finish(session, "blake3:" + blake3(data).hexdigest(), "w.bin")
        assert uploads.blobs.verified(artifact).read_bytes() == data
    print(f"\nfull disk below an upload: told {told} of {len(LEVELS_KIB)} times")  # noqa: T201


def test_a_registry_cannot_be_made_on_a_full_disk(small_disk, leave_free):
    disk = small_disk(256)
    leave_free(disk, 8)
    with pytest.raises(StorageFull):
        Store.open(f"sqlite:///{disk / 'registry.db'}")


@pytest.mark.parametrize("kind", ["python", "sklearn"])
def test_an_object_larger_than_the_disk_is_told_and_nothing_is_written(small_disk, kind):
    disk = small_disk(DISK_KIB)
    registry = connect(f"sqlite:///{disk / 'registry.db'}")
    before = {path for path in disk.rglob("*") if path.is_file()}
    model = Kept(np.random.default_rng(0).random(1_000_000))
    if kind == "sklearn":
        model = KNeighborsClassifier().fit(model.rows.reshape(-1, 4), np.arange(250_000) % 2)
    with pytest.raises(StorageFull, match="Free some space"):
        registry.register(model, "large", prove=False)
    assert (registry.models(), registry.last_event()) == ((), 0)
    assert {path for path in disk.rglob("*") if path.is_file()} == before
    registry.close()


class Kept:
    """Predicts what it was given."""

    def __init__(self, rows):
        self.rows = rows

    def predict(self, rows):
        return self.rows[: len(rows)]
