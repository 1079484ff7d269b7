"""Results as people read them in a terminal, and as JSON."""

import dataclasses
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from jupyter_modelmgmt.cli.tables import Listed, text
from jupyter_modelmgmt.domain.compare import ComparisonTable
from jupyter_modelmgmt.domain.evidence import Signature
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.previews import Preview
from jupyter_modelmgmt.registry import display
from jupyter_modelmgmt.registry.boards import ScoreBoard
from jupyter_modelmgmt.registry.curves import Curves
from jupyter_modelmgmt.registry.examples import Example
from jupyter_modelmgmt.registry.handles import Comparison
from jupyter_modelmgmt.registry.lineage import ShownLineage
from jupyter_modelmgmt.verbs.base import Told

_WIDE = 10_000
_LISTED = 20
_BAR = 20

Part = Listed | Table | Text


def as_json(result: object) -> str:
    """Return what REST answers, as text: records as objects, lists as arrays."""
    match result:
        case Told():
            result = result.record
        case str():
            result = {"text": in_terminal(result)}
        case Path():
            result = {"path": str(result)}
        case Comparison():
            result = result.table
        case Curves():
            result = [curve.record() for curve in result]
    return msgspec.json.format(msgspec.json.encode(result, enc_hook=_plain), indent=2).decode()


def _plain(value: Any) -> Any:
    """Return arrays and numpy's numbers as JSON has them, other objects as their text."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


def show(result: object) -> None:
    """Write a result to stdout: lists as a table, one record with all its fields."""
    # Behind a pipe nothing is cut: the next program wants whole lines.
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDE
    console = Console(width=width, highlight=False)
    for part in _parts(result):
        console.print(part, soft_wrap=isinstance(part, Text))  # a command broken into lines cannot be pasted


def line(said: str) -> str:
    """Return `said` as one line."""
    return " ".join(text(said).plain.split())


def in_terminal(text: str) -> str:
    """Return a message that names magics with the commands that do the same."""
    return text.replace("`%model ", "`jupyter modelmgmt ")


def _parts(result: object) -> Iterable[Part]:
    match result:
        case None:
            return []
        case str() | Path() | ShownLineage() | Example():
            return [text(in_terminal(str(result)))]
        case Comparison() | ScoreBoard() | Curves() | Preview():
            return [_wide(result)]
        case Prediction():
            return _prediction(result)
        case tuple() | list():
            return [_listing(result)]
    return _detail(result) if dataclasses.is_dataclass(result) else [text(str(result))]


def _listing(records: Sequence[Any]) -> Part:
    rows = [_cells(record) for record in records]
    if not rows:
        return text(in_terminal(getattr(records, "nothing", display.NOTHING)))
    return Listed(list(dict.fromkeys(column for row in rows for column in row)), rows)


def _wide(result: Comparison | ScoreBoard | Curves | Preview) -> Part:
    match result:
        case Comparison():
            return _comparison(result.table)
        case ScoreBoard():
            return Listed(*result.table())
        case Preview():
            return _seen(result)
    return _points(result)


def _seen(preview: Preview) -> Part:
    """Return what is seen of a file: its text, its tensors, the size of its picture, or why it is not seen."""
    if preview.tensors:
        return _listing(preview.tensors)
    picture = f"{preview.kind}, {preview.width} x {preview.height} pixels" if preview.png else ""
    return text(preview.text or picture or preview.reason)


def _points(curves: Curves) -> Part:
    rows = [
        {"Figure": c.figure, "Legend": c.legend, "X": _said("", x), "Y": _said("", y)}
        for c in curves
        for x, y in zip(c.x.tolist(), c.y.tolist(), strict=True)
    ]
    return Listed(list(rows[0]), rows) if rows else Text(display.NOTHING)


def _cells(record: Any) -> Mapping[str, Any]:
    """Return the row of a record: what notebooks show, else its fields."""
    try:
        return display.cells(record)
    except TypeError:
        if not dataclasses.is_dataclass(record):
            return {"": record}
        fields = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
        return {_title(name): _said(name, value) for name, value in fields.items() if _is_plain(value)}


def _detail(record: Any) -> Iterable[Part]:
    """Give what one record says, then a table for each of its mappings and lists."""
    facts = Table.grid(padding=(0, 2))
    tables: list[Part] = []
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if _is_empty(value):
            continue
        if _is_plain(value):
            facts.add_row(text(_title(field.name), "bold"), text(_said(field.name, value)))
        else:
            tables += [text(f"\n{_title(field.name)}", "bold"), _part(value)]
    return [facts, *tables]


def _part(value: Any) -> Part:
    if isinstance(value, Signature):
        fields = [("input", field) for field in value.inputs] + [("output", field) for field in value.outputs]
        rows = [{"": way, "Name": f.name, "Type": f.datatype, "Shape": _shape(f.shape)} for way, f in fields]
        return Listed(("", "Name", "Type", "Shape"), rows)
    if isinstance(value, Mapping):
        return Listed(("Name", "Value"), [{"Name": k, "Value": _said("", v)} for k, v in value.items()])
    if isinstance(value, tuple):
        return _listing(value)
    return Listed(("Name", "Value"), [{"Name": k, "Value": v} for k, v in _cells(value).items() if v != ""])


def _shape(shape: Sequence[int]) -> str:
    return " x ".join("any" if length == -1 else str(length) for length in shape)


def _is_empty(value: Any) -> bool:
    """Tell whether a value says nothing: nothing of it is shown then."""
    if dataclasses.is_dataclass(value):
        return all(_is_empty(getattr(value, field.name)) for field in dataclasses.fields(value))
    return value is None or value in ("", (), {})


def _is_plain(value: Any) -> bool:
    """Tell whether a value fits into one cell."""
    if isinstance(value, tuple):
        return not any(dataclasses.is_dataclass(item) for item in value)
    return not isinstance(value, Mapping) and not dataclasses.is_dataclass(value)


def _said(name: str, value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return display.when(value)
        case int() if name == "size":
            return display.size(value)
        case float():
            return display.figure(value)
        case Mapping() | tuple():
            return _joined(value)
    return "" if value is None else str(value)


def _joined(value: Mapping[str, Any] | tuple[Any, ...]) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_said('', inner)}" for key, inner in value.items())
    more = f", ... ({len(value)} in all)" if len(value) > _LISTED else ""
    return ", ".join(str(item) for item in value[:_LISTED]) + more


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _comparison(table: ComparisonTable) -> Listed:
    rows = [
        {"": row.group, "Name": row.name}
        | {v: _said(row.name, value) for v, value in zip(table.versions, row.values, strict=True)}
        for row in table.rows
    ]
    return Listed(("", "Name", *table.versions), rows)


def _prediction(prediction: Prediction) -> Iterable[Part]:
    foot = text(f"{prediction.version}, {display.figure(prediction.latency_ms)} ms", "dim")
    if prediction.classes is not None:
        return [_scored([{"Label": c.label} for c in prediction.classes], [c.score for c in prediction.classes]), foot]
    if prediction.mask is not None:
        share = prediction.mask.share
        return [_scored([{"Label": label} for label in share], list(share.values())), foot]
    if prediction.boxes is not None:
        found = [{"Label": b.label, "Box": " ".join(f"{edge:.0f}" for edge in b.box)} for b in prediction.boxes]
        return [_scored(found, [b.score for b in prediction.boxes]) if found else Text("Nothing found."), foot]
    given = (prediction.value, prediction.text, prediction.vector, prediction.outputs)
    return [text(str(next((value for value in given if value is not None), ""))), foot]


def _scored(rows: Sequence[Mapping[str, Any]], scores: Sequence[float]) -> Listed:
    """Return rows with their scores in [0, 1], as a number and as a bar."""
    shown = [
        {**row, "Score": f"{score:.3f}", " ": "█" * round(_BAR * score)}
        for row, score in zip(rows, scores, strict=True)
    ]
    return Listed(list(shown[0]) if shown else ["Label", "Score"], shown)
