"""The verbs of `%model` and `jupyter modelmgmt`, with their arguments, once."""

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import progress, waiting

Namespace = Mapping[str, object]
Arguments = argparse.Namespace


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument, as argparse takes it."""

    names: tuple[str, ...]
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: what it does in one line, its arguments, and the method behind it."""

    summary: str
    arguments: tuple[Argument, ...]
    run: Callable[[Registry, Arguments, Namespace], object]


def arg(*names: str, **options: Any) -> Argument:
    return Argument(names, options)


SELECTOR = arg("selector", help="name@1.2.0, name@^1.2, name@stage; a bare name is its latest")
VERSION = (
    arg("--version", help="the version to be, for example 1.2.0"),
    arg("--bump", default="minor", choices=["major", "minor", "patch"], help="else: which part grows (minor)"),
)
FACTS = (
    arg("--description", help="what it is"),
    arg("--tags", help="comma separated"),
    arg("--author", help="who made it"),
    arg("--license", help="for example MIT"),
    arg("--public", action="store_true", default=None, help="for all members of the organisation"),
    arg("--status", help="draft, training, completed or archived"),
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


def _deploy(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with waiting(f"Deploying {args.selector}"):
        return reg.deploy(args.selector, name=args.name, replicas=args.replicas)


def _predict(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    return reg.predict(args.target, namespace.get(args.input, args.input))


def _clone(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with progress(f"Fetching {args.entry}") as told:
        return reg.clone(args.entry, args.name or args.entry, version=args.version, bump=args.bump, progress=told)


def _delete(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    if "@" in args.selector:
        deleted = reg.delete(args.selector)
        return f"{deleted.selector} is in the trash. `%model restore {deleted.selector}` brings it back."
    reg.delete_model(args.selector, confirm=args.confirm)
    return f"{args.selector} and its versions are in the trash."


def _edit(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.update(args.selector, **facts(args))


def _stop(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with waiting(f"Stopping {args.name}"):
        return reg.stop(args.name)


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
    "deploy": Verb(
        "Deploy a version",
        (
            SELECTOR,
            arg("--name", help="name of the deployment; one that exists moves to this version"),
            arg("--replicas", type=int, default=1, help="how many workers answer (1)"),
        ),
        _deploy,
    ),
    "deployments": Verb(
        "List deployments",
        (arg("model", nargs="?", default="", help="of one model"),),
        lambda reg, args, _: reg.deployments(args.model),
    ),
    "predict": Verb(
        "Predict with a deployment",
        (arg("target", help="a deployment or a selector"), arg("input", help="an image file, or a variable")),
        _predict,
    ),
    "logs": Verb(
        "Read what the workers of a deployment wrote",
        (arg("name", help="the deployment"), arg("--lines", type=int, default=200)),
        lambda reg, args, _: Lines(reg.logs(args.name, args.lines)),
    ),
    "stop": Verb("Stop a deployment", (arg("name", help="the deployment"),), _stop),
    "library": Verb("List ready models", (), lambda reg, _args, _namespace: reg.library()),
    "clone": Verb(
        "Clone a ready model",
        (arg("entry", help="its name in the library"), arg("name", nargs="?", help="the model's name here"), *VERSION),
        _clone,
    ),
}


class Lines(str):
    """Text that shows as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class Parser(argparse.ArgumentParser):
    """argparse that raises instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        raise BadField(f"{message}. See `{self.prog} --help`.")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:  # noqa: ARG002 - argparse's signature
        raise Asked(message or "")


class Asked(Exception):
    """Help was asked for and given."""


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


def facts(args: Arguments) -> dict[str, Any]:
    names = ("description", "tags", "author", "license", "public", "status")
    return {name: getattr(args, name) for name in names if getattr(args, name) is not None}


def variable(namespace: Namespace, name: str) -> object:
    """Return what the variable `name` holds. Raises BadField."""
    if name not in namespace:
        raise BadField(f"There is no variable {name!r}. Run the cell that makes it first.")
    return namespace[name]


def mapping(namespace: Namespace, text: str | None, kind: Callable[[str], Any]) -> Mapping[str, Any] | None:
    """Return `a=1,b=2` or the mapping in the variable that `text` names. Raises BadField."""
    if text is None:
        return None
    if "=" not in text:
        value = variable(namespace, text)
        if not isinstance(value, Mapping):
            raise BadField(f"The variable {text!r} holds no dict.")
        return value
    pairs = [pair.partition("=") for pair in text.split(",")]
    try:
        return {key.strip(): kind(value.strip()) for key, _, value in pairs}
    except ValueError as error:
        raise BadField(f"{text!r} is not name=value,...: {error}.") from None


def sequence(namespace: Namespace, text: str) -> list[Any]:
    """Return comma text, or the list in the variable that `text` names."""
    if text in namespace:
        value = namespace[text]
        if not isinstance(value, Iterable):
            raise BadField(f"The variable {text!r} holds no list.")
        return list(value)
    return [word.strip() for word in text.split(",")]
