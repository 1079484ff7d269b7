"""An image to the tensor that a model takes, as the version's configuration says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import numpy as np
from msgspec import Meta
from numpy.typing import NDArray
from PIL import Image

from jupyter_modelmgmt.adapters.base import Pixels
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.flavors import TensorSpec
from jupyter_modelmgmt.flavors.base import DTYPES

Side = Annotated[int, Meta(ge=1, le=4096)]
Fraction = Annotated[float, Meta(gt=0, le=1)]
Numbers = float | tuple[float, ...]

_RESAMPLE = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}

_ORDER = {"RGB": (0, 1, 2), "BGR": (2, 1, 0), "GRAY": (0,)}


class ImageConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an image becomes a tensor.

    `size` is [height, width]; without it the model's own input size counts. `resize`: `crop` takes
    the centre, of which `crop` is the part of the shorter side that is kept, `squash` ignores the
    aspect, `letterbox` fills up with `pad`. `mean` and `std` are on the 0-255 scale, in the order of
    `color`, one number or one a channel; without both, pixels go in as they are. `invert` swaps
    black and white first. `layout` follows from the model's input where it is plain. At most `batch_size`
    images go through the model at once.
    """

    size: tuple[Side, Side] | None = None
    resize: Literal["crop", "squash", "letterbox"] = "crop"
    crop: Fraction = 1.0
    pad: Annotated[int, Meta(ge=0, le=255)] = 0
    interpolation: Literal["nearest", "box", "bilinear", "bicubic", "lanczos"] = "bilinear"
    mean: Numbers | None = None
    std: Numbers | None = None
    color: Literal["RGB", "BGR", "GRAY"] = "RGB"
    invert: bool = False
    layout: Literal["NCHW", "NHWC", "flat"] | None = None
    batch_size: Annotated[int, Meta(ge=1, le=1024)] = 4


Config = TypeVar("Config", bound=msgspec.Struct)


def read_config(config: Mapping[str, Any], kind: type[Config]) -> Config:
    """Return `config` as `kind`. Raises BadField, naming the key that is unknown or malformed."""
    try:
        return msgspec.convert(dict(config), kind)
    except msgspec.ValidationError as error:
        known = ", ".join(kind.__struct_fields__)
        raise BadField(f"The adapter's configuration is wrong: {error}. It may have the keys {known}.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which part of an image a model saw: model pixel (x, y) is image pixel (x * sx + ox, y * sy + oy)."""

    width: int
    height: int
    sx: float
    sy: float
    ox: float = 0.0
    oy: float = 0.0


class Preprocessing:
    """`config` against the input that a model takes. Raises BadField where they do not fit."""

    def __init__(self, config: ImageConfig, spec: TensorSpec) -> None:
        self.config = config
        self.spec = spec
        self.layout = config.layout or _layout(spec)
        self.channels = 1 if config.color == "GRAY" else 3
        self.size = config.size or _size(spec, self.layout)
        self._shape = self._tensor_shape()
        self._table = _table(config, spec, self.channels)

    @property
    def shorter(self) -> int:
        """The pixels that the shorter side of an image needs so that nothing is enlarged."""
        return round(max(self.size) / (self.config.crop if self.config.resize == "crop" else 1.0))

    def fit(self, pixels: Pixels) -> tuple[NDArray[Any], View]:
        """Return the tensor of one image, without the batch axis, and what part of the image it shows."""
        return self.fit_picture(Image.fromarray(pixels))

    def fit_picture(self, picture: Image.Image) -> tuple[NDArray[Any], View]:
        """Return the same for an image of mode RGB that Pillow holds."""
        height, width = self.size
        view = _view(*picture.size, width, height, self.config)
        image = self._drawn(picture, view)
        if self.channels == 1:
            image = image.convert("L")
        return self._tensor(np.asarray(image)), view

    def _drawn(self, image: Image.Image, view: View) -> Image.Image:
        height, width = self.size
        how = _RESAMPLE[self.config.interpolation]
        if self.config.resize != "letterbox":
            right, bottom = view.ox + width * view.sx, view.oy + height * view.sy
            # Rounding may put an edge a hair outside, which Pillow refuses.
            box = (max(view.ox, 0), max(view.oy, 0), min(right, view.width), min(bottom, view.height))
            return image.resize((width, height), how, box=box)
        inner = (round(view.width / view.sx), round(view.height / view.sy))
        page = Image.new("RGB", (width, height), (self.config.pad,) * 3)
        page.paste(image.resize(inner, how), (round(-view.ox / view.sx), round(-view.oy / view.sy)))
        return page

    def _tensor(self, pixels: Pixels) -> NDArray[Any]:
        height, width = self.size
        first = self.layout == "NCHW"
        shape = (self.channels, height, width) if first else (height, width, self.channels)
        values = np.empty(shape, self._table.dtype)
        for place, channel in enumerate(_ORDER[self.config.color]):
            given = pixels if self.channels == 1 else pixels[..., channel]
            # "clip" changes nothing, all pixels have a place; without it NumPy would buffer.
            np.take(self._table[place], given, out=values[place] if first else values[..., place], mode="clip")
        return values.reshape(self._shape)

    def _tensor_shape(self) -> tuple[int, ...]:
        """Return the shape of one image's tensor. Raises BadField when the model takes another."""
        height, width = self.size
        shape: tuple[int, ...] = (height, width, self.channels)
        if self.layout == "NCHW":
            shape = (self.channels, height, width)
        if self.layout == "flat":
            shape = (height * width * self.channels,)
        wanted = self.spec.shape[1:]
        if self.channels == 1 and len(wanted) == 2 and self.layout != "flat":  # noqa: PLR2004  rows and columns
            shape = (height, width)
        if len(wanted) != len(shape) or any(w not in (-1, s) for w, s in zip(wanted, shape, strict=True)):
            raise BadField(
                f"size {list(self.size)}, color {self.config.color} and layout {self.layout} give a tensor {list(shape)}; "
                f"the model takes {list(wanted)}. Change these keys of the configuration."
            )
        return shape


def _layout(spec: TensorSpec) -> str:
    if len(spec.shape) == 2:  # noqa: PLR2004  rows of features
        return "flat"
    channels_first = spec.shape[1] in (1, 3) and spec.shape[-1] not in (1, 3)
    return "NCHW" if channels_first else "NHWC"


def _size(spec: TensorSpec, layout: str) -> tuple[int, int]:
    sides = spec.shape[2:4] if layout == "NCHW" else spec.shape[1:3]
    if layout == "flat" or len(sides) != 2 or min(sides) < 1:  # noqa: PLR2004  height and width
        raise BadField("The configuration needs the key size, [height, width]: the model's input does not tell it.")
    return sides[0], sides[1]


def _table(config: ImageConfig, spec: TensorSpec, channels: int) -> NDArray[Any]:
    """Return what each of the 256 pixel values becomes, one row a channel: (channels, 256)."""
    values = np.tile(np.arange(256, dtype=np.float64), (channels, 1))
    if config.invert:
        values = 255 - values
    plain = config.mean is None and config.std is None
    values = (values - _per_channel("mean", config.mean, 0.0, channels)) / _per_channel(
        "std", config.std, 1.0, channels
    )
    wanted = DTYPES[spec.datatype]
    if spec.scale and not plain:
        values = np.round(values / spec.scale) + spec.zero_point
    if spec.datatype == "INT8" and plain:
        values -= 128
    if wanted.kind in "iu":
        limits = np.iinfo(wanted)
        values = np.round(values).clip(limits.min, limits.max)
    return values.astype(wanted)


def _per_channel(key: str, given: Numbers | None, default: float, channels: int) -> NDArray[np.float64]:
    numbers = np.atleast_1d(np.asarray(default if given is None else given, dtype=np.float64))
    if len(numbers) not in (1, channels) or not np.isfinite(numbers).all() or (key == "std" and not numbers.all()):
        raise BadField(f"{key} is one number or {channels}, one a channel{', none of them 0' if key == 'std' else ''}.")
    return numbers.reshape(-1, 1)


def _view(width: int, height: int, to_width: int, to_height: int, config: ImageConfig) -> View:
    if config.resize == "squash":
        return View(width=width, height=height, sx=width / to_width, sy=height / to_height)
    if config.resize == "crop":
        scale = min(width / to_width, height / to_height) * config.crop
        left, top = (width - to_width * scale) / 2, (height - to_height * scale) / 2
        return View(width=width, height=height, sx=scale, sy=scale, ox=left, oy=top)
    scale = max(width / to_width, height / to_height)
    inner_width, inner_height = max(1, round(width / scale)), max(1, round(height / scale))
    sx, sy = width / inner_width, height / inner_height
    left, top = (to_width - inner_width) // 2, (to_height - inner_height) // 2
    return View(width=width, height=height, sx=sx, sy=sy, ox=-left * sx, oy=-top * sy)
