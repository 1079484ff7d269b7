"""Bytes of an image to pixels: safely, and as fast as the model's input size allows.

Pixels are uint8 (height, width, 3), RGB, turned as the EXIF orientation says; transparent parts are
laid on white; of several frames the first counts.
"""

import struct
import zlib
from base64 import b64decode
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from jupyter_modelmgmt.domain.errors import BadImage

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF")
MAX_PIXELS = 80_000_000

_ORIENTATION = 0x0112
_SIDEWAYS = (5, 6, 7, 8)
_BEGINNING = 4096
_DEEP = ("I", "I;16", "I;16B", "I;16L", "I;16N")
# What Pillow's decoders raise on broken bytes; they have no common base.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    IndexError,
    KeyError,
    OverflowError,
    struct.error,
    zlib.error,
)
_KNOWN = (
    (0, b"8BPS", "a Photoshop (PSD) file"),
    (0, b"%PDF", "a PDF document"),
    (4, b"ftyphei", "a HEIC photo"),
    (4, b"ftypmif1", "a HEIC photo"),
    (4, b"ftypavif", "an AVIF image"),
    (0, b"PK\x03\x04", "a zip archive"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """`picture`, of mode RGB, may be a reduced decode; `width` and `height` are those of the whole image as displayed."""

    picture: Pillow.Image
    width: int
    height: int

    @property
    def pixels(self) -> NDArray[np.uint8]:
        return np.asarray(self.picture)


def decode(data: bytes, *, shorter: int | None = None) -> Image:
    """Return the pixels of `data`.

    With `shorter`, a JPEG may be decoded at a smaller scale whose shorter side still has at least
    twice that many pixels: 12 megapixels take a fifth of the time, and resizing from there stays
    within 2 of 255 of resizing the full decode.
    Raises BadImage for anything but a whole PNG, JPEG, BMP, GIF, WebP or TIFF of at most 80 megapixels.
    """
    if not data:
        raise BadImage("The file is empty (0 bytes). Choose an image.")
    image = _opened(data)
    try:
        return _decoded(image, shorter)
    except (MemoryError, Pillow.DecompressionBombError) as error:
        raise BadImage("The image needs more memory than there is. Make it smaller.") from error
    except _BROKEN as error:
        raise BadImage(f"The {image.format} image is truncated or damaged: {error}. Save it again.") from error


def mask(data: bytes | str) -> NDArray[np.uint8]:
    """Return the numbers of labels in a PNG, palette or grey; a text is base64. Raises BadImage for colours."""
    encoded = b64decode(data) if isinstance(data, str) else data
    image = _opened(encoded)
    if image.mode not in ("P", "L", "1"):
        raise BadImage("A mask is a palette or grey PNG whose values are the numbers of labels. Save it so.")
    try:
        return np.asarray(image).astype(np.uint8)
    except _BROKEN as error:
        raise BadImage(f"The mask is truncated or damaged: {error}. Save it again.") from error


def sampled(values: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return a mask with as many rows and columns as `shape` says, each pixel the nearest one above and left."""
    rows, columns = (np.arange(to) * of // to for to, of in zip(shape, values.shape, strict=True))
    return values[np.ix_(rows, columns)]


def _opened(data: bytes) -> Pillow.Image:
    try:
        image = Pillow.open(BytesIO(data), formats=FORMATS)
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise BadImage(_too_large("too many")) from error
    except UnidentifiedImageError as error:
        raise BadImage(f"This is {_named(data)}, not an image we decode. Use {_formats()}.") from error
    except _BROKEN as error:
        raise BadImage(f"The image is truncated or damaged: {error}. Save it again as one of {_formats()}.") from error
    if image.width * image.height > MAX_PIXELS:
        raise BadImage(_too_large(f"{image.width} x {image.height}"))
    if image.format == "PNG":
        _check_pixels(data)
    return image


def _check_pixels(data: bytes) -> None:
    """Raise BadImage for a PNG whose pixels are nothing compressed: Pillow gives a black picture for it."""
    start = data.find(b"IDAT") + 4
    try:
        zlib.decompressobj().decompress(data[start : start + _BEGINNING], 1)
    except zlib.error as error:
        raise BadImage(f"The PNG image is truncated or damaged: {error}. Save it again.") from error


def _decoded(image: Pillow.Image, shorter: int | None) -> Image:
    width, height = image.size
    if _orientation(image) in _SIDEWAYS:
        width, height = height, width
    if shorter:
        image.draft("RGB", (2 * shorter, 2 * shorter))
    image.load()
    upright = image if _orientation(image) == 1 else ImageOps.exif_transpose(image)
    return Image(picture=_rgb(upright), width=width, height=height)


def _orientation(image: Pillow.Image) -> int:
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except _BROKEN:  # A broken EXIF block does not make the picture unreadable.
        return 1
    return value if value in range(1, 9) else 1


def _rgb(image: Pillow.Image) -> Pillow.Image:
    if image.mode in _DEEP:
        return _from_16_bit(image)
    if image.mode == "F":
        raise BadImage("The image has floating point pixels. Save it with 8 or 16 bits a channel.")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        paper = Pillow.new("RGBA", layer.size, "white")
        return Pillow.alpha_composite(paper, layer).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _from_16_bit(image: Pillow.Image) -> Pillow.Image:
    # Pillow's own conversion clips at 255 instead of scaling.
    deep = np.asarray(image).astype(np.int64)
    return Pillow.fromarray((deep.clip(0, 0xFFFF) >> 8).astype(np.uint8)).convert("RGB")


def _named(data: bytes) -> str:
    for offset, magic, name in _KNOWN:
        if data.startswith(magic, offset):
            return name
    if b"<svg" in data[:2048].lower():
        return "an SVG drawing"
    return "no known format"


def _formats() -> str:
    return "PNG, JPEG, BMP, GIF, WebP or TIFF"


def _too_large(pixels: str) -> str:
    return f"The image has {pixels} pixels; at most {MAX_PIXELS // 1_000_000} megapixels are decoded. Make it smaller."
