"""Inputs and answers of kept tests: what people hand over as the bytes that travel, what comes back as predictions."""

import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from jupyter_modelmgmt.adapters import kinds
from jupyter_modelmgmt.domain.errors import BadField, ServingFailed, TooLarge
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.domain.kept import MAX_EXPECTED_BYTES, kind_of
from jupyter_modelmgmt.domain.predictions import Mask, Prediction
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.registry.inputs import ImageInput, TextInput, read_input, read_table
from jupyter_modelmgmt.registry.shown import media_of

JSON = "application/json"
TEXT = "text/plain"
_MEDIA = re.compile(r"image/[a-zA-Z0-9.+*-]{1,60}|text/plain|application/json", re.ASCII)
_DECIMALS = 3


def taken(version: ModelVersion | None) -> str:
    """Return what a version is asked with: image, text, table or tensor; tensors where there is none."""
    return kinds.input_type(version.adapter, version.config) if version and version.adapter else "tensor"


def encoded(data: object, version: ModelVersion | None) -> tuple[bytes, str]:
    """Return `data` as the body of a request to `version`, and its media type. Raises BadImage, BadTensor."""
    table = read_table(data, version.signature) if version else None
    given = table if table is not None else read_input(data, takes=taken(version))
    if isinstance(given, ImageInput):
        return given.data, media_of(given.data)
    if isinstance(given, TextInput):
        return given.text.encode(), TEXT
    from jupyter_modelmgmt.serving import protocol  # noqa: PLC0415 - brings what only tensors need

    return protocol.encode_request(given, binary=False).body, JSON


def checked_media(media: str) -> str:
    """Return the media type of an input. Raises BadField."""
    if not _MEDIA.fullmatch(media):
        raise BadField(f"{media[:80]!r} is no input of a test. Use an image's type, {TEXT} or {JSON}.")
    return media


def name_of(data: object) -> str:
    """Return the name of a file that was given by its path."""
    return Path(data).name[:80] if isinstance(data, str | Path) and Path(data).is_file() else ""


def asked(ask: Callable[[bytes, str], bytes], body: bytes, media: str, version: ModelVersion) -> Prediction:
    """Return what `version` answers; of tensors, the time is that of the whole call."""
    started = time.perf_counter()
    answer = ask(body, media)
    took = round((time.perf_counter() - started) * 1000, _DECIMALS)
    try:
        said = msgspec.json.decode(answer, type=dict[str, Any])
        told = {"latency_ms": took, "outputs": said["outputs"]} if media == JSON else said
    except (msgspec.DecodeError, KeyError, RecursionError) as error:
        raise ServingFailed(f"The answer of {version.selector} is not understood: {error}.") from error
    return read_expected(told, version)


def read_expected(said: Mapping[str, Any], version: ModelVersion) -> Prediction:
    """Return an answer as the prediction of `version`. Raises BadField, TooLarge."""
    try:
        told = {"latency_ms": 0.0, **said, "task": version.task, "version": version.version}
        answer = msgspec.convert(told, Prediction)
    except (msgspec.ValidationError, BadPrediction, RecursionError) as error:
        raise BadField(f"The expected answer is no prediction: {error} Keep what the version answered.") from None
    kind_of(answer)
    if (size := len(msgspec.json.encode(answer))) > MAX_EXPECTED_BYTES:
        raise TooLarge(f"The answer has {size} bytes, more than {MAX_EXPECTED_BYTES} are not kept.")
    return answer


def overlap(one: Mask, other: Mask) -> dict[str, float]:
    """Return the IoU of two masks by the labels that occur, the largest first.

    Of masks of two sizes it is that of the smaller's pixels.
    """
    from jupyter_modelmgmt import images  # noqa: PLC0415 - brings numpy, only for masks

    masks = images.mask(one.png), images.mask(other.png)
    smaller = tuple(map(min, *(mask.shape for mask in masks)))
    first, second = (images.sampled(mask, smaller) for mask in masks)
    shares = {**other.share, **one.share}
    found = {}
    for label in sorted(shares, key=lambda name: -shares[name]):
        here = [mask == _number(said, label) for mask, said in ((first, one), (second, other))]
        union = int((here[0] | here[1]).sum())
        found[label] = float((here[0] & here[1]).sum() / union) if union else 1.0
    return found


def _number(mask: Mask, label: str) -> int:
    """Return the value of a label's pixels, -1 for a label that the mask does not know."""
    return mask.labels.index(label) if label in mask.labels else -1
