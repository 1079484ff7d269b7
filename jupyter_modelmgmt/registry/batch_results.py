"""The results of a batch, one a line as they come; a table of them at the end where Parquet was asked for.

A line is `{"item", "status", "result" or "error"}`. Who resumes keeps what was SUCCESSFUL; where some FAILED, the lines
stay beside the table for that.
"""

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import msgspec

from jupyter_modelmgmt.domain.batches import ItemStatus
from jupyter_modelmgmt.domain.errors import BadField, Conflict

_PARQUET = ".parquet"
_SUFFIXES = (".jsonl", _PARQUET)
_JOURNAL = ".partial.jsonl"


class Results:
    """Results on their way to `output`. `kept` names the items that an earlier batch has done."""

    def __init__(self, output: Path, *, resume: bool) -> None:
        self.output = output
        self.kept: set[str] = set()
        self._some_failed = False
        self._journal = _journal(output)
        if resume:
            lines = _kept(self._journal if self._journal.exists() else output)
            self.kept = {line["item"] for line in lines}
            _write(self._journal, lines)
        self._file: IO[str] = self._journal.open("a" if resume else "w", encoding="utf-8")

    def add(self, item: str, *, result: Any = None, error: str = "") -> None:
        """Write what became of one item."""
        status = ItemStatus.FAILED if error else ItemStatus.SUCCESSFUL
        self._some_failed |= bool(error)
        said = {"error": error} if error else {"result": result}
        self._file.write(_line({"item": item, "status": status.value, **said}))

    def flush(self) -> None:
        """Hand to the system what was written."""
        self._file.flush()

    def close(self, *, complete: bool) -> None:
        """End writing; make the table when the batch is complete."""
        self._file.close()
        if complete and self.output != self._journal:
            frame = read(self._journal)
            partial = self.output.with_name(f".{self.output.name}.partial")
            frame.to_parquet(partial, index=False)
            partial.replace(self.output)
            if not self._some_failed:
                self._journal.unlink()


def checked_output(output: str | Path, *, resume: bool) -> Path:
    """Return where results go. Raises BadField, and Conflict for a file that is there unless `resume`."""
    path = Path(output).expanduser().absolute()
    if path.suffix not in _SUFFIXES:
        raise BadField(f"The output is a file ending in {' or '.join(_SUFFIXES)}, not {path.name[:80]!r}.")
    if path.suffix == _PARQUET and not importlib.util.find_spec("pyarrow"):
        raise BadField("Parquet needs pyarrow. Run `pip install pyarrow`, or write to a .jsonl file.")
    if not path.parent.is_dir():
        raise BadField(f"There is no folder {str(path.parent)!r} for the output. Make it first.")
    if not resume and (path.exists() or _journal(path).exists()):
        raise Conflict(f"{path.name} is there already. Go on with it by resume, or name another file.")
    return path


def read(output: Path) -> Any:
    """Return the results as a DataFrame: item, status, error, and a column for each output of the version."""
    import pandas as pd  # noqa: PLC0415 - only who looks at results

    journal = _journal(output)
    if output.suffix == _PARQUET and output.exists() and not journal.exists():
        return pd.read_parquet(output)
    rows = []
    for line in _lines(journal):
        result = line.get("result")
        cells = result if isinstance(result, Mapping) else {"result": result}
        rows.append({
            "item": line["item"], "status": line["status"], "error": line.get("error", ""),
            **({} if "error" in line else {name: _cell(value) for name, value in cells.items()}),
        })  # fmt: skip
    return pd.DataFrame(rows, columns=None if rows else ["item", "status", "error"])


def _line(said: Mapping[str, Any]) -> str:
    """Return JSON in a line; what is no finite number is null."""
    return msgspec.json.encode(said).decode() + "\n"


def _cell(value: Any) -> Any:
    """Return a value as a column of Parquet may hold it: boxes, classes and the like as JSON."""
    numbers = isinstance(value, list) and all(isinstance(each, int | float) for each in value)
    return value if numbers or not isinstance(value, list | dict) else json.dumps(value)


def _journal(output: Path) -> Path:
    return output if output.suffix != _PARQUET else output.with_name(output.name + _JOURNAL)


def _kept(file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    if file.suffix == _PARQUET:
        raise Conflict(f"{file.name} is complete, none failed: there is nothing to resume. Name another file.")
    return [line for line in _lines(file) if line["status"] == ItemStatus.SUCCESSFUL]


def _lines(file: Path) -> list[dict[str, Any]]:
    """Return the lines that are whole: the last one of a process that was killed may not be."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def _write(file: Path, lines: list[dict[str, Any]]) -> None:
    partial = file.with_name(f".{file.name}.partial")
    partial.write_text("".join(map(_line, lines)), encoding="utf-8")
    partial.replace(file)
