"""Flavors of frameworks that are not installed: files are recognised, loading names the line that installs."""

import json
import struct
import sys
import zipfile

import pytest

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.domain.errors import BadFile, NeedsYes, NotLoadable

ABSENT = ("keras", "safetensors", "tensorflow", "torch", "transformers")
EXTRAS = {"safetensors": "torch"}


@pytest.fixture(autouse=True)
def without(monkeypatch):
    for name in [*ABSENT, "torch.nn.modules.module", "transformers.modeling_utils", "transformers.pipelines.base"]:
        monkeypatch.setitem(sys.modules, name, None)


def safetensors(folder):
    header = json.dumps({"w": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}).encode()
    path = folder / "weights.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header + b"\0")
    return path


def torch(folder):
    path = folder / "model.pt2"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model/models/model.json", "{}")
    return path


def keras(folder):
    path = folder / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", '{"class_name": "Sequential"}')
        archive.writestr("metadata.json", "{}")
        archive.writestr("model.weights.h5", b"")
    return path


def tensorflow(folder):
    path = folder / "saved_model.pb"
    path.write_bytes(b"\x08\x01\x12\x00")
    return path


def transformers(folder):
    path = folder / "config.json"
    path.write_text(json.dumps({"model_type": "bert", "architectures": ["BertModel"]}))
    return path


@pytest.mark.parametrize("name", ABSENT)
def test_files_are_recognised_and_loading_names_what_to_install(name, tmp_path):
    path = globals()[name](tmp_path)
    flavor = flavors.flavor_of_file(path)
    assert flavor is flavors.get(name)
    line = rf'pip install "jupyter_modelmgmt\[{EXTRAS.get(name, name)}\]"'
    with pytest.raises(NotLoadable, match=line):
        flavor.load(tmp_path, allow_code=True)
    with pytest.raises(NotLoadable, match=line):
        flavor.runner(tmp_path)


@pytest.mark.parametrize("name", ABSENT)
def test_no_object_is_of_a_framework_that_is_not_there(name):
    flavor = flavors.get(name)
    assert not any(flavor.handles(obj) for obj in ({}, {"a": 1}, [], 1, "text", flavor))


@pytest.mark.parametrize("name", ["torch", "tensorflow"])
def test_the_yes_is_asked_for_before_anything_is_imported(name, tmp_path):
    globals()[name](tmp_path)
    with pytest.raises(NeedsYes, match=r"v\.load\(allow_code=True\)"):
        flavors.get(name).load(tmp_path)


@pytest.mark.parametrize(
    ("name", "data"), [("a.pt2", b""), ("a.keras", b"PK"), ("a.safetensors", b"1234"), ("saved_model.pb", b"")]
)
def test_a_file_that_breaks_its_format_is_refused(name, data, tmp_path):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadFile, match=r"is not .*gain\."):
        flavors.flavor_of_file(tmp_path / name)


def test_a_zip_whose_directory_lies_is_refused(tmp_path):
    path = torch(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"models/model.json", b"models/model.jso\xff"))
    with pytest.raises(BadFile):
        flavors.flavor_of_file(path)


def test_a_keras_model_in_hdf5_is_refused_and_other_data_are_not(tmp_path):
    path = tmp_path / "model.h5"
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + b"\0" * 100 + b"model_config")
    with pytest.raises(BadFile, match=r"save it as \.keras"):
        flavors.flavor_of_file(path)
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + b"\0" * 100)
    assert flavors.flavor_of_file(path) is None
