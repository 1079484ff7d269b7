"""Which variables of a kernel are images."""

import io

import numpy as np
import pytest
from PIL import Image

from jupyter_modelmgmt.capture.pictures import pictures, png
from jupyter_modelmgmt.domain.errors import BadImage, NotFound

COLOR = np.zeros((20, 30, 3), np.uint8)


@pytest.mark.parametrize(
    ("value", "size"),
    [
        (COLOR, (30, 20)),
        (COLOR[:, :, 0], (30, 20)),
        (np.zeros((9, 8, 4), np.uint8), (8, 9)),
        (COLOR.astype(np.float32), (30, 20)),
        (Image.new("CMYK", (5, 4)), (5, 4)),
        (np.zeros((20, 30)), None),  # a table of numbers
        (np.full((20, 30, 3), 7.5), None),
        (np.zeros((5, 20, 30, 3), np.uint8), None),
        (np.zeros((4, 2), np.uint8), None),
        ("photo.jpg", None),
    ],
)
def test_images_are_told_from_other_arrays(value, size):
    found = pictures({"seen": value, "_hidden": COLOR})
    assert [(p.variable, (p.width, p.height)) for p in found] == ([("seen", size)] if size else [])
    if size:
        assert Image.open(io.BytesIO(png({"seen": value}, "seen"))).size == size


def test_floats_keep_their_light():
    half = np.full((8, 8, 3), 0.5)
    assert Image.open(io.BytesIO(png({"half": half}, "half"))).getpixel((0, 0)) == (128, 128, 128)


def test_what_is_gone_or_no_image_any_more_is_said():
    with pytest.raises(NotFound, match="no variable photo any more"):
        png({}, "photo")
    with pytest.raises(BadImage, match="no image any more"):
        png({"photo": 3}, "photo")
