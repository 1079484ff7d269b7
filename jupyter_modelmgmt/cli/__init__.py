"""`jupyter modelmgmt VERB ...`: the verbs in a terminal. Files stand where a cell has variables."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import closing

from jupyter_modelmgmt.domain.errors import BadField, ModelManagementError
from jupyter_modelmgmt.registry import connect
from jupyter_modelmgmt.verbs import GROUPS, Asked, Parser, parser, wording
from jupyter_modelmgmt.verbs.base import Arguments, Verb, arg
from jupyter_modelmgmt.verbs.files import VERBS as FILES
from jupyter_modelmgmt.verbs.files import Files

PROGRAM = "jupyter modelmgmt"
MEND, USAGE, INTERRUPTED = 1, 2, 130
TERMINAL = {title: {name: FILES.get(name, verb) for name, verb in verbs.items()} for title, verbs in GROUPS.items()}
VERBS: dict[str, Verb] = {name: verb for verbs in TERMINAL.values() for name, verb in verbs.items()}
_JSON = arg("--json", action="store_true", default=argparse.SUPPRESS, help="give the records as JSON")


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line says and return its exit code.

    0; 1 for what the user can mend, one line on stderr; 2 for a command line that cannot be read;
    130 when interrupted.
    """
    words = list(sys.argv[1:] if words is None else words) or ["--help"]
    try:
        return _answer(words)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of the pipe left. Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return MEND


def terminal_parser() -> Parser:
    """Return the parser of a terminal: all verbs, and the options that stand before them."""
    top = parser(PROGRAM, TERMINAL, always=[_JSON])
    top.add_argument("--json", action="store_true", help="give the records as JSON; also behind the verb")
    top.add_argument(
        "--url", dest="registry_url", help="the registry's database, for example sqlite:///folder/registry.db"
    )
    top.add_argument(
        "--artifacts", dest="registry_artifacts", help="where the registry's files lie: a folder or s3://bucket/prefix"
    )
    top.add_argument("--no-color", action="store_true", help="write without colours")
    return top


def _answer(words: list[str]) -> int:
    try:
        args = terminal_parser().parse_args(words)
    except Asked:
        return 0
    except BadField as error:
        return _complain(error, USAGE, as_json="--json" in words)
    if args.no_color:
        os.environ["NO_COLOR"] = "1"
    try:
        _do(args)
    except ModelManagementError as error:
        return _complain(error, MEND, as_json=args.json)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _complain(wording.of_file(error), MEND, as_json=args.json)
    return 0


def _do(args: Arguments) -> None:
    from jupyter_modelmgmt.cli import shown  # noqa: PLC0415 - rich and msgspec, after the command line was read

    verb = VERBS[args.verb]
    _confirm(verb, args)
    with closing(connect(args.registry_url, artifacts=args.registry_artifacts)) as reg:
        result = verb.run(reg, args, Files())
        if args.json:
            sys.stdout.write(shown.as_json(result) + "\n")
        else:
            shown.show(result)
        sys.stdout.flush()


def _confirm(verb: Verb, args: Arguments) -> None:
    """Ask for the name that a dangerous verb wants typed; whether it fits, the registry says."""
    name = verb.confirms(args)
    if name and not args.confirm and sys.stdin.isatty():
        sys.stderr.write(f"Type {name} to confirm `{args.verb}`: ")
        sys.stderr.flush()
        args.confirm = sys.stdin.readline().strip()


def _complain(error: ModelManagementError, code: int, *, as_json: bool) -> int:
    from jupyter_modelmgmt.cli import shown  # noqa: PLC0415 - as above

    said = shown.in_terminal(wording.with_options(str(error)))
    text = shown.as_json({"code": error.code, "message": said}) if as_json else f"{PROGRAM}: {shown.line(said)}"
    sys.stderr.write(text + "\n")
    return code
