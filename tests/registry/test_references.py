"""References: files that stay where they are (W9)."""

import pytest
from obstore import put
from obstore.store import from_url

from jupyter_modelmgmt.domain.errors import BadField, BadPath, Damaged, NotFound, SourceFailed, TooLarge
from jupyter_modelmgmt.domain.sources import ReferenceCheck


@pytest.fixture
def shards(tmp_path):
    """Give a folder with three files."""
    folder = tmp_path / "shards"
    (folder / "deep").mkdir(parents=True)
    for name, data in (("a.bin", b"a" * 10), ("b.bin", b"b" * 20), ("deep/ü c.bin", b"c" * 30)):
        (folder / name).write_bytes(data)
    return folder


def refer(reg, uri, name="shards", **options):
    return reg.import_from({"kind": "reference", "uri": str(uri), **options}, name)


def test_a_folder_stays_where_it_is(reg, shards, tmp_path):
    version = refer(reg, shards)
    assert [artifact.path for artifact in version.artifacts] == ["references.jsonl"]
    assert version.source == f"reference:{shards}"
    assert reg.check_references("shards") == ReferenceCheck(uri=str(shards), checked=3)
    assert reg.fetch_references("shards", tmp_path / "copy") == 3
    assert (tmp_path / "copy" / "deep" / "ü c.bin").read_bytes() == b"c" * 30


def test_what_changed_went_or_came_is_named(reg, shards, tmp_path):
    refer(reg, shards)
    (shards / "a.bin").write_bytes(b"A" * 10)
    (shards / "b.bin").unlink()
    (shards / "new.bin").write_bytes(b"")
    found = reg.check_references("shards@1.0.0")
    assert (found.checked, found.changed, found.missing, found.extra) == (3, ("a.bin",), ("b.bin",), ("new.bin",))
    with pytest.raises(Damaged, match=r"'a\.bin' at .* is no longer what the version refers to"):
        reg.fetch_references("shards", tmp_path / "copy")


def test_without_checksums_sizes_alone_are_compared(reg, shards):
    refer(reg, shards, checksum=False)
    (shards / "a.bin").write_bytes(b"A" * 10)
    (shards / "b.bin").write_bytes(b"B")
    assert reg.check_references("shards").changed == ("b.bin",)


def test_the_same_files_are_no_new_version(reg, shards):
    refer(reg, shards)
    assert refer(reg, shards).version == "1.0.0"
    (shards / "a.bin").write_bytes(b"other")
    assert refer(reg, shards).version == "1.1.0"


def test_one_file_is_referred_to(reg, shards, tmp_path):
    refer(reg, (shards / "a.bin").as_uri())
    assert reg.check_references("shards").checked == 1
    assert reg.fetch_references("shards", tmp_path / "copy") == 1
    assert (tmp_path / "copy" / "a.bin").read_bytes() == b"a" * 10


def test_objects_are_known_by_their_etags(reg, s3, tmp_path):
    store = from_url(s3, client_options={"allow_http": True})
    for name in ("set/x/1.bin", "set/2.bin"):
        put(store, name, name.encode())
    refer(reg, f"{s3}/set")
    refer(reg, f"{s3}/set/2.bin", "one")
    assert reg.check_references("shards").changed == ()
    assert reg.fetch_references("shards", tmp_path / "copy") == 2
    assert (tmp_path / "copy" / "x" / "1.bin").read_bytes() == b"set/x/1.bin"
    assert reg.fetch_references("one", tmp_path / "one") == 1
    put(store, "set/2.bin", b"set/2.BIN")
    assert reg.check_references("shards").changed == ("2.bin",)
    assert reg.check_references("one").changed == ("2.bin",)


@pytest.mark.parametrize(
    ("uri", "options", "error", "message"),
    [
        ("{shards}/gone", {}, NotFound, "There is nothing at"),
        ("{shards}", {"max_objects": 2}, TooLarge, "More than 2 objects lie at"),
        ("{shards}", {"max_objects": 0}, BadField, "max_objects is 1 to 10,000,000"),
        ("ftp://host/x", {}, BadPath, "is no place. Give the path of a folder or file"),
        ("", {}, BadPath, "is no place"),
        ("https://127.0.0.1:9/x", {}, SourceFailed, "was not read"),
    ],
)
def test_what_cannot_be_referred_to_is_refused(reg, shards, uri, options, error, message):
    with pytest.raises(error, match=message):
        refer(reg, uri.format(shards=shards), **options)
    assert not reg.models()


def test_a_version_without_references_has_none_to_check(reg, shards):
    reg.register_files(shards / "a.bin", "plain")
    with pytest.raises(NotFound, match=r"has no file 'references\.jsonl'"):
        reg.check_references("plain")
