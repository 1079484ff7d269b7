"""The user's package index settings, read where pip reads them: nobody configures an index twice.

Source: pip documentation, "Configuration" (files, sections, precedence) and "Authentication".
"""

import os
import sys
from collections.abc import Iterator, Mapping
from configparser import Error, RawConfigParser
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import platformdirs
from pypi_simple import PYPI_SIMPLE_ENDPOINT

from jupyter_modelmgmt.domain.errors import SourceFailed

_SECTIONS = ("global", "download")
_TRUE = ("1", "true", "yes", "on", "y", "t")


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A simple repository; `login` is user and password, which `url` does not hold."""

    url: str
    login: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipSettings:
    """`cert` is a file of certificate authorities, empty for the usual ones; `find_links` are places of archives."""

    indexes: tuple[Index, ...]
    find_links: tuple[str, ...] = ()
    cert: str = ""
    client_cert: str = ""
    proxy: str = ""
    timeout_s: float = 15.0


def pip_settings(environ: Mapping[str, str] = os.environ) -> PipSettings:
    """Return what pip's files say, overruled by its environment variables.

    Raises SourceFailed when pip is told to use no index.
    """
    options = {**_file_options(environ), **_environment_options(environ)}
    if options.get("no-index", "").lower() in _TRUE:
        raise SourceFailed(
            "pip is set to use no index (no-index), so nothing can be fetched. Change that setting, then try again."
        )
    urls = [options.get("index-url") or PYPI_SIMPLE_ENDPOINT, *options.get("extra-index-url", "").split()]
    return PipSettings(
        indexes=tuple(_index(url) for url in urls),
        find_links=tuple(options.get("find-links", "").split()),
        cert=options.get("cert", ""),
        client_cert=options.get("client-cert", ""),
        proxy=options.get("proxy", ""),
        timeout_s=_seconds(options.get("timeout") or options.get("default-timeout") or "15"),
    )


def _index(url: str) -> Index:
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    bare = urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
    name, _, password = user.partition(":")
    return Index(url=bare, login=(unquote(name), unquote(password)) if user else None)


def _environment_options(environ: Mapping[str, str]) -> dict[str, str]:
    return {_option(key[4:]): value for key, value in environ.items() if key.startswith("PIP_") and value}


def _file_options(environ: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in _files(environ):
        parser = RawConfigParser()
        try:
            parser.read(path, "utf-8")
        except (Error, UnicodeDecodeError) as error:
            raise SourceFailed(
                f"pip's configuration {path} cannot be read: {error}. Mend it, then try again."
            ) from error
        for section in _SECTIONS:
            if parser.has_section(section):
                found.update((_option(key), value) for key, value in parser.items(section))
    return found


def _files(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield the places of pip's files, least important first."""
    name = "pip.ini" if sys.platform == "win32" else "pip.conf"
    chosen = environ.get("PIP_CONFIG_FILE", "")
    if chosen == os.devnull:
        return
    yield platformdirs.site_config_path("pip", appauthor=False) / name
    yield Path("/etc") / name
    if not (chosen and Path(chosen).exists()):
        home = Path(environ.get("HOME") or Path.home())
        yield home / ".pip" / name
        yield Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / name
        yield platformdirs.user_config_path("pip", appauthor=False, roaming=True) / name
    yield Path(sys.prefix) / name
    if chosen:
        yield Path(chosen)


def _option(key: str) -> str:
    return key.lower().replace("_", "-").removeprefix("--")


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SourceFailed(
            f"pip's timeout is {text!r}, not a number of seconds. Mend that setting, then try again."
        ) from None
