import pytest

from jupyter_modelmgmt.domain.records import Artifact, NewVersion
from jupyter_modelmgmt.store import Store


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'registry.db'}"


@pytest.fixture
def store(url):
    opened = Store.open(url)
    yield opened
    opened.close()


@pytest.fixture
def new():
    """Make new versions with one file."""
    file = Artifact(path="model.bin", digest="blake3:" + "0" * 64, size=7)

    def make(version="", model="digits", **fields):
        return NewVersion(model=model, version=version, artifacts=(file,), **fields)

    return make
