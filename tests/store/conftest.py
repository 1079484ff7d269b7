import pytest

from jupyter_modelmgmt.domain.records import Artifact, NewVersion


@pytest.fixture
def url(database_url):
    return database_url


@pytest.fixture
def store(any_store):
    return any_store


@pytest.fixture
def new():
    """Make new versions with one file."""
    file = Artifact(path="model.bin", digest="blake3:" + "0" * 64, size=7)

    def make(version="", model="digits", **fields):
        return NewVersion(model=model, version=version, artifacts=(file,), **fields)

    return make
