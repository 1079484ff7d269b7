"""Damaged, huge and hostile pictures at a running worker: each gets its 4xx, and the worker lives on. Source: A11."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from jupyter_modelmgmt.domain.errors import BadImage, TooLarge
from tests.servers import nets

CONFIG = {"box_format": "yxyx", "coordinates": "relative", "std": 255, "resize": "squash", "threshold": 0.6}
SIDEWAYS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def spotted(mode="RGB"):
    """Give a picture of 200 x 100 with a bright spot from (50, 25) to (100, 75)."""
    image = Image.new("RGB", (200, 100))
    image.paste((255, 255, 255), (50, 25, 100, 75))
    return image.convert(mode)


NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width, height, body=b"", depth=8):
    """Give a PNG that claims a size, with any body."""
    head = struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def half(kind):
    data = encoded(NOISE, kind)
    return data[: len(data) // 2]


def flipped(kind):
    data = bytearray(encoded(NOISE, kind))
    for place in range(2, len(data), 7):
        data[place] ^= 0xFF
    return bytes(data)


HOSTILE = {
    "empty": b"",
    "text": b"this is no picture",
    "zeros": bytes(5000),
    "one byte": b"\x89",
    "half a PNG": half("PNG"),
    "half a JPEG": half("JPEG"),
    "half a GIF": half("GIF"),
    "half a WebP": half("WEBP"),
    "half a BMP": half("BMP"),
    "half a TIFF": half("TIFF"),
    "PNG with flipped bytes": flipped("PNG"),
    "WebP with flipped bytes": flipped("WEBP"),
    "PNG without pixels": png_of(8, 8),
    "PNG of no size": png_of(0, 0),
    "PNG with a bomb of zeros": png_of(100_000, 100_000, zlib.compress(bytes(1 << 20))),
    "PNG that claims 4 billion pixels a side": png_of(2**31 - 1, 2**31 - 1),
    "bomb of 196 megapixels": encoded(Image.new("1", (14_000, 14_000))),
    "PNG whose pixels are no zlib": png_of(8, 8, b"garbage"),
    "SVG": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "Photoshop": b"8BPS" + bytes(60),
    "zip": b"PK\x03\x04" + bytes(60),
    "PDF": b"%PDF-1.7\n" + bytes(60),
    "floating point TIFF": encoded(Image.new("F", (4, 4), 0.5), "TIFF"),
    "EPS, which other programs run": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\nquit\n",
}


@pytest.fixture(scope="module")
def spots(tmp_path_factory):
    """Give a registry with a running detector of bright spots; its host is ended."""
    from jupyter_modelmgmt.registry import connect

    folder = tmp_path_factory.mktemp("spots")
    registry = connect(f"sqlite:///{folder / 'registry' / 'registry.db'}", artifacts=folder / "registry")
    net = nets.spot(folder / "net.onnx")
    registry.register_files(net, "spots", adapter="object_detector", labels=["spot"], config=CONFIG, task="detection")
    registry.deploy("spots", name="spots")
    yield registry
    registry.running_host().shutdown()
    registry.close()


def pid(registry):
    (worker,) = registry.running_host().status()["workers"]
    return worker["pid"], worker["restarts"]


def test_damaged_huge_and_hostile_pictures_are_refused_one_by_one(spots):
    host, before = spots.host(), pid(spots)
    assert len(HOSTILE) >= 20
    for name, data in HOSTILE.items():
        with pytest.raises((BadImage, TooLarge)) as refused:
            host.predict_image("spots", data)
        assert 400 <= refused.value.status < 500, name
        assert len(str(refused.value)) < 400, name
        assert "\n" not in str(refused.value), name
    with pytest.raises(TooLarge, match="64 MiB"):
        host.predict_image("spots", bytes(64 * 2**20 + 1))
    assert pid(spots) == before
    assert len(host.predict_image("spots", encoded(spotted())).boxes) == 1


@pytest.mark.parametrize("orientation", range(1, 9))
def test_boxes_lie_on_the_picture_as_it_is_displayed(spots, orientation):
    shown = spotted()
    stored = shown if orientation == 1 else shown.transpose(Image.Transpose(SIDEWAYS[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = spots.host().predict_image("spots", encoded(stored, "JPEG", exif=exif, quality=95))
    assert (found.width, found.height) == (200, 100)
    assert found.boxes[0].box == pytest.approx([50, 25, 100, 75], abs=200 / 32)


@pytest.mark.parametrize(
    ("kind", "image", "options"),
    [
        ("JPEG", spotted("CMYK"), {"quality": 95}),
        ("PNG", Image.fromarray(np.asarray(spotted("L")).astype(np.uint16) * 257), {}),
        ("PNG", spotted("P"), {}),
        ("PNG", spotted("LA"), {}),
        ("PNG", spotted("RGBA"), {}),
        ("PNG", spotted("1"), {}),
        ("GIF", spotted("P"), {"save_all": True, "append_images": [Image.new("P", (200, 100))]}),
        ("WEBP", spotted(), {"save_all": True, "append_images": [Image.new("RGB", (200, 100))], "lossless": True}),
        ("PNG", spotted(), {"save_all": True, "append_images": [Image.new("RGB", (200, 100))]}),
    ],
    ids=["CMYK", "16 bits", "palette", "grey and alpha", "alpha", "1 bit", "animated GIF", "animated WebP", "APNG"],
)
def test_every_kind_of_picture_is_seen(spots, kind, image, options):
    (box,) = spots.host().predict_image("spots", encoded(image, kind, **options)).boxes
    assert box.box == pytest.approx([50, 25, 100, 75], abs=200 / 32)
    assert box.score == pytest.approx(1, abs=0.05)


def test_a_large_photo_decoded_reduced_keeps_its_boxes(spots):
    large = spotted().resize((4000, 2000), Image.Resampling.NEAREST)
    found = spots.host().predict_image("spots", encoded(large, "JPEG", quality=90))
    assert (found.width, found.height) == (4000, 2000)
    assert found.boxes[0].box == pytest.approx([1000, 500, 2000, 1500], abs=4000 / 32)
