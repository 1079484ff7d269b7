"""What is seen of a file of a version without loading it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class PreviewKind(StrEnum):
    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    IMAGE = "image"
    TENSORS = "tensors"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class TensorHeader:
    """A tensor as a file's header tells of it; a name in `shape` is a length that may change."""

    name: str
    datatype: str
    shape: tuple[int | str, ...]
    role: str = "weight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """`facts` are what a header says of the whole file, `tensors` the first ones of `count`."""

    facts: Mapping[str, str]
    tensors: tuple[TensorHeader, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The beginning of a file, read as data: nothing of it ran.

    `text` is the beginning of a text, `cut` when there is more. `png` is a base64 picture of an image
    of `width` x `height`, made smaller. `reason` says why nothing is seen.
    """

    path: str
    kind: PreviewKind
    size: int
    text: str = ""
    cut: bool = False
    png: str = ""
    width: int = 0
    height: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)
    tensors: tuple[TensorHeader, ...] = ()
    count: int = 0
    reason: str = ""
