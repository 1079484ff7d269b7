"""A prediction as people look at it: boxes and masks on the image, labels as bars."""

import base64
import dataclasses
from html import escape

from jupyter_modelmgmt.domain.predictions import Label, Mask, Prediction
from jupyter_modelmgmt.registry.display import figure

_WIDTH = 480
_NUMBERS = 8
_EMBEDDED_AT_MOST = 4 * 2**20  # a notebook file should not swallow a photo of 20 MB
_STROKE = "#f5a623"


class ShownPrediction(Prediction):
    """A prediction that shows as a picture in a cell."""

    # No dataclass field: the image must not travel with the JSON.
    __slots__ = ("_image",)
    _image: bytes

    @classmethod
    def of(cls, record: Prediction, image: bytes = b"") -> "ShownPrediction":
        shown = cls(**{field.name: getattr(record, field.name) for field in dataclasses.fields(record)})
        object.__setattr__(shown, "_image", image)
        return shown

    def __repr__(self) -> str:
        said = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        parts = [f"{name}={value!r}" for name, value in said.items() if value is not None]
        return f"Prediction({', '.join(parts)})"

    def _repr_html_(self) -> str:
        foot = f"{escape(self.version)} · {figure(self.latency_ms)} ms"
        return f'<div style="max-width:{_WIDTH}px">{self._picture()}{self._result()}<small>{foot}</small></div>'

    def _picture(self) -> str:
        if not self.width or not 0 < len(self._image) <= _EMBEDDED_AT_MOST:
            return ""
        data = base64.b64encode(self._image).decode()
        over = self._boxes() + (_mask(self.mask) if self.mask else "")
        return (
            f'<div style="position:relative;line-height:0"><img style="width:100%" alt="input" '
            f'src="data:{media_of(self._image)};base64,{data}"/>{over}</div>'
        )

    def _boxes(self) -> str:
        if not self.boxes:
            return ""
        stroke, size = self.width / _WIDTH * 3, self.width / _WIDTH * 16
        drawn = "".join(
            f'<rect x="{x0:.1f}" y="{y0:.1f}" width="{x1 - x0:.1f}" height="{y1 - y0:.1f}" fill="none" '
            f'stroke="{_STROKE}" stroke-width="{stroke:.1f}"/>'
            f'<text x="{x0:.1f}" y="{max(size, y0 - stroke):.1f}" font-size="{size:.1f}" fill="{_STROKE}" '
            f'font-family="sans-serif">{escape(b.label)} {b.score:.2f}</text>'
            for b in self.boxes
            for x0, y0, x1, y1 in [b.box]
        )
        return (
            f'<svg viewBox="0 0 {self.width} {self.height}" '
            f'style="position:absolute;inset:0;width:100%;height:100%">{drawn}</svg>'
        )

    def _result(self) -> str:
        if self.classes is not None:
            return _bars(self.classes)
        if self.mask is not None:
            return _bars(tuple(Label(label=label, score=share) for label, share in self.mask.share.items()))
        if self.boxes is not None:
            return (
                _bars(tuple(Label(label=box.label, score=box.score) for box in self.boxes)) or "<p>Nothing found.</p>"
            )
        if hasattr(self.outputs, "_repr_html_"):
            return str(self.outputs._repr_html_())
        return f"<pre>{escape(self._plain())}</pre>"

    def _plain(self) -> str:
        """Return a number, a text, the beginning of a vector, or the outputs."""
        if self.vector is not None:
            return f"{len(self.vector)} numbers: {', '.join(figure(value) for value in self.vector[:_NUMBERS])}, ..."
        return str(next((v for v in (self.value, self.text) if v is not None), self.outputs))


def _bars(labels: tuple[Label, ...]) -> str:
    return "".join(
        f'<div style="position:relative;margin:2px 0;line-height:1.5"><div style="position:absolute;inset:0;'
        f'width:{100 * entry.score:.1f}%;background:{_STROKE};opacity:.35;border-radius:2px"></div>'
        f'<span style="position:relative;padding:0 6px">{escape(entry.label)}</span>'
        f'<span style="position:absolute;right:6px">{entry.score:.3f}</span></div>'
        for entry in labels
    )


def _mask(mask: Mask) -> str:
    return (
        '<img alt="mask" style="position:absolute;inset:0;width:100%;height:100%;opacity:.55" '
        f'src="data:image/png;base64,{escape(mask.png)}"/>'
    )


def media_of(data: bytes) -> str:
    """Return the media type of an image that was just decoded, by its first bytes."""
    for start, kind in (
        (b"\x89PNG", "png"),
        (b"\xff\xd8", "jpeg"),
        (b"GIF8", "gif"),
        (b"BM", "bmp"),
        (b"RIFF", "webp"),
    ):
        if data.startswith(start):
            return f"image/{kind}"
    return "image/tiff"
