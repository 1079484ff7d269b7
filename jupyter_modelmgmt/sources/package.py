"""What a model package says of itself: `config.json`, and the files beside it. Source: M16, M17."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain.containers import CONTAINER, Container, HealthCheck, container
from jupyter_modelmgmt.domain.interfaces import Interface, Mode, Service
from jupyter_modelmgmt.domain.package_config import (
    CONFIG_FILE,
    IMAGE,
    MAX_CONFIG_BYTES,
    PackageConfig,
    package_config,
)
from jupyter_modelmgmt.domain.refusals import BadConfigFile, ConfigMalformed

CODE_FILE = "customize_service.py"
REQUIREMENTS = "requirements.txt"
_ADAPTERS = {"image_classification": "image_classifier", "object_detection": "object_detector"}
_OTHERS = ("architectures", "transformers_version", "_class_name")  # keys of other tools' config.json
_MAX_LINES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a new version says of itself; `framework` counts where no flavor knows the files."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    framework: str = ""
    adapter: str = ""


def said_by(folder: Path, mode: Mode | None, services: tuple[Service, ...]) -> Said:
    """Return what the package in `folder`, or the one file, says. Raises BadConfigFile and what lies below it."""
    config = _config(folder) if folder.is_dir() else None
    if config is None:
        return Said(fields={"interface": Interface(mode=mode or Mode.ADAPTER, services=services)})
    fields: dict[str, Any] = {
        "task": config.task,
        "metrics": config.metrics,
        "interface": Interface(mode=mode or config.mode, services=services, apis=config.apis),
        "properties": {"algorithm": config.algorithm, **({"runtime": config.runtime} if config.runtime else {})},
        "environment": required(config.requirements),
    }
    if config.engine == IMAGE:
        fields |= _of_image(config)
    return Said(fields=fields, framework=config.framework, adapter=_ADAPTERS.get(config.algorithm, ""))


def required(lines: Sequence[str]) -> dict[str, Any]:
    """Return an environment that asks for `lines`: those with an exact version are its packages too."""
    pinned = dict(line.split("==", 1) for line in lines if line.count("==") == 1 and not set(line) & set(" ;[,@"))
    return {"requirements": list(lines), "packages": pinned} if lines else {}


def requirement_lines(folder: Path) -> tuple[str, ...]:
    """Return the lines of the folder's requirements.txt that name packages."""
    path = folder / REQUIREMENTS
    if not folder.is_dir() or not path.is_file() or path.stat().st_size > MAX_CONFIG_BYTES:
        return ()
    lines = (line.partition(" #")[0].strip() for line in path.read_text("utf-8", errors="replace").splitlines())
    return tuple(line for line in lines if line and line[0] not in "#-")[:_MAX_LINES]


def _config(folder: Path) -> PackageConfig | None:
    path = folder / CONFIG_FILE
    if not path.is_file():
        return None
    if path.stat().st_size > MAX_CONFIG_BYTES:
        raise ConfigMalformed(f"{CONFIG_FILE} is larger than {MAX_CONFIG_BYTES:,} bytes. Mend it.")
    data = path.read_bytes()
    if _of_another_tool(data):
        return None
    _refuse_several(folder)
    return package_config(data)


def _refuse_several(folder: Path) -> None:
    """Raise BadConfigFile for a package with two of what there is one of. Source: M16."""
    for name in (CONFIG_FILE, CODE_FILE):
        found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob(name))
        if len(found) > 1:
            raise BadConfigFile(f"There is one {name} in a model package, not {', '.join(found[:5])}. Leave one.")


def _of_another_tool(data: bytes) -> bool:
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and "model_algorithm" not in said and any(key in said for key in _OTHERS)


def _of_image(config: PackageConfig) -> dict[str, Any]:
    described = Container(image=config.image, health=config.health or HealthCheck())
    return {"flavor": CONTAINER, "framework": CONTAINER, "config": container(described.config).config}
