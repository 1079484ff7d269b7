"""What a model was made with: Python, platform, the packages that it really uses; and what differs here."""

import platform
import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jupyter_modelmgmt.capture import installed

REQUIREMENTS = "requirements.txt"
_OBJECTS = 2000
_MAIN = "__main__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`what` was `recorded` when the model was made and is `here`, "" for what is not installed."""

    what: str
    recorded: str
    here: str
    mend: str


def environment(objects: Iterable[object]) -> dict[str, Any]:
    """Return Python, implementation, platform, the packages that `objects` use with all that those need, and all.

    The packages are those of the objects' classes, of what is inside them and of what their code names;
    `installed` has those too that nothing of `objects` needs.
    """
    packages = _closure(frozenset(installed.owners_of(_modules(objects))))
    return {**_python(), "packages": packages, "installed": dict(installed.installed().versions)}


def loaded(objects: Iterable[object], versions: Mapping[str, str]) -> dict[str, str]:
    """Return which packages of those that `objects` need are among loaded modules, with the `versions` these tell."""
    needed = _closure(frozenset(installed.owners_of(_modules(objects))))
    return {name: versions[top] for name in needed for top in installed.brought(name, versions)}


def requirements(recorded: Mapping[str, Any]) -> str:
    """Return the packages of a recorded environment as lines for pip."""
    return "".join(f"{name}=={version}\n" for name, version in sorted(_packages(recorded).items()))


def differences(recorded: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return what differs here from a recorded environment, each with what mends it; Python first."""
    here = installed.installed().versions
    found = [] if _same_python(recorded) else [_of_python(recorded)]
    for name, version in sorted(_packages(recorded).items()):
        if here.get(name, "") != version:
            mend = f'pip install "{name}=={version}"'
            found.append(Difference(what=name, recorded=version, here=here.get(name, ""), mend=mend))
    return tuple(found)


def told(recorded: Mapping[str, Any], found: Iterable[Difference]) -> str:
    """Return differences in a sentence or two, with the one line that mends them; "" for none."""
    all_of_them = list(found)
    if not all_of_them:
        return ""
    shown = [f"{d.what} {d.recorded} (here {d.here or 'not installed'})" for d in all_of_them[:3]]
    packages = [d for d in all_of_them if d.what != "python"]
    more = f"; {len(packages)} of {len(_packages(recorded))} packages differ" if len(all_of_them) > len(shown) else ""
    return f"It was made with {', '.join(shown)}{more}. {mended(all_of_them)}"


def mended(found: Iterable[Difference]) -> str:
    """Return what makes this environment the recorded one."""
    asked = [f'"{d.what}=={d.recorded}"' for d in found if d.what != "python"]
    return f"To get the same: pip install {' '.join(asked)}" if asked else "To get the same, use that Python."


@cache
def _python() -> Mapping[str, str]:
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "platform": platform.platform(),
    }


def _same_python(recorded: Mapping[str, Any]) -> bool:
    said = str(recorded.get("python", ""))
    # Formats and pickles depend on the first two numbers alone.
    return not said or said.split(".")[:2] == _python()["python"].split(".")[:2]


def _of_python(recorded: Mapping[str, Any]) -> Difference:
    said = str(recorded["python"])
    minor = ".".join(said.split(".")[:2])
    return Difference(what="python", recorded=said, here=_python()["python"], mend=f"Use Python {minor}")


def _packages(recorded: Mapping[str, Any]) -> Mapping[str, str]:
    found = recorded.get("packages")
    return {str(name): str(version) for name, version in found.items()} if isinstance(found, Mapping) else {}


@cache
def _closure(packages: frozenset[str]) -> dict[str, str]:
    versions = installed.installed().versions
    return {name: versions[name] for name in sorted(frozenset().union(*map(installed.needs, packages)))}


def _modules(objects: Iterable[object]) -> set[str]:
    """Return the modules that objects, what is inside them, and code of the notebook's own come from."""
    found: set[str] = set()
    kinds: set[type] = set()
    for each in _inside(objects):
        found.update(_named_by(each))
        kind = type(each)
        if kind not in kinds:
            kinds.add(kind)
            found.update(base.__module__ for base in kind.__mro__)
            found.update(module for base in kind.__mro__ if base.__module__ == _MAIN for module in _of_class(base))
    return found


def _named_by(each: object) -> Iterator[str]:
    if isinstance(each, types.ModuleType):
        yield each.__name__
    elif isinstance(each, types.FunctionType):
        yield from _of_function(each)
    elif isinstance(each, type):
        yield each.__module__


def _of_class(kind: type) -> Iterator[str]:
    for member in vars(kind).values():
        function = getattr(member, "__func__", member)
        if isinstance(function, types.FunctionType):
            yield from _of_function(function)


def _of_function(function: types.FunctionType) -> Iterator[str]:
    """Give the modules of a function, and of the globals that its code names when it is the notebook's own."""
    yield function.__module__ or ""
    if function.__module__ != _MAIN:
        return
    for name in _names(function.__code__):
        used = function.__globals__.get(name)
        if isinstance(used, types.ModuleType):
            yield used.__name__
        elif used is not None:
            yield getattr(used, "__module__", "") or type(used).__module__
        elif name in sys.modules:  # Imported inside the function.
            yield name


def _names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


def _inside(objects: Iterable[object]) -> Iterator[object]:
    """Give objects and their parts, the outer ones first, at most 2,000."""
    waiting = list(objects)
    seen: set[int] = set()
    for each in waiting:
        if id(each) in seen or len(seen) >= _OBJECTS:
            continue
        seen.add(id(each))
        yield each
        waiting.extend(_parts(each))


def _parts(each: object) -> Iterator[object]:
    if isinstance(each, Mapping):
        members: Iterable[object] = each.values()
    elif isinstance(each, list | tuple | set | frozenset):
        members = each
    elif isinstance(each, type | types.ModuleType | types.FunctionType):
        members = ()
    else:
        members = getattr(each, "__dict__", {}).values()
    for count, member in enumerate(members):
        if count >= _OBJECTS:
            return
        if not isinstance(member, str | bytes | int | float | complex | None):
            yield member
