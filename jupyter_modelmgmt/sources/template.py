"""Templates: how a kind of model is imported; those shipped, and files of one's own (TOML or JSON). Source: M11."""

import json
import tomllib
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.domain.interfaces import Interface, Mode
from jupyter_modelmgmt.domain.refusals import BadTemplate, ModeFixed, ModeMissing
from jupyter_modelmgmt.domain.sources import Template, TemplateSource

_MAX_BYTES = 1 << 20


@cache
def shipped() -> dict[str, Template]:
    """Return the templates of this package by name."""
    found = sorted(
        (f for f in files("jupyter_modelmgmt.sources").joinpath("templates").iterdir()), key=lambda f: f.name
    )
    return {f.name.removesuffix(".toml"): _read(f.name.removesuffix(".toml"), f.read_bytes(), f.name) for f in found}


def templates(kind: str = "", engine: str = "", environment: str = "", keyword: str = "") -> tuple[Template, ...]:
    """Return the templates of this type, engine and environment that have `keyword` in name or text."""
    wanted = {"type": kind, "engine": engine, "environment": environment}
    return tuple(
        each
        for each in shipped().values()
        if all(getattr(each, name) == value for name, value in wanted.items() if value)
        and keyword.lower() in f"{each.name} {each.title} {each.description}".lower()
    )


def template(name: str) -> Template:
    """Return a template by its name, or from the file of that path. Raises NotFound, BadTemplate."""
    if name in shipped():
        return shipped()[name]
    path = Path(name).expanduser()
    if path.suffix.lower() not in (".toml", ".json") or not path.is_file():
        raise NotFound(
            f"There is no template {name[:200]!r}. There are {', '.join(shipped())}, or name a TOML or JSON file."
        )
    if path.stat().st_size > _MAX_BYTES:
        raise BadTemplate(f"{name[:200]!r} is larger than {_MAX_BYTES:,} bytes: no template.")
    return _read(path.stem, path.read_bytes(), name)


def said_by(source: TemplateSource, found: Template, folder: Path) -> dict[str, Any]:
    """Return the fields of a version of the files in `folder`. Raises ModeFixed, ModeMissing, BadTemplate."""
    _refuse_unfit(found, folder)
    services = tuple(each for each in source.services if each in found.services)
    if not services:
        raise BadTemplate(f"The template {found.name} is for {', '.join(found.services)} services. Choose one of them.")
    interface = Interface(mode=_mode(source, found), services=services, template=found.name)
    said = {"task": found.type, "framework": found.engine, "interface": interface, "config": dict(found.config)}
    return {**said, "adapter": found.adapter, "source": f"template:{found.name}"}


def _mode(source: TemplateSource, found: Template) -> Mode:
    """Return the template's mode, or the one chosen where it has none. Source: M20b, 3028 and 3030."""
    if found.mode is None:
        if source.mode is None:
            modes = ", ".join(Mode)
            raise ModeMissing(f"The template {found.name} leaves the mode to you. Choose one of {modes}.")
        return source.mode
    if source.mode not in (None, found.mode):
        raise ModeFixed(
            f"The template {found.name} has the mode {found.mode}, which cannot be changed to {source.mode}. "
            "Leave the mode out, or choose another template."
        )
    return found.mode


def _refuse_unfit(found: Template, folder: Path) -> None:
    names = (
        [folder.name]
        if folder.is_file()
        else [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    )
    for pattern in found.files:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise BadTemplate(
                f"The template {found.name} wants a file {pattern}, and there is none. Add it, or choose another template."
            )


def _read(name: str, data: bytes, where: str) -> Template:
    try:
        said = json.loads(data) if where.lower().endswith(".json") else tomllib.loads(data.decode("utf-8"))
        for key in said:
            if key not in Template.__dataclass_fields__:
                raise BadTemplate(
                    f"{where[:200]!r} is no template: the key {str(key)[:80]!r} is not known. Take it out."
                )
        return msgspec.convert({"name": name, **said}, Template)
    except (ValueError, TypeError, RecursionError) as error:
        raise BadTemplate(f"{where[:200]!r} is no template: {error}. Mend that file.") from error
