"""Verbs of ready models."""

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import progress
from jupyter_modelmgmt.verbs.base import VERSION, Arguments, Namespace, Verb, arg


def _clone(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with progress(f"Fetching {args.entry}") as told:
        return reg.clone(args.entry, args.name or args.entry, version=args.version, bump=args.bump, progress=told)


VERBS: dict[str, Verb] = {
    "library": Verb("List ready models", (), lambda reg, _args, _namespace: reg.library()),
    "clone": Verb(
        "Clone a ready model",
        (arg("entry", help="its name in the library"), arg("name", nargs="?", help="the model's name here"), *VERSION),
        _clone,
    ),
}
