"""The catalogue of ready models: one TOML file an entry, shipped with the package or in folders of the user's own."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from jupyter_modelmgmt.domain.errors import BadFile, NotFound
from jupyter_modelmgmt.domain.fields import checked_name
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.places import LIBRARY_VARIABLE

TRAINED = "trained"
MAX_ENTRIES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file by its address, `size` in bytes and `digest` (`blake3:...`); `sha256` is checked too where it is given.

    See `sources.library.fetching` for addresses. `file` is a text inside a zip at the file's end, its
    first `skip` lines are left out.
    """

    source: str
    size: int
    digest: str
    sha256: str = ""
    file: str = ""
    skip: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A ready model.

    `source` is an address, with `size`, `digest` and `sha256` as in `Part`, or `trained`. `license` is
    that of the weights, `code_license` that of the code that came with them. `made` names what turns the
    file into a model, where it is none yet. Labels are listed in `labels`, or in `labels_file` of the
    archive at the file's end, or in another file, `labels_from`. An entry with `members` stands for
    those entries, as versions of one model in this order. `folder` is where a user's own entry lies.
    """

    name: str
    title: str
    description: str
    task: Task
    framework: str
    license: str
    code_license: str
    author: str
    card: str
    preprocessing: str
    postprocessing: str
    flavor: str = ""
    source: str = ""
    adapter: str = ""
    label_count: int = 0
    size: int = 0
    digest: str = ""
    sha256: str = ""
    made: str = ""
    labels: tuple[str, ...] = ()
    labels_file: str = ""
    labels_from: Part | None = None
    members: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    folder: Path | None = None

    @property
    def part(self) -> Part:
        """The file that the model is made of."""
        return Part(source=self.source, size=self.size, digest=self.digest, sha256=self.sha256)

    @property
    def parts(self) -> tuple[Part, ...]:
        """All files to fetch."""
        if self.source in (TRAINED, ""):
            return ()
        return (self.part,) if self.labels_from is None else (self.part, self.labels_from)


def catalogue() -> dict[str, Entry]:
    """Return all entries by name, the user's own after those shipped. Raises BadFile naming file and key."""
    found = dict(_shipped())
    for folder in _folders():
        for path in _tomls(folder):
            entry = _read(path.stem, path.read_bytes(), str(path), folder)
            if entry.name in found:
                raise BadFile(f"{str(path)!r} takes the name of another library entry. Rename the file.")
            found[entry.name] = entry
    return found


def entry(name: str) -> Entry:
    """Return the entry called `name`. Raises NotFound, naming those there are."""
    known = catalogue()
    if name not in known:
        raise NotFound(f"The library has no entry {name!r}. Choose one of {', '.join(known)}.")
    return known[name]


@cache
def _shipped() -> dict[str, Entry]:
    found = sorted((f for f in files(__package__).joinpath("entries").iterdir()), key=lambda f: f.name)
    names = [file.name.removesuffix(".toml") for file in found]
    return {name: _read(name, file.read_bytes(), name) for name, file in zip(names, found, strict=True)}


def _folders() -> Iterator[Path]:
    """Yield the folders of the user's own entries. Raises BadFile for one that is not there."""
    for text in os.environ.get(LIBRARY_VARIABLE, "").split(os.pathsep):
        if text:
            folder = Path(text).expanduser()
            if not folder.is_dir():
                raise BadFile(f"There is no folder {text!r} of library entries. Mend {LIBRARY_VARIABLE}.")
            yield folder


def _tomls(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.glob("*.toml") if path.is_file())
    if len(found) > MAX_ENTRIES:
        raise BadFile(f"{str(folder)!r} has more than {MAX_ENTRIES} library entries. Move some elsewhere.")
    return found


def _read(name: str, data: bytes, where: str, folder: Path | None = None) -> Entry:
    try:
        said = tomllib.loads(data.decode("utf-8"))
        for key in said:
            if key not in Entry.__dataclass_fields__ or key in ("name", "folder"):
                raise BadFile(f"{where!r} is no library entry: the key {key[:80]!r} is not known. Take it out.")
        read = msgspec.convert({"name": checked_name(name), **said}, Entry)
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{where!r} is no library entry: {error}. Mend that file.") from error
    if not read.members and not (read.source and read.flavor):
        raise BadFile(f"{where!r} is no library entry: it needs source and flavor, or members. Mend that file.")
    return replace(read, folder=folder)
