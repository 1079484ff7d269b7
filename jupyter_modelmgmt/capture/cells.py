"""The cells that an object depends on, from the history of what was executed: a backward slice."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from weakref import WeakKeyDictionary

from jupyter_modelmgmt.capture import scopes
from jupyter_modelmgmt.capture.effects import Effects, Walk
from jupyter_modelmgmt.capture.harmless import PROCESS, RANDOM
from jupyter_modelmgmt.capture.names import Names

# Seeds and settings count for every cell that comes after them.
_HIDDEN = frozenset({PROCESS, RANDOM})


class HistoryManager(Protocol):
    """What IPython keeps of a session; both are counted from 1."""

    input_hist_raw: list[str]
    exceptions: Mapping[int, Mapping[str, object]]


class Shell(Protocol):
    """The part of IPython's shell that is used here."""

    history_manager: HistoryManager
    user_ns: dict[str, object]

    def transform_cell(self, raw_cell: str) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell as it was executed: `count` is its number, `python` its source without magics.

    `reads` are names whose earlier value it uses, `writes` those that it binds or may change;
    `failed` is the error that ended it, "" for none.
    """

    count: int
    source: str
    python: str
    reads: frozenset[str]
    writes: frozenset[str]
    effects: Effects
    failed: str = ""


class Past:
    """The cells of one session, read once each."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.names = Names()
        self._before = (0, Names())
        self._next = 1

    def catch_up(self, shell: Shell) -> None:
        """Read the cells that were executed since the last time."""
        history = shell.history_manager.input_hist_raw
        errors = getattr(shell.history_manager, "exceptions", {})
        # The last one may still have run: whether it failed is known only now.
        self._step_back()
        for count in range(self._next, len(history)):
            failed = str(errors[count].get("ename", "Exception")) if count in errors else ""
            self.add(count, history[count], shell.transform_cell, failed)

    def add(self, count: int, source: str, python: Callable[[str], str] = str, failed: str = "") -> None:
        """Read one more cell; `python` turns magics into Python. Raises nothing: what is no Python did not run."""
        self._before = (len(self.cells), self.names.copied())
        self._next = count + 1
        text = python(source)
        walk = Walk(self.names, python, surely=not failed)
        try:
            for statement in scopes.parsed(text):
                walk.visit(statement)
        except (SyntaxError, ValueError, RecursionError):
            self.names = self._before[1]
            return
        if walk.always:
            self.names.know_no_values()
        if source.strip():
            self.cells.append(_cell(count, source, text, walk, failed))

    def _step_back(self) -> None:
        length, self.names = self._before if self._next > 1 else (0, self.names)
        del self.cells[length:]
        self._next = max(self._next - 1, 1)


def _cell(count: int, source: str, python: str, walk: Walk, failed: str) -> Cell:
    effects = walk.effects()
    return Cell(
        count=count,
        source=source,
        python=python,
        reads=effects.reads,
        writes=effects.changes,
        effects=effects,
        failed=failed,
    )


_PASTS: WeakKeyDictionary[object, Past] = WeakKeyDictionary()


def running_shell() -> Shell | None:
    """Return the IPython shell of this process, None outside one."""
    ipython = sys.modules.get("IPython")
    found: Shell | None = ipython.get_ipython() if ipython is not None else None
    return found


def shell_of(namespace: Mapping[str, object]) -> Shell | None:
    """Return the shell whose variables `namespace` has, None for any other mapping."""
    shell = running_shell()
    return shell if shell is not None and shell.user_ns is namespace else None


def executed(shell: Shell) -> Past:
    """Return what was executed in this shell up to now."""
    past = _PASTS.setdefault(shell, Past())
    past.catch_up(shell)
    return past


def slice_of(names: Sequence[str], shell: Shell | None) -> tuple[Cell, ...]:
    """Return the executed cells that `names` depend on, in the order of their execution.

    The text that ran counts, not the one in the notebook's file: edited and deleted cells are there.
    A cell of which it is not sure that it has no part in it is kept. Outside IPython there are none.
    """
    if shell is None:
        return ()
    past = executed(shell)
    return backwards(past.cells, _with_code(past.names, names))


def backwards(cells: Sequence[Cell], names: Iterable[str]) -> tuple[Cell, ...]:
    """Return the cells among `cells` that give `names` their last values."""
    needed, everything = set(names), False
    kept = []
    for cell in reversed(cells):
        if cell.effects.resets:
            break
        if everything or cell.effects.always or not needed.isdisjoint(cell.writes):
            kept.append(cell)
            needed = (needed - cell.effects.writes) | cell.reads | _HIDDEN
            everything |= cell.effects.everything
    return tuple(reversed(kept))


def last_changes(shell: Shell | None) -> dict[str, int]:
    """Return the number of the cell that last bound or may have changed it, by name."""
    return {} if shell is None else {name: cell.count for cell in executed(shell).cells for name in cell.writes}


def _with_code(names: Names, wanted: Iterable[str]) -> set[str]:
    return set().union(*(names.code_behind(name).reads | {name} for name in wanted))
