"""Verbs on runs, metrics, datasets, evaluations and lineage."""

import re

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.tracking import Sample
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import waiting
from jupyter_modelmgmt.verbs.base import SELECTOR, Arguments, Namespace, Verb, arg, mapping

_RUN = re.compile(r"[0-9a-f]{16}", re.ASCII)


def _dataset(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    if args.data is None and args.digest is None:
        return reg.dataset(args.name)
    with waiting(f"Reading {args.data or args.name}"):
        return reg.register_dataset(
            args.name,
            digest=args.digest,
            data=args.data,
            fields=mapping(namespace, args.fields, str),
            rows=args.rows,
            source=args.source,
            description=args.description,
        )


def _log(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    metrics = dict(_pair(word) for word in args.metrics)
    if _RUN.fullmatch(args.target):
        count = reg.log_batch(args.target, metrics, step=args.step)
    else:
        samples = [Sample(figure=name, x=args.step or 0.0, y=value) for name, value in metrics.items()]
        count = reg.log_samples(args.target, samples, dataset=args.dataset)
    return f"{count} {'point' if count == 1 else 'points'} logged into {args.target}."


def _pair(word: str) -> tuple[str, float]:
    name, _, value = word.rpartition("=")
    try:
        return name, float(value)
    except ValueError:
        raise BadField(f"{word[:80]!r} is not name=value, for example loss=0.3.") from None


def _log_evaluation(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    return reg.log_evaluation(
        args.selector,
        dataset=args.dataset,
        metrics=mapping(namespace, args.metrics, float) or {},
        duration_s=args.duration,
        run=args.run,
    )


def _board(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.board(
        args.model,
        metrics=args.metrics,
        datasets=args.datasets,
        stages=args.stages,
        sort=args.sort,
        limit=args.limit,
    )


VERBS: dict[str, Verb] = {
    "runs": Verb(
        "List runs",
        (
            arg("name", nargs="?", default="", help="part of a name"),
            arg("--status", default="", help="running, finished, failed or killed"),
            arg("--tag", default="", help="with this tag"),
        ),
        lambda reg, args, _: reg.runs(args.name, status=args.status, tag=args.tag),
    ),
    "run": Verb("Show a run", (arg("id", help="its id, from `runs`"),), lambda reg, args, _: reg.get_run(args.id)),
    "log": Verb(
        "Log metrics into a run, or points of a version",
        (
            arg("target", help="the id of a run, or name@1.2.0"),
            arg("metrics", nargs="+", help="loss=0.3 accuracy=0.9"),
            arg("--step", type=float, default=None, help="else one behind the last"),
            arg("--dataset", default="", help="of a version: the dataset that the points are of"),
        ),
        _log,
    ),
    "datasets": Verb(
        "List datasets",
        (arg("name", nargs="?", default="", help="of one name"),),
        lambda reg, args, _: reg.datasets(args.name),
    ),
    "dataset": Verb(
        "Register a dataset, or show one",
        (
            arg("name", help="its name; to show one, also name@3"),
            arg("--data", help="a file or folder, read for its digest"),
            arg("--digest", help="its digest, for example sha256:..."),
            arg("--fields", help="x=float64,y=int64 or a dict"),
            arg("--rows", type=int, help="how many rows it has"),
            arg("--source", default="", help="where it lies"),
            arg("--description", default="", help="what it is"),
        ),
        _dataset,
    ),
    "log-evaluation": Verb(
        "Write down what a version scored on a dataset",
        (
            SELECTOR,
            arg("dataset", help="name@3, or a name for its newest"),
            arg("metrics", help="loss=0.3,accuracy=0.9 or a dict"),
            arg("--duration", type=float, help="how many seconds it took"),
            arg("--run", help="the id of the run that evaluated"),
        ),
        _log_evaluation,
    ),
    "evaluations": Verb(
        "List evaluations",
        (arg("target", nargs="?", default="", help="of a version (name@1.2.0) or a model (name)"),),
        lambda reg, args, _: reg.evaluations(args.target),
    ),
    "board": Verb(
        "Show the versions of a model against golden datasets",
        (
            arg("model", help="the model's name"),
            arg("--metrics", default="", help="comma separated; else all"),
            arg("--datasets", default="", help="comma separated; else all"),
            arg("--stages", default="", help="comma separated; else all"),
            arg("--sort", default="-version", help="version, or a column: --sort='loss @ golden', with - turned"),
            arg("--limit", type=int, default=50, help="at most so many versions (50)"),
        ),
        _board,
    ),
    "lineage": Verb(
        "Show where a version comes from and what came of it",
        (
            arg("selector", help="a version, or run:ID, dataset:name@1, deployment:NAME"),
            arg("--depth", type=int, default=10, help="steps in both directions (10)"),
            arg("--limit", type=int, default=200, help="at most so many nodes (200)"),
        ),
        lambda reg, args, _: reg.lineage(args.selector, depth=args.depth, limit=args.limit),
    ),
}
