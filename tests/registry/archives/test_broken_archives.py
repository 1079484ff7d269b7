"""Archives from elsewhere: old ones are read for ever, broken and hostile ones are refused whole."""

import json
import zipfile

import pytest

from jupyter_modelmgmt.domain.errors import BadArchive, BadInput, NotFound, StatusDerived, TooLarge
from tests.registry.archives.conftest import KEPT, OWN, said


def test_an_archive_of_the_first_release_is_read_for_ever(other, tmp_path):
    arrived = other.import_archive(KEPT)
    assert (arrived.selector, arrived.stage, arrived.aliases) == ("net@1.2.0", "production", ("champion",))
    assert (arrived.metrics, arrived.labels, arrived.properties) == (
        {"accuracy": 0.9, "loss": 0.01}, ("zero", "one"), {"reviewed": True, "team": "vision"},
    )  # fmt: skip
    assert arrived.evaluations == {"digits": {"accuracy": 0.75}}
    assert other.run_record(arrived.run).metrics["loss"] == 0.01
    assert (arrived.download(tmp_path / "out") / "deep" / "ünïcode name.txt").read_text() == "hello"


# What breaks an archive, by the part of the manifest that is changed.
BROKEN = {
    "format": (99, "Update jupyter_modelmgmt"),
    "version": ({"model": "net"}, "is not understood"),
    "series": ([{"figure": "loss", "legend": "", "count": 7, "of_run": True}], "lacks|series"),
    "exported_at": ("yesterday", "is not understood"),
}


def rewritten(path, target, change):
    """Copy the archive at `path` with another manifest."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "modelmgmt.json":
                told = json.loads(data)
                change(told)
                data = json.dumps(told).encode()
            new.writestr(name, data)
    return target


@pytest.mark.parametrize("part", BROKEN)
def test_a_broken_manifest_is_refused(other, tmp_path, part):
    value, why = BROKEN[part]
    path = rewritten(KEPT, tmp_path / "broken.zip", lambda told: told.update({part: value}))
    with pytest.raises(BadArchive, match=why) as raised:
        other.import_archive(path)
    assert "\n" not in str(raised.value)
    assert other.models() == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v["artifacts"][0].update(path="../x"),
        lambda v: v["artifacts"][0].update(digest="blake3:" + "0" * 64),
        lambda v: v["artifacts"][0].update(size=1),
        lambda v: v["artifacts"].pop(),
        lambda v: v["artifacts"].append(v["artifacts"][0] | {"path": "more"}),
        lambda v: v.update(model="../net"),
        lambda v: v.update(version="one"),
        lambda v: v.update(status="deployed"),
        lambda v: v.update(tags=["a,b"]),
        lambda v: v["metrics"].update({"": 1}),
        lambda v: v.update(params={"x": "y" * 3, "n": [1]}),
        lambda v: v.update(datasets=[{"dataset": "digits@1", "role": "nonsense"}]),
        lambda v: v.update(description="x" * 20_000),
    ],
)
def test_a_record_that_breaks_a_rule_is_refused_before_anything_is_visible(other, tmp_path, change):
    path = rewritten(KEPT, tmp_path / "broken.zip", lambda told: change(told["version"]))
    last = other.last_event()
    with pytest.raises((BadInput, StatusDerived)):
        other.import_archive(path)
    assert (other.models(), other.runs(), other.datasets(), other.last_event()) == ((), (), (), last)


HOSTILE = [
    "..", ".", "", "/", "../x", "../../registry.db", "a/../../x", "a/..", "a/./b", "a//b", "/etc/passwd", "//host/share/x",
    "..\\x", "a\\..\\x", "\\\\host\\share", "C:x", "C:\\x", "c:/x", "file:///x", "a:stream", "a\nb", "a\rb", "a\tb", "\x1b[2J",
    "x.", "x ", "dir./x", "dir /x", "....", ".../x", "\u202egnp.exe", "\u2028x", "\u200ex", "a/\x7f", "~/../x", "x" * 256,
    "a/" * 130 + "x",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_in_an_archive_leaves_the_version(other, tmp_path, name):
    path = tmp_path / "hostile.zip"
    with zipfile.ZipFile(KEPT) as old, zipfile.ZipFile(path, "w") as new:
        told = json.loads(old.read("modelmgmt.json"))
        told["version"]["artifacts"][0]["path"] = name
        new.writestr("modelmgmt.json", json.dumps(told))
        for member in old.namelist()[1:]:
            called = f"files/{name}" if member.endswith("name.txt") else member
            new.writestr(zipfile.ZipInfo(called), old.read(member))
    with pytest.raises(BadInput):
        other.import_archive(path)
    assert other.models() == ()


def test_a_file_that_is_no_archive_is_refused(other, tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    with pytest.raises(BadArchive, match="no zip"):
        other.import_archive(tmp_path / "x.zip")
    with pytest.raises(NotFound, match="no file"):
        other.import_archive(tmp_path / "nowhere.zip")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(BadArchive, match="no export"):
        other.import_archive(tmp_path / "x.zip")
    with pytest.raises(TooLarge, match="above the limit"):
        other.import_archive(KEPT, limit=1000)


def test_a_cut_archive_is_refused_wherever_it_is_cut(other, tmp_path):
    data = KEPT.read_bytes()
    for part in range(1, 20):
        (tmp_path / "cut.zip").write_bytes(data[: len(data) * part // 20])
        with pytest.raises(BadArchive):
            other.import_archive(tmp_path / "cut.zip")
    assert other.models() == ()


def test_flipped_bytes_never_become_another_model(other, tmp_path):
    data = KEPT.read_bytes()
    own = {*OWN, "version", "stage", "aliases"}
    whole = said(other.import_archive(KEPT), without=own)
    with zipfile.ZipFile(KEPT) as archive:
        begin = archive.getinfo("files/deep/ünïcode name.txt").header_offset
    for place in range(begin, len(data) - 22, 97):
        spoilt = bytearray(data)
        spoilt[place] ^= 0x55
        (tmp_path / "spoilt.zip").write_bytes(spoilt)
        try:
            arrived = other.import_archive(tmp_path / "spoilt.zip", version=f"3.0.{place}")
        except BadInput:
            continue
        # A byte that says nothing, such as a time: then all else is as it was.
        assert said(arrived, without=own) == whole
        assert arrived.download(tmp_path / f"out{place}")
