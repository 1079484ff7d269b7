"""Which packages a worker needs in an environment that is not Jupyter's, and how uv finds them."""

import os
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from jupyter_modelmgmt.domain.errors import ServingFailed
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.pip_settings import Index, pip_settings

_PACKAGE = "jupyter_modelmgmt"
# Distribution by the module that a worker imports of it.
_WORKER = {
    "cloudpickle": "cloudpickle",
    "httptools": "httptools",
    "msgspec": "msgspec",
    "multipart": "python-multipart",
    "numpy": "numpy",
    "PIL": "pillow",
    "prometheus_client": "prometheus-client",
    "starlette": "starlette",
    "uvicorn": "uvicorn",
}
# What loads a flavor's files beside the packages of the model itself.
_FLAVORS = {"sklearn": "skops", "onnx": "onnxruntime", "tflite": "ai-edge-litert"}
PROBE = """
import importlib.util, sys
assert sys.version_info >= (3, 11), "it is Python " + sys.version.split()[0]
print(*(name for name in sys.argv[1:] if importlib.util.find_spec(name) is None))
"""


def lines(version: ModelVersion) -> str:
    """Return what an environment for `version` installs, as lines for pip: its pinned packages, and a worker's.

    Raises ServingFailed for a version that does not say what it was made with.
    """
    recorded = version.environment.get("packages")
    if not recorded:
        raise ServingFailed(
            f"{version.selector} does not say which packages it needs, so no environment can be built for it. "
            "Deploy with environment='jupyter' or the path of a Python."
        )
    pinned = {canonicalize_name(name): str(number) for name, number in recorded.items()}
    needed = [*_WORKER.values(), *filter(None, [_FLAVORS.get(version.flavor)])]
    pins = [f"{name}=={number}" for name, number in pinned.items() if name != canonicalize_name(_PACKAGE)]
    own = [str(line) for line in _requirements() if line.name in needed and canonicalize_name(line.name) not in pinned]
    return "".join(f"{line}\n" for line in sorted([*pins, *own]))


def modules() -> tuple[str, ...]:
    """Return the modules that every worker imports."""
    return tuple(_WORKER)


def distributions(lacking: Iterable[str]) -> list[str]:
    """Return the distributions that have the modules `lacking`."""
    return [_WORKER[name] for name in lacking]


def own_metadata() -> Path:
    """Return the folder that tells of this installed package: its entry points are there."""
    files = metadata.files(_PACKAGE) or []
    return next(Path(str(file.locate())).parent for file in files if file.name == "METADATA")


def uv() -> str:
    """Return the path of uv."""
    from uv import find_uv_bin  # noqa: PLC0415  # only who builds an environment needs it

    return str(find_uv_bin())


def uv_environ() -> dict[str, str]:
    """Return environment variables with which uv uses the indexes that pip uses; what is said to uv itself wins."""
    settings = pip_settings()
    first, *others = settings.indexes
    told = {
        "UV_DEFAULT_INDEX": _url(first),
        "UV_INDEX": " ".join(_url(index) for index in others),
        "UV_INDEX_STRATEGY": "unsafe-best-match",  # as pip does: all indexes are equal
        "UV_FIND_LINKS": ",".join(settings.find_links),
        "UV_HTTP_TIMEOUT": f"{settings.timeout_s:.0f}",
        "SSL_CERT_FILE": settings.cert,
        "ALL_PROXY": settings.proxy,
    }
    environ = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    return {**{name: value for name, value in told.items() if value}, **environ}


def _url(index: Index) -> str:
    if not index.login:
        return index.url
    scheme, _, rest = index.url.partition("://")
    return f"{scheme}://{':'.join(index.login)}@{rest}"


def _requirements() -> list[Requirement]:
    return [Requirement(line) for line in metadata.requires(_PACKAGE) or [] if "extra ==" not in line]
