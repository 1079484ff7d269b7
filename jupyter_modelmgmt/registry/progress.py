"""How far a verb is, told to whoever asked."""

from collections.abc import Callable

Progress = Callable[[int, int], None]


def counted(progress: Progress | None, total: int) -> Callable[[int], None]:
    """Return a function that takes the bytes of each piece and tells `progress` bytes done and bytes in all."""
    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, total)

    return told
