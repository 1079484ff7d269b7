"""Verbs on what was captured with a version: open it as a notebook, reproduce it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_modelmgmt.capture import environment, opened_notebook
from jupyter_modelmgmt.capture.clean_kernel import Rerun, rerun
from jupyter_modelmgmt.capture.sources_written import NOTEBOOK, OURS
from jupyter_modelmgmt.domain.errors import BadField, NeedsYes, NotFound
from jupyter_modelmgmt.domain.reproduction import Reproduction, Verdict
from jupyter_modelmgmt.registry.handles import Version
from jupyter_modelmgmt.registry.versions import Versions

WITHIN = 1e-6
_TIMEOUT_S = 600.0
Cells = Sequence[Mapping[str, Any]]


class Capture(Versions):
    """Everything about captured notebooks."""

    def open_notebook(self, selector: str, path: str | Path | None = None) -> Path:
        """Write a notebook that rebuilds a version, and return its path.

        It has what to install, the captured cells, and a cell that loads the version. Without `path`
        it is `name-1.2.0.ipynb` in this folder, with a number where that is taken. Raises NotFound
        for a version without captured cells, BadField for a file that is there.
        """
        version = self.get(selector)
        document = self._captured(version)
        target = _free(version) if path is None else Path(path)
        if target.exists():
            raise BadField(f"{str(target)!r} is there already. Give another path.")
        lines = environment.requirements(version.environment)
        text = json.dumps(opened_notebook.made(document, version, lines), indent=1, ensure_ascii=False)
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(text + "\n")
        except OSError as error:
            raise BadField(f"{str(target)!r} cannot be written: {error.strerror}. Give another path.") from None
        return target

    def reproduce(self, selector: str, *, allow_code: bool = False, timeout_s: float = _TIMEOUT_S) -> Reproduction:
        """Run the captured cells of a version in a clean kernel and say whether they give the same model.

        That runs the code of whoever registered it: `allow_code=True` is the yes to that. Where the
        notebook's folder is here the cells run there, else in this one. Raises NeedsYes, NotFound,
        TimedOut, DeployOnly.
        """
        version = self.get(selector)
        document = self._captured(version)
        if not allow_code:
            raise NeedsYes(
                f"Reproducing {version.selector} runs the cells that it was made with. Read them with open_notebook, "
                "then say allow_code=True."
            )
        variable = document.get("metadata", {}).get(OURS, {}).get("variable", "")
        if not variable or not version.flavor:
            return _not(version, "the model had no variable of its own, so there is nothing to compare with")
        cells: Cells = document["cells"]
        with TemporaryDirectory() as scratch:
            question = {
                "names": [name for cell in cells for name in _values(cell)],
                "variable": variable,
                "flavor": version.flavor,
                "folder": str(version.download(Path(scratch) / "files")),
                "scratch": scratch,
            }
            found = rerun(cells, question, folder=_folder(version), timeout_s=timeout_s)
        return _verdict(version, cells, found)

    def _captured(self, version: Version) -> dict[str, Any]:
        if not any(artifact.path == NOTEBOOK for artifact in version.artifacts):
            raise NotFound(
                f"{version.selector} has no captured cells. Only what is registered from a notebook's memory has them."
            )
        document: dict[str, Any] = json.loads(self.file(version.selector, NOTEBOOK).read_bytes())
        return document


def _free(version: Version) -> Path:
    stem = f"{version.model}-{version.version}"
    tried = (Path(f"{stem}{number}.ipynb") for number in ("", *(f"-{n}" for n in range(2, 1000))))
    return next((path for path in tried if not path.exists()), Path(f"{stem}.ipynb"))


def _folder(version: Version) -> Path:
    said = Path(str(version.code.get("notebook", ""))).parent
    return said if said.is_absolute() and said.is_dir() else Path.cwd()


def _values(cell: Mapping[str, Any]) -> Mapping[str, str]:
    found: Mapping[str, str] = cell.get("metadata", {}).get(OURS, {}).get("values", {})
    return found


def _verdict(version: Version, cells: Cells, found: Rerun) -> Reproduction:
    if found.failed is not None:
        return _not(version, found.error, _number(version, found.failed))
    largest = found.judged.get("largest")
    if largest is not None and largest <= WITHIN:
        verdict = Verdict.EXACTLY if largest == 0 else Verdict.WITHIN
        return Reproduction(version=version.selector, verdict=verdict, largest=largest)
    where = found.judged.get("problem") or f"{found.judged.get('where')} of the model"
    digests = found.judged.get("digests", {})
    for position, cell in enumerate(cells):
        other = [name for name, value in _values(cell).items() if digests.get(name) != value]
        if other:
            return _not(version, f"the variable {other[0]!r}", _number(version, position), largest)
    return _not(version, where, None, largest)


def _not(version: Version, difference: str, cell: int | None = None, largest: float | None = None) -> Reproduction:
    return Reproduction(
        version=version.selector, verdict=Verdict.NOT, difference=difference, cell=cell, largest=largest
    )


def _number(version: Version, position: int) -> int:
    """Return the number that a captured cell had in its notebook."""
    counts = version.code.get("cells")
    return int(counts[position]) if isinstance(counts, list | tuple) and position < len(counts) else position + 1
