"""From pixels to tensors, as configurations say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_modelmgmt.adapters.preprocessing import ImageConfig, Preprocessing, read_config
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.flavors import TensorSpec

NCHW = TensorSpec(name="x", datatype="FP32", shape=(-1, 3, 4, 6))
NHWC = TensorSpec(name="x", datatype="FP32", shape=(1, 4, 6, 3))


def tensor(pixels, spec=NHWC, **config):
    return Preprocessing(read_config(config, ImageConfig), spec).fit(pixels)[0]


def colours(height=4, width=6):
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def test_pixels_go_in_as_they_are_without_mean_and_std():
    np.testing.assert_array_equal(tensor(colours()), colours())


def test_layout_and_size_follow_from_the_models_input():
    np.testing.assert_array_equal(tensor(colours(), NCHW), colours().transpose(2, 0, 1))


def test_mean_and_std_are_on_the_scale_of_pixels_one_a_channel():
    got = tensor(colours(), mean=[10, 20, 30], std=[2, 4, 5])
    np.testing.assert_allclose(got, (colours() - np.array([10.0, 20, 30])) / [2, 4, 5], rtol=1e-6)


def test_bgr_swaps_channels_and_its_means_are_in_that_order():
    got = tensor(colours(), color="BGR", mean=[1, 2, 3])
    np.testing.assert_allclose(got, colours()[..., ::-1] - np.array([1.0, 2, 3]))


def test_inverting_swaps_black_and_white_before_the_rest():
    np.testing.assert_allclose(tensor(colours(), invert=True, std=2), (255.0 - colours()) / 2)


def test_grey_has_one_channel_and_flat_one_axis():
    spec = TensorSpec(name="x", datatype="FP64", shape=(-1, 24))
    grey = tensor(np.repeat(colours()[..., :1], 3, axis=2), spec, size=[4, 6], color="GRAY", layout="flat")
    assert grey.shape == (24,)
    assert grey.dtype == np.float64
    np.testing.assert_array_equal(grey, colours()[..., 0].ravel())


def test_grey_without_a_channel_axis_fits_too():
    spec = TensorSpec(name="x", datatype="FP32", shape=(-1, 4, 6))
    assert tensor(colours(), spec, color="GRAY").shape == (4, 6)


def test_quantised_inputs_get_the_numbers_that_stand_for_the_normalised_pixels():
    spec = TensorSpec(name="x", datatype="UINT8", shape=(1, 4, 6, 3), scale=1 / 64, zero_point=128)
    got = tensor(colours(), spec, mean=127, std=128)
    wanted = np.round((colours() - 127.0) / 128 * 64) + 128
    assert got.dtype == np.uint8
    np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize(("datatype", "shift"), [("UINT8", 0), ("INT8", 128)])
def test_quantised_inputs_without_normalisation_get_the_pixels(datatype, shift):
    spec = TensorSpec(name="x", datatype=datatype, shape=(1, 4, 6, 3), scale=1 / 128, zero_point=0)
    np.testing.assert_array_equal(tensor(colours(), spec).astype(int), colours().astype(int) - shift)


def test_quantised_values_beyond_the_type_are_clipped():
    spec = TensorSpec(name="x", datatype="INT8", shape=(1, 4, 6, 3), scale=1 / 64, zero_point=0)
    got = tensor(np.full((4, 6, 3), 255, np.uint8), spec, mean=0, std=1)
    assert np.unique(got).tolist() == [127]


def test_crop_takes_the_centre():
    wide = np.zeros((4, 12, 3), np.uint8)
    wide[:, 3:9] = 200
    assert np.unique(tensor(wide, interpolation="nearest")).tolist() == [200]


def test_a_crop_fraction_takes_less_of_the_centre():
    image = np.zeros((80, 120, 3), np.uint8)
    image[20:60, 30:90] = 200
    assert np.unique(tensor(image, crop=0.5, interpolation="nearest")).tolist() == [200]
    assert np.unique(tensor(image, crop=1.0, interpolation="nearest")).tolist() == [0, 200]


def test_squash_takes_all_and_letterbox_fills_up():
    half = np.full((4, 12, 3), 50, np.uint8)
    assert np.unique(tensor(half, resize="squash")).tolist() == [50]
    boxed = tensor(half, resize="letterbox", pad=7)
    assert np.unique(boxed[1:3]).tolist() == [50]
    assert np.unique(boxed[[0, 3]]).tolist() == [7]


@pytest.mark.parametrize("resize", ["crop", "squash", "letterbox"])
@pytest.mark.parametrize("shape", [(50, 90), (90, 50), (64, 64)])
def test_a_view_tells_where_model_pixels_lie_in_the_image(resize, shape):
    """A bright spot in the image is found again from its place in the tensor."""
    image = np.zeros((*shape, 3), np.uint8)
    y, x = shape[0] // 2 + 6, shape[1] // 2 - 8
    image[y - 2 : y + 3, x - 2 : x + 3] = 255
    spec = TensorSpec(name="x", datatype="FP32", shape=(1, 32, 32, 3))
    got, view = Preprocessing(ImageConfig(resize=resize), spec).fit(image)
    rows, columns = np.nonzero(got[..., 0] > got.max() / 2)
    assert (columns.mean() + 0.5) * view.sx + view.ox == pytest.approx(x + 0.5, abs=1.6)
    assert (rows.mean() + 0.5) * view.sy + view.oy == pytest.approx(y + 0.5, abs=1.6)


@settings(max_examples=400, deadline=None)
@given(
    shape=st.tuples(st.integers(1, 400), st.integers(1, 400)),
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    resize=st.sampled_from(["crop", "squash", "letterbox"]),
    crop=st.floats(0.05, 1),
)
def test_images_of_every_shape_fit(shape, size, resize, crop):
    config = ImageConfig(size=size, resize=resize, crop=crop, pad=9)
    spec = TensorSpec(name="x", datatype="FP32", shape=(-1, -1, -1, 3))
    got, _ = Preprocessing(config, spec).fit(np.full((*shape, 3), 9, np.uint8))
    assert got.shape == (*size, 3)
    assert np.unique(got).tolist() == [9]


def test_the_decoder_is_asked_for_enough_pixels_to_crop():
    spec = TensorSpec(name="x", datatype="FP32", shape=(1, 224, 224, 3))
    assert Preprocessing(ImageConfig(crop=0.875), spec).shorter == 256


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"siez": [4, 6]}, "siez"),
        ({"size": [4]}, "size"),
        ({"size": [0, 6]}, "size"),
        ({"size": [4, 5000]}, "size"),
        ({"size": "4x6"}, "size"),
        ({"resize": "stretch"}, "resize"),
        ({"mean": "low"}, "mean"),
        ({"color": "HSV"}, "color"),
        ({"layout": "CHWN"}, "layout"),
        ({"invert": 1}, "invert"),
        ({"crop": 0}, "crop"),
        ({"crop": 1.5}, "crop"),
        ({"pad": 256}, "pad"),
    ],
)
def test_a_key_that_is_unknown_or_malformed_is_named(config, words):
    with pytest.raises(BadField, match=words):
        read_config(config, ImageConfig)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"mean": [1, 2]}, "mean is one number or 3"),
        ({"std": 0}, "std .* none of them 0"),
        ({"std": [1, 0, 1]}, "std"),
        ({"mean": float("nan")}, "mean"),
        ({"size": [5, 6]}, r"size \[5, 6\].*\[4, 6, 3\]"),
        ({"color": "GRAY"}, "color GRAY"),
        ({"layout": "NCHW", "size": [4, 6]}, "layout NCHW"),
    ],
)
def test_a_configuration_that_does_not_fit_the_model_is_refused(config, words):
    with pytest.raises(BadField, match=words):
        Preprocessing(read_config(config, ImageConfig), NHWC)


def test_a_model_that_takes_any_size_needs_one_in_the_configuration():
    with pytest.raises(BadField, match="needs the key size"):
        Preprocessing(ImageConfig(), TensorSpec(name="x", datatype="FP32", shape=(-1, 3, -1, -1)))
