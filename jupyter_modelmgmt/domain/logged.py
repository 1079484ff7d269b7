"""What runs, series, datasets and evaluations may hold, checked before anything is written."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from jupyter_modelmgmt.domain import fields
from jupyter_modelmgmt.domain.errors import BadField, BadMetric, BadSelector
from jupyter_modelmgmt.domain.records import DatasetUse, Params
from jupyter_modelmgmt.domain.tracking import NewDataset, Role, RunStatus

_MAX_KEY = 255
_MAX_COLUMNS = 1000
_GREATEST = 1.7e308
_POINTER = re.compile(r"[1-9]\d{0,8}", re.ASCII)
_DIGEST = re.compile(r"[!-~]{1,255}", re.ASCII)


def params(given: Mapping[str, Any]) -> Params:
    """Return params as a version holds them. Raises BadField."""
    return fields.new_version("run", None, (), {"params": given}).params


def metrics(given: Mapping[str, Any]) -> Mapping[str, float]:
    """Return plain numbers as a version holds them. Raises BadMetric."""
    return fields.new_version("run", None, (), {"metrics": given}).metrics


def source(given: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Return where code is: notebook, cells, git_commit, script. Raises BadField."""
    return fields.new_version("run", None, (), {"code": given}).code


def run_name(name: str) -> str:
    """Return `name` if a run may have it: one line of text. Raises BadField."""
    if not isinstance(name, str) or not 0 < len(name) <= _MAX_KEY or not name.isprintable():
        raise BadField(f"{str(name)[:80]!r} cannot be a run's name. Use 1 to {_MAX_KEY} printable characters.")
    return name


def figure(name: str, what: str = "metric") -> str:
    """Return `name` if a metric, or the figure of a series, may have it. Raises BadMetric."""
    if not isinstance(name, str) or not 0 < len(name) <= _MAX_KEY or not name.isprintable():
        raise BadMetric(f"{str(name)[:80]!r} cannot be the name of a {what}. Use 1 to {_MAX_KEY} printable characters.")
    return name


def legend(name: str) -> str:
    """Return `name` if a line of a chart may have it; empty for the only line. Raises BadMetric."""
    return figure(name, "line") if name != "" else ""


def number(key: str, value: Any) -> float:
    """Return a point's value; NaN and infinities are values, too. Raises BadMetric."""
    try:
        return float(value)
    except (TypeError, ValueError):
        raise BadMetric(f"The metric {key!r} is not a number. Give a number, or log it as a param.") from None


def step(value: Any) -> float:
    """Return where on its curve a point lies. Raises BadMetric."""
    try:
        x = float(value)
    except (TypeError, ValueError):
        x = math.nan
    if not math.isfinite(x):
        raise BadMetric(f"The step {value!r:.80} is not a finite number. Number the steps, for example step=1.")
    return x


def run_status(word: str) -> RunStatus:
    """Return `word` as the status of a run. Raises BadField."""
    try:
        return RunStatus(word)
    except ValueError:
        raise BadField(f"{word!r} is not the status of a run. Use one of {', '.join(RunStatus)}.") from None


def end_status(word: str) -> RunStatus:
    """Return `word` as the status that a run ends with. Raises BadField."""
    status = run_status(word)
    if status is RunStatus.RUNNING:
        raise BadField("A run ends as finished, failed or killed. To let it go on, resume it.")
    return status


def role(word: str) -> Role:
    """Return `word` as the role of a dataset. Raises BadField."""
    try:
        return Role(word)
    except ValueError:
        raise BadField(f"{word!r} is not a role of a dataset. Use one of {', '.join(Role)}.") from None


def uses(given: Sequence[DatasetUse]) -> list[tuple[str, Role]]:
    """Return selectors of datasets with their roles. Raises BadField."""
    return [(use.dataset, role(use.role)) for use in given]


def dataset_pointer(selector: str) -> tuple[str, int | None]:
    """Return name and number of `name@3`; the number is None for the newest: `name`, `name@latest`.

    Raises BadSelector, BadName.
    """
    name, at, text = selector.partition("@")
    if at and text != "latest" and not _POINTER.fullmatch(text):
        raise BadSelector(f"{selector[:80]!r} points at no dataset. Use a name, or name@3 for its third digest.")
    return fields.checked_name(name), int(text) if at and text != "latest" else None


def new_dataset(new: NewDataset) -> NewDataset:
    """Return a dataset that may be registered. Raises BadName, BadField with what to mend."""
    return replace(
        new,
        name=fields.checked_name(new.name),
        digest=_digest(new.digest),
        fields=_columns(new.fields),
        size=_count("size", new.size),
        rows=None if new.rows is None else _count("rows", new.rows),
        source=fields.checked_text("source", new.source),
        description=fields.checked_text("description", new.description),
        statistics=_statistics(new.statistics),
    )


def _digest(text: str) -> str:
    if not isinstance(text, str) or not _DIGEST.fullmatch(text):
        raise BadField(
            f"{str(text)[:80]!r} is no digest. Use 1 to 255 characters without blanks, for example sha256:..."
        )
    return text


def _columns(given: Mapping[str, Any]) -> Mapping[str, str]:
    checked = fields.new_version("dataset", None, (), {"config": given}).config
    return {name: str(kind) for name, kind in checked.items()}


def _statistics(given: Mapping[str, Any]) -> Mapping[str, Mapping[str, float]]:
    """Return numbers by column. Raises BadField for what is none, and for more columns than anybody reads."""
    if not isinstance(given, Mapping) or len(given) > _MAX_COLUMNS:
        raise BadField(f"Give statistics as a dict of numbers for each of at most {_MAX_COLUMNS} columns.")
    for column, numbers in given.items():
        if not isinstance(numbers, Mapping) or not all(_is_statistic(*item) for item in numbers.items()):
            raise BadField(f"The statistics of {str(column)[:80]!r} are not a dict of finite numbers. Leave them out.")
    return {str(column): dict(numbers) for column, numbers in given.items()}


def _is_statistic(name: Any, value: Any) -> bool:
    return isinstance(name, str) and len(name) <= _MAX_KEY and isinstance(value, int | float) and abs(value) < _GREATEST


def _count(field: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise BadField(f"{field} is a whole number, 0 or greater.")
    return value
