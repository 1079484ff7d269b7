"""What every verb is made of: arguments, and readers of what the user wrote."""

import argparse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.registry import Registry

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


class Lines(str):
    """Text that shows as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


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
