"""Verbs of deployments and predictions."""

import sys
from typing import Any

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import harmless, waiting
from jupyter_modelmgmt.verbs.base import SELECTOR, Arguments, Lines, Namespace, Told, Verb, arg, mapping

NAME = arg("name", help="the deployment")
MESSAGE = arg("--message", default="", help="why, for the history")
FIELDS = (
    MESSAGE,
    arg("--replicas", type=int, help="how many workers answer (1)"),
    arg("--description", help="what it is for"),
    arg("--engine", help="local, container or ray"),
    arg("--engine-address", help="where the cluster answers, for ray"),
    arg("--environment", help="jupyter, isolated, or the path of an interpreter"),
    arg("--cpu", type=float, help="processor cores of a worker"),
    arg("--memory-mb", type=int, help="MiB of memory of a worker"),
    arg("--gpus", type=int, help="graphics processors of a worker"),
    arg("--answer-s", type=float, help="longest answer in seconds"),
    arg("--max-queue", type=int, help="requests that may wait"),
    arg("--max-batch", type=int, help="rows of a batch at most"),
    arg("--variables", help="environment variables: A=1,B=2 or a dict"),
    arg("--secrets", help="the same, never shown again"),
    arg("--metadata", help="team=vision,... or a dict"),
    arg("--private", nargs="?", const="yes", choices=["yes", "no"], help="let clients with tokens ask; or no"),
    arg("--auto-stop-s", type=int, help="stop after so many seconds without a request"),
)
_PLAIN = ("replicas", "description", "engine", "engine_address", "environment", "max_batch", "auto_stop_s")
_GROUPS = {"resources": ("cpu", "memory_mb", "gpus"), "limits": ("answer_s", "max_queue")}


def _fields(args: Arguments, namespace: Namespace) -> dict[str, Any]:
    """Return what was said of `FIELDS`, as `deploy` takes it."""
    said = {name: getattr(args, name) for name in _PLAIN if getattr(args, name) is not None}
    for group, names in _GROUPS.items():
        if given := {name: getattr(args, name) for name in names if getattr(args, name) is not None}:
            said[group] = given
    for name in ("variables", "secrets", "metadata"):
        if getattr(args, name) is not None:
            said[name] = mapping(namespace, getattr(args, name), str)
    if args.private:
        said["private"] = args.private == "yes"
    return said


def _deploy(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    said = _fields(args, namespace)
    if args.split:
        said["versions"] = mapping(namespace, args.split, int)
    with waiting(f"Deploying {args.selector}"):
        return reg.deploy(args.selector, name=args.name, title=args.title, message=args.message, **said)


def _update(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    with waiting(f"Updating {args.name}"):
        return reg.update_deployment(args.name, message=args.message, **_fields(args, namespace))


def _split(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    weights = mapping(namespace, args.weights, int)
    if weights is None:
        raise BadField("Give the weights, for example 1.2.0=90,1.3.0=10.")
    with waiting(f"Splitting {args.name}"):
        return reg.deployment(args.name).split(weights, message=args.message)


def _shadow(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with waiting(f"Changing {args.name}"):
        return reg.shadow(args.name, args.version, message=args.message)


def _rollback(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with waiting(f"Rolling back {args.name}"):
        return reg.rollback(args.name, args.to, message=args.message)


def _predict(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    return reg.predict(args.target, namespace.get(args.input, args.input), version=args.version)


def _start(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with waiting(f"Starting {args.name}"):
        return reg.start(args.name, message=args.message)


def _stop(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with waiting(f"Stopping {args.name}"):
        return reg.stop(args.name, message=args.message)


def _delete(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    reg.delete_deployment(args.name, confirm=args.confirm)
    return f"{args.name} is deleted."


def _logs(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    if not args.follow:
        return Lines(reg.logs(args.name, args.lines, replica=args.replica, filter=args.filter))
    for line in reg.follow_logs(args.name, args.lines, replica=args.replica, filter=args.filter):
        sys.stdout.write(f"{harmless(line)}\n")
        sys.stdout.flush()
    return Lines()


def _add_client(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    added = reg.add_client(args.name, args.client)
    return Told.of(f"The token of {added.name}, shown only now: {added.token}", added)


def _remove_client(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    reg.remove_client(args.name, args.client)
    return f"{args.client} may ask {args.name} no more."


VERBS: dict[str, Verb] = {
    "deploy": Verb(
        "Deploy a version",
        (
            SELECTOR,
            arg("--name", help="name of the deployment; one that exists moves to this version"),
            arg("--title", default="", help="what people call it"),
            arg("--split", help="weights of several versions from the start: 1.2.0=90,1.3.0=10"),
            *FIELDS,
        ),
        _deploy,
    ),
    "deployments": Verb(
        "List deployments",
        (
            arg("model", nargs="?", default="", help="of one model"),
            arg("--search", default="", help="a text in name or title"),
            arg("--mine", action="store_true", help="made by me"),
        ),
        lambda reg, args, _: reg.deployments(args.model, search=args.search, mine=args.mine),
    ),
    "update-deployment": Verb("Change a deployment; what is stopped stays so", (NAME, *FIELDS), _update),
    "split": Verb(
        "Spread the requests of a deployment over versions",
        (NAME, arg("weights", help="1.2.0=90,1.3.0=10, together 100"), MESSAGE),
        _split,
    ),
    "shadow": Verb(
        "Let a version get a copy of every request, only to compare",
        (NAME, arg("version", nargs="?", default="", help="left out: no shadow"), MESSAGE),
        _shadow,
    ),
    "rollback": Verb(
        "Go back to what was deployed before",
        (NAME, arg("--to", type=int, help="a revision; else the last that was deployed"), MESSAGE),
        _rollback,
    ),
    "revisions": Verb(
        "Show the history of a deployment", (NAME,), lambda reg, args, _: reg.deployment_history(args.name)
    ),
    "diff-revisions": Verb(
        "Show what differs between two revisions",
        (NAME, arg("before", type=int, help="a revision"), arg("after", type=int, help="another one")),
        lambda reg, args, _: reg.deployment_diff(args.name, args.before, args.after),
    ),
    "deployment-metrics": Verb(
        "Show calls, failures, times and memory by version",
        (NAME,),
        lambda reg, args, _: reg.deployment(args.name).metrics(),
    ),
    "clients": Verb("List who may ask a private deployment", (NAME,), lambda reg, args, _: reg.clients(args.name)),
    "add-client": Verb(
        "Let a client ask a private deployment; its token is shown once",
        (NAME, arg("client", help="its name")),
        _add_client,
    ),
    "remove-client": Verb("Let a client ask no more", (NAME, arg("client", help="its name")), _remove_client),
    "example": Verb(
        "Show how to ask a deployment from a terminal and from Python",
        (
            NAME,
            arg("--client", default="", help="as which client"),
            arg("--token", default="", help="with which token"),
        ),
        lambda reg, args, _: reg.deployment(args.name).example(client=args.client, token=args.token),
    ),
    "predict": Verb(
        "Predict with a deployment",
        (
            arg("target", help="a deployment or a selector"),
            arg("input", help="an image file, or a variable"),
            arg("--version", help="one of several versions"),
        ),
        _predict,
    ),
    "logs": Verb(
        "Read what the workers of a deployment wrote",
        (
            NAME,
            arg("--lines", type=int, default=200, help="how many, 2000 at most (200)"),
            arg("--replica", default="", help="of one, 1.2.0-0, of a version, 1.2.0, or of a number, 0"),
            arg("--filter", default="", help="with this text in them"),
            arg("--follow", action="store_true", help="go on with what comes, until it stops"),
        ),
        _logs,
    ),
    "start": Verb("Start a deployment that was stopped or failed", (NAME, MESSAGE), _start),
    "stop": Verb("Stop a deployment", (NAME, MESSAGE), _stop),
    "delete-deployment": Verb(
        "Forget a stopped deployment and its history",
        (NAME, arg("--confirm", default="", help="its name once more")),
        _delete,
    ),
}
