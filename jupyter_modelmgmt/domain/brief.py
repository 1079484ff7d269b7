"""A record in one line, as Python shows it where nothing draws a table."""

import json
from collections.abc import Mapping

_DIGITS = 4
_MOST = 3  # entries of a mapping that are shown
_LENGTH = 80


def brief(record: object, name: str, /, **facts: object) -> str:
    """Return `Version("digits@1.1.0", stage="production", metrics={accuracy: 0.98})`; what is empty is left out."""
    said = [f"{key}={_shown(value)}" for key, value in facts.items() if value is not None and value not in ("", (), {})]
    return f"{type(record).__name__}({', '.join([_text(name), *said])})"


def _shown(value: object) -> str:
    match value:
        case Mapping():
            entries = [f"{key}: {_shown(entry)}" for key, entry in [*value.items()][:_MOST]]
            more = ["..."] if len(value) > _MOST else []
            return "{" + ", ".join([*entries, *more]) + "}"
        case tuple():
            return f"[{', '.join(map(_shown, value))}]"
        case float():
            return f"{value:.{_DIGITS}g}"
        case str():
            return _text(value)
    return str(value)


def _text(text: str) -> str:
    """Return a text in quotes, in one line and without what would steer a terminal."""
    cut = text if len(text) <= _LENGTH else text[: _LENGTH - 1] + "…"
    return json.dumps("".join(c if c.isprintable() else " " for c in cut), ensure_ascii=False)
