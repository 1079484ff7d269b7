"""Progress for people, in a cell and in a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar while the block runs; give the function that takes bytes done and bytes in all."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn  # noqa: PLC0415 - 0.1 s, only where shown

    with Progress(TextColumn(title), BarColumn(), DownloadColumn(), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        yield told


@contextmanager
def waiting(title: str) -> Iterator[None]:
    """Show that work goes on while the block runs."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above

    with Progress(SpinnerColumn(), TextColumn(title), TimeElapsedColumn(), transient=True) as bar:
        bar.add_task(title, total=None)
        yield
