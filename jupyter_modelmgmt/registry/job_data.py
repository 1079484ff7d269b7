"""Data that people hand to training and evaluating, as files that another process reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain.errors import BadField, BadFile
from jupyter_modelmgmt.domain.tracking import Dataset

FRAME = "frame.pickle"
_PAIR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Where data lies; `own` when this process wrote it a moment ago."""

    path: Path
    own: bool = False


def golden(data: Any, dataset: Dataset | None, folder: Path) -> Laid:
    """Return golden data as a file or folder: what was given, else where the dataset says it lies. Raises BadFile."""
    if data is None:
        return Laid(path=_source(dataset))
    if isinstance(data, str | Path):
        return Laid(path=_there(Path(data)))
    frame(data).to_pickle(folder / FRAME)
    return Laid(path=folder / FRAME, own=True)


def frame(data: Any) -> Any:
    """Return a DataFrame, or a pair of inputs and truth as one with the column `target`. Raises BadField."""
    import pandas as pd  # noqa: PLC0415 - only for those who bring tables

    if isinstance(data, pd.DataFrame):
        return data
    if not isinstance(data, tuple) or len(data) != _PAIR:
        raise BadField(f"Data is a path, a DataFrame or a pair (x, y), not a {type(data).__name__}.")
    inputs, truth = data
    table = inputs.copy() if isinstance(inputs, pd.DataFrame) else pd.DataFrame(inputs)
    table.columns = [str(name) for name in table.columns]
    return table.assign(target=list(truth))


def training(data: Any, dataset: Dataset | None, folder: Path) -> Path:
    """Return the folder that `train` reads: one given, or one with a file a role: `train.csv`, `validation.csv`.

    A mapping has data by role. Raises BadFile, BadField. Source: D4, D13.
    """
    if data is None:
        return _source(dataset)
    if isinstance(data, str | Path) and Path(data).is_dir():
        return Path(data).resolve()
    target = folder / "data"
    target.mkdir()
    for role, value in (data if isinstance(data, Mapping) else {"train": data}).items():
        if isinstance(value, str | Path):
            path = _there(Path(value))
            (target / f"{role}{path.suffix}").symlink_to(path, target_is_directory=path.is_dir())
        else:
            frame(value).to_csv(target / f"{role}.csv", index=False)
    return target


def _source(dataset: Dataset | None) -> Path:
    said = dataset.source if dataset else ""
    path = Path(said).expanduser()
    if not said or not path.exists():
        name = dataset.selector if dataset else "the dataset"
        raise BadFile(f"The bytes of {name} are not here: it says {said or 'nothing'!r}. Give data=...")
    return path.resolve()


def _there(path: Path) -> Path:
    if not path.expanduser().exists():
        raise BadFile(f"There is no file {str(path)!r}. Give the path of data that is there.")
    return path.expanduser().resolve()
