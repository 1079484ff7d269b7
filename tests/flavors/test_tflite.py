"""TensorFlow Lite: heads of files are checked, quantisation is told, threads do not mix."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotSavable
from jupyter_modelmgmt.flavors import flavor_of_file, tflite


@pytest.fixture(scope="module")
def folder(cloned):
    return cloned("blazeface").folder


@pytest.fixture
def model(folder):
    return next(folder.iterdir())


def test_a_real_file_is_recognised(model):
    assert flavor_of_file(model).NAME == "tflite"


@pytest.mark.parametrize(
    "data", [b"", b"TFL3", b"not a model", bytes(100), b"\x1c\x00\x00\x00TFL3", b"\xff\xff\xff\xffTFL3" + bytes(50)]
)
def test_a_file_that_is_no_model_is_refused(data, tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(data)
    with pytest.raises(BadFile, match=r"model\.tflite"):
        tflite.recognises(path)


def test_a_truncated_file_is_refused(model, tmp_path):
    path = tmp_path / "model.tflite"
    path.write_bytes(model.read_bytes()[:200])
    with pytest.raises(BadFile):
        tflite.recognises(path)


def test_names_in_capitals_count_too(model, tmp_path):
    path = shutil.copy(model, tmp_path / "MODEL.TFLITE")
    assert tflite.recognises(path)


def test_objects_in_memory_are_not_saved(tmp_path):
    assert not tflite.handles(b"TFL3")
    with pytest.raises(NotSavable, match="register_files"):
        tflite.save(object(), tmp_path)


def test_quantised_tensors_tell_their_scale(cloned):
    runner = tflite.runner(cloned("efficientnet-lite0").folder)
    (image,), (scores,) = runner.inputs, runner.outputs
    assert (image.datatype, image.shape, image.zero_point) == ("UINT8", (1, 224, 224, 3), 131)
    assert image.scale == pytest.approx(0.012566, abs=1e-6)
    assert scores.scale == pytest.approx(1 / 256)


def test_wrong_tensors_are_refused(folder):
    runner = tflite.runner(folder)
    with pytest.raises(BadTensor, match="shape"):
        runner.run({"input": np.zeros((1, 64, 64, 3), np.float32)})


def test_threads_get_the_answers_to_their_own_questions(folder):
    runner = tflite.runner(folder)
    questions = [np.full((1, 128, 128, 3), value, np.float32) for value in (-1, -0.3, 0.4, 1)] * 5
    alone = [runner.run({"input": question})["regressors"] for question in questions]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: runner.run({"input": question})["regressors"], questions))
    np.testing.assert_array_equal(alone, together)
