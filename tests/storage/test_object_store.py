"""A registry whose files lie in an object store."""

import shutil
import subprocess
import sys

import numpy as np
import pytest

from jupyter_modelmgmt.artifacts import blobs_at, objects
from jupyter_modelmgmt.domain.errors import StoreUnavailable
from tests.servers.harm import flipped, spoil
from tests.servers.s3_server import S3


@pytest.fixture
def s3_reg(opened, tmp_path, s3):
    return opened(f"sqlite:///{tmp_path / 'registry' / 'registry.db'}", s3)


def test_a_model_is_registered_loaded_deployed_and_asked(s3_reg, classifier, digits):
    s3_reg.register(classifier, "digits", labels=list("0123456789"))
    loaded = s3_reg.get("digits").load()
    assert np.array_equal(loaded.predict(digits[0][:20]), classifier.predict(digits[0][:20]))
    deployment = s3_reg.deploy("digits", name="digits")
    answered = deployment.predict(digits[0][:20]).outputs
    assert [str(label) for label in next(iter(answered.values()))] == [
        str(v) for v in classifier.predict(digits[0][:20])
    ]
    deployment.stop()


def test_another_machine_reads_what_is_near_to_nobody(s3_reg, file, tmp_path, monkeypatch):
    version = s3_reg.register_files(file(b"w" * 40_000_000), "raw")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other-machine"))
    other = blobs_at(s3_reg.artifacts.location)
    assert not other.path(version.artifacts[0].digest).exists()
    other.materialise(version.artifacts, tmp_path / "out")
    assert (tmp_path / "out" / "model.bin").stat().st_size == 40_000_000
    assert other.path(version.artifacts[0].digest).exists()


def test_bytes_that_are_spoilt_near_are_fetched_again(s3_reg, file):
    version = s3_reg.register_files(file(b"w" * 1000), "raw")
    near = s3_reg.artifacts.path(version.artifacts[0].digest)
    near.chmod(0o600)
    near.write_bytes(b"spoilt")
    assert s3_reg.file("raw", "model.bin").read_bytes() == b"w" * 1000


def test_a_cache_that_was_cleared_away_comes_back(s3_reg, classifier, file, tmp_path):
    s3_reg.register(classifier, "digits").load()
    shutil.rmtree(tmp_path / "cache")
    assert s3_reg.get("digits").load().classes_.tolist() == classifier.classes_.tolist()
    shutil.rmtree(tmp_path / "cache")
    s3_reg.register(classifier, "again")
    shutil.rmtree(tmp_path / "cache")
    s3_reg.register_files(file(b"w" * 1000), "raw")


def test_the_cache_stays_within_its_limit(s3, monkeypatch):
    import io

    monkeypatch.setattr(objects, "CACHE_LIMIT", 300_000)
    monkeypatch.setattr(objects, "_CACHE_STEP", 50_000)
    monkeypatch.setattr(objects, "_IN_USE_S", 0)
    blobs = blobs_at(s3)
    stored = [blobs.add(io.BytesIO(bytes([n]) * 100_000)) for n in range(10)]
    near = [digest for digest, _ in stored if blobs.path(digest).exists()]
    assert len(near) == 3
    assert near[-1] == stored[-1][0]
    assert len(list(blobs.digests())) == 10


def test_bytes_that_are_stored_are_not_sent_again(s3, monkeypatch):
    import io

    import obstore

    blobs, sent = blobs_at(s3), []
    put = obstore.put

    def counted(store, path, *args, **options):
        sent.extend([path] if path.startswith("blobs/") else [])
        return put(store, path, *args, **options)

    monkeypatch.setattr(objects.obstore, "put", counted)
    for _ in range(3):
        blobs.add(io.BytesIO(b"same"))
    assert len(sent) == 1
    monkeypatch.setattr(objects, "_REFRESH_S", -1)  # old enough to be collected soon: written again
    blobs.add(io.BytesIO(b"same"))
    assert len(sent) == 2


def test_a_store_that_is_away_is_told_and_the_next_call_works(opened, tmp_path, monkeypatch, file):
    with S3.running() as server:
        for name, value in {**server.environment, "XDG_CACHE_HOME": str(tmp_path / "cache")}.items():
            monkeypatch.setenv(name, value)
        reg = opened(f"sqlite:///{tmp_path / 'registry.db'}", server.new_location())
        version = reg.register_files(file(b"first" * 1000), "raw")
        reg.artifacts.path(version.artifacts[0].digest).unlink()
        server.stop()
        for call in (
            lambda: reg.register_files(file(b"second"), "raw"),
            lambda: reg.file("raw", "model.bin"),
            reg.verify,
            reg.collect_garbage,
        ):
            with pytest.raises(StoreUnavailable, match="object store at s3://reg/") as caught:
                call()
            assert "\n" not in str(caught.value)
        assert [v.version for v in reg.versions("raw")] == ["1.0.0"]
        server.start()
        assert reg.file("raw", "model.bin").read_bytes() == b"first" * 1000
        assert reg.register_files(file(b"second"), "raw").version == "1.1.0"


def test_a_store_that_goes_in_the_middle_of_a_big_file_is_told(s3_server, opened, tmp_path, monkeypatch, file):
    with S3.running() as server:
        for name, value in {**server.environment, "XDG_CACHE_HOME": str(tmp_path / "cache")}.items():
            monkeypatch.setenv(name, value)
        reg = opened(f"sqlite:///{tmp_path / 'registry.db'}", server.new_location())
        big = file(np.random.default_rng(0).bytes(150_000_000))
        version = reg.register_files(big, "raw")
        chunks = reg.artifacts.chunks(version.artifacts[0])
        next(chunks)
        server.stop()
        with pytest.raises(StoreUnavailable):
            for _ in chunks:
                pass
        server.start()
        assert reg.verify().damaged == ()


@pytest.mark.parametrize(
    ("name", "value"), [("AWS_SECRET_ACCESS_KEY", "wrong-secret-key"), ("AWS_ENDPOINT_URL", "http://127.0.0.1:9")]
)
def test_wrong_access_is_told_without_the_key(s3, monkeypatch, file, name, value):
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(objects, "RETRIES", 0)
    blobs = blobs_at(s3)
    with pytest.raises(StoreUnavailable, match="does not answer") as caught:
        blobs.add_file(file(b"data"), "model.bin")
    assert "secret-key" not in str(caught.value)


def test_a_damaged_object_is_named(s3_reg, file):
    data = b"w" * 20_000_000  # more than one request
    version = s3_reg.register_files(file(data), "raw")
    spoil(s3_reg.artifacts, version.artifacts[0].digest, flipped(data, 150_000_001))
    assert [(f.version, f.path) for f in s3_reg.verify().damaged] == [("raw@1.0.0", "model.bin")]


def test_a_registry_in_a_folder_imports_no_object_store(tmp_path):
    program = "import sys, jupyter_modelmgmt as mm\nmm.connect(sys.argv[1]).models()\nprint('obstore' in sys.modules)\n"
    place = f"sqlite:///{tmp_path}/registry.db"
    done = subprocess.run([sys.executable, "-c", program, place], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
