"""What running a version's cells again came to."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How what was rebuilt compares with the version: all numbers equal, nearly equal, or not."""

    EXACTLY = "exactly"
    WITHIN = "within 1e-6"
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduction:
    """`difference` is the first thing that came out another way, `cell` the number of its cell where known.

    `largest` is how far the numbers lie apart, relative to them; None where they cannot be compared.
    """

    version: str
    verdict: Verdict
    difference: str = ""
    cell: int | None = None
    largest: float | None = None

    def __str__(self) -> str:
        if self.verdict is not Verdict.NOT:
            return self.verdict.value
        where = f"first difference in cell {self.cell}" if self.cell is not None else "the model differs"
        return f"not, {where}: {self.difference}"
