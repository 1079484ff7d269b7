"""`config.json` of a model package, read field by field; every error names its field. Source: M17, M18, M20b."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jupyter_modelmgmt.domain.containers import HealthCheck
from jupyter_modelmgmt.domain.interfaces import Api, Mode
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.domain.refusals import (
    BadHealthCheck,
    ConfigFieldUnknown,
    ConfigMalformed,
    ConfigRestraint,
    ConfigTwice,
    ConfigValue,
)

CONFIG_FILE = "config.json"
MAX_CONFIG_BYTES = 1 << 20
IMAGE = "Image"
# Engines by the frameworks that we call by another word, or at all.
ENGINES = {
    "TensorFlow": "tensorflow", "PyTorch": "pytorch", "MindSpore": "mindspore", "MXNet": "mxnet", "Caffe": "caffe",
    "Scikit_Learn": "scikit-learn", "XGBoost": "xgboost", "Spark_MLlib": "spark", "ONNX": "onnx", "Custom": "other",
    IMAGE: "container",
}  # fmt: skip
CLASSIC = ("Scikit_Learn", "XGBoost", "Spark_MLlib")
ALGORITHMS = {
    "image_classification": (Task.CLASSIFICATION, Mode.IMAGE),
    "object_detection": (Task.DETECTION, Mode.DETECTION),
    "predict_analysis": (Task.OTHER, Mode.ANALYTICS),
}
METRICS = ("f1", "recall", "precision", "accuracy")
JSON, FORM = "application/json", "multipart/form-data"
_RESTRAINTS = {"EXACT": "==", "ATLEAST": ">=", "ATMOST": "<="}
_INSTALLERS = {"pip": tuple(_RESTRAINTS), "conda": tuple(_RESTRAINTS), "yum": ("EXACT",), "apt-get": ("EXACT",)}
_ALGORITHM = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,35}", re.ASCII)
_PACKAGE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII)
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!+_-]{0,63}", re.ASCII)
_URL = re.compile(r"/[A-Za-z0-9._~/{}-]*", re.ASCII)
_MAX_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageConfig:
    """What `config.json` says. `requirements` are lines for pip; `image` is that of the engine `Image`."""

    algorithm: str
    engine: str
    task: Task
    mode: Mode
    runtime: str = ""
    image: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)
    apis: tuple[Api, ...] = ()
    requirements: tuple[str, ...] = ()
    health: HealthCheck | None = None

    @property
    def framework(self) -> str:
        return ENGINES[self.engine]


def package_config(data: bytes) -> PackageConfig:
    """Return what `config.json` says. Raises ConfigMalformed, ConfigFieldUnknown, ConfigValue and the like."""
    said = _object(_parsed(data), "", _TOP)
    for name in ("model_algorithm", "model_type"):
        if name not in said:
            raise ConfigMalformed(f"config.json: {name} is missing. Give it.")
    algorithm, engine = _algorithm(said["model_algorithm"]), _engine(said["model_type"])
    task, mode = ALGORITHMS.get(algorithm, (Task.OTHER, Mode.UNDEFINED))
    image = _text(said.get("swr_location", ""), "swr_location")
    if engine == IMAGE and not image:
        raise ConfigMalformed("config.json: swr_location is missing. The engine Image needs the path of its image.")
    return PackageConfig(
        algorithm=algorithm,
        engine=engine,
        task=task,
        mode=mode,
        runtime=_text(said.get("runtime", ""), "runtime"),
        image=image,
        metrics=_metrics(said.get("metrics", {})),
        apis=_apis(said.get("apis", []), engine),
        requirements=_requirements(said.get("dependencies", [])),
        health=_health(said["health"]) if "health" in said else None,
    )


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise ConfigMalformed(f"config.json is not JSON: {error}. Mend it.") from None


def _without_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ConfigTwice(f"config.json: {key[:80]} is given twice in one object. Leave one.")
        found[key] = value
    return found


def _object(value: Any, where: str, known: Sequence[str]) -> dict[str, Any]:
    """Return an object with known keys alone."""
    if not isinstance(value, dict):
        raise ConfigMalformed(f"config.json: {where or 'the whole'} is an object with {', '.join(known)}.")
    for key in value:
        if key not in known:
            raise ConfigFieldUnknown(
                f"config.json: {_at(where, key)} is not supported. There are {', '.join(known)}. Take it out."
            )
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise ConfigMalformed(f"config.json: {where} is a list.")
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) > 1000 or not value.isprintable():  # noqa: PLR2004 - a line
        raise _bad(where, value, "it is a line of text")
    return value


def _algorithm(value: Any) -> str:
    if not isinstance(value, str) or not _ALGORITHM.fullmatch(value):
        raise _bad(
            "model_algorithm", value, "it begins with a letter and has at most 36 letters, digits, '_', '-', '.'"
        )
    return value


def _engine(value: Any) -> str:
    if not isinstance(value, str) or value not in ENGINES:
        raise _bad("model_type", value, f"it is one of {', '.join(ENGINES)}")
    return value


def _metrics(value: Any) -> dict[str, float]:
    said = _object(value, "metrics", METRICS)
    return {key: _metric(number, f"metrics.{key}") for key, number in said.items()}


def _metric(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _bad(where, value, "it is a finite number")
    return float(value)


def _apis(value: Any, engine: str) -> tuple[Api, ...]:
    found = tuple(_api(each, f"apis[{i}]", engine) for i, each in enumerate(_list(value, "apis")))
    if engine != IMAGE and len(found) > 1:
        raise ConfigValue("config.json: apis has more than one entry; only the engine Image has several. Leave one.")
    ways = [(api.method, api.url) for api in found]
    for i, way in enumerate(ways):
        if way in ways[:i]:
            raise ConfigTwice(f"config.json: apis[{i}] repeats {' '.join(way)}. Leave one of them.")
    return found


def _api(value: Any, where: str, engine: str) -> Api:
    said = _object(value, where, ("protocol", "url", "method", "request", "response"))
    url, method = said.get("url", "/"), said.get("method", "POST")
    if not isinstance(url, str) or not _URL.fullmatch(url):
        raise _bad(f"{where}.url", url, "it is a path that begins with '/'")
    if engine != IMAGE and url != "/":
        raise _bad(f"{where}.url", url, "it is '/'; only the engine Image has other paths")
    if method not in ("POST", "GET"):
        raise _bad(f"{where}.method", method, "it is POST or GET")
    if said.get("protocol", "http") not in ("http", "https"):
        raise _bad(f"{where}.protocol", said["protocol"], "it is http or https")
    kind, request = _side(said.get("request", {}), f"{where}.request", engine)
    _, response = _side(said.get("response", {}), f"{where}.response", engine)
    return Api(url=url, method=method, content_type=kind, request=request, response=response)


def _side(value: Any, where: str, engine: str) -> tuple[str, Mapping[str, Any]]:
    """Return content type and schema of a request or a response."""
    said = _object(value, where, ("Content-type", "data"))
    kind, schema = said.get("Content-type", JSON), said.get("data", {})
    if kind not in (JSON, FORM):
        raise _bad(f"{where}.Content-type", kind, f"it is {JSON} or {FORM}")
    if engine in CLASSIC and kind != JSON:
        raise _bad(f"{where}.Content-type", kind, f"the engine {engine} takes {JSON} alone")
    if not isinstance(schema, dict):
        raise ConfigMalformed(f"config.json: {where}.data is an object, a JSON Schema.")
    return kind, schema


def _requirements(value: Any) -> tuple[str, ...]:
    found: list[str] = []
    for i, each in enumerate(_list(value, "dependencies")):
        where = f"dependencies[{i}]"
        said = _object(each, where, ("installer", "packages"))
        installer = said.get("installer")
        if installer not in _INSTALLERS:
            raise _bad(f"{where}.installer", installer, f"it is one of {', '.join(_INSTALLERS)}")
        packages = _list(said.get("packages", []), f"{where}.packages")
        lines = [_package(package, f"{where}.packages[{j}]", installer) for j, package in enumerate(packages)]
        if installer != "pip":
            raise _bad(f"{where}.installer", installer, "only pip is supported here")
        found += lines
    return tuple(found)


def _package(value: Any, where: str, installer: str) -> str:
    """Return a line for pip. Raises ConfigRestraint. Source: M20b, 3040 and 3041."""
    said = _object(value, where, ("package_name", "package_version", "restraint"))
    name, version, restraint = (said.get(key, "") for key in ("package_name", "package_version", "restraint"))
    if not isinstance(name, str) or not _PACKAGE.fullmatch(name):
        raise _bad(f"{where}.package_name", name, "it is the name of a package")
    if not version and not restraint:
        return name
    if restraint not in _INSTALLERS[installer]:
        raise ConfigRestraint(
            f"config.json: {where}.restraint is {restraint!r:.40}; {installer} takes {', '.join(_INSTALLERS[installer])}."
        )
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise _bad(f"{where}.package_version", version, "it is a version such as 1.2.0")
    return f"{name}{_RESTRAINTS[restraint]}{version}"


def _health(value: Any) -> HealthCheck:
    """Return the health check. Raises BadHealthCheck. Source: M20b, 3592."""
    try:
        said = _object(value, "health", ("url", "protocol", "initial_delay_seconds", "timeout_seconds"))
        if str(said.get("protocol", "HTTP")).upper() not in ("HTTP", "HTTPS"):
            raise _bad("health.protocol", said["protocol"], "it is HTTP")
        url = said.get("url", HealthCheck().path)
        if not isinstance(url, str) or not _URL.fullmatch(url):
            raise _bad("health.url", url, "it is a path that begins with '/'")
        delay = _seconds(said.get("initial_delay_seconds", HealthCheck().delay_s), "health.initial_delay_seconds")
        _seconds(said.get("timeout_seconds", 1), "health.timeout_seconds")
    except (ConfigMalformed, ConfigFieldUnknown, ConfigValue) as error:
        raise BadHealthCheck(str(error)) from None
    return HealthCheck(path=url, delay_s=delay)


def _seconds(value: Any, where: str) -> float:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MAX_SECONDS:
        raise _bad(where, value, f"it is a number of seconds up to {_MAX_SECONDS}")
    return value


def _bad(where: str, value: Any, rule: str) -> ConfigValue:
    return ConfigValue(f"config.json: {where} is {value!r:.80}; {rule}.")


def _at(where: str, key: object) -> str:
    return f"{where}.{str(key)[:80]}" if where else str(key)[:80]


_TOP: tuple[str, ...] = (
    "model_algorithm", "model_type", "runtime", "swr_location", "metrics", "apis", "dependencies", "health",
)  # fmt: skip
