"""What was found out about a version before it existed: signature, proof, cost, safety."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Safety(StrEnum):
    """Whether loading a file can run code of its author. Source: N13."""

    DATA = "data"
    CODE = "code"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One input or output: a column or a tensor.

    `datatype` is a word of the Open Inference Protocol, empty when nobody knows. -1 in `shape` is any length; the
    first place is the batch.
    """

    name: str
    datatype: str
    shape: tuple[int, ...] = (-1,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a model takes and gives.

    `takes` is what a version is asked with, one an item: `image` and `text` through its adapter, `table`, `tensor`;
    empty when nobody knows. `inputs` are the tensors or columns of the model itself.
    """

    inputs: tuple[Field, ...] = ()
    outputs: tuple[Field, ...] = ()
    takes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A fresh process loaded the version and predicted the example as the object in memory did.

    `difference` is the greatest absolute one, at most `tolerance`; None when there was no example
    and loading alone was proven. `packages` are the versions it was proven with. Source: N3.
    """

    tolerance: float
    difference: float | None
    seconds: float
    python: str
    packages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What using the version takes, measured on the example in the fresh process. Source: N23."""

    size_bytes: int
    load_ms: float
    latency_ms: float | None = None
    peak_memory_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a file may do when it is loaded, read from its bytes: nothing of it ran.

    `imports` are the names that it would import; `reason` says why it is refused.
    """

    path: str
    safety: Safety
    imports: tuple[str, ...] = ()
    reason: str = ""
