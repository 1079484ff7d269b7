"""The user's npm settings, read where npm reads them: nobody configures a registry twice.

Source: npm documentation, "npmrc" (files, order, `${NAME}`, scopes, credentials by address) and "config".
"""

import os
import re
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from jupyter_modelmgmt.domain.errors import SourceFailed

_VARIABLE = re.compile(r"\$\{([^}]+)\}")
_PREFIX = "npm_config_"
_ASKING_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class NpmSettings:
    """`options` are npm's by name, from its files and the environment."""

    options: Mapping[str, str] = field(default_factory=dict)

    def registry(self, package: str) -> str:
        """Return the registry of `package`, by its scope, without a slash at its end. Raises SourceFailed."""
        scope = package.partition("/")[0] if package.startswith("@") else ""
        found = self.options.get(f"{scope}:registry") or self.options.get("registry") or _asked()
        if urlsplit(found).scheme not in ("http", "https"):
            raise SourceFailed("npm's registry is no http address. Mend npm's setting registry, then try again.")
        return found.rstrip("/")

    def authorization(self, url: str) -> str:
        """Return the header that npm sends to `url`: the credentials of the longest address it lies below."""
        parts = urlsplit(url)
        address = f"//{parts.netloc.rpartition('@')[2]}{parts.path}"
        while address.count("/") > 2 or not address.endswith("/"):  # noqa: PLR2004 - //host/ is the shortest
            address = address.rstrip("/").rpartition("/")[0] + "/"
            if address == "//":
                break
            if header := self._credentials(address):
                return header
        return ""

    @property
    def proxies(self) -> dict[str, str]:
        http, https = self.options.get("proxy", ""), self.options.get("https-proxy", "")
        return {scheme: url for scheme, url in (("http", http), ("https", https or http)) if url}

    @property
    def cafile(self) -> str:
        return self.options.get("cafile", "")

    @property
    def timeout_s(self) -> float:
        text = self.options.get("fetch-timeout", "")
        return int(text) / 1000 if text.isdigit() and int(text) else 60.0

    def _credentials(self, address: str) -> str:
        for name in (address, address.rstrip("/")):
            if token := self.options.get(f"{name}:_authToken"):
                return f"Bearer {token}"
            if basic := self.options.get(f"{name}:_auth"):
                return f"Basic {basic}"
            user, password = self.options.get(f"{name}:username"), self.options.get(f"{name}:_password")
            if user and password:
                return "Basic " + b64encode(f"{user}:".encode() + b64decode(password)).decode()
        return ""


def npm_settings(environ: Mapping[str, str] = os.environ) -> NpmSettings:
    """Return what npm's files say, overruled by its environment variables. Raises SourceFailed."""
    said = {key[len(_PREFIX) :]: value for key, value in environ.items() if key.lower().startswith(_PREFIX) and value}
    variables = {_option(key): value for key, value in said.items()}
    home = Path(environ.get("HOME") or Path.home())
    user = Path(variables.get("userconfig") or home / ".npmrc")
    found: dict[str, str] = {}
    for path in (Path(variables.get("globalconfig") or "/etc/npmrc"), user, Path(".npmrc").absolute()):
        found |= _read(path, environ)
    return NpmSettings(options=found | variables)


def _read(path: Path, environ: Mapping[str, str]) -> dict[str, str]:
    if not path.is_file():
        return {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceFailed(f"npm's configuration {path} cannot be read: {error}. Mend it, then try again.") from error
    pairs = (line.partition("=") for line in map(str.strip, lines) if line and line[0] not in ";#[")
    return {key.strip(): _filled(value.strip().strip("\"'"), environ) for key, equals, value in pairs if equals}


def _filled(value: str, environ: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: environ.get(match[1], match[0]), value)


def _option(key: str) -> str:
    """Return an option by its name in files; keys with addresses and scopes stay as they are."""
    return key if key.startswith(("//", "@")) else key.lower().replace("_", "-")


def _asked() -> str:
    """Return the registry that npm itself would ask. Raises SourceFailed where there is no npm."""
    npm = shutil.which("npm")
    if npm is None:
        raise SourceFailed(
            "No npm registry is known: npm is not installed and nothing names one. "
            "Set NPM_CONFIG_REGISTRY, or registry in ~/.npmrc, to the address of one."
        )
    try:
        done = subprocess.run(  # noqa: S603 - the user's npm
            [npm, "config", "get", "registry"], capture_output=True, text=True, check=True, timeout=_ASKING_S
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise SourceFailed(f"npm does not tell its registry: {error}. Set NPM_CONFIG_REGISTRY.") from error
    return done.stdout.strip()
