"""Verbs of models and versions."""

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.verbs.base import (
    FACTS,
    SELECTOR,
    VERSION,
    Arguments,
    Namespace,
    Verb,
    arg,
    facts,
    mapping,
    sequence,
    variable,
)


def _register(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    model = variable(namespace, args.variable)
    return reg.register(
        model,
        args.name,
        version=args.version,
        bump=args.bump,
        task=args.task,
        adapter=args.adapter,
        metrics=mapping(namespace, args.metrics, float),
        params=mapping(namespace, args.params, str),
        config=mapping(namespace, args.config, str),
        labels=None if args.labels is None else sequence(namespace, args.labels),
        **facts(args),
    )


def _list(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.models(args.search)


def _show(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.get(args.selector) if "@" in args.selector else reg.versions(args.selector)


def _compare(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    first, *rest = args.selectors
    if "@" not in first and rest and not any("@" in selector for selector in rest):
        return reg.compare(*(f"{first}@{version}" for version in rest), base=args.base)
    return reg.compare(first, *rest, base=args.base)


def _delete(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    if "@" in args.selector:
        deleted = reg.delete(args.selector)
        return f"{deleted.selector} is in the trash. `%model restore {deleted.selector}` brings it back."
    reg.delete_model(args.selector, confirm=args.confirm)
    return f"{args.selector} and its versions are in the trash."


def _edit(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.update(args.selector, **facts(args))


VERBS: dict[str, Verb] = {
    "list": Verb("List models", (arg("search", nargs="?", default="", help="part of a name"),), _list),
    "show": Verb("Show a version, or all versions of a model", (SELECTOR,), _show),
    "register": Verb(
        "Register a model that is in memory",
        (
            arg("variable", help="the variable that holds it"),
            arg("name", help="the model's name"),
            *VERSION,
            *FACTS,
            arg("--task", help="classification, regression, detection, segmentation or other"),
            arg("--adapter", help="image_classifier, object_detector or segmenter"),
            arg("--config", help="the adapter's configuration: a variable with a dict"),
            arg("--metrics", help="accuracy=0.98,f1=0.9 or a variable with a dict"),
            arg("--params", help="C=1,kernel=rbf or a variable with a dict"),
            arg("--labels", help="comma separated or a variable with a list"),
        ),
        _register,
    ),
    "compare": Verb(
        "Compare versions",
        (
            arg("selectors", nargs="+", help="digits 1.0.0 1.1.0, or selectors"),
            arg("--base", type=int, default=0, help="position that differences refer to (0)"),
        ),
        _compare,
    ),
    "edit": Verb("Edit a version", (SELECTOR, *FACTS), _edit),
    "promote": Verb(
        "Move a version to a stage",
        (SELECTOR, arg("stage", help="development, staging, production or archived"), arg("--comment", default="")),
        lambda reg, args, _: reg.promote(args.selector, args.stage, comment=args.comment),
    ),
    "delete": Verb(
        "Delete a version, or with --confirm a whole model",
        (SELECTOR, arg("--confirm", default="", help="the model's name once more")),
        _delete,
    ),
    "restore": Verb("Take a version out of the trash", (SELECTOR,), lambda reg, args, _: reg.restore(args.selector)),
}
