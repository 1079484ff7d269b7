"""Verbs on runs, metrics, datasets, evaluations and lineage."""

import re

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.records import DatasetUse
from jupyter_modelmgmt.domain.tracking import Sample
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import waiting
from jupyter_modelmgmt.verbs.base import SELECTOR, Arguments, Namespace, Verb, arg, data, mapping, scalar

_ID = arg("id", help="its id, from `runs`")
_SAID = (
    arg("--params", help="lr=0.1,depth=3 or a dict"),
    arg("--tags", default="", help="comma separated"),
)
_RUN = re.compile(r"[0-9a-f]{16}", re.ASCII)


def _start_run(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    source = {"script": args.script} if args.script else None
    return reg.start_run(args.name, params=mapping(namespace, args.params, scalar), tags=args.tags, source=source)


def _edit_run(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    used = mapping(namespace, args.datasets, str) or {}
    return reg.change_run(
        args.id,
        params=mapping(namespace, args.params, scalar),
        tags=args.tags,
        datasets=[DatasetUse(dataset=str(name), role=role) for role, name in used.items()],
        status=args.status,
        reason=args.reason,
    )


def _series(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    read = reg.run_curves if _RUN.fullmatch(args.target) else reg.series
    return read(args.target, args.figure, points=args.points)


def _dataset(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    if args.data is None and args.digest is None:
        return reg.dataset(args.name)
    with waiting(f"Reading {args.data or args.name}"):
        return reg.register_dataset(
            args.name,
            digest=args.digest,
            data=None if args.data is None else data(namespace, args.data),
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
    "run": Verb("Show a run", (_ID,), lambda reg, args, _: reg.get_run(args.id)),
    "start-run": Verb(
        "Start a run, which goes on until `edit-run ID --status finished`",
        (
            arg("name", help="what it is called"),
            *_SAID,
            arg("--script", default="", help="the program that trains"),
        ),
        _start_run,
    ),
    "edit-run": Verb(
        "Write into a run, end it or let it go on",
        (
            _ID,
            *_SAID,
            arg("--datasets", help="train=digits@1,test=digits-test@1: what it used"),
            arg("--status", default="", help="finished, failed or killed end it; running lets it go on"),
            arg("--reason", default="", help="why it ends"),
        ),
        _edit_run,
    ),
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
    "series": Verb(
        "Show the points of metrics, of a run or a version",
        (
            arg("target", help="the id of a run, or name@1.2.0"),
            arg("figure", nargs="?", help="one metric alone"),
            arg("--points", type=int, help="at most so many of each line, peaks kept"),
        ),
        _series,
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
            arg("--data", help="a file, a folder, or in a cell a variable, read for its digest"),
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
