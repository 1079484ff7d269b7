"""Which packages are installed, and which one a module comes from; read once, in the background.

Lists of files are read only when a module is asked for, and searched as they are: a package may have 20,000 of them.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, distributions
from threading import Thread

from packaging.markers import UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

_SAID = re.compile(r"^(Name|Version|Requires-Dist): *(.*?) *$", re.MULTILINE)
_FILE = r"^{}(?:\.[\w-]+)?\.(?:py|so|pyd)(?:,|$)"
_NO_PACKAGE = frozenset({"", "__main__"})
# Where to look first; the package's own list of files decides.
_NAMED_OTHERWISE = {"PIL": "pillow", "skimage": "scikit-image", "sklearn": "scikit-learn", "yaml": "pyyaml"}
_METADATA = ("METADATA", "PKG-INFO", "")  # of wheels, of eggs, of an egg that is one file


@dataclass(frozen=True, slots=True)
class Installed:
    """`versions` by canonical name, `requires` what a package asks for, `found` where each says more."""

    versions: Mapping[str, str]
    requires: Mapping[str, tuple[str, ...]]
    found: Mapping[str, Distribution]


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
    requires: dict[str, tuple[str, ...]] = {}
    first: dict[str, Distribution] = {}
    for each in found:
        said = _said(each)
        name = canonicalize_name(said["Name"][0])
        if not name or name in versions:  # The first on the path is the one that is imported.
            continue
        versions[name] = said["Version"][0]
        requires[name] = tuple(said["Requires-Dist"])
        first[name] = each
    return Installed(versions, requires, first)


def _said(each: Distribution) -> dict[str, list[str]]:
    """Return what a package says in these fields; parsing the whole, a page of text each, takes ten times as long."""
    text = next((text for name in _METADATA if (text := each.read_text(name))), "")
    found: dict[str, list[str]] = {"Name": [], "Version": [], "Requires-Dist": []}
    for field, value in _SAID.findall(text.partition("\n\n")[0]):
        found[field].append(value)
    return {field: values or ([] if field == "Requires-Dist" else [""]) for field, values in found.items()}


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
    asked = set(modules)
    tops = {module.partition(".")[0] for module in asked} - sys.stdlib_module_names - _NO_PACKAGE
    unknown = tops - _OWNERS.keys()
    _OWNERS.update({top: (name,) for top in unknown if (name := _namesake(top))})
    _OWNERS.update(_searched(unknown - _OWNERS.keys()))
    return {name for top in tops for name in _of_top(_OWNERS[top], asked, top)}


_OWNERS: dict[str, tuple[str, ...]] = {}


def _namesake(top: str) -> str:
    """Return the package called like a top module that has its `__init__`, "" for none, as for namespaces (`google`)."""
    name = canonicalize_name(_NAMED_OTHERWISE.get(top, top))
    each = installed().found.get(name)
    return name if each and f"\n{top}/__init__.py," in _files(each) else ""


def _searched(tops: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the packages among whose files each top module is; they are read once for all of them."""
    found: dict[str, list[str]] = {top: [] for top in tops}
    for name, each in installed().found.items() if found else ():
        files, told = _files(each), (each.read_text("top_level.txt") or "").split()
        for top, names in found.items():
            if top in told or _has(files, top):
                names.append(name)
    return {top: tuple(names) for top, names in found.items()}


def brought(package: str, tops: Iterable[str]) -> Iterator[str]:
    """Give those of some top modules that an installed package has."""
    files = _files(installed().found[package])
    return (top for top in tops if _has(files, top))


def _files(each: Distribution) -> str:
    """Return the list of a package's files as it is, a line each."""
    return f"\n{each.read_text('RECORD') or each.read_text('installed-files.txt') or ''}"


def _has(files: str, top: str) -> bool:
    """Tell whether the top module `top` is among files."""
    if f"\n{top}/" in files:
        return True
    return f"\n{top}." in files and re.search(_FILE.format(re.escape(top)), files, re.MULTILINE) is not None


def _of_top(names: tuple[str, ...], modules: Iterable[str], top: str) -> tuple[str, ...]:
    """Return the owners of a top module; of one that many share (`google`) those named like what is inside."""
    if len(names) <= 1:
        return names
    inner = {canonicalize_name(module.replace(".", "-")) for module in modules if module.partition(".")[0] == top}
    return tuple(name for name in names if any(word.startswith(name) for word in inner)) or names
