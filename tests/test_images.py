"""Decoding of uploads: every kind of picture to RGB, anything else to one clear line."""

import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from jupyter_modelmgmt import images
from jupyter_modelmgmt.domain.errors import BadImage

RED, WHITE = [255, 0, 0], [255, 255, 255]


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def plain(width=40, height=20, colour=(255, 0, 0), mode="RGB"):
    return Image.new(mode, (width, height), colour)


@pytest.fixture(scope="module")
def photo():
    """Give a smooth 12-megapixel picture."""
    y, x = np.mgrid[0:3000, 0:4000]
    waves = np.stack([np.sin(x / 90 + c) * np.cos(y / (70 + c * 20)) for c in range(3)], axis=-1)
    return Image.fromarray(((waves + 1) * 127).astype(np.uint8))


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "TIFF"])
def test_lossless_formats_come_back_as_they_were(kind):
    image = images.decode(encoded(plain(), kind))
    assert (image.width, image.height) == (40, 20)
    assert image.pixels.shape == (20, 40, 3)
    assert image.pixels.dtype == np.uint8
    assert image.pixels[10, 20].tolist() == RED


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_lossy_formats_come_back_nearly_as_they_were(kind):
    pixels = images.decode(encoded(plain(), kind)).pixels
    assert np.abs(pixels[10, 20].astype(int) - RED).max() <= 8


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("L", 120, [120] * 3),
        ("1", 1, WHITE),
        ("P", 0, [0, 0, 0]),
        ("LA", (120, 255), [120] * 3),
        ("RGBA", (255, 0, 0, 0), WHITE),
        ("RGBA", (255, 0, 0, 128), [255, 127, 127]),
        ("I;16", 256 * 200, [200] * 3),
    ],
)
def test_other_modes_become_rgb_and_transparent_parts_white(mode, colour, seen):
    pixels = images.decode(encoded(Image.new(mode, (4, 4), colour))).pixels
    assert pixels[1, 1].tolist() == seen


def test_cmyk_becomes_rgb():
    pixels = images.decode(encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG", quality=100)).pixels
    assert np.abs(pixels[4, 4].astype(int) - RED).max() <= 12


def test_a_transparent_colour_of_a_palette_becomes_white():
    image = Image.new("P", (4, 4), 3)
    image.putpalette([9, 9, 9] * 256)
    assert images.decode(encoded(image, transparency=3)).pixels[0, 0].tolist() == WHITE


def test_the_first_of_several_frames_counts():
    frames = [plain(colour=(255, 0, 0)), plain(colour=(0, 0, 255))]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert images.decode(data).pixels[0, 0].tolist() == RED


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pixels_are_turned_as_exif_says(orientation):
    shown = plain(32, 16)
    shown.paste((0, 0, 255), (0, 0, 16, 8))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = shown if orientation == 1 else shown.transpose(Image.Transpose(back[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = images.decode(encoded(stored, exif=exif))
    assert (image.width, image.height) == (32, 16)
    assert image.pixels[2, 2].tolist() == [0, 0, 255]
    assert image.pixels[12, 28].tolist() == RED


def test_a_large_photo_is_decoded_reduced_and_keeps_its_size(photo):
    image = images.decode(encoded(photo, "JPEG", quality=90), shorter=224)
    assert (image.width, image.height) == (4000, 3000)
    assert 2 * 224 <= min(image.pixels.shape[:2]) < 1000


def test_a_reduced_decode_resizes_to_nearly_the_same(photo):
    data = encoded(photo, "JPEG", quality=90)
    small = [
        np.asarray(Image.fromarray(images.decode(data, shorter=shorter).pixels).resize((224, 168)), dtype=int)
        for shorter in (None, 224)
    ]
    assert np.abs(small[0] - small[1]).max() <= 4


def test_a_turned_photo_is_decoded_reduced_too(photo):
    exif = Image.Exif()
    exif[0x0112] = 6
    image = images.decode(encoded(photo, "JPEG", exif=exif), shorter=100)
    assert (image.width, image.height) == (3000, 4000)
    assert image.pixels.shape[0] > image.pixels.shape[1]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "0 bytes"),
        (b"no picture at all", "no known format"),
        (b"8BPS" + bytes(40), "Photoshop"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"%PDF-1.7", "PDF"),
        (bytes(4) + b"ftypheic" + bytes(40), "HEIC"),
        (bytes(4) + b"ftypavif" + bytes(40), "AVIF"),
        (b"PK\x03\x04" + bytes(40), "zip"),
    ],
)
def test_what_is_no_image_is_refused_by_name(data, words):
    with pytest.raises(BadImage, match=words):
        images.decode(data)


def test_the_refusal_names_the_formats():
    with pytest.raises(BadImage, match="PNG, JPEG, BMP, GIF, WebP or TIFF"):
        images.decode(b"GIF without a picture")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_truncated_image_is_refused(kind):
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), kind)
    with pytest.raises(BadImage):
        images.decode(data[: len(data) // 2])


def test_a_decompression_bomb_is_refused_before_it_is_decoded():
    with pytest.raises(BadImage, match="9000 x 9000"):
        images.decode(encoded(Image.new("1", (9000, 9000))))


def test_a_bomb_beyond_pillows_own_limit_is_refused_with_our_limit():
    with pytest.raises(BadImage, match="at most 80 megapixels"):
        images.decode(encoded(Image.new("1", (14_000, 14_000))))


def test_floating_point_pixels_are_refused_with_advice():
    with pytest.raises(BadImage, match="8 or 16 bits"):
        images.decode(encoded(Image.new("F", (4, 4), 0.5), "TIFF"))


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"]),
    damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8),
    kept=st.floats(0.01, 1),
)
def test_damaged_bytes_give_an_image_or_a_clear_refusal(kind, damage, kept):
    data = bytearray(encoded(plain(), kind))
    for place, value in damage:
        data[int(place * len(data))] = value
    try:
        image = images.decode(bytes(data[: max(1, int(kept * len(data)))]), shorter=8)
    except BadImage:
        return
    assert image.pixels.ndim == 3


def test_a_mask_is_sampled_up_and_down():
    quarters = np.array([[1, 2], [3, 4]], np.uint8)
    assert images.sampled(quarters, (4, 3)).tolist() == [[1, 1, 2], [1, 1, 2], [3, 3, 4], [3, 3, 4]]
    assert images.sampled(images.sampled(quarters, (6, 8)), (2, 2)).tolist() == quarters.tolist()
