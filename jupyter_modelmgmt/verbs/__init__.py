"""The verbs of `%model` and `jupyter modelmgmt`, with their arguments, once."""

from collections.abc import Sequence

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.verbs import deployments, library, versions
from jupyter_modelmgmt.verbs.base import Namespace, Verb
from jupyter_modelmgmt.verbs.parsing import Asked, Parser

VERBS: dict[str, Verb] = {**versions.VERBS, **deployments.VERBS, **library.VERBS}

__all__ = ["VERBS", "Asked", "Parser", "parser", "run"]


def parser(program: str) -> Parser:
    """Return the parser of all verbs."""
    top = Parser(prog=program, description="Model management. Each verb has its own --help.")
    subparsers = top.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=Parser)
    for name, verb in VERBS.items():
        sub = subparsers.add_parser(name, help=verb.summary, description=verb.summary)
        for argument in verb.arguments:
            sub.add_argument(*argument.names, **argument.options)
    return top


def run(reg: Registry, program: str, words: Sequence[str], namespace: Namespace) -> object:
    """Do what `words` say and return the result. Raises ModelManagementError, Asked."""
    args = parser(program).parse_args(words)
    return VERBS[args.verb].run(reg, args, namespace)
