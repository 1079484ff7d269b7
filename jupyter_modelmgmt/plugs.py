"""Plugs: flavors, adapters and sources that this or any other installed package brings."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points


@cache
def plugs(kind: str) -> dict[str, EntryPoint]:
    """Return the entry points of group `jupyter_modelmgmt.<kind>` by name, none of them loaded."""
    found = sorted(
        entry_points(group=f"jupyter_modelmgmt.{kind}"), key=lambda p: not p.value.startswith("jupyter_modelmgmt.")
    )
    # A later entry wins, so ours go last: no package replaces a built-in plug by taking its name.
    return {plug.name: plug for plug in reversed(found)}
