"""Images among a kernel's variables, to be tried on a model."""

import io
import sys
from collections.abc import Mapping
from typing import Any

from jupyter_modelmgmt.domain.errors import BadImage, NotFound
from jupyter_modelmgmt.domain.offers import MemoryPicture

MOST = 50
_SMALLEST = 8  # with less along a side it is a table of numbers
_GREY, _COLOR = 2, 3
_CHANNELS = (3, 4)
_KEPT = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")


def pictures(namespace: Mapping[str, object]) -> tuple[MemoryPicture, ...]:
    """Return the variables that hold one image, by name: PIL images and arrays of (height, width[, 3 or 4]).

    Arrays are uint8, those with colours also floats in [0, 1]. Names with a leading underscore are left
    out; nothing is imported.
    """
    found = []
    for variable, value in tuple(namespace.items()):
        if not variable.startswith("_") and (size := _size(value)):
            found.append(MemoryPicture(variable=variable, width=size[0], height=size[1]))
    return tuple(sorted(found, key=lambda picture: picture.variable)[:MOST])


def png(namespace: Mapping[str, object], variable: str) -> bytes:
    """Return the image behind a variable as PNG. Raises NotFound, BadImage."""
    if variable not in namespace:
        raise NotFound(f"The kernel has no variable {variable} any more. Run the cell that makes it.")
    value: Any = namespace[variable]
    if _size(value) is None:
        raise BadImage(f"{variable} is no image any more. Make it a PIL image or a uint8 array.")
    from PIL import Image  # noqa: PLC0415 - for those who have images

    image = value if isinstance(value, Image.Image) else Image.fromarray(_bytes(value))
    buffer = io.BytesIO()
    (image if image.mode in _KEPT else image.convert("RGB")).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _size(value: Any) -> tuple[int, int] | None:
    """Return width and height of an image, None for anything else."""
    pil, numpy = sys.modules.get("PIL.Image"), sys.modules.get("numpy")
    if pil and isinstance(value, pil.Image):
        return value.width, value.height
    if not numpy or not isinstance(value, numpy.ndarray) or value.ndim not in (_GREY, _COLOR):
        return None
    height, width = value.shape[:2]
    fits = min(height, width) >= _SMALLEST and (value.ndim == _GREY or value.shape[2] in _CHANNELS)
    return (width, height) if fits and (value.dtype.name == "uint8" or _is_light(value)) else None


def _is_light(value: Any) -> bool:
    """Tell whether an array has colours as floats in [0, 1]; a matrix of floats is mostly no image."""
    return value.ndim == _COLOR and value.dtype.kind == "f" and bool(value.min() >= 0 and value.max() <= 1)


def _bytes(value: Any) -> Any:
    return value if value.dtype.name == "uint8" else (value * 255).round().astype("uint8")
