"""argparse that never ends the process, and help in groups."""

import argparse
from collections.abc import Mapping
from typing import Any, NoReturn

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.verbs.base import Verb


class Parser(argparse.ArgumentParser):
    """argparse that raises instead of ending the process."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=argparse.RawDescriptionHelpFormatter)

    def error(self, message: str) -> NoReturn:
        raise BadField(f"{message}. See `{self.prog} --help`.")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002 - argparse's signature
        raise Asked(message or "")


class Asked(Exception):
    """Help was asked for and given."""


def grouped(groups: Mapping[str, Mapping[str, Verb]]) -> str:
    """Return all verbs with what they do, a paragraph per group."""
    width = max(len(name) for verbs in groups.values() for name in verbs)
    return "\n\n".join(
        f"{title}:\n" + "\n".join(f"  {name:{width}}  {verb.summary}" for name, verb in verbs.items())
        for title, verbs in groups.items()
    )
