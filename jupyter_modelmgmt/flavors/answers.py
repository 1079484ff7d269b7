"""Names for what a model answers: a tensor, or tuples, lists and mappings of them."""

from collections.abc import Iterator, Mapping
from typing import Any

ONE = "output"


def named(answer: Any) -> Iterator[tuple[str, Any]]:
    """Give the tensors of an answer with their names, those inside of tuples and mappings too."""
    yield from _named(answer, "")


def _named(answer: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    if isinstance(answer, Mapping):
        parts = [(str(key), value) for key, value in answer.items()]
    elif isinstance(answer, tuple) and hasattr(answer, "_fields"):
        parts = list(zip(answer._fields, answer, strict=True))
    elif isinstance(answer, list | tuple):
        parts = [(f"{'' if prefix else ONE + '_'}{place}", value) for place, value in enumerate(answer)]
    else:
        if hasattr(answer, "dtype"):
            yield prefix or ONE, answer
        return
    for key, value in parts:
        yield from _named(value, f"{prefix}_{key}" if prefix else key)
