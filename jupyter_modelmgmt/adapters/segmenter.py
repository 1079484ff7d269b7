"""An image to one label per pixel."""

import colorsys
from base64 import b64encode
from io import BytesIO
from typing import Annotated, Any, Literal

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray
from PIL import Image

from jupyter_modelmgmt.adapters.image import ImageAdapter, Outputs
from jupyter_modelmgmt.adapters.preprocessing import ImageConfig, View
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.predictions import Mask

MAX_LABELS = 256


class SegmenterConfig(ImageConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model with one channel is a mask of label 1 where it exceeds `threshold`, with several their best counts.

    `background` is the number of the label that is drawn transparent, null for none; it is also what
    lies outside of a cropped view. `channels` says where the model's output has its labels.
    """

    resize: Literal["crop", "squash", "letterbox"] = "squash"
    threshold: Annotated[float, Meta(ge=0, le=1)] = 0.5
    background: Annotated[int, Meta(ge=0, lt=MAX_LABELS)] | None = 0
    channels: Literal["first", "last"] | None = None
    output: str | None = None


class Segmenter(ImageAdapter[SegmenterConfig]):
    """Works with any flavor whose model gives a score per label and pixel, or the labels' numbers."""

    kind = SegmenterConfig

    def settle(self) -> None:
        maps = [spec for spec in self.runner.outputs if len(spec.shape) in (3, 4)]
        self._output = self.output(self.settings.output, maps, "output").name
        if len(self.labels) > MAX_LABELS:
            raise BadField(f"A mask has at most {MAX_LABELS} labels, not {len(self.labels)}. Give fewer.")

    def result(self, outputs: Outputs, view: View) -> Mask:
        mask = self._over_image(self._numbers(outputs[self._output]), view)
        counts = np.bincount(mask.ravel())
        names = self._names(len(counts))
        share = {names[i]: float(count / mask.size) for i, count in enumerate(counts) if count}
        return Mask(labels=names, png=_png(mask, self.settings.background), share=share)

    def _names(self, count: int) -> tuple[str, ...]:
        if self.labels and count > len(self.labels):
            raise BadField(f"The model gives label number {count - 1}; the version has only {len(self.labels)} labels.")
        return self.labels or tuple(str(i) for i in range(count))

    def _numbers(self, raw: NDArray[Any]) -> NDArray[np.uint8]:
        """Return the label's number of each pixel of the model's output, uint8 (height, width)."""
        if raw.ndim == 2:  # noqa: PLR2004  the model has chosen the labels itself
            return raw.astype(np.uint8) if raw.dtype.kind in "iu" else (raw > self.settings.threshold).astype(np.uint8)
        axis = {"first": 0, "last": 2}.get(self.settings.channels or "", self._channel_axis(raw.shape))
        if raw.shape[axis] == 1:
            return np.asarray(raw.take(0, axis=axis) > self.settings.threshold, dtype=np.uint8)
        return np.asarray(raw.argmax(axis=axis), dtype=np.uint8)

    def _channel_axis(self, shape: tuple[int, ...]) -> int:
        if self.labels and shape.count(len(self.labels)) == 1:
            return shape.index(len(self.labels))
        return 0 if self._preprocessing.layout == "NCHW" else 2

    def _over_image(self, numbers: NDArray[np.uint8], view: View) -> NDArray[np.uint8]:
        """Return the mask with the aspect of the image, its longer side as many pixels as the model's."""
        height, width = self._preprocessing.size
        zoom = max(numbers.shape) / max(view.width, view.height)
        rows = _positions(round(view.height * zoom), view.height, view.oy, view.sy) * (numbers.shape[0] / height)
        columns = _positions(round(view.width * zoom), view.width, view.ox, view.sx) * (numbers.shape[1] / width)
        seen = _inside(rows, numbers.shape[0])[:, np.newaxis] & _inside(columns, numbers.shape[1])
        picked = numbers[
            np.ix_(rows.astype(int).clip(0, numbers.shape[0] - 1), columns.astype(int).clip(0, numbers.shape[1] - 1))
        ]
        return np.where(seen, picked, np.uint8(self.settings.background or 0))


def _positions(count: int, length: int, offset: float, scale: float) -> NDArray[np.float64]:
    """Return where the middles of `count` pixels along an image's side lie in the model's input."""
    middles = (np.arange(max(1, count)) + 0.5) * length / max(1, count)
    return np.asarray((middles - offset) / scale)


def _inside(positions: NDArray[np.float64], length: int) -> NDArray[np.bool_]:
    return (positions >= 0) & (positions < length)


def _png(mask: NDArray[np.uint8], background: int | None) -> str:
    image = Image.fromarray(mask).convert("P")
    image.putpalette(_PALETTE)
    buffer = BytesIO()
    options = {} if background is None else {"transparency": background}
    image.save(buffer, "PNG", compress_level=1, **options)
    return b64encode(buffer.getvalue()).decode("ascii")


def _palette() -> list[int]:
    """Return 256 colours, neighbours far apart: the hue turns by the golden angle, lightness takes turns."""
    colours = (colorsys.hls_to_rgb(i * 0.618034 % 1, (0.5, 0.65, 0.4)[i % 3], 0.85) for i in range(MAX_LABELS))
    return [round(255 * part) for colour in colours for part in colour]


_PALETTE = _palette()
