"""A registry whose files lie in Azure's Blob Storage."""

import shutil

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import StoreUnavailable
from tests.servers.azure_server import Azure, NotInstalled

pytestmark = pytest.mark.heavy
BIG = 40_000_000  # bytes: sent in blocks


@pytest.fixture(scope="module")
def azure():
    try:
        with Azure.running() as server:
            yield server
    except NotInstalled as error:
        pytest.skip(str(error))


@pytest.fixture
def az_reg(azure, opened, tmp_path, monkeypatch):
    """Give an empty registry whose files lie there; the environment leads to it, with a cache of its own."""
    for name, value in {**azure.environment, "XDG_CACHE_HOME": str(tmp_path / "cache")}.items():
        monkeypatch.setenv(name, value)
    return opened(f"sqlite:///{tmp_path / 'registry' / 'registry.db'}", azure.new_location())


def test_what_is_registered_is_read_where_nothing_is_near(az_reg, classifier, digits, file, tmp_path):
    az_reg.register(classifier, "digits")
    big = az_reg.register_files(file(b"w" * BIG), "big")
    shutil.rmtree(tmp_path / "cache")
    assert np.array_equal(az_reg.get("digits").load().predict(digits[0][:20]), classifier.predict(digits[0][:20]))
    assert big.download(tmp_path / "out").stat().st_mode
    assert (tmp_path / "out" / "model.bin").stat().st_size == BIG
    assert (az_reg.verify().checked, az_reg.verify().missing) == (2, ())


def test_what_nothing_names_any_more_is_collected(az_reg, file):
    version = az_reg.register_files(file(b"w" * 1000), "raw")
    (artifact,) = version.artifacts
    assert [stored.digest for stored in az_reg.artifacts.digests()] == [artifact.digest]
    az_reg.delete("raw@1.0.0")
    az_reg.purge("raw@1.0.0", confirm="raw@1.0.0")
    assert az_reg.collect_garbage(grace_s=0).count == 1
    assert not az_reg.artifacts.has(artifact.digest)


def test_a_wrong_key_is_told_without_it(az_reg, file, monkeypatch, opened, tmp_path):
    key = "d3Jvbmc="
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", key)
    other = opened(f"sqlite:///{tmp_path / 'other' / 'registry.db'}", az_reg.artifacts.location)
    with pytest.raises(StoreUnavailable, match="credentials") as told:
        other.register_files(file(b"w"), "raw")
    assert key not in str(told.value)
