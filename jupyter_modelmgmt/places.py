"""Where a registry lies when nobody says so."""

import getpass
import os
import socket
from pathlib import Path

URL_VARIABLE = "JUPYTER_MODELMGMT_URL"
ARTIFACTS_VARIABLE = "JUPYTER_MODELMGMT_ARTIFACTS"
LIBRARY_VARIABLE = "JUPYTER_MODELMGMT_LIBRARY"
HOST_VARIABLE = "JUPYTER_MODELMGMT_HOST"
_SQLITE = "sqlite:///"


def place(url: str | None, artifacts: str | Path | None) -> tuple[str, str]:
    """Return URL and artifacts' place: as given, else from the environment, else Jupyter's data folder.

    The Jupyter server sets the environment, so its kernels and terminals open its registry.
    """
    known = _absolute(os.environ.get(URL_VARIABLE) or "")
    url = _absolute(url or "") or known or f"{_SQLITE}{_data_folder() / 'registry.db'}"
    told = os.environ.get(ARTIFACTS_VARIABLE) if known in ("", url) else None  # else those of another registry
    return url, str(artifacts or told or _beside(url))


def user() -> str:
    """Return who runs this process, as events name it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # KeyError before Python 3.13
        return "unknown"


def host_name() -> str:
    """Return `user@machine`: whose deployments the host runs where several share a database.

    Where machines change their names, as containers do, the environment gives one that stays.
    """
    return os.environ.get(HOST_VARIABLE) or f"{user()}@{socket.gethostname()}"[:255]


def _absolute(url: str) -> str:
    """Return `url` so that it means the same in the host, which works in another folder."""
    if not url.startswith(_SQLITE):
        return url
    path, question, query = url.removeprefix(_SQLITE).partition("?")
    return f"{_SQLITE}{Path(path).absolute()}{question}{query}"


def _data_folder() -> Path:
    from jupyter_core.paths import jupyter_data_dir  # noqa: PLC0415 - only where nobody placed the registry

    return Path(jupyter_data_dir()) / "modelmgmt"


def _beside(url: str) -> Path:
    """Return the folder of the SQLite file: a registry is one folder that can be carried away."""
    if url.startswith(_SQLITE):
        return Path(url.removeprefix(_SQLITE).partition("?")[0]).parent
    return _data_folder()
