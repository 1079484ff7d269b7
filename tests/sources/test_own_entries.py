"""A team's own catalogue: a folder of TOML files beside the entries that are shipped."""

import hashlib

import pytest
from blake3 import blake3

from jupyter_modelmgmt.domain.errors import BadFile, Damaged
from jupyter_modelmgmt.sources import library

FACTS = """
title = "Digits of ours"
description = "Reads digits."
task = "classification"
framework = "onnx"
flavor = "onnx"
license = "Proprietary"
code_license = "MIT"
author = "Team"
card = "Trained on our forms."
preprocessing = "None."
postprocessing = "None."
labels = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    folder = tmp_path / "team"
    folder.mkdir()
    monkeypatch.setenv("JUPYTER_MODELMGMT_LIBRARY", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def entry(folder, onnx_file):
    """Give a folder with the entry `our-digits`, whose file lies beside it."""
    data = onnx_file.read_bytes()
    (folder / "digits.onnx").write_bytes(data)
    sums = f'digest = "blake3:{blake3(data).hexdigest()}"\nsha256 = "{hashlib.sha256(data).hexdigest()}"\n'
    (folder / "our-digits.toml").write_text(FACTS + f'source = "folder:digits.onnx"\nsize = {len(data)}\n' + sums)
    return folder / "our-digits.toml"


def test_an_entry_of_ones_own_is_listed_and_cloned(reg, entry, digits):
    assert "our-digits" in [each.name for each in reg.library()]
    version = reg.clone("our-digits", "mine", labels=[str(i) for i in range(10)], config={"note": 1})
    assert (version.parent, version.license, version.flavor) == ("library:our-digits", "Proprietary", "onnx")
    assert version.label_to_id_map["9"] == 9
    assert dict(version.config) == {"note": 1}
    assert [artifact.path for artifact in version.artifacts] == ["digits.onnx"]


@pytest.mark.parametrize("digest", ["digest", "sha256"])
def test_a_file_with_another_digest_is_refused(reg, entry, digest):
    lines = [f'{digest} = "{"blake3:" if digest == "digest" else ""}{"0" * 64}"' if line.startswith(digest) else line
             for line in entry.read_text().splitlines()]  # fmt: skip
    entry.write_text("\n".join(lines))
    with pytest.raises(Damaged, match="our-digits"):
        reg.clone("our-digits", "mine")
    assert reg.models() == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("title = ", "our-digits.toml"),
        (FACTS, "source and flavor"),
        (FACTS + 'source = "folder:x"\nsize = "big"', "size"),
        (FACTS + 'source = "folder:x"\ncolour = "red"', "colour"),
    ],
)
def test_a_broken_entry_names_file_and_key(reg, folder, text, named):
    (folder / "our-digits.toml").write_text(text)
    with pytest.raises(BadFile, match=named):
        reg.library()


def test_a_shipped_entry_keeps_its_name(reg, folder):
    (folder / "blazeface.toml").write_text(FACTS + 'source = "folder:x"')
    with pytest.raises(BadFile, match="takes the name"):
        reg.library()


def test_a_folder_that_is_not_there_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_MODELMGMT_LIBRARY", str(tmp_path / "gone"))
    with pytest.raises(BadFile, match="There is no folder"):
        library.entries()


@pytest.mark.heavy
def test_three_sizes_become_three_versions_of_one_model(reg):
    last = reg.clone("efficientnet-lite", "effnet")
    assert "effnet@1.0.0, effnet@1.1.0, effnet@1.2.0" in last.notice
    found = [(v.version, reg.get(v.selector).config["size"][0]) for v in reg.versions("effnet", sort="sequence")]
    assert found == [("1.0.0", 224), ("1.1.0", 240), ("1.2.0", 260)]
