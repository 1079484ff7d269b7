"""argparse that never ends the process, and help in groups."""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.verbs.base import Verb


class Parser(argparse.ArgumentParser):
    """argparse that raises instead of ending the process."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=argparse.RawDescriptionHelpFormatter)

    def error(self, message: str) -> NoReturn:
        stop = "" if message.endswith("?") else "."
        raise BadField(f"{message}{stop} See `{self.prog} --help`.")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002 - argparse's signature
        raise Asked(message or "")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        # argparse would list all verbs, which are a screen of words.
        if action.dest == "verb" and action.choices is not None and value not in action.choices:
            self.error(f"There is no verb {value!r:.80}{_meant(str(value), action.choices)}")
        super()._check_value(action, value)


class VerbParser(Parser):
    """The parser of one verb: what it does not know it refuses itself, so that its own help is named."""

    def parse_known_args(  # type: ignore[override]  # argparse's overloads say no more
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        known, odd = super().parse_known_args(args, namespace)
        option = next((word.partition("=")[0] for word in odd if word.startswith("--")), None)
        if option:
            self.error(f"There is no option {option:.80}{_meant(option, self._option_string_actions)}")
        if odd:
            self.error(f"{' '.join(odd):.80} is more than it takes")
        return known, []


class Asked(Exception):
    """Help was asked for and given."""


def grouped(groups: Mapping[str, Mapping[str, Verb]]) -> str:
    """Return all verbs with what they do, a paragraph per group."""
    width = max(len(name) for verbs in groups.values() for name in verbs)
    return "\n\n".join(
        f"{title}:\n" + "\n".join(f"  {name:{width}}  {verb.summary}" for name, verb in verbs.items())
        for title, verbs in groups.items()
    )


def _meant(word: str, known: Iterable[str]) -> str:
    """Return the question whether the nearest of `known` was meant, "" where none is near."""
    near = get_close_matches(word, list(known), n=1)
    return f"; is it {near[0]}?" if near else ""
