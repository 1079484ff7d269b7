"""Verbs on the stored bytes as a whole."""

import shlex
from pathlib import Path

from jupyter_modelmgmt.domain.errors import BadField, ModelManagementError
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import progress, waiting
from jupyter_modelmgmt.verbs.base import Arguments, Namespace, Verb, arg


def _gc(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with waiting("Looking for what no version names"):
        return reg.collect_garbage(grace_s=args.grace_hours * 3600, dry_run=args.dry_run)


def _verify(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    if args.folder:
        return reg.get(args.selector).verify(args.folder)
    if args.selector and "@" not in args.selector and Path(args.selector).expanduser().is_dir():
        _refuse_folder(reg, args.selector)
    with progress("Reading all bytes") as told:
        return reg.verify(args.selector, progress=told)


def _refuse_folder(reg: Registry, folder: str) -> None:
    """Raise BadField for a folder where a selector belongs, unless a model is called like it."""
    try:
        reg.model(folder)
    except ModelManagementError:
        raise BadField(
            f"{folder[:80]!r} is a folder. Name the version that it was downloaded from too: "
            f"`%model verify NAME@VERSION --folder {shlex.quote(folder[:200])}`."
        ) from None


def _lifetime(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    if args.days is None and not args.forever:
        return reg.lifetime(args.name)
    return reg.set_lifetime(args.name, None if args.forever else args.days)


VERBS: dict[str, Verb] = {
    "lifetime": Verb(
        "Show or set after how many days versions go to the trash",
        (
            arg("name", help="one version, or a model for all its versions"),
            arg("--days", type=int, help="days from its creation"),
            arg("--forever", action="store_true", help="take it back"),
        ),
        _lifetime,
    ),
    "gc": Verb(
        "Let versions expire; remove stored bytes that no version names",
        (
            arg("--grace-hours", type=float, default=24.0, help="what is younger stays (24)"),
            arg("--dry-run", action="store_true", help="only tell what would go"),
        ),
        _gc,
    ),
    "verify": Verb(
        "Read all stored bytes, or those of a downloaded folder, and name what is damaged",
        (
            arg("selector", nargs="?", default="", help="of one version or one model"),
            arg("--folder", help="instead: what the version was downloaded into"),
        ),
        _verify,
    ),
}
