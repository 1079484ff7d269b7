import os
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import pytest
from blake3 import blake3

from jupyter_modelmgmt.artifacts import Uploads, blobs_at
from jupyter_modelmgmt.domain.errors import BadFile, NotFound, TooLarge, WrongOffset


@pytest.fixture
def blobs(tmp_path):
    return blobs_at(tmp_path / "registry")


def digest_of(data):
    return "blake3:" + blake3(data).hexdigest()


def test_an_upload_continues_where_it_ended_and_becomes_a_blob(blobs):
    uploads, data = Uploads(blobs, limit=100), b"0123456789" * 5
    session = uploads.start().id
    uploads.append(session, 0, data[:20])
    assert uploads.get(session).offset == 20
    with pytest.raises(WrongOffset, match="byte 20"):
        uploads.append(session, 10, b"x")
    uploads.append(session, 20, data[20:])
    artifact = uploads.finish(session, digest_of(data), "model.bin")
    assert blobs.verified(artifact).read_bytes() == data
    with pytest.raises(NotFound):
        uploads.get(session)


def test_one_of_two_clients_at_once_appends(blobs):
    class Hesitating(OrderedDict):
        def get(self, *words):
            found = super().get(*words)
            time.sleep(0.05)  # the other one looks meanwhile
            return found

    uploads = Uploads(blobs, limit=100)
    session = uploads.start().id
    uploads._states = Hesitating()

    def append(_number):
        try:
            return uploads.append(session, 0, b"abcd")
        except WrongOffset:
            return 0

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(append, range(2))) == [0, 4]
    assert uploads.get(session).offset == 4


def test_an_upload_with_another_digest_is_refused_and_kept(blobs):
    uploads = Uploads(blobs, limit=100)
    session = uploads.start().id
    uploads.append(session, 0, b"abc")
    with pytest.raises(BadFile, match="digest"):
        uploads.finish(session, digest_of(b"abd"), "model.bin")
    assert uploads.get(session).offset == 3


def test_an_upload_above_the_limit_is_refused(blobs):
    uploads = Uploads(blobs, limit=10)
    session = uploads.start().id
    with pytest.raises(TooLarge, match="10 bytes"):
        uploads.append(session, 0, b"x" * 11)
    assert uploads.get(session).offset == 0


@pytest.mark.parametrize("session", ["../../etc/passwd", "", ".", "0" * 32, "a/b"])
def test_a_session_that_is_none_is_not_found(blobs, session):
    uploads = Uploads(blobs, limit=10)
    uploads.start()
    with pytest.raises(NotFound):
        uploads.get(session)


def test_old_uploads_are_forgotten(blobs):
    uploads = Uploads(blobs, limit=10)
    old = uploads.start().id
    os.utime(uploads.folder / old, (0, 0))
    uploads.start()
    with pytest.raises(NotFound):
        uploads.get(old)
