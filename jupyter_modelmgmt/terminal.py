"""Progress for people, in a cell and in a terminal: on stderr, and nowhere where nobody looks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar while the block runs; give the function that takes bytes done and bytes in all."""
    from rich.progress import BarColumn, DownloadColumn, TextColumn  # noqa: PLC0415 - 0.1 s, only where shown

    with _shown(TextColumn(title, markup=False), BarColumn(), DownloadColumn()) as bar:
        task = bar.add_task(title, total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        yield told


@contextmanager
def counting(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar while the block runs; give the function that takes items done and items in all."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - as above

    with _shown(TextColumn(title, markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as bar:
        task = bar.add_task(title, total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        yield told


@contextmanager
def waiting(title: str) -> Iterator[None]:
    """Show that work goes on while the block runs."""
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above

    with _shown(SpinnerColumn(), TextColumn(title, markup=False), TimeElapsedColumn()) as bar:
        bar.add_task(title, total=None)
        yield


def harmless(text: str) -> str:
    """Return text of users without what would steer a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _shown(*columns: "ProgressColumn") -> "Progress":
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.progress import Progress  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    watched = console.is_terminal or console.is_jupyter
    return Progress(*columns, console=console, transient=True, disable=not watched)
