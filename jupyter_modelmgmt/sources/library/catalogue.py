"""The catalogue of ready models: one TOML file an entry, shipped with the package."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.domain.records import Task

TRAINED = "trained"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A ready model.

    `source` is `pypi:name==version#path`, with `size` in bytes and `digest` of that file, or
    `trained`. Labels are listed in `labels`, or in `labels_file` of the archive at the file's end.
    """

    name: str
    title: str
    description: str
    task: Task
    framework: str
    flavor: str
    license: str
    author: str
    source: str
    adapter: str
    label_count: int
    size: int = 0
    digest: str = ""
    labels: tuple[str, ...] = ()
    labels_file: str = ""
    tags: tuple[str, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)


@cache
def catalogue() -> dict[str, Entry]:
    """Return all entries by name."""
    found = sorted((f for f in files(__package__).joinpath("entries").iterdir()), key=lambda f: f.name)
    names = [file.name.removesuffix(".toml") for file in found]
    texts = [tomllib.loads(file.read_text("utf-8")) for file in found]
    return {name: msgspec.convert({"name": name, **text}, Entry) for name, text in zip(names, texts, strict=True)}


def entry(name: str) -> Entry:
    """Return the entry called `name`. Raises NotFound, naming those there are."""
    if name not in catalogue():
        raise NotFound(f"The library has no entry {name!r}. It has {', '.join(catalogue())}.")
    return catalogue()[name]
