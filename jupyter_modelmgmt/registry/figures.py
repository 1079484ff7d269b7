"""Numbers, times and sizes as people read them."""

from datetime import datetime

_SIGNIFICANT = 4


def figure(value: float) -> str:
    """Return a number with four significant digits: small losses stay visible (T5)."""
    return f"{value:.{_SIGNIFICANT}g}"


def when(time: datetime) -> str:
    return time.astimezone().strftime("%Y-%m-%d %H:%M")


def size(count: int) -> str:
    """Return bytes as people read them."""
    amount = float(count)
    for unit in ("B", "kB", "MB"):
        if amount < 1000:  # noqa: PLR2004 - SI
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} GB"
