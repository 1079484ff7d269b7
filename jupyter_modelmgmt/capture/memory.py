"""What the kernel holds in memory that can be registered, and which registered version it is."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from types import FunctionType
from weakref import ReferenceType, ref

from jupyter_modelmgmt.capture.cells import Shell, last_changes
from jupyter_modelmgmt.domain.offers import MemoryModel
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors import Flavor, find

# Gives the selectors of registered versions by the digests of what they learned.
Lookup = Callable[[Collection[str]], Mapping[str, str]]

BUDGET_S = 0.03
# Their objects tell what they learned through their flavor's `weights`, or not at all.
_WALKED_BY_FLAVOR = frozenset({"keras", "tensorflow", "torch", "transformers", "onnx"})


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was found out about an object, and when it would no longer be true."""

    obj: ReferenceType[object]
    stamp: tuple[object, ...]
    digest: str
    size: int | None


_SEEN: dict[int, _Seen] = {}
_OBJECTS: dict[int, tuple[ReferenceType[object], str]] = {}
_VARIABLES: dict[tuple[int, str], str] = {}


def in_memory(
    namespace: Mapping[str, object], shell: Shell | None = None, lookup: Lookup | None = None
) -> tuple[MemoryModel, ...]:
    """Return the objects among a kernel's variables that a flavor handles, by name.

    Names with a leading underscore are left out. Nothing of the user's runs beyond the framework's
    own question whether an object is fitted, and no framework is imported. With `lookup` it says
    which registered version an object is; for what takes longer than 30 ms that comes the next time.
    """
    models = list(_models(namespace))
    if not models:
        return ()
    changes = last_changes(shell)
    until = time.monotonic() + BUDGET_S
    found, digests = [], {}
    for variable, obj, flavor in models:
        listed = replace(_listed(variable, obj, flavor), cell=changes.get(variable))
        seen = _seen(obj, flavor, _stamp(obj, listed.cell, shell), until)
        digests[variable] = seen.digest if seen else ""
        found.append(replace(listed, size=seen.size if seen else None))
    if lookup is not None:
        found = [
            replace(m, standing=s) for m, s in zip(found, _standings(namespace, found, digests, lookup), strict=True)
        ]
    return tuple(sorted(found, key=lambda model: model.variable))


def digest(obj: object) -> str:
    """Return the digest of what a model learned, "" for one that does not tell it; see `state.digest`."""
    seen = _found_out(obj, find(obj), ())
    return seen.digest if seen else ""


def registered(obj: object, selector: str, namespace: Mapping[str, object]) -> None:
    """Note that `obj` was registered as `selector`, so that a later change of it is told as one."""
    try:
        _OBJECTS[id(obj)] = (ref(obj), selector)
    except TypeError:  # Dicts and some others cannot be referred to weakly; their names are enough.
        _OBJECTS.pop(id(obj), None)
    for name, other in tuple(namespace.items()):
        if other is obj:
            _VARIABLES[id(namespace), name] = selector


def _models(namespace: Mapping[str, object]) -> Iterator[tuple[str, object, Flavor]]:
    flavors: dict[type, Flavor | None] = {}
    for variable, obj in tuple(namespace.items()):
        kind = type(obj)
        # A function can be registered; a list of all that a notebook defines would bury the models.
        if variable.startswith("_") or isinstance(obj, FunctionType):
            continue
        if kind not in flavors:
            flavors[kind] = find(obj)
        if flavor := flavors[kind]:
            yield variable, obj, flavor


def _listed(variable: str, obj: object, flavor: Flavor) -> MemoryModel:
    try:
        task, problem = flavor.describe(obj).task, flavor.problem(obj)
    except Exception as error:  # noqa: BLE001  a class of the user's may override what the framework asks, and fail
        task, problem = Task.OTHER, f"{type(obj).__name__} cannot be asked whether it is fitted: {error!r:.200}"
    return MemoryModel(
        variable=variable,
        class_name=type(obj).__name__,
        framework=flavor.FRAMEWORK,
        task=task,
        flavor=flavor.NAME,
        problem=problem,
        fitted=not problem,
    )


def _stamp(obj: object, cell: int | None, shell: Shell | None) -> tuple[object, ...]:
    """Return what stays the same as long as nobody fits an object again; empty for what is not known."""
    running = shell is not None and cell == len(shell.history_manager.input_hist_raw) - 1
    attributes = getattr(obj, "__dict__", None)
    if cell is None or running or not isinstance(attributes, dict):
        return ()
    return (cell, *((name, id(value)) for name, value in tuple(attributes.items())))


def _seen(obj: object, flavor: Flavor, stamp: tuple[object, ...], until: float) -> _Seen | None:
    known = _SEEN.get(id(obj))
    if known and stamp and known.obj() is obj and known.stamp == stamp:
        return known
    return _found_out(obj, flavor, stamp) if time.monotonic() < until else None


def _found_out(obj: object, flavor: Flavor | None, stamp: tuple[object, ...]) -> _Seen | None:
    from jupyter_modelmgmt.capture import state  # noqa: PLC0415 - numpy, for those who have models

    weights = getattr(flavor, "weights", None)
    packages = {base.__module__.partition(".")[0] for base in type(obj).__mro__}
    if weights is None and packages & _WALKED_BY_FLAVOR:
        return None
    learned = state.learned(obj, None if weights is None else weights(obj))
    try:
        seen = _Seen(ref(obj), stamp, learned.digest, learned.size)
    except TypeError:
        return None
    _SEEN[id(obj)] = seen
    for gone in [key for key, each in tuple(_SEEN.items()) if each.obj() is None]:
        _SEEN.pop(gone, None)
    return seen


def _standings(
    namespace: Mapping[str, object], models: list[MemoryModel], digests: Mapping[str, str], lookup: Lookup
) -> Iterator[str]:
    """Give for each model what it is among the registered versions."""
    selectors = lookup({digest for digest in digests.values() if digest})
    for model in models:
        key, obj = (id(namespace), model.variable), namespace[model.variable]
        selector = selectors.get(digests[model.variable], "")
        if selector:
            registered(obj, selector, {})
            _VARIABLES[key] = selector
        yield _standing(model, digests[model.variable], selector, known_as(obj) or _VARIABLES.get(key, ""))


def known_as(obj: object) -> str:
    """Return the selector that `obj` was registered as, or found to be, in this process; "" for none."""
    known = _OBJECTS.get(id(obj))
    return known[1] if known and known[0]() is obj else ""


def _standing(model: MemoryModel, digest: str, selector: str, before: str) -> str:
    if selector:
        return f"= {selector.replace('@', ' ')}"
    if not digest or not model.fitted:
        return ""
    if not before:
        return "not registered"
    where = f", refit in cell {model.cell}" if model.cell is not None else ""
    return f"differs from {before.replace('@', ' ')}{where}"
