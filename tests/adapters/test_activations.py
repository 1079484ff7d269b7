"""Raw outputs to confidences, however large they are."""

import numpy as np
import pytest

from jupyter_modelmgmt.adapters.activations import sigmoid, softmax


def test_a_sigmoid_is_the_chance_of_each_number_alone():
    assert sigmoid(np.array([0.0, np.log(3), -np.log(3)])) == pytest.approx([0.5, 0.75, 0.25])


def test_a_softmax_shares_one_along_the_last_axis():
    raw = np.log([[1.0, 3.0], [2.0, 2.0]])
    assert softmax(raw) == pytest.approx(np.array([[0.25, 0.75], [0.5, 0.5]]))


@pytest.mark.parametrize("activation", [sigmoid, softmax])
@pytest.mark.parametrize("raw", [[1e300, -1e300], [-1e4, 1e4], [7e9, 7e9]])
def test_large_numbers_stay_confidences(activation, raw):
    found = activation(np.array(raw))
    assert np.isfinite(found).all()
    assert ((found >= 0) & (found <= 1)).all()
