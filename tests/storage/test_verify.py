"""Reading all bytes and naming what is damaged."""

import pytest

from jupyter_modelmgmt.domain.errors import BadFile, Damaged, NotFound
from jupyter_modelmgmt.domain.records import StoredFile
from jupyter_modelmgmt.domain.sources import ReferenceCheck
from jupyter_modelmgmt.verbs import run
from tests.servers.harm import flipped, spoil


@pytest.fixture
def filled(stored_reg, tmp_path):
    """Give a registry with two models: one of two files, one that shares a file with it."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "a.bin").write_bytes(b"a" * 5000)
    (folder / "b.bin").write_bytes(b"b" * 3000)
    stored_reg.register_files(folder, "digits", version="1.0.0")
    stored_reg.register_files(folder / "b.bin", "other", version="2.0.0")
    return stored_reg


def digests(reg):
    return {a.path: a.digest for a in reg.get("digits").artifacts}


def test_a_whole_registry_has_nothing_to_tell(filled):
    told = []
    found = filled.verify(progress=lambda done, total: told.append((done, total)))
    assert (found.checked, found.size_bytes, found.damaged, found.missing, found.extra) == (2, 8000, (), (), 0)
    assert told[-1] == (8000, 8000)


def test_damaged_and_missing_files_are_named_with_every_version_that_has_them(filled):
    known = digests(filled)
    spoil(filled.artifacts, known["b.bin"], flipped(b"b" * 3000, 77))
    spoil(filled.artifacts, known["a.bin"], None)
    found = filled.verify()
    assert found.damaged == (
        StoredFile(version="digits@1.0.0", path="b.bin"), StoredFile(version="other@2.0.0", path="b.bin"),
    )  # fmt: skip
    assert found.missing == (StoredFile(version="digits@1.0.0", path="a.bin"),)
    with pytest.raises(Damaged, match=r"b\.bin"):
        filled.file("digits", "b.bin")
    with pytest.raises(Damaged, match=r"a\.bin.*missing"):
        filled.get("digits").download(filled.artifacts.folder / "out")


def test_one_version_or_one_model_can_be_verified(filled):
    spoil(filled.artifacts, digests(filled)["a.bin"], b"")
    assert filled.verify("other").damaged == ()
    assert filled.verify("other@2.0.0").checked == 1
    assert filled.verify("digits").damaged == filled.verify("digits@latest").damaged != ()
    with pytest.raises(NotFound):
        filled.verify("nobody")


def test_versions_in_the_trash_are_verified_and_bytes_of_nobody_counted(filled, file):
    filled.delete("other@2.0.0")
    filled.artifacts.add_file(file(b"nobody's"), "x")
    spoil(filled.artifacts, digests(filled)["b.bin"], b"")
    found = filled.verify()
    assert [f.version for f in found.damaged] == ["digits@1.0.0", "other@2.0.0"]
    assert found.extra == 1


def test_progress_can_end_the_work(filled):
    class Enough(Exception):
        pass

    def stop(_done, _total):
        raise Enough

    with pytest.raises(Enough):
        filled.verify(progress=stop)


def test_a_downloaded_folder_is_held_against_its_version(filled, tmp_path):
    version = filled.get("digits")
    folder = version.download(tmp_path / "copy")
    assert version.verify(folder) == ReferenceCheck(uri=folder.as_uri(), checked=2)
    (folder / "a.bin").write_bytes(flipped(b"a" * 5000, 9))
    (folder / "b.bin").rename(folder / "c.bin")
    found = run(filled, "%model", ["verify", "digits@1.0.0", "--folder", str(folder)], {})
    assert (found.changed, found.missing, found.extra) == (("a.bin",), ("b.bin",), ("c.bin",))
    with pytest.raises(BadFile, match="no folder"):
        version.verify(tmp_path / "nowhere")
