"""What people hand to `predict`, as the bytes or tensors that travel."""

import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import BadImage, BadTensor
from jupyter_modelmgmt.domain.evidence import Signature
from jupyter_modelmgmt.flavors.base import ONLY_INPUT, refuse_missing


@dataclass(frozen=True, slots=True)
class ImageInput:
    """An encoded image."""

    data: bytes
    content_type: str


TensorInput = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class TextInput:
    """One text."""

    text: str


def read_input(data: object, *, takes: str) -> ImageInput | TextInput | TensorInput:
    """Return `data` as what a deployment `takes`: image, text, table or tensor.

    An array alone stands for the model's only input, under the name "", unless it is the pixels that an
    image adapter takes. A DataFrame with texts goes column by column.
    """
    if takes == "text" and isinstance(data, str):
        return TextInput(data)
    if encoded := _encoded(data):
        return encoded
    if columns := _columns(data, by_name=takes == "table"):
        return columns
    array = _array(data)
    if takes == "image" and array.dtype == np.uint8 and array.ndim in (2, 3):
        return _from_pixels(array)
    return {ONLY_INPUT: array}


def _encoded(data: object) -> ImageInput | None:
    """Return bytes, files and PIL images as an encoded image. Raises BadImage."""
    if isinstance(data, bytes | bytearray | memoryview):
        return ImageInput(bytes(data), "image/*")
    if isinstance(data, str | Path):
        return _file(Path(data))
    return _png(data) if _is_pil(data) else None


def read_items(items: Sequence[object], *, takes: str) -> TensorInput:
    """Return several images or texts as one tensor of their bytes. Raises BadImage, BadTensor."""
    found = [read_input(item, takes=takes) for item in items]
    encoded = np.empty(len(found), dtype=object)
    for place, item in enumerate(found):
        if isinstance(item, ImageInput):
            encoded[place] = item.data
        elif isinstance(item, TextInput):
            encoded[place] = item.text.encode()
        else:
            raise BadTensor(f"Item {place} is no {takes}. Give a list of images or of texts, as the deployment takes.")
    return {takes: encoded}


def read_table(table: Any, signature: Signature) -> TensorInput | None:
    """Return the columns that a model takes, in its order; None where it takes one tensor or `table` is none.

    Raises BadTensor, naming the columns that are missing.
    """
    names = [field.name for field in signature.inputs]
    if not hasattr(table, "columns") or not names or signature.inputs[0].shape != (-1,):
        return None
    refuse_missing(map(str, table.columns), names)
    return {name: _array(table[name]) for name in names}


def as_table(outputs: Any, given: Any) -> Any:
    """Return outputs as a DataFrame with the index of the one that was given."""
    import pandas as pd  # noqa: PLC0415 - only for tables

    columns = {n: list(v) if getattr(v, "ndim", 1) > 1 else v for n, v in outputs.items()}
    return pd.DataFrame(columns, index=getattr(given, "index", None) if hasattr(given, "columns") else None)


def _file(path: Path) -> ImageInput:
    try:
        return ImageInput(path.expanduser().read_bytes(), "image/*")
    except OSError as error:
        raise BadImage(f"{str(path)!r} cannot be read: {error.strerror}. Give the path of an image file.") from None


def _is_pil(data: object) -> bool:
    pil = sys.modules.get("PIL.Image")
    return pil is not None and isinstance(data, pil.Image)


def _columns(data: Any, *, by_name: bool) -> TensorInput:
    """Return what is named: a mapping, or a DataFrame that goes `by_name` or is not all numbers."""
    if isinstance(data, Mapping):
        return {str(name): np.asarray(value) for name, value in data.items()}
    if hasattr(data, "columns") and hasattr(data, "to_numpy") and (by_name or data.to_numpy().dtype == object):
        return {str(name): _array(data[name]) for name in data}
    return {}


def _array(data: Any) -> NDArray[Any]:
    """Return arrays, lists and DataFrames as an array with numbers or texts."""
    array = np.asarray(data.to_numpy() if hasattr(data, "to_numpy") else data)
    if array.dtype == object and not all(isinstance(item, str) for item in array.flat):
        raise BadTensor("The input is neither numbers nor texts. Give an array, a DataFrame or an image.")
    return array


def _from_pixels(pixels: NDArray[Any]) -> ImageInput:
    from PIL import Image  # noqa: PLC0415 - only for arrays of pixels

    return _png(Image.fromarray(pixels))


def _png(image: Any) -> ImageInput:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return ImageInput(buffer.getvalue(), "image/png")
