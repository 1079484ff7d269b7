"""What the kernel holds in memory that can be registered."""

from collections.abc import Mapping
from types import FunctionType

from jupyter_modelmgmt.domain.offers import MemoryModel
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors import Flavor, find


def in_memory(namespace: Mapping[str, object]) -> tuple[MemoryModel, ...]:
    """Return the objects among a kernel's variables that a flavor handles, by name.

    Names with a leading underscore are left out. Nothing of the user's runs beyond the framework's
    own question whether an object is fitted, and no framework is imported.
    """
    flavors: dict[type, Flavor | None] = {}
    found = []
    for variable, obj in tuple(namespace.items()):
        kind = type(obj)
        # A function can be registered; a list of all that a notebook defines would bury the models.
        if variable.startswith("_") or isinstance(obj, FunctionType):
            continue
        if kind not in flavors:
            flavors[kind] = find(obj)
        if flavor := flavors[kind]:
            found.append(_listed(variable, obj, flavor))
    return tuple(sorted(found, key=lambda model: model.variable))


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
    )
