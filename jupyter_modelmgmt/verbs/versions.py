"""Verbs of models and versions."""

from jupyter_modelmgmt.domain.errors import BadField, BadName, BadSelector, NotFound
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import waiting
from jupyter_modelmgmt.verbs.base import (
    FACTS,
    MADE_WITH,
    SAID,
    SELECTOR,
    VERSION,
    Arguments,
    Namespace,
    Verb,
    arg,
    facts,
    made_with,
    said,
    variable,
)


def _model_of(args: Arguments, namespace: Namespace) -> object:
    """Return what the variable holds. Raises BadField, also where variable and name stand the wrong way round."""
    if args.variable not in namespace and args.name.isidentifier() and args.name in namespace:
        raise BadField(
            f"There is no variable {args.variable[:80]!r}, but {args.name!r} is one. The variable comes first: "
            f"`%model {args.verb} {args.name} {args.variable[:80]}`."
        )
    return variable(namespace, args.variable)


def _register(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    model = _model_of(args, namespace)
    with waiting(f"Registering {args.name}"):
        return reg.register(
            model,
            args.name,
            input_example=_example(args, namespace),
            prove=not args.no_proof,
            vendor=not args.no_vendoring,
            capture=not args.no_capture,
            flavor=args.flavor,
            **said(args, namespace),
            **made_with(args, namespace),
        )


def _advise(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    model = _model_of(args, namespace)
    return reg.advise(
        model, args.name, input_example=_example(args, namespace), **said(args, namespace), **made_with(args, namespace)
    )


def _example(args: Arguments, namespace: Namespace) -> object:
    return None if args.input_example is None else variable(namespace, args.input_example)


def _load(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with waiting(f"Loading {args.selector}"):
        return reg.get(args.selector).load(allow_code=args.allow_code)


def _list(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.models(args.search, filter=args.filter)


def _show(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.get(args.selector) if "@" in args.selector else reg.versions(args.selector)


def _compare(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    first, *rest = args.selectors
    if "@" in first or not rest or any("@" in selector for selector in rest):
        return reg.compare(first, *rest, base=args.base)
    try:
        return reg.compare(*(f"{first}@{version}" for version in rest), base=args.base)
    except (NotFound, BadSelector) as error:
        reg.model(first)
        if all(_is_model(reg, name) for name in rest):  # `compare faces cars`: the latest of each
            return reg.compare(first, *rest, base=args.base)
        raise NotFound(
            f"{str(error).partition('. ')[0]}. Write versions of one model, `%model compare {first} 1.0.0 1.1.0`, or name "
            f"each with its model: `%model compare {first}@1.0.0 OTHER@1.0.0`."
        ) from error


def _is_model(reg: Registry, name: str) -> bool:
    try:
        reg.model(name)
    except (NotFound, BadName):
        return False
    return True


def _delete(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    if "@" in args.selector:
        deleted = reg.delete(args.selector, delete_aliases=args.delete_aliases)
        return f"{deleted.selector} is in the trash. `%model restore {deleted.selector}` brings it back."
    reg.delete_model(args.selector, confirm=args.confirm)
    return f"{args.selector} and its versions are in the trash."


def _edit(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.update(args.selector, reason=args.reason, **facts(args))


_MODEL = arg("name", help="the model's name")
VERBS: dict[str, Verb] = {
    "list": Verb(
        "List models",
        (
            arg("search", nargs="?", default="", help="part of a name"),
            arg("--filter", default="", help="models with a version that matches this search"),
        ),
        _list,
    ),
    "show": Verb("Show a version, or all versions of a model", (SELECTOR,), _show),
    "create": Verb(
        "Make a model without versions",
        (_MODEL, arg("--description", default="", help="what it is for")),
        lambda reg, args, _: reg.create_model(args.name, args.description),
    ),
    "describe": Verb(
        "Write what a model as a whole is for",
        (_MODEL, arg("description", help="the text")),
        lambda reg, args, _: reg.describe(args.name, args.description),
    ),
    "register": Verb(
        "Register a model that is in memory",
        (
            arg("variable", help="the variable that holds it"),
            arg("name", help="the model's name"),
            *VERSION,
            *FACTS,
            *SAID,
            *MADE_WITH,
            arg("--input-example", help="a variable with a few rows: a fresh process must answer them alike"),
            arg("--no-proof", action="store_true", help="register without loading it in a fresh process"),
            arg("--no-vendoring", action="store_true", help="leave the source of your own classes behind"),
            arg(
                "--no-capture", action="store_true", help="leave out cells, packages, curves and the digest of weights"
            ),
            arg("--flavor", help="how it is saved, for example python"),
        ),
        _register,
    ),
    "advise": Verb(
        "Tell which part of the number should grow, and why",
        (
            arg("variable", help="the variable that holds the model"),
            arg("name", help="the model's name"),
            *VERSION,
            *FACTS,
            *SAID,
            *MADE_WITH,
            arg("--input-example", help="a variable with a few rows, which tell inputs and outputs"),
        ),
        _advise,
    ),
    "load": Verb(
        "Load the model of a version; tell what differs here from where it was made",
        (SELECTOR, arg("--allow-code", action="store_true", help="yes, run the code that it brings")),
        _load,
    ),
    "compare": Verb(
        "Compare versions",
        (
            arg("selectors", nargs="+", help="digits 1.0.0 1.1.0, or selectors; bare models are their latest"),
            arg("--base", type=int, default=0, help="position that differences refer to (0)"),
        ),
        _compare,
    ),
    "edit": Verb(
        "Edit a version", (SELECTOR, *FACTS, arg("--reason", default="", help="why the status changes")), _edit
    ),
    "delete": Verb(
        "Delete a version, or with --confirm a whole model",
        (
            SELECTOR,
            arg("--delete-aliases", action="store_true", help="also when aliases point at it"),
            arg("--confirm", default="", help="the model's name once more"),
        ),
        _delete,
        confirms=lambda args: "" if "@" in args.selector else args.selector,
    ),
    "restore": Verb("Take a version out of the trash", (SELECTOR,), lambda reg, args, _: reg.restore(args.selector)),
}
