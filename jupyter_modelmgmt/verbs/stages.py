"""Verbs of stages, approvals, aliases, the trash and the settings."""

from typing import Any

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.verbs.base import SELECTOR, Arguments, Namespace, Verb, arg, flag

MODEL = arg("model", nargs="?", default="", help="of one model")
COMMENT = arg("--comment", default="", help="why")
STAGE = arg("stage", help="a stage; `stages` lists them")
REQUEST = arg("request", type=int, help="the number of the request; `approvals` lists them")
ANY = "any"


def _promote(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.promote(args.selector, args.stage, comment=args.comment, archive_previous=not args.keep_previous)


def _configure_stage(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    flags = {name: getattr(args, name) for name in ("exclusive", "protected", "approval", "position")}
    changes: dict[str, Any] = {name: value for name, value in flags.items() if value is not None}
    if args.next is not None:
        changes["transitions"] = (
            None if args.next == ANY else [name.strip() for name in args.next.split(",") if name.strip()]
        )
    if args.gate is not None:
        changes["gates"] = args.gate
    return reg.configure_stage(args.stage, **changes)


def _alias(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.set_alias(args.selector, args.alias, protected=args.protect)


def _unalias(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    reg.remove_alias(args.model, args.alias)
    return f"{args.model} has no alias {args.alias} any more."


def _purge(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    reg.purge(args.selector, confirm=args.confirm)
    return f"{args.selector} is gone for ever; its number stays taken."


def _settings(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.settings() if args.first_version is None else reg.configure(first_version=args.first_version)


VERBS: dict[str, Verb] = {
    "promote": Verb(
        "Move a version to a stage",
        (
            SELECTOR,
            STAGE,
            COMMENT,
            arg("--keep-previous", action="store_true", help="do not archive the former holder"),
        ),
        _promote,
    ),
    "stages": Verb("List the stages and what they ask", (), lambda reg, _args, _namespace: reg.stages()),
    "configure-stage": Verb(
        "Make a stage, or change what it asks",
        (
            arg("stage", help="its name"),
            *flag("exclusive", "exclusive", "shared", "one version per model at most"),
            *flag("protected", "protect", "unprotect", "what is in it is not deleted"),
            *flag("approval", "approval", "no-approval", "entering needs an approved request"),
            arg("--next", help=f"the stages that may follow, comma separated, or `{ANY}`"),
            arg("--gate", action="append", help="a search that versions must match to enter; repeat it; '' for none"),
            arg("--position", type=int, help="its place among the stages, from 0"),
        ),
        _configure_stage,
    ),
    "remove-stage": Verb("Forget a stage", (STAGE,), lambda reg, args, _: reg.remove_stage(args.stage)),
    "request-approval": Verb(
        "Ask that a version may enter a stage",
        (SELECTOR, STAGE, COMMENT),
        lambda reg, args, _: reg.request_approval(args.selector, args.stage, comment=args.comment),
    ),
    "approve": Verb(
        "Say yes to a request; the version moves",
        (REQUEST, COMMENT),
        lambda reg, args, _: reg.approve(args.request, comment=args.comment),
    ),
    "reject": Verb(
        "Say no to a request, and why",
        (REQUEST, COMMENT),
        lambda reg, args, _: reg.reject(args.request, comment=args.comment),
    ),
    "approvals": Verb(
        "List requests for approval",
        (MODEL, arg("--state", default="", help="requested, approved or rejected")),
        lambda reg, args, _: reg.approvals(args.model, state=args.state),
    ),
    "alias": Verb(
        "Let an alias point at a version",
        (
            SELECTOR,
            arg("alias", help="for example champion"),
            *flag("protect", "protect", "unprotect", "it stays there, and the version is not deleted"),
        ),
        _alias,
    ),
    "unalias": Verb(
        "Forget an alias", (arg("model", help="the model's name"), arg("alias", help="the alias")), _unalias
    ),
    "trash": Verb("List what was deleted", (MODEL,), lambda reg, args, _: reg.trash(args.model)),
    "purge": Verb(
        "Forget a version in the trash for ever",
        (SELECTOR, arg("--confirm", default="", help="the selector once more")),
        _purge,
        confirms=lambda args: args.selector,
    ),
    "settings": Verb(
        "Show or change the settings of the registry",
        (arg("--first-version", help="the number a model begins with"),),
        _settings,
    ),
}
