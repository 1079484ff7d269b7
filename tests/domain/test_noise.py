"""How much of a score is chance."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_modelmgmt.domain import noise


def test_what_was_measured_again_tells_its_spread():
    assert noise.half_width("loss", [0.30, 0.34, 0.26], None) == pytest.approx(1.96 * 0.04, rel=1e-3)
    assert noise.half_width("accuracy", [0.9, 0.9], 1000) == 0


def test_a_share_of_samples_is_within_wilsons_interval():
    # 90 of 100: Wilson's interval is 0.8256 to 0.9448.
    assert noise.half_width("accuracy", [0.9], 100) == pytest.approx((0.9448 - 0.8256) / 2, abs=1e-4)
    assert noise.half_width("val_acc", [1.0], 50) > 0


@pytest.mark.parametrize(
    ("name", "scores", "samples"),
    [("loss", [0.3], 100), ("accuracy", [0.9], None), ("accuracy", [], 100), ("accuracy", [97.0], 100),
     ("accuracy", [math.nan], 100), ("occupancy", [0.5], 100)],
)  # fmt: skip
def test_what_nobody_knows_has_none(name, scores, samples):
    assert noise.half_width(name, scores, samples) is None


@given(st.floats(0, 1), st.integers(1, 10**6))
def test_more_samples_mean_less_noise(share, samples):
    one, four = (noise.half_width("accuracy", [share], n) for n in (samples, 4 * samples))
    assert 0 < four < one <= 1
