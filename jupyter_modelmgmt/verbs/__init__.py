"""The verbs of `%model` and `jupyter modelmgmt`, with their arguments, once."""

from collections.abc import Mapping, Sequence

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.verbs import (
    archives,
    batches,
    capture,
    deployments,
    imports,
    jobs,
    kept,
    library,
    search,
    stages,
    storage,
    tracking,
    versions,
    webhooks,
)
from jupyter_modelmgmt.verbs.base import Argument, Namespace, Verb
from jupyter_modelmgmt.verbs.parsing import Asked, Parser, VerbParser, grouped

GROUPS: dict[str, dict[str, Verb]] = {
    "models and versions": versions.VERBS,
    "search and history": search.VERBS,
    "webhooks": webhooks.VERBS,
    "stages, approvals, aliases": stages.VERBS,
    "runs, data and lineage": tracking.VERBS,
    "training and evaluating": jobs.VERBS,
    "deployments": deployments.VERBS,
    "kept tests": kept.VERBS,
    "batches": batches.VERBS,
    "ready models": library.VERBS,
    "sources": imports.VERBS,
    "memory and captured cells": capture.VERBS,
    "files and archives": archives.VERBS,
    "stored bytes": storage.VERBS,
}
VERBS: dict[str, Verb] = {name: verb for group in GROUPS.values() for name, verb in group.items()}

__all__ = ["GROUPS", "VERBS", "Asked", "Parser", "parser", "run"]


def parser(program: str, groups: Mapping[str, Mapping[str, Verb]] = GROUPS, always: Sequence[Argument] = ()) -> Parser:
    """Return the parser of the verbs in `groups`; each verb takes the options `always` too."""
    top = Parser(prog=program, description="Model management. Each verb has its own --help.", epilog=grouped(groups))
    subparsers = top.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=VerbParser)
    for verbs in groups.values():
        for name, verb in verbs.items():
            sub = subparsers.add_parser(name, description=verb.summary + ".")
            for argument in (*verb.arguments, *always):
                sub.add_argument(*argument.names, **argument.options)
    return top


def run(reg: Registry, program: str, words: Sequence[str], namespace: Namespace) -> object:
    """Do what `words` say and return the result. Raises ModelManagementError, Asked."""
    args = parser(program).parse_args(words)
    return VERBS[args.verb].run(reg, args, namespace)
