"""A disk that is full: told in one line, nothing half written, and it goes on when there is room."""

import io
import os

import numpy as np
import pytest
from blake3 import blake3
from sklearn.neighbors import KNeighborsClassifier
from sqlalchemy import text

from jupyter_modelmgmt.artifacts import Uploads, blobs_at
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
        blobs = blobs_at(disk)
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
        uploads = Uploads(blobs_at(disk), limit=10**9)
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


@pytest.mark.parametrize("kind", ["python", "sklearn", "xgboost", "lightgbm", "catboost", "statsmodels", "onnx"])
@pytest.mark.parametrize("free_kib", [8, 60])
def test_an_object_larger_than_the_disk_is_told_and_nothing_is_written(small_disk, leave_free, kind, free_kib):
    model = globals()[f"large_{kind}"]()
    disk = small_disk(DISK_KIB)
    registry = connect(f"sqlite:///{disk / 'registry.db'}")
    filler = leave_free(disk, free_kib)
    before = {path for path in disk.rglob("*") if path.is_file()}
    with pytest.raises(StorageFull, match="Free some space"):
        registry.register(model, "large", prove=False)
    assert (registry.models(), registry.last_event()) == ((), 0)
    assert {path for path in disk.rglob("*") if path.is_file()} == before
    filler.unlink()
    assert registry.register(model, "large", prove=False).flavor == kind
    registry.close()


CHANCE = np.random.default_rng(0)
ROWS, KINDS = CHANCE.normal(size=(2000, 8)), CHANCE.integers(0, 2, 2000)


class Kept:
    """Predicts what it was given."""

    def __init__(self, rows):
        self.rows = rows

    def predict(self, rows):
        return self.rows[: len(rows)]


def large_python():
    return Kept(CHANCE.random(50_000))


def large_sklearn():
    return KNeighborsClassifier().fit(CHANCE.random((20_000, 4)), np.arange(20_000) % 2)


def large_xgboost():
    import xgboost

    return xgboost.XGBClassifier(n_estimators=40, max_depth=8).fit(ROWS, KINDS)


def large_lightgbm():
    import lightgbm

    return lightgbm.LGBMClassifier(n_estimators=30, num_leaves=120, min_child_samples=2, verbosity=-1).fit(ROWS, KINDS)


def large_catboost():
    import catboost

    options = {"verbose": 0, "allow_writing_files": False, "thread_count": 1}
    return catboost.CatBoostClassifier(iterations=20, depth=10, **options).fit(ROWS, KINDS)


def large_statsmodels():
    import statsmodels.api as sm

    return sm.OLS(CHANCE.normal(size=4000), CHANCE.normal(size=(4000, 5))).fit()


def large_onnx():
    from onnx import TensorProto, helper, numpy_helper

    weight = numpy_helper.from_array(CHANCE.random(50_000).astype(np.float32), "w")
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", 50_000]) for name in "xy"]
    graph = helper.make_graph([helper.make_node("Mul", ["x", "w"], ["y"])], "g", values[:1], values[1:], [weight])
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 15)])
