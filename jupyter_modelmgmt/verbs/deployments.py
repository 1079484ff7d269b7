"""Verbs of deployments and predictions."""

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import waiting
from jupyter_modelmgmt.verbs.base import SELECTOR, Arguments, Lines, Namespace, Verb, arg


def _deploy(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with waiting(f"Deploying {args.selector}"):
        return reg.deploy(args.selector, name=args.name, replicas=args.replicas)


def _predict(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    return reg.predict(args.target, namespace.get(args.input, args.input))


def _stop(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with waiting(f"Stopping {args.name}"):
        return reg.stop(args.name)


VERBS: dict[str, Verb] = {
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
}
