"""What a model file that is a zip holds, read within bounds."""

import json
import zipfile
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain.errors import BadFile

MAX_MEMBERS = 200_000
MAX_RATIO = 1000
MAX_JSON_BYTES = 64 << 20


def members(path: Path, kind: str) -> frozenset[str]:
    """Return the names inside the `kind` file at `path`. Raises BadFile for no zip, a broken one and a bomb."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise BadFile(f"{path.name} is not a {kind} file: {error}. Save the model again.") from error
    unpacked, packed = sum(member.file_size for member in inside), path.stat().st_size
    if len(inside) > MAX_MEMBERS or unpacked > MAX_RATIO * packed:
        raise BadFile(f"{path.name} unpacks to {len(inside):,} parts of {unpacked:,} bytes, too many for {packed:,}.")
    return frozenset(member.filename for member in inside)


def json_of(path: Path, member: str, kind: str) -> dict[str, Any]:
    """Return the JSON object in `member`. Raises BadFile."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as file:
            data = file.read(MAX_JSON_BYTES + 1)
        value = json.loads(data) if len(data) <= MAX_JSON_BYTES else None
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, RecursionError, NotImplementedError) as error:
        raise BadFile(f"{path.name} is not a {kind} file: {error}. Save the model again.") from error
    if not isinstance(value, dict):
        raise BadFile(f"{path.name} is not a {kind} file: {member} is no JSON object of a sane size.")
    return value
