"""Hostile files are told apart from models without anything of them running."""

import gzip
import io
import os
import pickle
import zipfile

import joblib
import numpy as np
import pytest

from jupyter_modelmgmt.domain.evidence import Safety
from jupyter_modelmgmt.flavors.safety import verdict
from tests.servers.hostile import HOSTILE, MARKER, Calls


@pytest.fixture
def judged(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def judge(data, name="model.pkl"):
        path = tmp_path / "given"
        path.write_bytes(data)
        found = verdict(name, path)
        assert not (tmp_path / MARKER).exists()
        return found

    return judge


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", ["model.pkl", "model.txt", "model.pt"])
def test_a_hostile_pickle_is_refused_whatever_it_is_called(judged, data, name):
    if name == "model.txt" and not data.startswith(b"\x80"):
        assert judged(data, name).safety is Safety.DATA  # nothing loads it, and nothing tells it from a text
        return
    found = judged(data, name)
    assert (found.safety, bool(found.reason)) == (Safety.REFUSED, True)


@pytest.mark.parametrize("data", [HOSTILE["os.system"], HOSTILE["stacked"]])
@pytest.mark.parametrize("member", ["archive/data.pkl", "weights.npy", "anything"])
def test_a_hostile_pickle_inside_a_zip_is_refused(judged, data, member):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "harmless")
        archive.writestr(member, data)
    assert judged(buffer.getvalue(), "model.pt").safety is Safety.REFUSED


def test_an_array_of_objects_is_read_for_what_it_imports(judged):
    buffer = io.BytesIO()
    np.save(buffer, np.array([Calls(os.system, f"touch {MARKER}")], dtype=object), allow_pickle=True)
    assert judged(buffer.getvalue(), "x.npy").safety is Safety.REFUSED
    buffer = io.BytesIO()
    np.savez(buffer, a=np.array([Calls(os.system, "x")], dtype=object))
    assert judged(buffer.getvalue(), "x.npz").safety is Safety.REFUSED
    buffer = io.BytesIO()
    np.savez(buffer, a=np.arange(3), b=np.ones((2, 2)))
    assert judged(buffer.getvalue(), "x.npz").safety is Safety.DATA


def test_an_ordinary_pickle_is_code_with_its_imports(judged, classifier):
    found = judged(pickle.dumps(classifier))
    assert found.safety is Safety.CODE
    assert "sklearn.linear_model._logistic.LogisticRegression" in found.imports


def test_joblib_and_compressed_pickles_are_code(judged, classifier):
    buffer = io.BytesIO()
    joblib.dump(classifier, buffer)
    found = judged(buffer.getvalue(), "model.joblib")
    assert (found.safety, "raw arrays" in found.reason) == (Safety.CODE, True)
    assert "compressed" in judged(gzip.compress(pickle.dumps(classifier)), "model.pkl").reason


@pytest.mark.parametrize("name", ["model.py", "lib.so", "weights.h5", "saved_model.pb"])
def test_programs_are_code(judged, name):
    assert judged(b"anything", name).safety is Safety.CODE


@pytest.mark.parametrize(
    ("name", "data"),
    [("README.md", b"# words"), ("labels.txt", b"a\nb"), ("x.npy", None), ("e.bin", b""), ("cut.npy", b"\x93NUMPY")],
)
def test_data_is_data(judged, name, data):
    if data is None:
        buffer = io.BytesIO()
        np.save(buffer, np.arange(4))
        data = buffer.getvalue()
    assert judged(data, name).safety is Safety.DATA


def test_a_saved_estimator_and_an_onnx_file_are_data(tmp_path, classifier, onnx_file):
    from jupyter_modelmgmt.flavors import sklearn

    sklearn.save(classifier, tmp_path)
    assert verdict("model.skops", tmp_path / "model.skops").safety is Safety.DATA
    assert verdict("digits.onnx", onnx_file).safety is Safety.DATA


def test_a_broken_zip_is_refused(judged):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "x" * 1000)
    data = bytearray(buffer.getvalue())
    data[10:30] = b"\0" * 20
    assert judged(bytes(data), "x.zip").safety is Safety.REFUSED
