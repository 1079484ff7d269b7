"""A folder of files held against the version that they were downloaded from."""

from collections.abc import Sequence
from pathlib import Path

from jupyter_modelmgmt.capture.datasets import fingerprint
from jupyter_modelmgmt.domain.errors import BadFile
from jupyter_modelmgmt.domain.records import Artifact
from jupyter_modelmgmt.domain.sources import ReferenceCheck


def check(artifacts: Sequence[Artifact], folder: Path) -> ReferenceCheck:
    """Return which files of `folder` differ from `artifacts`, are missing, or are none of them. Raises BadFile."""
    if not folder.is_dir():
        raise BadFile(f"There is no folder {str(folder)!r}. Give the one that the version was downloaded into.")
    lying = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if not path.is_dir()}
    known = {artifact.path: artifact for artifact in artifacts}
    changed = [name for name, artifact in known.items() if name in lying and _differs(lying[name], artifact)]
    return ReferenceCheck(
        uri=folder.absolute().as_uri(),
        checked=len(known),
        changed=tuple(sorted(changed)),
        missing=tuple(sorted(known.keys() - lying.keys())),
        extra=tuple(sorted(lying.keys() - known.keys())),
    )


def _differs(path: Path, artifact: Artifact) -> bool:
    """Tell whether a file has other bytes; the size alone tells most, a link that leads nowhere is another file."""
    return not path.is_file() or path.stat().st_size != artifact.size or fingerprint(path).digest != artifact.digest
