import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import (
    BadField,
    BadFile,
    BadName,
    BadVersion,
    NotFitted,
    NotLoadable,
    NotSavable,
    StorageFull,
    VersionTaken,
)
from jupyter_modelmgmt.registry import connect


@pytest.fixture
def reg(any_reg):
    """Run every test here on both databases."""
    return any_reg


def test_an_object_in_memory_becomes_a_version_that_loads_and_predicts(reg, classifier, digits):
    version = reg.register(classifier, "digits", metrics={"accuracy": 0.9}, tags="a, b", description="linear")
    assert (version.version, version.framework, version.task) == ("1.0.0", "scikit-learn", "classification")
    assert version.labels == tuple("0123456789")
    assert version.params["C"] == 0.01
    loaded = reg.get("digits").load()
    assert np.array_equal(loaded.predict(digits[0][:50]), classifier.predict(digits[0][:50]))


def test_an_onnx_file_becomes_a_version(reg, onnx_file):
    version = reg.register_files(onnx_file, "digits", version="2.0.0", labels=list("0123456789"))
    assert (version.version, version.framework, version.flavor) == ("2.0.0", "onnx", "onnx")
    assert [a.path for a in version.artifacts] == ["digits.onnx"]


def test_downloads_are_the_files_that_were_registered(reg, onnx_file, tmp_path):
    reg.register_files(onnx_file, "digits").download(tmp_path / "out")
    assert (tmp_path / "out" / "digits.onnx").read_bytes() == onnx_file.read_bytes()


def test_a_file_no_flavor_knows_is_kept_as_it_is(reg, tmp_path):
    (tmp_path / "notes.xyz").write_text("hello")
    version = reg.register_files(tmp_path / "notes.xyz", "other")
    assert (version.framework, version.flavor) == ("other", "")
    with pytest.raises(NotLoadable, match="download"):
        version.load()
    with pytest.raises(NotLoadable):
        reg.deploy("other")


REFUSED = (
    "unfitted", "no flavor", "bad name", "bad version", "bad bump", "bad metric", "bad field", "bad adapter", "bad config",
)  # fmt: skip


def refusals():
    from sklearn.linear_model import LogisticRegression

    return {
        "unfitted": (LogisticRegression(), {}, NotFitted, "fit"),
        "no flavor": (object(), {}, NotSavable, "scikit-learn"),
        "bad name": (None, {"name": "../x"}, BadName, "letters"),
        "bad version": (None, {"version": "1.0"}, BadVersion, "major.minor.patch"),
        "bad bump": (None, {"bump": "huge"}, BadVersion, "major"),
        "bad metric": (None, {"metrics": {"a": "b"}}, BadField, "number"),
        "bad adapter": (None, {"adapter": "nonsense"}, NotLoadable, "image_classifier"),
        "bad config": (None, {"adapter": "image_classifier", "config": {"size": [8, "x"]}}, BadField, "size"),
        "bad field": (None, {"colour": "red"}, BadField, "colour"),
    }


@pytest.mark.parametrize("case", list(REFUSED))
def test_what_cannot_be_registered_is_refused_and_nothing_is_written(reg, classifier, case):
    model, fields, error, said = refusals()[case]
    with pytest.raises(error, match=said):
        reg.register(model or classifier, **{"name": "digits", **fields})
    assert reg.models() == ()
    assert reg.last_event() == 0


def test_a_taken_version_is_refused_before_its_bytes_are_written(reg, classifier, tmp_path):
    reg.register(classifier, "digits", version="1.0.0")
    blobs = sorted(reg.artifacts.folder.rglob("*"))
    with pytest.raises(VersionTaken, match=r"digits@1\.0\.0 already exists"):
        reg.register(classifier, "digits", version="1.0.0")
    assert sorted(reg.artifacts.folder.rglob("*")) == blobs


@pytest.mark.parametrize("data", [b"", b"not onnx", b"\x08\x07" + bytes(50)])
def test_a_file_that_is_not_onnx_is_refused(reg, tmp_path, data):
    (tmp_path / "model.onnx").write_bytes(data)
    with pytest.raises(BadFile, match="ONNX"):
        reg.register_files(tmp_path / "model.onnx", "digits")
    assert reg.models() == ()


def test_a_missing_file_is_told(reg, tmp_path):
    with pytest.raises(BadFile, match="no file"):
        reg.register_files(tmp_path / "nowhere.onnx", "digits")


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="mounting a small disk needs root on Linux"
)
@pytest.mark.parametrize("size_kib", [700, 1000, 1600])
def test_a_full_disk_leaves_no_half_version(tmp_path, size_kib, classifier):
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_kib}k", "tmpfs", str(disk)], check=True)
    try:
        registry = connect(f"sqlite:///{disk / 'registry.db'}")
        with pytest.raises(StorageFull, match="full"):
            for _ in range(400):
                registry.register(classifier, "digits", description="x" * 9000, allow_identical=True)
        for version in registry.versions("digits") if registry.models() else ():
            assert registry.get(version.selector).load().coef_.shape == (10, 64)
        registry.close()
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.heavy
def test_a_kernel_killed_while_it_registers_leaves_no_half_version(reg, tmp_path):
    program = (
        "import sys, jupyter_modelmgmt as mm\n"
        "from sklearn.datasets import load_digits\n"
        "from sklearn.ensemble import RandomForestClassifier\n"
        "reg = mm.connect(sys.argv[1], artifacts=sys.argv[2])\n"
        "model = RandomForestClassifier(60, random_state=0).fit(*load_digits(return_X_y=True))\n"
        "while True:\n    print(reg.register(model, 'forest', allow_identical=True, prove=False).version, flush=True)\n"
    )
    for round_ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", program, reg.store.url, str(reg.artifacts.folder)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout.readline().endswith(".0\n")
        time.sleep(0.1 + round_ * 0.31)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
    versions = reg.versions("forest")
    assert len(versions) >= 3
    for version in versions:
        for artifact in reg.get(version.selector).artifacts:
            reg.artifacts.verified(artifact)
    reg.register_files(__file__, "after")
