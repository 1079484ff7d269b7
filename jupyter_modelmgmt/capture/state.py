"""What an object has learned: its numbers and settings, walked without saving it."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from blake3 import blake3
from numpy.typing import NDArray

from jupyter_modelmgmt.capture import tables
from jupyter_modelmgmt.capture.notebook_data import is_data
from jupyter_modelmgmt.domain.errors import BadField

Leaf = NDArray[Any] | str | float
_DEPTH = 40
_LEAVES = 200_000
_EXACT = 2.0**53
_COPY_PROTOCOL = 4


class Opaque(Exception):
    """An object that does not tell its state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How far two states lie apart: `largest` relative to the numbers, None when they are not comparable."""

    largest: float | None
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The digest of a state and the bytes of its arrays and texts; empty for an object that does not tell it."""

    digest: str = ""
    size: int | None = None


def digest(obj: object, weights: Mapping[str, object] | None = None) -> str:
    """Return the digest of the state of `obj`, "" for one that does not tell its state.

    With `weights`, arrays by name, it is that of the class and of those. The same parameters fitted
    to the same data give the same digest, in every process.
    """
    return learned(obj, weights).digest


def learned(obj: object, weights: Mapping[str, object] | None = None) -> Learned:
    """Return digest and size of the state of `obj`; see `digest`."""
    hasher, size = blake3(max_threads=blake3.AUTO), 0
    try:
        for path, leaf in _leaves_of(obj, weights):
            hasher.update(f"{path}\n{_word(leaf)}\n".encode("utf-8", "surrogatepass"))
            size += leaf.nbytes if isinstance(leaf, np.ndarray) else len(str(leaf))
    except (Opaque, BadField, RecursionError):
        return Learned()
    return Learned(digest=f"blake3:{hasher.hexdigest()}", size=size)


def difference(first: object, second: object) -> Difference:
    """Return how far the states of two objects lie apart, and where they differ first."""
    try:
        ours, theirs = dict(_walk(first)), dict(_walk(second))
    except (Opaque, RecursionError):
        return Difference(largest=None, where=type(first).__name__)
    if odd := ours.keys() ^ theirs.keys():
        return Difference(largest=None, where=min(odd))
    largest, where = 0.0, ""
    for path, leaf in ours.items():
        apart = _apart(leaf, theirs[path])
        if apart is None:
            return Difference(largest=None, where=path)
        if apart > largest:
            largest, where = apart, path
    return Difference(largest=largest, where=where)


def _apart(ours: Leaf, theirs: Leaf) -> float | None:
    if isinstance(ours, str) or isinstance(theirs, str):
        return 0.0 if isinstance(ours, str) and isinstance(theirs, str) and ours == theirs else None
    first, second = np.asarray(ours), np.asarray(theirs)
    if first.shape != second.shape or first.dtype.kind not in "biufc" or second.dtype.kind not in "biufc":
        same = first.shape == second.shape and tables.array_digest(first) == tables.array_digest(second)
        return 0.0 if same else None
    if np.array_equal(first, second, equal_nan=True):
        return 0.0
    one, other = first.astype(np.float64), second.astype(np.float64)
    if not (np.isfinite(one) == np.isfinite(other)).all():
        return None
    finite = np.isfinite(one)
    return float(np.abs(one[finite] - other[finite]).max(initial=0.0) / max(1.0, np.abs(one[finite]).max(initial=0.0)))


def _leaves_of(obj: object, weights: Mapping[str, object] | None) -> Iterator[tuple[str, Leaf]]:
    if weights is None:
        yield from _walk(obj)
        return
    yield "", _name(type(obj))
    for name in sorted(weights):
        yield name, np.asarray(weights[name])


def _walk(obj: object) -> Iterator[tuple[str, Leaf]]:
    waiting: list[tuple[str, object, int]] = [("", obj, 0)]
    for _ in range(_LEAVES):
        if not waiting:
            return
        path, each, depth = waiting.pop()
        if depth > _DEPTH:
            raise Opaque
        if (leaf := _leaf(each)) is not None:
            yield path, leaf
        else:
            inside = list(_parts(each))
            yield path, f"{_kind(each)} of {len(inside)}"
            waiting += [(f"{path}.{name}" if path else name, part, depth + 1) for name, part in reversed(inside)]
    raise Opaque


def _leaf(each: object) -> Leaf | None:  # noqa: PLR0911 - one answer a kind
    if each is None or isinstance(each, str | bytes | bytearray | Enum):
        return f"{type(each).__name__} {each!r}"
    if isinstance(each, bool | np.bool_):
        return f"bool {bool(each)}"
    if isinstance(each, int | float | np.integer | np.floating):
        return float(each) if abs(float(each)) < _EXACT else f"number {each}"
    if isinstance(each, complex | np.generic):
        return f"{each!r}"
    if isinstance(each, np.ndarray):
        return None if each.dtype.kind == "O" else each
    if isinstance(each, type):
        return _name(each)
    if isinstance(each, types.FunctionType | types.BuiltinFunctionType | np.ufunc | types.ModuleType):
        return _function(each)
    return tables.frame_digest(_frame(each)) if is_data(each) else None


def _frame(each: Any) -> Any:
    return each.to_frame() if hasattr(each, "to_frame") else each


def _function(each: Any) -> str:
    name = f"function {getattr(each, '__module__', '')}.{getattr(each, '__qualname__', each.__name__)}"
    code = getattr(each, "__code__", None)
    if code is None or not ("<" in name or "__main__" in name):
        return name
    return f"{name} {code.co_code.hex()}"


def _parts(each: object) -> Iterator[tuple[str, object]]:
    """Give the parts of a container or an object, by name, in an order that lasts."""
    if isinstance(each, np.ndarray):
        yield "shape", str(each.shape)
        each = each.reshape(-1).tolist()
    if isinstance(each, dict | types.MappingProxyType):
        yield from sorted(((_key(name), value) for name, value in each.items()), key=lambda part: part[0])
    elif isinstance(each, list | tuple):
        yield from ((str(position), part) for position, part in enumerate(each))
    elif isinstance(each, set | frozenset):
        yield from ((str(position), word) for position, word in enumerate(sorted(map(repr, each))))
    else:
        yield from _of_object(each)


def _of_object(each: object) -> Iterator[tuple[str, object]]:
    """Give what copying an object would take. Raises Opaque."""
    if isinstance(each, np.random.RandomState):
        yield "state", each.get_state(legacy=False)
        return
    try:
        reduced = each.__reduce_ex__(_COPY_PROTOCOL)
    except Exception as error:
        raise Opaque from error
    if isinstance(reduced, str):
        yield "global", reduced
        return
    made, arguments, state, items, pairs = (*reduced, None, None, None)[:5]
    yield "class", type(each)
    if getattr(made, "__name__", "") not in ("__newobj__", "_reconstructor"):
        yield "arguments", arguments
    if state is not None:
        yield "state", state
    if items is not None:
        yield "items", list(items)
    if pairs is not None:
        yield "pairs", dict(pairs)


def _kind(each: object) -> str:
    # A tuple may come back from a file as a list.
    return "sequence" if isinstance(each, list | tuple) else _name(type(each))


def _key(name: object) -> str:
    return name if isinstance(name, str) else f"{type(name).__name__} {name!r}"


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _word(leaf: Leaf) -> str:
    return tables.array_digest(leaf) if isinstance(leaf, np.ndarray) else repr(leaf)
