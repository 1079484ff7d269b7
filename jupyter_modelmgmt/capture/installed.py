"""Which packages are installed, and which one a module comes from; read once, in the background."""

import re
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distributions
from threading import Thread

from packaging.markers import UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

_SAID = re.compile(r"^(Name|Version|Requires-Dist): *(.*?) *$", re.MULTILINE)
_FILE = re.compile(r"([^/,.]+)(?:\.[\w-]+)?\.(?:py|so|pyd)(?:,|$)")
_NO_MODULE = ("", "__pycache__")
_METADATA = ("METADATA", "PKG-INFO", "")  # of wheels, of eggs, of an egg that is one file


@dataclass(frozen=True, slots=True)
class Installed:
    """`versions` by canonical name, `owners` the packages of each top module, `requires` what a package asks for."""

    versions: Mapping[str, str]
    owners: Mapping[str, tuple[str, ...]]
    requires: Mapping[str, tuple[str, ...]]


def warm() -> None:
    """Begin to read what is installed, in the background."""
    _reading()


def installed() -> Installed:
    """Return what is installed in this process's environment; waits for the reading."""
    return _reading().result()


@cache
def _reading() -> Future[Installed]:
    future: Future[Installed] = Future()
    Thread(target=_read, args=(future,), daemon=True, name="modelmgmt-packages").start()
    return future


def _read(future: Future[Installed]) -> None:
    try:
        future.set_result(_looked_up(distributions()))
    except Exception as error:  # noqa: BLE001 - who waits is told
        future.set_exception(error)


def _looked_up(found: Iterable[Distribution]) -> Installed:
    versions: dict[str, str] = {}
    owners: dict[str, list[str]] = {}
    requires: dict[str, tuple[str, ...]] = {}
    for each in found:
        said = _said(each)
        name = canonicalize_name(said["Name"][0])
        if not name or name in versions:  # The first on the path is the one that is imported.
            continue
        versions[name] = said["Version"][0]
        requires[name] = tuple(said["Requires-Dist"])
        for module in _modules(each):
            owners.setdefault(module, []).append(name)
    return Installed(versions, {module: tuple(names) for module, names in owners.items()}, requires)


def _said(each: Distribution) -> dict[str, list[str]]:
    """Return what a package says in these fields; parsing the whole, a page of text each, takes ten times as long."""
    text = next((text for name in _METADATA if (text := each.read_text(name))), "")
    found: dict[str, list[str]] = {"Name": [], "Version": [], "Requires-Dist": []}
    for field, value in _SAID.findall(text.partition("\n\n")[0]):
        found[field].append(value)
    return {field: values or ([] if field == "Requires-Dist" else [""]) for field, values in found.items()}


def _modules(each: Distribution) -> set[str]:
    """Return the top modules of a package, from the list of its files as it is."""
    text = each.read_text("RECORD") or each.read_text("installed-files.txt") or ""
    listed = (each.read_text("top_level.txt") or "").split()
    tops = {line.partition("/")[0] for line in text.splitlines()}
    files = (_FILE.match(top) for top in tops if "." in top)
    found = {top for top in tops if "." not in top and top not in _NO_MODULE} | {file[1] for file in files if file}
    return found | {name.partition("/")[0] for name in listed}


@cache
def needs(package: str) -> frozenset[str]:
    """Return the installed packages that `package` needs here, itself included."""
    known = installed()
    found: set[str] = set()
    waiting = [package]
    while waiting:
        name = waiting.pop()
        if name in found or name not in known.versions:
            continue
        found.add(name)
        waiting += [wanted for line in known.requires[name] if (wanted := _wanted(line))]
    return frozenset(found)


@cache
def _wanted(line: str) -> str:
    """Return the package that a line asks for here, "" for none: those of extras are not."""
    if "extra" in line.partition(";")[2]:
        return ""
    try:
        asked = Requirement(line)
        wanted = asked.marker is None or asked.marker.evaluate()
    except (InvalidRequirement, UndefinedEnvironmentName):
        return ""
    return canonicalize_name(asked.name) if wanted else ""


def owners_of(modules: Iterable[str]) -> set[str]:
    """Return the packages that modules come from; modules of Python itself come from none."""
    known = installed().owners
    tops = {module.partition(".")[0] for module in modules} - set(sys.stdlib_module_names)
    return {name for top in tops for name in _of_top(known.get(top, ()), modules, top)}


def _of_top(names: tuple[str, ...], modules: Iterable[str], top: str) -> tuple[str, ...]:
    """Return the owners of a top module; of one that many share (`google`) those named like what is inside."""
    if len(names) <= 1:
        return names
    inner = {canonicalize_name(module.replace(".", "-")) for module in modules if module.partition(".")[0] == top}
    return tuple(name for name in names if any(word.startswith(name) for word in inner)) or names
