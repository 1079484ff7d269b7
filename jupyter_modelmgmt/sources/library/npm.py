"""Package archives from the user's npm registry, downloaded as files: no npm runs, no script of a package does."""

import hashlib
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import requests
from requests.auth import AuthBase

from jupyter_modelmgmt.domain.errors import Damaged, SourceFailed
from jupyter_modelmgmt.sources.library import sessions
from jupyter_modelmgmt.sources.library.index import MAX_ARCHIVE_BYTES, Progress
from jupyter_modelmgmt.sources.library.npm_settings import NpmSettings
from jupyter_modelmgmt.sources.library.urls import reason, shown, write_body

_MAX_LIST_BYTES = 128 << 20
_SHORT = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8"
_HASHES = ("sha512", "sha384", "sha256", "sha1")
_NOT_FOUND = 404


class _Release(msgspec.Struct):
    dist: dict[str, Any]


class _Package(msgspec.Struct):
    versions: dict[str, _Release]


def download(package: str, version: str, target: Path, settings: NpmSettings, progress: Progress) -> str:
    """Write the archive of `package` to `target` and return its file name.

    Raises SourceFailed when the registry does not deliver, Damaged when the bytes are not those it announced.
    """
    registry = settings.registry(package)
    try:
        with sessions.session() as session:
            session.auth = _Credentials(settings)
            session.verify = settings.cafile or session.verify
            session.proxies.update(settings.proxies)
            dist = _release(session, registry, package, version, target, settings).dist
            url = str(dist.get("tarball", ""))
            write_body(session, url, target, MAX_ARCHIVE_BYTES, progress, timeout_s=settings.timeout_s)
    except requests.RequestException as error:
        raise SourceFailed(
            f"{package}@{version} could not be fetched: {shown(registry)} did not answer ({reason(error)}). "
            "Check the network and npm's setting registry, then try again."
        ) from error
    _verify(target, dist, f"{package}@{version}")
    return url.rpartition("/")[2] or "package.tgz"


def _release(
    session: requests.Session, registry: str, package: str, version: str, target: Path, settings: NpmSettings
) -> _Release:
    """Return what the registry tells of one version."""
    session.headers["Accept"] = _SHORT
    url = f"{registry}/{quote(package, safe='@')}"
    try:
        write_body(session, url, target, _MAX_LIST_BYTES, lambda *_: None, timeout_s=settings.timeout_s)
    except requests.HTTPError as error:
        if error.response is None or error.response.status_code != _NOT_FOUND:
            raise
        found = None
    else:
        found = _read(target.read_bytes(), registry).versions.get(version)
    del session.headers["Accept"]
    if found is None:
        raise SourceFailed(
            f"The npm registry has no {package}@{version} (asked: {shown(registry)}). "
            "Set one that has it, for example by NPM_CONFIG_REGISTRY."
        )
    return found


def _read(data: bytes, registry: str) -> _Package:
    try:
        return msgspec.json.decode(data, type=_Package)
    except msgspec.DecodeError as error:
        raise SourceFailed(f"{shown(registry)} is no npm registry: {error}. Check npm's setting registry.") from error


def _verify(archive: Path, dist: dict[str, Any], what: str) -> None:
    """Raise Damaged unless the archive has a digest that the registry announced."""
    announced = dict(text.split("-", 1) for text in str(dist.get("integrity", "")).split() if "-" in text)
    kind = next((kind for kind in _HASHES if kind in announced), "")
    if not kind and "shasum" not in dist:
        return  # the library checks the file's own digest in any case
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, kind or "sha1")
    good = announced[kind] == b64encode(found.digest()).decode() if kind else dist["shasum"] == found.hexdigest()
    if not good:
        raise Damaged(f"{what} arrived with other bytes than its registry announced. Try again.")


class _Credentials(AuthBase):
    """Sends each host what npm's settings have for it, and nothing to others."""

    def __init__(self, settings: NpmSettings) -> None:
        self._settings = settings

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if header := self._settings.authorization(request.url or ""):
            request.headers["Authorization"] = header
        return request
