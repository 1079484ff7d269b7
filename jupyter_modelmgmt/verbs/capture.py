"""Verbs on what is in memory and on what was captured of versions; and the cell that is a run."""

import shlex

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.registry.cell_runs import CellShell, source_of
from jupyter_modelmgmt.registry.logged_run import LoggedRun
from jupyter_modelmgmt.terminal import waiting
from jupyter_modelmgmt.verbs.base import SELECTOR, Arguments, Namespace, Verb, arg, mapping, scalar
from jupyter_modelmgmt.verbs.parsing import Parser, VerbParser


def _reproduce(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with waiting(f"Running the cells of {args.selector} in a clean kernel"):
        return reg.reproduce(args.selector, allow_code=args.allow_code, timeout_s=args.timeout)


VERBS: dict[str, Verb] = {
    "memory": Verb(
        "List the models in memory, and which versions they are",
        (),
        lambda reg, _args, namespace: reg.in_memory(namespace),
    ),
    "open-notebook": Verb(
        "Write a notebook that rebuilds a version",
        (SELECTOR, arg("path", nargs="?", help="where to; else name-version.ipynb here")),
        lambda reg, args, _: reg.open_notebook(args.selector, args.path),
    ),
    "reproduce": Verb(
        "Run a version's cells in a clean kernel and compare what they give",
        (
            SELECTOR,
            arg("--allow-code", action="store_true", help="yes, run its cells"),
            arg("--timeout", type=float, default=600.0, help="seconds for all of it (600)"),
        ),
        _reproduce,
    ),
}


def start_run(reg: Registry, shell: CellShell, line: str) -> LoggedRun:
    """Start the run that `%%model run NAME` says and return it. Raises BadField, BadTag, Asked."""
    parser = Parser(prog="%%model", description="Run a cell as a run.")
    run = parser.add_subparsers(dest="verb", metavar="VERB", required=True, parser_class=VerbParser).add_parser("run")
    run.add_argument("name", help="the run's name")
    run.add_argument("--params", help="lr=0.1,depth=3 or a dict")
    run.add_argument("--tags", default="", help="comma separated")
    run.add_argument("--as", dest="variable", help="the variable that holds the run: run.log_metric(...)")
    args = parser.parse_args(shlex.split(line) or ["--help"])
    params = mapping(shell.user_ns, args.params, scalar)
    started = reg.start_run(args.name, params=params, tags=args.tags, source=source_of(shell))
    if args.variable:
        shell.user_ns[args.variable] = started
    return started
