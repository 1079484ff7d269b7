"""Verbs of sources: a version from a run, a template, a container image, storage or MLflow."""

from typing import Any

from jupyter_modelmgmt.domain.sources import SOURCES
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import progress
from jupyter_modelmgmt.verbs.base import (
    FACTS,
    SAID,
    SELECTOR,
    VERSION,
    Arguments,
    Namespace,
    Verb,
    arg,
    mapping,
    said,
    sequence,
)

_PLAIN = ("run", "path", "template", "image", "port", "command", "mode", "model", "uri", "file", "max_objects")
_HEALTH = ("path", "command", "period_s", "delay_s", "max_failures")


def _source(args: Arguments, namespace: Namespace) -> dict[str, Any]:
    """Return the source that the arguments describe, as `import_from` takes it."""
    given = {name: getattr(args, name) for name in _PLAIN}
    given |= {
        "version": args.model_version,
        "replicate": False if args.no_replicate else None,
        "checksum": False if args.no_checksum else None,
        "environment": mapping(namespace, args.env, str),
        "services": None if args.services is None else sequence(namespace, args.services),
        "requirements": None if args.requirements is None else sequence(namespace, args.requirements),
    }
    health = {name: getattr(args, f"health_{name}") for name in _HEALTH}
    if any(value is not None for value in health.values()):
        health["kind"] = "http" if args.health_command is None else "command"
        health["command"] = None if args.health_command is None else args.health_command.split()
        given["health"] = {name: value for name, value in health.items() if value is not None}
    return {"kind": args.kind, **{name: value for name, value in given.items() if value is not None}}


def _import_from(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    facts = said(args, namespace)
    facts.pop("allow_identical")
    with progress(f"Importing from {args.kind}") as told:
        return reg.import_from(_source(args, namespace), args.name or "", progress=told, **facts)


def _references(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    if args.fetch is None:
        return reg.check_references(args.selector)
    return f"{reg.fetch_references(args.selector, args.fetch):,} files were copied to {args.fetch}."


VERBS: dict[str, Verb] = {
    "import-from": Verb(
        "Register a version from a finished run, a template, a container image, storage, MLflow or an export",
        (
            arg("kind", choices=list(SOURCES), help="what it comes from"),
            arg("name", nargs="?", help="the model's name here; an export has one"),
            arg("--path", help="run, template, storage: a folder, a file, an archive, or s3://, gs://, az://"),
            arg("--run", help="run: its id"),
            arg("--requirements", help="run: lines for pip, comma separated or a list"),
            arg("--template", help="template: its name, or a TOML or JSON file"),
            arg("--mode", help="adapter, object_detection, image_processing, predictive_analytics or undefined"),
            arg("--services", help="what it may become: real-time,batch,edge"),
            arg("--image", help="container: for example localhost/digits:1.0"),
            arg("--no-replicate", action="store_true", help="container: keep no copy of the image"),
            arg("--port", type=int, help="container: where it listens (8080)"),
            arg("--command", help="container: instead of the image's own"),
            arg("--env", help="container: LEVEL=info,... or a dict"),
            arg("--health-path", help="container: asked by HTTP (/health)"),
            arg("--health-command", help="container: run inside instead; exit code 0 is well"),
            arg("--health-period", dest="health_period_s", type=float, help="seconds between two checks (5)"),
            arg("--health-delay", dest="health_delay_s", type=float, help="seconds before the first (12)"),
            arg("--health-failures", dest="health_max_failures", type=int, help="in a row that are too many (12)"),
            arg("--model", help="mlflow: the registered model's name there"),
            arg("--model-version", help="mlflow: its version there"),
            arg(
                "--uri",
                help="mlflow: the server; else MLFLOW_TRACKING_URI. reference: the place of files that stay there",
            ),
            arg("--no-checksum", action="store_true", help="reference: keep names and sizes alone"),
            arg("--max-objects", type=int, help="reference: more are refused (10,000,000)"),
            arg("--file", help="export: the file"),
            *VERSION,
            *FACTS,
            *SAID,
        ),
        _import_from,
    ),
    "references": Verb(
        "Compare the files that a version refers to with what lies there now, or copy them here",
        (SELECTOR, arg("--fetch", metavar="FOLDER", help="copy them into this folder, each as it was")),
        _references,
    ),
    "templates": Verb(
        "List the templates that models are imported by",
        (
            arg("keyword", nargs="?", default="", help="in name or text"),
            arg("--type", default="", help="classification, detection, ..."),
            arg("--engine", default="", help="onnx, tflite, scikit-learn ..."),
            arg("--environment", default="", help="onnxruntime, litert ..."),
        ),
        lambda reg, args, _namespace: reg.templates(
            keyword=args.keyword, type=args.type, engine=args.engine, environment=args.environment
        ),
    ),
    "mlflow-models": Verb(
        "List the registered models of an MLflow server",
        (arg("--uri", default="", help="else MLFLOW_TRACKING_URI"),),
        lambda reg, args, _namespace: reg.mlflow_models(uri=args.uri),
    ),
    "mlflow-versions": Verb(
        "List the versions of a model of an MLflow server, with parameters, metrics and tags",
        (arg("model", help="its name there"), arg("--uri", default="", help="else MLFLOW_TRACKING_URI")),
        lambda reg, args, _namespace: reg.mlflow_versions(args.model, uri=args.uri),
    ),
}
