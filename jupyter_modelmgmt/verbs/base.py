"""What every verb is made of: arguments, and readers of what the user wrote."""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.registry import Registry

_LACKING = "There is no variable {!r}. Run the cell that makes it first."
Namespace = Mapping[str, object]
Arguments = argparse.Namespace


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument, as argparse takes it."""

    names: tuple[str, ...]
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: what it does in one line, its arguments, and the method behind it.

    `confirms` tells the name that must be typed before a dangerous use, "" for a harmless one; such
    a verb has the argument `--confirm`, which answers without being asked.
    """

    summary: str
    arguments: tuple[Argument, ...]
    run: Callable[[Registry, Arguments, Namespace], object]
    confirms: Callable[[Arguments], str] = lambda _args: ""


def arg(*names: str, **options: Any) -> Argument:
    return Argument(names, options)


def flag(name: str, on: str, off: str, text: str) -> tuple[Argument, Argument]:
    """Return the two options that say yes and no to the same; neither leaves it as it is."""
    yes = arg(f"--{on}", dest=name, action="store_true", default=None, help=text)
    return yes, arg(f"--{off}", dest=name, action="store_false", default=None, help="lift that")


SELECTOR = arg("selector", help="name@1.2.0, name@^1.2, name@stage; a bare name is its latest")
VERSION = (
    arg("--version", help="the version to be, for example 1.2.0"),
    arg("--bump", choices=["major", "minor", "patch"], help="else: which part grows (minor; major when incompatible)"),
    arg("--reason", default="", help="why an incompatible change is minor or patch"),
)
FACTS = (
    arg("--description", help="what it is"),
    arg("--tags", help="comma separated"),
    arg("--author", help="who made it"),
    arg("--license", help="for example MIT"),
    arg("--public", action="store_true", default=None, help="for all members of the organisation"),
    arg("--status", help="draft, training, completed or archived"),
)
SAID = (
    arg("--framework", help="else it follows from the model or its files"),
    arg("--model-type", help="for example resnet, bert, yolo or custom"),
    arg("--task", help="classification, regression, detection, segmentation or other"),
    arg("--adapter", help="a name, module:Class, file.py:Class, or in a cell the class"),
    arg("--config", help="the adapter's configuration: a dict"),
    arg("--metrics", help="accuracy=0.98,f1=0.9 or a dict"),
    arg("--params", help="C=1,kernel=rbf or a dict"),
    arg("--properties", help="team=vision,reviewed=true or a dict"),
    arg("--labels", help="comma separated or a list"),
    arg("--deploy-only", action="store_true", help="it may be deployed, not downloaded"),
    arg("--allow-identical", action="store_true", help="a new version even of the same content"),
)
MADE_WITH = (
    arg("--datasets", help="train=x_train,golden=photos@3: roles with variables, files, folders or names"),
    arg("--run", help="the id of the run that made it"),
)


class Lines(str):
    """Text that shows as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


class Told(Lines):
    """Text about a `record`, which machines get in its place."""

    __slots__ = ("record",)
    record: object

    @classmethod
    def of(cls, text: str, record: object) -> "Told":
        told = cls(text)
        told.record = record
        return told


def facts(args: Arguments) -> dict[str, Any]:
    """Return the facts of `FACTS` that were given."""
    names = ("description", "tags", "author", "license", "public", "status")
    return {name: getattr(args, name) for name in names if getattr(args, name) is not None}


def said(args: Arguments, namespace: Namespace) -> dict[str, Any]:
    """Return all that registering takes beside the model and its name: `VERSION`, `FACTS`, `SAID`."""
    return {
        "version": args.version,
        "bump": args.bump,
        "reason": args.reason,
        "framework": args.framework,
        "model_type": args.model_type,
        "task": args.task,
        "adapter": _adapter(args.adapter, namespace),
        "config": mapping(namespace, args.config, scalar),
        "metrics": mapping(namespace, args.metrics, float),
        "params": mapping(namespace, args.params, scalar),
        "properties": mapping(namespace, args.properties, scalar),
        "labels": None if args.labels is None else sequence(namespace, args.labels),
        "downloadable": False if args.deploy_only else None,
        "allow_identical": args.allow_identical,
        **facts(args),
    }


def made_with(args: Arguments, namespace: Namespace) -> dict[str, Any]:
    """Return what the arguments of `MADE_WITH` say."""
    return {"datasets": mapping(namespace, args.datasets, lambda text: data(namespace, text)), "run": args.run}


def _adapter(name: str | None, namespace: Namespace) -> object:
    """Return the class that a variable holds, else the name."""
    found = namespace.get(name) if name and name.isidentifier() else None
    return found if isinstance(found, type) else name


def variable(namespace: Namespace, name: str) -> object:
    """Return what the variable `name` holds. Raises BadField."""
    try:
        return namespace[name]
    except KeyError:
        raise BadField(getattr(namespace, "LACKING", _LACKING).format(name)) from None


def data(namespace: Namespace, text: str) -> object:
    """Return the variable `text`, else the path of the file or folder, else the text, which names registered data."""
    if text.isidentifier() and text in namespace:
        return namespace[text]
    return path if (path := Path(text).expanduser()).exists() else text


def scalar(text: str) -> object:
    """Return a number, true, false or null as JSON writes them, and any other text as it is."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return text if isinstance(value, list | dict | str) else value


def mapping(namespace: Namespace, text: str | None, kind: Callable[[str], Any]) -> Mapping[str, Any] | None:
    """Return `a=1,b=2` or the mapping in the variable that `text` names. Raises BadField."""
    if text is None:
        return None
    if "=" not in text:
        value = variable(namespace, text)
        if not isinstance(value, Mapping):
            raise BadField(f"{text!r} holds no dict. Name one that does, or write name=value,...")
        return value
    pairs = [pair.partition("=") for pair in text.split(",")]
    names = [key.strip() for key, _, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise BadField(f"{twice} appears twice in {text!r}. Write each name once.")
    try:
        return dict(zip(names, (kind(value.strip()) for _, _, value in pairs), strict=True))
    except ValueError as error:
        raise BadField(f"{text!r} is not name=value,...: {error}. Write for example accuracy=0.98,f1=0.9.") from None


def sequence(namespace: Namespace, text: str) -> list[Any]:
    """Return comma text, or the list in the variable that `text` names."""
    if text in namespace:
        value = namespace[text]
        if not isinstance(value, Iterable):
            raise BadField(f"{text!r} holds no list. Name one that does, or write a,b,...")
        return list(value)
    return [word.strip() for word in text.split(",")]
