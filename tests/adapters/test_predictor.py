"""What a worker holds: images and tensors to one loaded version."""

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.svm import SVC

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.adapters import ModelAdapter, check_config, predictor
from jupyter_modelmgmt.domain.errors import BadField, BadImage, BadTensor, Conflict, NotLoadable
from jupyter_modelmgmt.domain.records import Task

IRIS, KINDS = load_iris(return_X_y=True)


@pytest.fixture
def iris(tmp_path):
    flavors.get("sklearn").save(SVC().fit(IRIS, KINDS), tmp_path)
    return predictor(tmp_path, flavor="sklearn", adapter="", config={}, labels=(), task=Task.CLASSIFICATION)


def test_tensors_are_answered_by_name(iris):
    assert iris.predict_tensors({"input": IRIS[:2]})["label"].tolist() == [0, 0]
    assert [spec.name for spec in iris.outputs] == ["label", "score"]
    assert iris.inputs[0].shape == (-1, 4)


def test_tensors_that_do_not_fit_are_refused(iris):
    with pytest.raises(BadTensor):
        iris.predict_tensors({"input": IRIS[0]})


def test_a_version_without_an_adapter_takes_no_image(iris):
    with pytest.raises(Conflict, match=r"takes tensors \(input\) and no image"):
        iris.predict_image(b"")


def test_models_with_a_free_first_axis_may_be_batched(iris, ready):
    assert iris.batchable
    assert not ready("blazeface").batchable


def test_a_version_with_an_adapter_answers_tensors_too(ready):
    outputs = ready("blazeface").predict_tensors({"input": np.zeros((1, 128, 128, 3), np.float32)})
    assert outputs["regressors"].shape == (1, 896, 16)


def test_what_is_no_image_is_refused(ready):
    with pytest.raises(BadImage):
        ready("blazeface").predict_image(b"no image")


def test_an_unknown_adapter_is_refused_with_those_installed(tmp_path):
    with pytest.raises(
        NotLoadable, match="embedding, image_classifier, object_detector, segmenter, tabular, tensor, text"
    ):
        predictor(tmp_path, flavor="onnx", adapter="crystal_ball", config={}, labels=(), task=Task.OTHER)


def test_a_configuration_is_checked_without_a_model():
    check_config("segmenter", {"size": [257, 257], "background": None})
    with pytest.raises(BadField, match="top_q"):
        check_config("image_classifier", {"top_q": 3})


def test_an_adapter_of_ones_own_needs_no_constructor():
    class Brightness(ModelAdapter):
        def load(self, local_path):
            self.limit = len(list(local_path.iterdir()))

        def predict(self, batch):
            return [float(pixels.mean()) for pixels in batch]

    assert Brightness().predict([np.full((2, 2, 3), 7, np.uint8)]) == [7.0]
    assert Brightness().labels == ()
