"""Flavors: how a framework's object is saved and loaded, one flat file a framework, found as plugs."""

from functools import cache
from pathlib import Path
from typing import cast

from jupyter_modelmgmt.domain.errors import NotLoadable, NotSavable
from jupyter_modelmgmt.flavors.base import Description, Flavor, Runner, Tensors, TensorSpec, checked
from jupyter_modelmgmt.plugs import plugs

__all__ = [
    "Description",
    "Flavor",
    "Runner",
    "TensorSpec",
    "Tensors",
    "all_flavors",
    "checked",
    "flavor_for",
    "flavor_of_file",
    "get",
]


def flavor_for(obj: object) -> Flavor:
    """Return the flavor that saves `obj`. Raises NotSavable, naming what can be saved."""
    packages = [base.__module__.partition(".")[0] for base in type(obj).__mro__]
    # The flavor named like the nearest package goes first: an XGBClassifier is a scikit-learn estimator too.
    nearest = {name: place for place, name in reversed([*enumerate(packages)])}
    for flavor in sorted(all_flavors(), key=lambda flavor: nearest.get(flavor.NAME, len(packages))):
        if flavor.handles(obj):
            return flavor
    frameworks = ", ".join(flavor.FRAMEWORK for flavor in all_flavors())
    kind = type(obj)
    raise NotSavable(
        f"No flavor saves an object of type {kind.__module__}.{kind.__qualname__}; there are flavors for {frameworks}. "
        "Write it to a file and use register_files to keep it as it is."
    )


def flavor_of_file(path: Path) -> Flavor | None:
    """Return the flavor of a file, None when no flavor knows it. Raises BadFile for a broken one."""
    return next((flavor for flavor in all_flavors() if flavor.recognises(path)), None)


def get(name: str) -> Flavor:
    """Return the flavor called `name`. Raises NotLoadable when no installed package has it."""
    plug = plugs("flavors").get(name)
    if plug is None:
        known = ", ".join(sorted(plugs("flavors")))
        raise NotLoadable(f"No installed flavor is called {name!r} (installed: {known}). Download the files instead.")
    return cast("Flavor", plug.load())


@cache
def all_flavors() -> tuple[Flavor, ...]:
    """Return all installed flavors; importing one imports no framework."""
    return tuple(get(name) for name in sorted(plugs("flavors")))
