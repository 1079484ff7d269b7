"""Masks: one label per pixel, with the image's aspect."""

import base64
import io

import numpy as np
import pytest
from PIL import Image
from skimage import data

from jupyter_modelmgmt.domain.errors import BadField

LABELS = ["background", "left", "right"]
WIDE = np.zeros((50, 100, 3), np.uint8)


def opened(mask):
    return Image.open(io.BytesIO(base64.b64decode(mask.png)))


@pytest.fixture
def halves():
    """Give scores of 3 labels on 10 x 10 pixels: left half label 1, right half label 2."""
    scores = np.zeros((1, 10, 10, 3), np.float32)
    scores[:, :, :5, 1] = 5
    scores[:, :, 5:, 2] = 5
    return scores


@pytest.fixture
def segment(constant_model, loaded, tmp_path, png):
    def run(scores, config=None, picture=WIDE, labels=LABELS, shape=(1, 10, 10, 3)):
        folder = constant_model(tmp_path, shape, scores=scores)
        return loaded(folder, "segmenter", config or {}, labels).predict_image(png(picture))[0]

    return run


def test_a_mask_has_the_aspect_of_the_image_and_its_pixels_index_labels(segment, halves):
    mask = segment(halves)
    image = opened(mask)
    assert image.mode == "P"
    assert image.size == (10, 5)
    assert np.asarray(image)[2].tolist() == [1] * 5 + [2] * 5
    assert mask.labels == tuple(LABELS)
    assert mask.share == {"left": 0.5, "right": 0.5}


def test_channels_may_come_first(segment, halves):
    mask = segment(halves.transpose(0, 3, 1, 2), shape=(1, 3, 10, 10))
    assert mask.share == {"left": 0.5, "right": 0.5}


def test_numbers_of_labels_are_taken_as_they_are(segment, halves):
    assert segment(halves.argmax(axis=-1)).share == {"left": 0.5, "right": 0.5}


def test_one_channel_is_a_mask_of_the_second_label(segment):
    scores = np.zeros((1, 10, 10, 1), np.float32)
    scores[:, :4] = 0.8
    mask = segment(scores, labels=["background", "person"])
    assert mask.share["person"] == pytest.approx(0.4)
    assert segment(scores, {"threshold": 0.9}, labels=["background", "person"]).share == {"background": 1.0}


def test_the_background_is_transparent_and_other_colours_differ(segment, halves):
    halves[:, :2] = [9, 0, 0]
    image = opened(segment(halves)).convert("RGBA")
    pixels = np.asarray(image)
    assert pixels[0, 0, 3] == 0
    assert pixels[3, 0, 3] == pixels[3, 9, 3] == 255
    assert np.abs(pixels[3, 0].astype(int) - pixels[3, 9]).max() > 80


def test_without_a_background_nothing_is_transparent(segment, halves):
    assert np.asarray(opened(segment(halves, {"background": None})).convert("RGBA"))[..., 3].min() == 255


def test_a_letterboxed_view_is_cut_back_to_the_image(segment, halves):
    halves[:, :2] = halves[:, 8:] = [9, 0, 0]
    mask = segment(halves, {"resize": "letterbox"})
    assert opened(mask).size == (10, 5)
    assert mask.share == {"left": 0.5, "right": 0.5}


def test_outside_of_a_cropped_view_lies_background(segment, halves):
    mask = segment(halves, {"resize": "crop"})
    assert np.asarray(opened(mask))[2].tolist() == [0, 0, 1, 1, 1, 2, 2, 0, 0, 0]
    assert mask.share["background"] == 0.5


def test_more_labels_than_the_version_has_are_refused(segment, halves):
    with pytest.raises(BadField, match="only 2 labels"):
        segment(halves, labels=["background", "left"])


def test_more_labels_than_a_mask_can_hold_are_refused(segment, halves):
    with pytest.raises(BadField, match="at most 256"):
        segment(halves, labels=[str(i) for i in range(300)])


@pytest.mark.parametrize(("photo", "label", "share"), [("astronaut", "person", 0.465), ("chelsea", "cat", 0.768)])
def test_deeplab_paints_real_photos(ready, png, photo, label, share):
    pixels = getattr(data, photo)()
    mask, width, height = ready("deeplabv3").predict_image(png(pixels))
    assert mask.share[label] == pytest.approx(share, abs=0.01)
    assert sum(mask.share.values()) == pytest.approx(1)
    assert opened(mask).width / opened(mask).height == pytest.approx(width / height, rel=0.01)
