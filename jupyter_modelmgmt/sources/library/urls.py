"""A file from a URL, no longer than expected. Proxies and certificates are those that requests finds."""

from pathlib import Path
from urllib.parse import urlsplit

import requests

from jupyter_modelmgmt.domain.errors import SourceFailed
from jupyter_modelmgmt.sources.library import sessions
from jupyter_modelmgmt.sources.library.index import Progress

TIMEOUT_S = 60
_CHUNK = 1 << 16


def download(url: str, target: Path, limit: int, progress: Progress) -> None:
    """Write what `url` answers to `target`, at most `limit` bytes. Raises SourceFailed."""
    try:
        with sessions.session() as session:
            write_body(session, url, target, limit, progress, timeout_s=TIMEOUT_S)
    except requests.RequestException as error:
        raise SourceFailed(
            f"{shown(url)} did not deliver: {reason(error)}. Check the network and the address, then try again."
        ) from error


def write_body(
    session: requests.Session, url: str, target: Path, limit: int, progress: Progress, *, timeout_s: float
) -> None:
    """Write the body of a GET to `target`. Raises RequestException, and SourceFailed beyond `limit` bytes."""
    with session.get(url, stream=True, timeout=timeout_s) as response:
        response.raise_for_status()
        total, done = int(response.headers.get("Content-Length") or 0), 0
        with target.open("wb") as file:
            for data in response.iter_content(_CHUNK):
                done += len(data)
                if done > limit:
                    raise SourceFailed(f"{shown(url)} sent more than {limit:,} bytes; it was stopped. Check the size.")
                file.write(data)
                progress(done, total)


def shown(url: str) -> str:
    """Return the host of `url`: the rest may hold a secret."""
    return urlsplit(url).hostname or url[:80]


def reason(error: Exception) -> str:
    """Return in few words what went wrong."""
    response = getattr(error, "response", None)
    return f"HTTP {response.status_code}" if response is not None else type(error).__name__
