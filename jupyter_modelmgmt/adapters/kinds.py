"""Which class the adapter of a version is: a plug, a class of an installed package, or one that travels with it.

`image_classifier` is a plug, `package.module:Class` a class that is installed wherever it is used,
`adapter.py:Class` a class in that file of the version: its code runs when the adapter is made.
"""

import importlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.adapters.base import InputType, ModelAdapter, writes
from jupyter_modelmgmt.domain.errors import BadField, Conflict, NotLoadable
from jupyter_modelmgmt.flavors import vendored
from jupyter_modelmgmt.flavors.base import reason
from jupyter_modelmgmt.plugs import plugs

SOURCE = "adapter.py"
INPUT_TYPE = "input_type"
_SUFFIX = ".py"
_DOTTED = r"\w+(\.\w+)*"
_NAMED = re.compile(rf"{_DOTTED}(/{_DOTTED})*:{_DOTTED}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An adapter class as a version says it: its name, and the text of `adapter.py` where it travels."""

    name: str
    source: str
    config: Mapping[str, Any]


def named(kind: type, config: Mapping[str, Any]) -> Named:
    """Return how a version says that its adapter is `kind`. Raises BadField, and NotSavable for a class without text."""
    adapter = _checked(kind, kind.__qualname__)
    adapter.check_config(config)
    told = {**config, **declared(adapter)}
    if not vendored.is_own(adapter):
        return Named(name=f"{adapter.__module__}:{adapter.__qualname__}", source="", config=told)
    return Named(name=f"{SOURCE}:{adapter.__qualname__}", source=vendored.closure([adapter]), config=told)


def declared(adapter: type[ModelAdapter]) -> dict[str, str]:
    """Return what a class says of itself that a version's configuration must say too."""
    return {INPUT_TYPE: adapter.input_type} if adapter.input_type != ModelAdapter.input_type else {}


def check(name: str, config: Mapping[str, Any]) -> None:
    """Raise NotLoadable or BadField for an adapter that cannot be meant; nothing of a package or version is imported."""
    if ":" not in name:
        _plug(name).check_config(config)
    elif not _NAMED.fullmatch(name):
        raise BadField(f"{name[:80]!r} is not an adapter. Write package.module:Class or {SOURCE}:Class.")


def check_file(name: str, paths: Iterable[str]) -> None:
    """Raise BadField when an adapter lies in a file that the version does not have."""
    file = name.partition(":")[0]
    if travels(name) and file not in set(paths):
        raise BadField(f"The version has no file {file!r} with its adapter. Register that file with the others.")


def travels(name: str) -> bool:
    """Tell whether an adapter's code lies in a file of the version."""
    return name.partition(":")[0].endswith(_SUFFIX) and ":" in name


def input_type(name: str, config: Mapping[str, Any]) -> InputType:
    """Return what an adapter takes, without running code of a version; `tensor` for none."""
    if not name:
        return "tensor"
    if ":" in name:
        said: InputType = config.get(INPUT_TYPE, ModelAdapter.input_type)
        return said
    return _plug(name).input_type


def check_trainable(name: str) -> None:
    """Raise Conflict for an installed adapter that trains nothing; one of a package or version tells it in its process."""
    if ":" not in name and not all(writes(_plug(name), method) for method in ("train", "save")):
        raise Conflict(f"The adapter {name} has no train and save. Write a class that derives from it and has both.")


def find(name: str, folder: Path) -> type[ModelAdapter]:
    """Return the class `name` for the version whose files lie in `folder`; that may run its code. Raises NotLoadable."""
    if ":" not in name:
        return _plug(name)
    if not _NAMED.fullmatch(name):
        raise NotLoadable(f"{name[:80]!r} is not an adapter. Register the version with one.")
    home, _, qualname = name.partition(":")
    if travels(name):
        module = vendored.opened(folder, home)
        return _loadable(vendored.found(module, qualname, home), name)
    try:
        found: Any = importlib.import_module(home)
        for part in qualname.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise NotLoadable(
            f"The adapter {name} cannot be imported: {reason(error)}. Install the package that brings it."
        ) from error
    return _loadable(found, name)


def _loadable(found: Any, name: str) -> type[ModelAdapter]:
    try:
        return _checked(found, name)
    except BadField as error:
        raise NotLoadable(str(error)) from error


def _checked(kind: Any, name: str) -> type[ModelAdapter]:
    """Return `kind` if it is an adapter that can answer. Raises BadField."""
    if not isinstance(kind, type) or not issubclass(kind, ModelAdapter):
        raise BadField(f"{name[:80]} is no adapter. Write a class that derives from mm.ModelAdapter.")
    if not writes(kind, "load") or not (writes(kind, "predict") or writes(kind, "embed")):
        raise BadField(f"{name[:80]} lacks load or predict. Write load(self, local_path) and predict(self, batch).")
    return kind


def _plug(name: str) -> type[ModelAdapter]:
    plug = plugs("adapters").get(name)
    if plug is None:
        known = ", ".join(sorted(plugs("adapters")))
        raise NotLoadable(f"No installed adapter is called {name!r:.80}. Installed are {known}.")
    kind: type[ModelAdapter] = plug.load()
    return kind
