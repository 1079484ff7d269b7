"""Package archives from the user's indexes, downloaded as files: never built, never run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import algorithms_guaranteed
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit
from urllib.request import url2pathname

import requests
from packaging.utils import canonicalize_name
from pypi_simple import (
    DigestMismatchError,
    DistributionPackage,
    NoSuchProjectError,
    PyPISimple,
    UnsupportedContentTypeError,
    UnsupportedRepoVersionError,
)
from requests.adapters import BaseAdapter
from requests.auth import AuthBase, HTTPBasicAuth

from jupyter_modelmgmt.domain.errors import Damaged, SourceFailed
from jupyter_modelmgmt.pip_settings import Index, PipSettings
from jupyter_modelmgmt.sources.library import sessions

MAX_ARCHIVE_BYTES = 1 << 30
_SUFFIXES = (".whl", ".tar.gz", ".tgz", ".zip")
_UNREACHABLE = (requests.RequestException, UnsupportedContentTypeError, UnsupportedRepoVersionError)

Progress = Callable[[int, int], None]


def download(project: str, version: str, target: Path, settings: PipSettings, progress: Progress) -> str:
    """Write an archive of `project` to `target` and return its file name, wheels before sources.

    `progress` gets bytes done and bytes in all, 0 while unknown; what it raises ends the download.
    Raises SourceFailed when no index delivers, Damaged when the bytes are not those the index announced.
    """
    failures = []
    for index in settings.indexes:
        with _client(index, settings) as client:
            try:
                package = _package(client, project, version, settings.timeout_s)
                if package:
                    _fetch(client, package, target, settings.timeout_s, progress)
                    return package.filename
            except DigestMismatchError as error:
                raise Damaged(
                    f"{project}=={version} arrived with other bytes than its index announced. Try again."
                ) from error
            except _UNREACHABLE as error:
                failures.append(f"{_shown(index.url)} did not answer ({_reason(error)})")
    raise SourceFailed(_message(project, version, settings, failures))


def _package(client: PyPISimple, project: str, version: str, timeout_s: float) -> DistributionPackage | None:
    try:
        page = client.get_project_page(project, timeout=timeout_s)
    except NoSuchProjectError:
        return None
    found = [p for p in page.packages if _is_release(p, project, version) and p.filename.endswith(_SUFFIXES)]
    return min(found, key=lambda p: (p.package_type != "wheel", p.filename), default=None)


def _is_release(package: DistributionPackage, project: str, version: str) -> bool:
    return canonicalize_name(package.project or "") == canonicalize_name(project) and package.version == version


def _fetch(
    client: PyPISimple, package: DistributionPackage, target: Path, timeout_s: float, progress: Progress
) -> None:
    announced = not algorithms_guaranteed.isdisjoint(package.digests)
    client.download_package(
        package,
        target,
        verify=announced,
        timeout=timeout_s,
        progress=lambda total: _Tracker(progress, total or package.size or 0),
    )


@contextmanager
def _client(index: Index, settings: PipSettings) -> Iterator[PyPISimple]:
    with sessions.session() as session:
        session.mount("file://", _LocalFiles())
        if settings.cert:
            session.verify = settings.cert
        if settings.client_cert:
            session.cert = settings.client_cert
        if settings.proxy:
            session.proxies = {"http": settings.proxy, "https": settings.proxy}
        if index.login:
            session.auth = _Login(index)
        yield PyPISimple(index.url, session=session)


class _Login(AuthBase):
    """Sends user and password to the index's own host only, not to where its links lead."""

    def __init__(self, index: Index) -> None:
        self._origin = _origin(index.url)
        self._basic = HTTPBasicAuth(*(index.login or ("", "")))

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return self._basic(request) if _origin(request.url or "") == self._origin else request


class _LocalFiles(BaseAdapter):
    """Serves `file:` indexes, so that a folder of packages works like a server of them."""

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        path = Path(url2pathname(urlsplit(request.url or "").path))
        file = path / "index.html" if path.is_dir() else path
        response = requests.Response()
        response.request, response.url = request, request.url or ""
        response.status_code = 200 if file.is_file() else 404
        if file.is_file():
            response.raw = _ClosingFile(file)
            response.headers["Content-Length"] = str(file.stat().st_size)
            response.headers["Content-Type"] = "text/html" if file.suffix == ".html" else "application/octet-stream"
        return response

    def close(self) -> None:
        """Nothing is kept open between requests."""


class _ClosingFile(FileIO):
    """A file that closes at its end: requests leaves that to connections."""

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(-1 if size is None else size)
        if not data:
            self.close()
        return data


@dataclass(slots=True)
class _Tracker:
    """What pypi-simple reports downloaded bytes to."""

    progress: Progress
    total: int
    done: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to end."""

    def update(self, increment: int) -> None:
        self.done += increment
        if self.done > MAX_ARCHIVE_BYTES:
            raise SourceFailed(
                f"The index sent more than {MAX_ARCHIVE_BYTES:,} bytes for one archive; it was stopped. "
                "Check the entry's source."
            )
        self.progress(self.done, self.total)


def _message(project: str, version: str, settings: PipSettings, failures: list[str]) -> str:
    if failures:
        return (
            f"{project}=={version} could not be fetched: {'; '.join(failures)}. "
            "Check the network and pip's index settings (index-url, extra-index-url), then try again."
        )
    places = ", ".join(_shown(index.url) for index in settings.indexes)
    return (
        f"No index has an archive of {project}=={version} (asked: {places}). "
        "Set an index that has it, for example by PIP_INDEX_URL."
    )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()


def _shown(url: str) -> str:
    return urlsplit(url).hostname or url


def _reason(error: Exception) -> str:
    status = (
        error.response.status_code if isinstance(error, requests.HTTPError) and error.response is not None else None
    )
    return f"HTTP {status}" if status else type(error).__name__
