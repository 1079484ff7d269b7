import math

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import BadMetric
from jupyter_modelmgmt.store.points import packed, packed_arrays, thinned, unpacked


def test_points_come_back_as_they_were():
    points = [(0.0, 0.5, 10.0), (1.0, -3.25, 11.5), (5.0, 1e300, 12.0)]
    found = packed(points)
    assert (found.count, found.last_x, found.last, found.least, found.greatest) == (3, 5.0, 1e300, -3.25, 1e300)
    assert unpacked([found.data]).T.tolist() == [list(point) for point in points]


def test_arrays_become_the_same_bytes_as_points():
    x, y = np.arange(5), np.array([3, 1, math.nan, 2, math.inf])
    from_arrays = packed_arrays(x, y)
    at = unpacked([from_arrays.data])[2]
    from_points = packed([(float(a), float(b), c) for a, b, c in zip(x, y, at, strict=True)])
    assert from_arrays == from_points
    assert (from_arrays.last, from_arrays.least, from_arrays.greatest) == (None, 1.0, 3.0)


def test_a_series_without_a_finite_number_has_no_least():
    found = packed([(0.0, math.nan, 1.0), (1.0, -math.inf, 1.0)])
    assert (found.last, found.least, found.greatest) == (None, None, None)
    assert np.isnan(unpacked([found.data])[1][0])


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        ([1, 2], [1], "2 points and y has 1"),
        ([1, math.nan], [1, 2], "not a finite number"),
        ([[1]], [[1]], "flat"),
        (["a"], [1], "numbers"),
        ([1], [[1, 2], [3]], "numbers"),
        (3, 4, "flat"),
    ],
)
def test_arrays_that_are_no_curve_are_refused(x, y, said):
    with pytest.raises(BadMetric, match=said):
        packed_arrays(x, y)


def test_empty_arrays_are_no_points():
    assert packed_arrays([], []) is None


@pytest.mark.parametrize("count", [1, 4, 5, 499, 500, 501, 10_007])
@pytest.mark.parametrize("at_most", [4, 5, 100, 500])
def test_thinning_keeps_the_ends_and_the_peaks(count, at_most):
    rng = np.random.default_rng(count)
    y = rng.normal(size=count)
    y[count // 3], y[count // 2] = 100, -100
    points = np.stack([np.arange(count, dtype=float), y, np.zeros(count)])
    kept = thinned(points, at_most)
    assert kept.shape[1] <= at_most
    assert kept.shape[1] == count or kept.shape[1] > at_most // 4
    assert {0.0, count - 1.0} <= set(kept[0])
    assert (kept[1].max(), kept[1].min()) == (y.max(), y.min())
    assert (np.diff(kept[0]) > 0).all()
    # Every point kept is one that was there.
    assert (y[kept[0].astype(int)] == kept[1]).all()


def test_thinning_looks_past_what_is_no_number():
    y = np.full(1000, np.nan)
    y[500] = 7
    points = np.stack([np.arange(1000.0), y, np.zeros(1000)])
    assert 7 in thinned(points, 50)[1]
    assert thinned(np.where(points == 7, np.nan, points), 50).shape[1] <= 50
