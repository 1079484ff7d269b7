"""The verb that shows a file of a version without loading it."""

import base64
import json
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from jupyter_modelmgmt.domain.errors import BadFile, BadImage
from jupyter_modelmgmt.domain.previews import Header, Preview, PreviewKind
from jupyter_modelmgmt.registry.versions import Versions

MAX_TEXT_BYTES = 256 * 1024
MAX_IMAGE_BYTES = 64 * 2**20
PICTURE_PIXELS = 1024

Seen = Mapping[str, Any]


class Previews(Versions):
    """What one sees of files."""

    def preview(self, selector: str, path: str) -> Preview:
        """Return the beginning of a file of a version, as text, picture or header. Raises DeployOnly, NotFound."""
        file = self.file(selector, path)
        look = _BY_SUFFIX.get(PurePosixPath(path).suffix.lower(), _text)
        try:
            seen = look(file)
        except (BadFile, BadImage) as error:
            seen = {"kind": PreviewKind.NONE, "reason": str(error)}
        return Preview(path=path, size=file.stat().st_size, **seen)


def _text(file: Path, kind: PreviewKind = PreviewKind.TEXT) -> Seen:
    with file.open("rb") as source:
        data = source.read(MAX_TEXT_BYTES + 1)
    cut = len(data) > MAX_TEXT_BYTES
    try:
        # A character may be cut in two at the end.
        text = data[:MAX_TEXT_BYTES].decode("utf-8", "ignore" if cut else "strict")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return {"kind": PreviewKind.NONE, "reason": "The file is neither text nor of a kind that is shown."}
    return {"kind": kind, "text": text, "cut": cut}


def _json(file: Path) -> Seen:
    seen = _text(file, PreviewKind.JSON)
    try:
        json.loads(seen.get("text", ""))
    except (ValueError, RecursionError):
        return {**seen, "kind": PreviewKind.TEXT} if "text" in seen else seen
    return seen


def _markdown(file: Path) -> Seen:
    return _text(file, PreviewKind.MARKDOWN)


def _image(file: Path) -> Seen:
    from PIL import Image  # noqa: PLC0415 - only pictures need it

    from jupyter_modelmgmt import images  # noqa: PLC0415 - as above

    if file.stat().st_size > MAX_IMAGE_BYTES:
        raise BadImage(f"The image is larger than the {MAX_IMAGE_BYTES >> 20} MiB that are shown. Download it.")
    decoded = images.decode(file.read_bytes(), shorter=PICTURE_PIXELS // 2)
    picture = Image.fromarray(decoded.pixels)
    picture.thumbnail((PICTURE_PIXELS, PICTURE_PIXELS))
    written = BytesIO()
    picture.save(written, "PNG")
    png = base64.b64encode(written.getvalue()).decode()
    return {"kind": PreviewKind.IMAGE, "png": png, "width": decoded.width, "height": decoded.height}


def _safetensors(file: Path) -> Seen:
    from jupyter_modelmgmt.flavors import headers  # noqa: PLC0415 - most previews need none

    return _header(headers.of_safetensors(file))


def _onnx(file: Path) -> Seen:
    from jupyter_modelmgmt.flavors import headers  # noqa: PLC0415 - as above

    return _header(headers.of_onnx(file))


def _header(header: Header) -> Seen:
    return {
        "kind": PreviewKind.TENSORS,
        "facts": header.facts,
        "tensors": header.tensors,
        "count": header.count,
    }


_BY_SUFFIX: dict[str, Callable[[Path], Seen]] = {
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"), _image),
    **dict.fromkeys((".json", ".ipynb"), _json),
    **dict.fromkeys((".md", ".markdown"), _markdown),
    ".safetensors": _safetensors,
    ".onnx": _onnx,
}
