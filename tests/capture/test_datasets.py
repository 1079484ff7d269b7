import os

import pytest
from blake3 import blake3

from jupyter_modelmgmt.capture.datasets import digest_of
from jupyter_modelmgmt.domain.errors import BadField, BadFile


def test_a_file_has_the_digest_of_its_bytes(tmp_path):
    data = os.urandom(3 * 2**20 + 7)
    (tmp_path / "x.bin").write_bytes(data)
    assert digest_of(tmp_path / "x.bin") == (f"blake3:{blake3(data).hexdigest()}", len(data))
    assert digest_of(str(tmp_path / "x.bin")) == digest_of(tmp_path / "x.bin")


def folder(path, files):
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return digest_of(path)


def test_a_folder_is_the_same_wherever_it_lies(tmp_path):
    files = {"a.csv": b"1", "inner/b.csv": b"22"}
    assert folder(tmp_path / "here", files) == folder(tmp_path / "there", dict(reversed(files.items())))
    assert folder(tmp_path / "here", files)[1] == 3


@pytest.mark.parametrize(
    "files",
    [
        {"a.csv": b"1", "inner/b.csv": b"23"},
        {"a.csv": b"1", "inner/c.csv": b"22"},
        {"a.csv": b"122", "inner/b.csv": b""},
        {"a.csv": b"1", "b.csv": b"22"},
        {"a.csv": b"1"},
    ],
)
def test_a_folder_that_differs_has_another_digest(tmp_path, files):
    first = folder(tmp_path / "first", {"a.csv": b"1", "inner/b.csv": b"22"})
    assert folder(tmp_path / "other", files)[0] != first[0]


def test_what_is_not_there_is_told(tmp_path):
    with pytest.raises(BadFile, match="no file"):
        digest_of(tmp_path / "nothing.csv")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "gone")
    with pytest.raises(BadFile, match="link"):
        digest_of(tmp_path / "folder")


def test_an_array_is_asked_for_a_digest():
    import numpy as np

    with pytest.raises(BadField, match="digest='...'"):
        digest_of(np.zeros(3))
