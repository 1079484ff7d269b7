"""Archives of model packages: unpacked within bounds, or refused whole."""

import io
import tarfile
import zipfile

import pytest

from jupyter_modelmgmt.domain.errors import BadArchive, BadPath, TooLarge
from jupyter_modelmgmt.sources.unpacking import unpack

FILES = {"model/config.json": b"{}", "model/deep/w.bin": bytes(range(256))}
LIMIT = 1 << 30


def packed(path, members=None):
    members = FILES if members is None else members
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return path
    mode = {".gz": "w:gz", ".tgz": "w:gz", ".bz2": "w:bz2", ".xz": "w:xz", ".tar": "w"}[path.suffix]
    with tarfile.open(path, mode) as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.bz2", "a.tar.xz"])
def test_each_kind_is_unpacked(tmp_path, folder, name):
    unpack(packed(tmp_path / name), folder, LIMIT)
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert found == FILES


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
@pytest.mark.parametrize("name", ["../out-of-it", "/etc/out-of-it", "a/../../b", "C:/x"])
def test_no_path_leaves_the_folder(tmp_path, folder, kind, name):
    with pytest.raises(BadPath):
        unpack(packed(tmp_path / f"a.{kind}", {name: b"x"}), folder, LIMIT)
    assert not (tmp_path / "out-of-it").exists()


def test_links_are_refused(tmp_path, folder):
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        link = tarfile.TarInfo("passwords")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with pytest.raises(BadArchive, match="is a link"):
        unpack(tmp_path / "a.tar", folder, LIMIT)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        member = zipfile.ZipInfo("passwords")
        member.external_attr = 0o120777 << 16
        archive.writestr(member, "/etc/passwd")
    with pytest.raises(BadArchive, match="is a link"):
        unpack(tmp_path / "a.zip", folder, LIMIT)


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_a_bomb_is_refused(tmp_path, folder, kind):
    with pytest.raises(BadArchive, match="100 times its size"):
        unpack(packed(tmp_path / f"a.{kind}", {"zeros": bytes(32 << 20)}), folder, LIMIT)
    assert sum(p.stat().st_size for p in folder.rglob("*")) == 0


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_too_much_is_refused_with_the_limit(tmp_path, folder, kind):
    with pytest.raises(TooLarge, match="100 bytes"):
        unpack(packed(tmp_path / f"a.{kind}"), folder, 100)


def test_two_files_of_one_name_are_refused(tmp_path, folder):
    with pytest.raises(BadPath, match="Two files"):
        unpack(packed(tmp_path / "a.zip", {"A": b"1", "a": b"2"}), folder, LIMIT)


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_file_where_a_folder_has_to_be_is_refused(tmp_path, folder, kind):
    for number, names in enumerate((["a", "a/b"], ["a/b", "a"], ["é" * 200])):
        with pytest.raises(BadPath, match="Rename one of them|255 bytes a part"):
            unpack(packed(tmp_path / f"a.{kind}", dict.fromkeys(names, b"x")), folder / str(number), LIMIT)


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.xz"])
def test_what_is_no_archive_is_refused(tmp_path, folder, name, no_archive):
    (tmp_path / name).write_bytes(no_archive)
    with pytest.raises(BadArchive):
        unpack(tmp_path / name, folder, LIMIT)


def test_a_truncated_archive_is_refused(tmp_path, folder):
    path = packed(tmp_path / "a.tar.gz", {"w": bytes(range(251)) * 400})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(BadArchive):
        unpack(path, folder, LIMIT)
