from contextlib import contextmanager

import pytest
from sqlalchemy import event

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


@pytest.fixture
def counted(store):
    """Give a block that gives the list of statements sent in it."""

    @contextmanager
    def block():
        sent = []

        def note(_connection, _cursor, statement, *_rest):
            sent.append(statement)

        event.listen(store.engine, "before_cursor_execute", note)
        yield sent
        event.remove(store.engine, "before_cursor_execute", note)

    return block
