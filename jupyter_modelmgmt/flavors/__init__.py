"""Flavors: how a framework's object is saved and loaded, one flat file a framework, found as plugs."""

from functools import cache
from pathlib import Path
from typing import cast

from jupyter_modelmgmt.domain.errors import BadField, NotLoadable, NotSavable
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
    "find",
    "flavor_for",
    "flavor_of_file",
    "get",
]

LAST = "python"  # it takes nearly everything, and saves it as code


def flavor_for(obj: object, name: str = "") -> Flavor:
    """Return the flavor that saves `obj`, which is the one called `name` if that is given.

    Raises NotSavable, naming what can be saved, and BadField for no such flavor.
    """
    if name and name not in plugs("flavors"):
        raise BadField(f"No installed flavor is called {name!r:.80}. There are {', '.join(sorted(plugs('flavors')))}.")
    flavor = get(name) if name else find(obj)
    kind = type(obj)
    if flavor is None:
        frameworks = ", ".join(dict.fromkeys(flavor.FRAMEWORK for flavor in all_flavors()))
        raise NotSavable(
            f"No flavor saves an object of type {kind.__module__}.{kind.__qualname__}; there are flavors for "
            f"{frameworks}. Write it to a file and use register_files to keep it as it is."
        )
    if name and not flavor.handles(obj):
        raise NotSavable(f"The flavor {name!r} saves no {kind.__module__}.{kind.__qualname__}. Leave `flavor` out.")
    return flavor


def find(obj: object) -> Flavor | None:
    """Return the flavor that saves `obj`, None where none does."""
    packages = [base.__module__.partition(".")[0] for base in type(obj).__mro__]
    # The flavor named like the nearest package goes first: an XGBClassifier is a scikit-learn estimator too.
    nearest = {name: place for place, name in reversed([*enumerate(packages)])}
    places = {flavor.NAME: nearest.get(flavor.NAME, len(packages)) for flavor in all_flavors()}
    ordered = sorted(all_flavors(), key=lambda flavor: (flavor.NAME == LAST, places[flavor.NAME]))
    return next((flavor for flavor in ordered if flavor.handles(obj)), None)


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
