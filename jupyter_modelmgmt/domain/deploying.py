"""What a deployment may be asked to be: each field checked before anything is written."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from math import isfinite
from typing import Any, TypeVar

from jupyter_modelmgmt.domain.deployments import (
    HIDDEN,
    Autoscale,
    DeploymentLimits,
    DeploymentSpec,
    Difference,
    Resources,
    Share,
)
from jupyter_modelmgmt.domain.errors import BadField, BadName
from jupyter_modelmgmt.domain.fields import checked_flag, checked_text

DEPLOYMENT_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", re.ASCII)
T = TypeVar("T")
MAX_REPLICAS = 128  # source: M22
MAX_VERSIONS = 8
MAX_VARIABLES = 200
ENGINES = ("local", "ray", "container")
WHOLE = 100
TITLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9\s_-]*[A-Za-z0-9]", re.ASCII)
VARIABLE = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*", re.ASCII)
CLIENT = re.compile(r"[a-z_][a-z0-9_-]*", re.ASCII)
_MERGED = ("variables", "secrets", "metadata")
FIELDS = tuple(each.name for each in fields(DeploymentSpec))


def changed(spec: DeploymentSpec, changes: Mapping[str, Any]) -> DeploymentSpec:
    """Return `spec` with `changes`; variables, secrets and metadata are merged, None takes one away.

    Raises BadField with what to mend. Source: P8.
    """
    for name in changes:
        if name not in FIELDS:
            raise BadField(f"{name!r} is not a field of a deployment. There are {', '.join(FIELDS)}.")
    checked = {name: _CHECKS[name](name, value) for name, value in changes.items()}
    for name in _MERGED:
        if name in checked:
            checked[name] = _merged(getattr(spec, name), checked[name], hidden=name == "secrets")
    made = replace(spec, **checked)
    if twice := sorted(made.variables.keys() & made.secrets.keys()):
        raise BadField(f"{twice[0]} is a variable and a secret. Take one of them away.")
    if made.autoscale and made.engine != "ray":
        raise BadField(f"The engine {made.engine} does not scale by itself. Give replicas, or deploy on ray.")
    if made.engine == "ray" and not made.engine_address:
        raise BadField("Give engine_address: where the cluster's dashboard answers, for example http://head:8265.")
    return made


def split(versions: Mapping[str, int] | Iterable[Share]) -> tuple[Share, ...]:
    """Return the shares of `{"1.2.0": 90, "1.3.0": 10}`, or of records. Raises BadField. Source: M21, M20b."""
    if isinstance(versions, Mapping):
        return shares([Share(version=version, weight=weight) for version, weight in versions.items()])
    return shares([_of(Share, "versions", share) for share in versions])


def shares(given: Sequence[Share]) -> tuple[Share, ...]:
    """Return `given` if a deployment may be split so. Raises BadField."""
    if not 1 <= len(given) <= MAX_VERSIONS:
        raise BadField(f"A deployment has 1 to {MAX_VERSIONS} versions.")
    seen: set[str] = set()
    for share in given:
        if share.version in seen:
            raise BadField(f"The version {share.version} appears twice. Give each version once.")
        seen.add(share.version)
        if isinstance(share.weight, bool) or not isinstance(share.weight, int) or not 0 <= share.weight <= WHOLE:
            raise BadField(f"The weight of {share.version} is a whole number from 0 to {WHOLE}.")
    answering = [share for share in given if not share.shadow]
    if (total := sum(share.weight for share in answering)) != WHOLE:
        raise BadField(f"The weights sum to {total}. They must sum to {WHOLE}, without those of shadows.")
    return tuple(given)


def shadowed(now: Sequence[Share], version: str) -> tuple[Share, ...]:
    """Return `now` with `version` as its only shadow; "" takes the shadow away. Raises BadField."""
    answering = [share for share in now if not share.shadow]
    return shares([*answering, Share(version=version, weight=0, shadow=True)] if version else answering)


def checked_title(title: str) -> str:
    """Return `title` if people may call a deployment so. Raises BadName. Source: P7."""
    if not TITLE.fullmatch(title) or len(title) > 255:  # noqa: PLR2004 - the column
        raise BadName(
            f"{title[:80]!r} is not a deployment's title. Use 2 to 255 letters, digits, spaces, '-' or '_', "
            "beginning and ending with a letter or digit."
        )
    return title


def checked_client(name: str) -> str:
    """Return `name` if a client may have it. Raises BadName. Source: P15."""
    if not CLIENT.fullmatch(name) or len(name) > 63:  # noqa: PLR2004 - the column
        raise BadName(
            f"{name[:80]!r} is not a client's name. Use up to 63 lower-case letters, digits, '-' or '_', "
            "beginning with a letter or '_'."
        )
    return name


def differences(before: DeploymentSpec, after: DeploymentSpec) -> tuple[Difference, ...]:
    """Return the fields that differ. A secret is said to differ, its values are not told."""
    old, new = _flat(before), _flat(after)
    return tuple(
        Difference(field=name, before=_told(name, old), after=_told(name, new))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def _flat(spec: DeploymentSpec) -> dict[str, Any]:
    """Return the fields of `spec` by path: `resources.cpu`, `versions.1.2.0`."""
    found: dict[str, Any] = {}
    for name, value in asdict(spec).items():
        if name == "versions":
            found |= {f"versions.{s['version']}": "shadow" if s["shadow"] else f"{s['weight']} %" for s in value}
        elif isinstance(value, dict):
            found |= {f"{name}.{key}": one for key, one in value.items()}
        else:
            found[name] = value
    return found


def _told(name: str, flat: Mapping[str, Any]) -> str:
    value = flat.get(name)
    if value is None:
        return ""
    return HIDDEN if name.startswith("secrets.") else str(value)


def _merged(before: Mapping[str, str], given: Mapping[str, str | None], *, hidden: bool) -> dict[str, str]:
    """Return `before` with what is `given`; HIDDEN stands for the secret that is there."""
    kept = {name: value for name, value in before.items() if name not in given}
    for name, value in given.items():
        if hidden and value == HIDDEN:
            if name not in before:
                raise BadField(f"There is no secret {name} yet. Give its value.")
            kept[name] = before[name]
        elif value is not None:
            kept[name] = value
    return kept


def _of(kind: type[T], name: str, value: Any) -> T:
    """Return `value` as a record of `kind`, from a mapping of its fields. Raises BadField."""
    if isinstance(value, kind):
        return value
    known = [each.name for each in fields(kind)]  # type: ignore[arg-type]  # all kinds are dataclasses
    if not isinstance(value, Mapping) or (unknown := [key for key in value if key not in known]):
        what = f"{unknown[0]!r} is not one of them" if isinstance(value, Mapping) else f"not {value!r:.60}"
        raise BadField(f"{name} holds {', '.join(known)}; {what}.")
    try:
        return kind(**value)
    except TypeError as error:
        raise BadField(f"{name}: {error}.") from None


def number(name: str, value: Any, low: float, high: float, *, whole: bool = True) -> Any:
    """Return `value` if it is a number from `low` to `high`. Raises BadField."""
    kinds = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not isfinite(value) or not low <= value <= high:
        kind = "a whole number" if whole else "a number"
        raise BadField(f"{name} is {kind} from {low:g} to {high:g}.")
    return value


def _optional(name: str, value: Any, low: float, high: float, *, whole: bool = True) -> Any:
    return None if value is None else number(name, value, low, high, whole=whole)


def _resources(name: str, value: Any) -> Resources:
    made = _of(Resources, name, value)
    number("resources.cpu", made.cpu, 0, 1024, whole=False)
    number("resources.memory_mb", made.memory_mb, 0, 2**24)
    number("resources.gpus", made.gpus, 0, 64)
    return made


def _limits(name: str, value: Any) -> DeploymentLimits:
    made = _of(DeploymentLimits, name, value)
    _optional("limits.answer_s", made.answer_s, 0.1, 86_400, whole=False)
    _optional("limits.max_queue", made.max_queue, 1, 100_000)
    _optional("limits.max_body", made.max_body, 1, 2**30)
    return made


def _autoscale(name: str, value: Any) -> Autoscale | None:
    if value is None:
        return None
    made = _of(Autoscale, name, value)
    number("autoscale.max", made.max, 1, MAX_REPLICAS)
    number("autoscale.min", made.min, 0, made.max)
    number("autoscale.target_ongoing", made.target_ongoing, 0.1, 10_000, whole=False)
    return made


def _texts(name: str, value: Any) -> dict[str, str | None]:
    if not isinstance(value, Mapping) or len(value) > MAX_VARIABLES:
        raise BadField(f"{name} is a mapping of names to texts, at most {MAX_VARIABLES}.")
    for key, text in value.items():
        if not isinstance(key, str) or not 0 < len(key) <= 255 or not key.isprintable():  # noqa: PLR2004 - a sane name
            raise BadField(f"{str(key)[:80]!r} cannot be a name in {name}. Use 1 to 255 printable characters.")
        if text is not None:
            checked_text(f"{name}.{key}", text)
    return dict(value)


def _variables(name: str, value: Any) -> dict[str, str | None]:
    """Source: P7."""
    found = _texts(name, value)
    for key in found:
        if not VARIABLE.fullmatch(key):
            raise BadField(
                f"{key[:80]!r} is not the name of an environment variable. "
                "Use letters, digits, '-', '.' or '_', not beginning with a digit."
            )
    return found


def _engine(_name: str, value: Any) -> str:
    if value not in ENGINES:
        raise BadField(f"{str(value)[:80]!r} is not an engine. Use one of {', '.join(ENGINES)}.")
    return str(value)


def _environment(name: str, value: Any) -> str:
    text = checked_text(name, value)
    if text not in ("jupyter", "isolated") and not text.startswith("/"):
        raise BadField(
            f"{name} is 'jupyter', 'isolated' or the path of an interpreter, for example /opt/py/bin/python."
        )
    return text


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "versions": lambda _name, value: split(value),
    "engine": _engine,
    "engine_address": checked_text,
    "replicas": lambda name, value: number(name, value, 1, MAX_REPLICAS),
    "resources": _resources,
    "limits": _limits,
    "max_batch": lambda name, value: _optional(name, value, 1, 100_000),
    "environment": _environment,
    "variables": _variables,
    "secrets": _variables,
    "metadata": _texts,
    "description": checked_text,
    "private": checked_flag,
    "auto_stop_s": lambda name, value: _optional(name, value, 1, 30 * 86_400),
    "autoscale": _autoscale,
}


def checked_name(name: str) -> str:
    """Return `name` if a deployment may have it. Raises BadName. Source: P7."""
    if not DEPLOYMENT_NAME.fullmatch(name):
        raise BadName(
            f"{name[:80]!r} is not a deployment name. Use 3 to 63 lower-case letters from a to z, digits or '-', "
            "beginning and ending with a letter or digit."
        )
    return name


def made_name(model: str, suffix: str) -> str:
    """Return the name that a deployment of `model` gets when nobody chose one. Source: P7."""
    words = re.sub(r"[\W_]+", "-", model.lower(), flags=re.ASCII).strip("-")
    return checked_name(f"{words[:56].rstrip('-')}-{suffix}")
