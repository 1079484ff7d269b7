"""Verbs of ready models."""

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import progress
from jupyter_modelmgmt.verbs.base import (
    FACTS,
    VERSION,
    Arguments,
    Namespace,
    Verb,
    arg,
    facts,
    mapping,
    scalar,
    sequence,
)


def _clone(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    changes = {
        "config": mapping(namespace, args.config, scalar),
        "labels": None if args.labels is None else sequence(namespace, args.labels),
        **facts(args),
    }
    said = {name: value for name, value in changes.items() if value is not None}
    name = args.name or args.entry.partition("@")[0]
    with progress(f"Fetching {args.entry}") as told:
        return reg.clone(
            args.entry, name, version=args.version, bump=args.bump, reason=args.reason, progress=told, **said
        )


VERBS: dict[str, Verb] = {
    "library": Verb("List ready models", (), lambda reg, _args, _namespace: reg.library()),
    "clone": Verb(
        "Clone a ready model, or a version",
        (
            arg("entry", help="a name in the library, or a version such as digits@1.0.0"),
            arg("name", nargs="?", help="the copy's name"),
            *VERSION,
            *FACTS,
            arg("--config", help="merged over the configuration: size=224 or a dict"),
            arg("--labels", help="instead of its labels: comma separated or a list"),
        ),
        _clone,
    ),
}
