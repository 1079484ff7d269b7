"""Verbs of batches."""

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import counting
from jupyter_modelmgmt.verbs.base import Arguments, Namespace, Verb, arg, mapping


def _batch(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    columns = mapping(namespace, args.columns, lambda text: int(text) if text.isdecimal() else text)
    with counting(f"Predicting with {args.target}") as told:
        return reg.batch(
            args.target, namespace.get(args.inputs, args.inputs), args.output,
            columns=columns, resume=args.resume, progress=told,
        )  # fmt: skip


_BATCH = arg("batch", help="its id")

VERBS: dict[str, Verb] = {
    "batch": Verb(
        "Run many inputs through a version",
        (
            arg("target", help="a deployment, whose workers do it, or a selector"),
            arg("inputs", help="a folder, manifest, CSV file, dataset, or a variable"),
            arg("output", help="where results go: a file ending in .jsonl or .parquet"),
            arg("--columns", help="which column an input of the model is: age=years,size=2 or a dict"),
            arg("--resume", action="store_true", help="keep the results that are there, try the rest"),
        ),
        _batch,
    ),
    "batches": Verb("List batches", (), lambda reg, _args, _namespace: reg.batches()),
    "show-batch": Verb("Show how far a batch is", (_BATCH,), lambda reg, args, _: reg.get_batch(args.batch)),
    "cancel-batch": Verb("Let a batch end", (_BATCH,), lambda reg, args, _: reg.cancel_batch(args.batch)),
}
