"""Verbs that search and tell what happened."""

import re
from collections.abc import Sequence

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.verbs.base import SELECTOR, Arguments, Namespace, Verb, arg

_TEXT = re.compile(r"^(.*[=<>(,])?(.*?)([),]*)$", re.DOTALL)


def _search(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.search(_joined(args.words), model=args.model, sort=args.sort, limit=args.limit)


def _history(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.history(args.what, limit=args.limit)


def _who(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    if args.on:
        return reg.holders(args.model, args.stage or "production", on=args.on)
    return reg.stage_history(args.model, args.stage)


def _joined(words: Sequence[str]) -> str:
    """Return a search that the shell has split: a space inside a word was in a quoted text."""
    if len(words) == 1:
        return words[0]
    return " ".join(_TEXT.sub(_quoted, word) if " " in word else word for word in words)


def _quoted(match: re.Match[str]) -> str:
    return (match[1] or "") + "'" + match[2].replace("'", "''") + "'" + match[3]


VERBS: dict[str, Verb] = {
    "search": Verb(
        "Search versions: metrics.accuracy > 0.9 and tag = vision",
        (
            arg("words", nargs="+", metavar="EXPRESSION", help="what to find; quote all of it in a terminal"),
            arg("--model", default="", help="only versions of this model"),
            arg("--sort", default="-created_at", help="a field; --sort=-metrics.accuracy is descending (-created_at)"),
            arg("--limit", type=int, default=50, help="how many at most (50)"),
        ),
        _search,
    ),
    "history": Verb(
        "Show who did what when",
        (
            arg("what", nargs="?", default="", help="a model or name@1.2.0; nothing for the whole registry"),
            arg("--limit", type=int, default=50, help="how many at most (50)"),
        ),
        _history,
    ),
    "who": Verb(
        "Show which versions were in which stage, or who was in production on a day",
        (
            arg("model", help="the model's name"),
            arg("stage", nargs="?", default="", help="the stage; all of them, with --on production"),
            arg("--on", default="", help="a day or a moment: 2026-11-21, 2026-11-21T10:00:00Z"),
        ),
        _who,
    ),
    "status-log": Verb(
        "Show the statuses of a version with who set them",
        (SELECTOR,),
        lambda reg, args, _: reg.status_log(args.selector),
    ),
}
