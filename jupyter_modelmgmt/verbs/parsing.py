"""argparse without ends of processes."""

import argparse
from typing import NoReturn

from jupyter_modelmgmt.domain.errors import BadField


class Parser(argparse.ArgumentParser):
    """argparse that raises instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        raise BadField(f"{message}. See `{self.prog} --help`.")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002 - argparse's signature
        raise Asked(message or "")


class Asked(Exception):
    """Help was asked for and given."""
