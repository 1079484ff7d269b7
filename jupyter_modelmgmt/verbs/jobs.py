"""Verbs that train and evaluate."""

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import counting
from jupyter_modelmgmt.verbs.base import SELECTOR, VERSION, Arguments, Namespace, Verb, arg, mapping, scalar


def _train(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    with counting(f"Training {args.selector}") as told:
        return reg.train(
            args.selector,
            dataset=args.dataset,
            data=_data(args, namespace),
            version=args.version,
            bump=args.bump,
            params=mapping(namespace, args.params, scalar),
            progress=told,
        )


def _evaluate(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    with counting(f"Evaluating {args.selector}") as told:
        return reg.evaluate(args.selector, args.dataset, data=_data(args, namespace), target=args.target, progress=told)


def _data(args: Arguments, namespace: Namespace) -> object:
    """Return the variable that `--data` names, else the path; files stay files."""
    if args.data and args.data.isidentifier() and args.data in namespace:
        return namespace[args.data]
    return args.data


DATASET = arg("dataset", help="a registered dataset, name@3; with --data it is registered under that name")
DATA = arg("--data", help="a file or folder, in a cell also a variable; else where the dataset lies")

VERBS: dict[str, Verb] = {
    "train": Verb(
        "Train a version with its adapter to a new one; a failed one goes on",
        (SELECTOR, DATASET, DATA, *VERSION[:2], arg("--params", help="epochs=3,lr=0.1 or a dict: for its train")),
        _train,
    ),
    "evaluate": Verb(
        "Measure a version on golden data",
        (SELECTOR, DATASET, DATA, arg("--target", default="", help="the column of the truth (target, label or y)")),
        _evaluate,
    ),
    "jobs": Verb(
        "List what is trained and evaluated",
        (
            arg("search", nargs="?", default="", help="part of a model's name, or an id"),
            arg("--status", default="", help="Created, 'In Progress', Success or Failed"),
            arg("--kind", default="", help="train or evaluate"),
        ),
        lambda reg, args, _: reg.jobs(args.search, status=args.status, kind=args.kind),
    ),
}
