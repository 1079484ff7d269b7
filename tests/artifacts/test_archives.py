import io
import stat
import struct
import zipfile

import pytest

from jupyter_modelmgmt.artifacts.archives import MAX_MEMBERS, Archive, streamed, written
from jupyter_modelmgmt.domain.errors import BadArchive, NotFound, TooLarge

LIMIT = 1 << 30


def zipped(path, members, **options):
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def names(path, limit=LIMIT):
    with Archive.open(path, limit) as archive:
        return archive.names


def test_what_is_written_is_read(tmp_path):
    members = [("a.json", 2, [b"{}"]), ("files/b/ü", 3_000_000, [bytes(1_000_000)] * 3), ("files/empty", 0, [])]
    with (tmp_path / "x.zip").open("wb") as file:
        assert list(written(file, members)) == [2, 1_000_000, 1_000_000, 1_000_000]
    with Archive.open(tmp_path / "x.zip", LIMIT) as archive:
        assert archive.names == ("a.json", "files/b/ü", "files/empty")
        assert archive.read("a.json", 10) == b"{}"
        with archive.file("files/b/ü") as member:
            assert member.read() == bytes(1 << 20)
    assert zipfile.ZipFile(tmp_path / "x.zip").testzip() is None


def test_a_stream_is_the_same_zip_in_bounded_pieces(tmp_path):
    piece = bytes(1 << 20)
    pieces = list(streamed([("big", 30 << 20, (piece for _ in range(30)))]))
    assert max(map(len, pieces)) < 2 << 20
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert (archive.testzip(), archive.getinfo("big").file_size) == (None, 30 << 20)


def test_the_same_members_are_the_same_bytes():
    members = [("a", 1, [b"a"]), ("b", 1, [b"b"])]
    assert b"".join(streamed(members)) == b"".join(streamed(members))


def test_a_bomb_is_refused_before_it_unpacks(tmp_path):
    path = zipped(tmp_path / "bomb.zip", [("zeros", bytes(300 << 20))], compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(BadArchive, match="bomb"):
        names(path)


def test_members_that_share_bytes_are_refused(tmp_path):
    path = zipped(tmp_path / "x.zip", [("a", b"x" * 5000), ("b", b"y" * 5000)])
    data = bytearray(path.read_bytes())
    # The second entry of the directory points at the first file, renamed there.
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 0)
    path.write_bytes(data)
    with pytest.raises(BadArchive, match=r"bomb|damaged"):
        names(path)


def test_a_limit_of_bytes_holds(tmp_path):
    path = zipped(tmp_path / "x.zip", [("a", bytes(1000)), ("b", bytes(1000))])
    assert names(path, 2000) == ("a", "b")
    with pytest.raises(TooLarge, match="2000 bytes, above the limit of 1999"):
        names(path, 1999)


def test_too_many_files_are_refused(tmp_path):
    path = zipped(tmp_path / "x.zip", [(str(i), b"") for i in range(MAX_MEMBERS + 1)])
    with pytest.raises(BadArchive, match="more than"):
        names(path)


def test_a_directory_of_endless_length_is_not_read(tmp_path):
    path = zipped(tmp_path / "x.zip", [("a" * 60_000 + str(i), b"") for i in range(250)])
    with pytest.raises(BadArchive, match="too long"):
        names(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["weights.bin", "Weights.BIN"])
def test_two_files_of_one_name_are_refused(tmp_path, second):
    path = zipped(tmp_path / "x.zip", [("weights.bin", b"1"), (second, b"2")])
    with pytest.raises(BadArchive, match="one name"):
        names(path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path, kind):
    member = zipfile.ZipInfo("weights.bin")
    member.external_attr = (kind | 0o777) << 16
    path = zipped(tmp_path / "x.zip", [(member, b"/etc/passwd")])
    with pytest.raises(BadArchive, match="link"):
        names(path)


def test_an_encrypted_member_is_refused(tmp_path):
    path = zipped(tmp_path / "x.zip", [("a", b"x")])
    data = bytearray(path.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(BadArchive, match="encrypted"):
        names(path)


def test_a_member_that_lies_about_its_bytes_is_refused(tmp_path):
    path = zipped(tmp_path / "x.zip", [("a", b"x" * 100)])
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(data)
    with Archive.open(path, LIMIT) as archive, pytest.raises(BadArchive, match="damaged"):
        archive.read("a", 1000)


def test_a_member_above_its_own_limit_is_not_read(tmp_path):
    path = zipped(tmp_path / "x.zip", [("a", bytes(100))])
    with Archive.open(path, LIMIT) as archive:
        with pytest.raises(BadArchive, match="larger than 99"):
            archive.read("a", 99)
        with pytest.raises(BadArchive, match="no b"):
            archive.read("b", 99)


def test_a_folder_is_no_archive(tmp_path):
    with pytest.raises(NotFound, match="no file"):
        names(tmp_path)
