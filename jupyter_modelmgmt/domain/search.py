"""The search language: `metrics.accuracy > 0.9 and (tag = 'vision' or stage in (staging, production))`.

Words combine terms: `and`, `or`, `not`, parentheses. A term is a field, an operator (`= != < <= > >=
in like ilike`) and a value. Texts stand in single or double quotes, a quote inside is doubled; a single
word needs none. `like` knows `%` and `_`, a backslash takes their meaning away. Dates are
`2026-11-21`, a whole day, or ISO times; without a zone they are UTC. `none` is what a version has not.

Fields are those of a version, and `metrics.x`, `params.x`, `properties.x`, `evaluations.dataset.x`; odd
names stand in backticks or double quotes. MLflow's spellings are read too: `attributes.`, singular
groups, and `tags.x`, which are properties here.
"""

import re
from collections.abc import Callable

from jupyter_modelmgmt.domain import literals
from jupyter_modelmgmt.domain.errors import BadSearch, BadSelector, BadVersion
from jupyter_modelmgmt.domain.terms import (
    FIELDS,
    GROUPS,
    OPERATORS,
    And,
    Comparison,
    Expression,
    Field,
    Literal,
    Not,
    Or,
    Value,
)

__all__ = ["And", "Comparison", "Expression", "Field", "Not", "Or", "parse", "parse_sort"]

MAX_LENGTH = 4000
MAX_TERMS = 100
MAX_DEPTH = 30
_SHOWN = 40
_KEYWORDS = ("and", "or", "not", "in", "like", "ilike")
_SPELLINGS = {
    "name": "model", "metric": "metrics", "param": "params", "parameter": "params", "parameters": "params",
    "property": "properties", "tags": "properties", "evaluation": "evaluations",
}  # fmt: skip
_PLURALS = {"tags": "tag", "aliases": "alias", "deployments": "deployment"}
_PREFIXES = ("attribute", "attributes")
_SPACE = re.compile(r"\s*")
_HEAD = re.compile(r"[^\W\d]\w*")
_PART = re.compile(r"[^\s()=<>!,'\"`.]+")
_WORD = re.compile(r"[^\s()=<>!,'\"`]+")
_OPERATOR = re.compile(r"!=|<=|>=|==|=|<|>|(?:in|like|ilike)(?![^\s('\"])", re.IGNORECASE)


def parse(text: str) -> Expression | None:
    """Return what `text` asks for, None when it asks for nothing. Raises BadSearch."""
    reader = _Reader(text)
    if reader.ended():
        return None
    expression = reader.either(0)
    if not reader.ended():
        raise reader.bad("Expected 'and', 'or' or the end")
    return expression


def parse_sort(text: str) -> tuple[Field, bool]:
    """Return the field of a sort and whether it is descending: `-metrics.accuracy`. Raises BadSearch."""
    reader = _Reader(text)
    descending = reader.took("-")
    field = reader.field()
    if not reader.ended():
        raise reader.bad("Expected one field, with '-' before it for descending")
    return field, descending


class _Reader:
    """A text and the place in it; each method reads one thing and moves on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.terms = 0
        if len(text) > MAX_LENGTH:
            raise self.bad(f"A search has at most {MAX_LENGTH} characters; this one has {len(text)}", MAX_LENGTH)
        for i, character in enumerate(text):
            if character == "\x00" or "\ud800" <= character <= "\udfff":
                raise self.bad("A character that is no text", i)

    def bad(self, what: str, at: int | None = None, *, word: str = "") -> BadSearch:
        place = self.at if at is None else at
        before, after = self.text[max(0, place - _SHOWN) : place], self.text[place : place + _SHOWN]
        shown = re.sub(r"[\s\x00\ud800-\udfff]", " ", f"{before}<here>{after}")
        return BadSearch(f"{what} at character {place}: {shown}", place, word)

    def ended(self) -> bool:
        self.skip()
        return self.at == len(self.text)

    def skip(self) -> None:
        self.at += len(_SPACE.match(self.text, self.at)[0])  # type: ignore[index]  # it always matches

    def took(self, mark: str) -> bool:
        """Tell whether `mark` came next, and go behind it."""
        self.skip()
        found = self.text.startswith(mark, self.at)
        self.at += len(mark) * found
        return found

    def took_word(self, word: str) -> bool:
        found = self.peek().lower() == word
        self.at += len(word) * found
        return found

    def peek(self) -> str:
        self.skip()
        match = _WORD.match(self.text, self.at)
        return match[0] if match else ""

    def either(self, depth: int) -> Expression:
        return self._joined("or", Or, lambda: self._joined("and", And, lambda: self.one(depth)))

    def _joined(
        self, word: str, kind: Callable[[tuple[Expression, ...]], Expression], part: Callable[[], Expression]
    ) -> Expression:
        parts = [part()]
        while self.took_word(word):
            parts.append(part())
        return kind(tuple(parts)) if len(parts) > 1 else parts[0]

    def one(self, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise self.bad(f"More than {MAX_DEPTH} levels of 'not' and parentheses")
        if self.took_word("not"):
            return Not(self.one(depth + 1))
        if not self.took("("):
            return self.comparison()
        inside = self.either(depth + 1)
        if not self.took(")"):
            raise self.bad("Expected ')'")
        return inside

    def comparison(self) -> Comparison:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise self.bad(f"More than {MAX_TERMS} terms")
        field = self.field()
        operator = self.operator(field)
        return Comparison(field, operator, self.values(field, operator))

    def field(self) -> Field:
        head = self.head()
        if head.lower() in _PREFIXES and self.took("."):
            head = self.head()
        start = self.at - len(head)
        name = head.lower()
        name = _SPELLINGS.get(name, name)
        if name in GROUPS and self.text.startswith(".", self.at):
            return self.named(name)
        name = _PLURALS.get(head.lower(), name)
        if name in FIELDS:
            return Field(name)
        raise self.bad(
            f"{head!r} is no field. There are {', '.join([*FIELDS, *(f'{g}.NAME' for g in GROUPS)])};", start, word=head
        )

    def head(self) -> str:
        self.skip()
        match = _HEAD.match(self.text, self.at)
        if not match or match[0].lower() in _KEYWORDS:
            raise self.bad("Expected a field, for example metrics.accuracy or tag,")
        self.at = match.end()
        return match[0]

    def named(self, group: str) -> Field:
        parts = []
        while self.text.startswith(".", self.at):
            self.at += 1
            parts.append(self.part(group))
        if group != "evaluations":
            return Field(".".join(parts), group)
        if len(parts) == 1:
            raise self.bad("Expected evaluations.DATASET.METRIC")
        return Field(".".join(parts[1:]), group, parts[0])

    def part(self, group: str) -> str:
        if self.text[self.at : self.at + 1] in ("`", '"'):
            name = self.quoted()
        else:
            match = _PART.match(self.text, self.at)
            name = match[0] if match else ""
            self.at += len(name)
        if not name:
            raise self.bad(f"Expected a name after '{group}.'")
        return name

    def operator(self, field: Field) -> str:
        self.skip()
        match = _OPERATOR.match(self.text, self.at)
        if not match:
            raise self.bad(f"Expected one of {' '.join(OPERATORS[field.kind])} after {field}")
        operator = "=" if match[0] == "==" else match[0].lower()
        if operator not in OPERATORS[field.kind]:
            raise self.bad(f"{field} takes {' '.join(OPERATORS[field.kind])}, not {operator!r},")
        self.at = match.end()
        return operator

    def values(self, field: Field, operator: str) -> Value:
        if operator != "in":
            return self.value(field, operator)
        if not self.took("("):
            raise self.bad("Expected '(' after 'in'")
        found = [self.value(field, operator)]
        while self.took(","):
            found.append(self.value(field, operator))
            if len(found) > MAX_TERMS:
                raise self.bad(f"More than {MAX_TERMS} values")
        if not self.took(")"):
            raise self.bad("Expected ',' or ')'")
        return tuple(found)

    def value(self, field: Field, operator: str) -> Literal:
        self.skip()
        start = self.at
        quoted = self.text[start : start + 1] in ("'", '"')
        word = self.quoted() if quoted else self.peek()
        if not quoted and (not word or word.lower() in _KEYWORDS):
            raise self.bad(f"Expected a value after {operator!r}")
        self.at = self.at if quoted else start + len(word)
        try:
            return literals.read(field, operator, word, quoted=quoted)
        except (ValueError, OverflowError, BadVersion, BadSelector) as error:
            raise self.bad(str(error).rstrip("."), start) from None

    def quoted(self) -> str:
        """Return the text between two of the mark that comes next; the mark inside is doubled."""
        start, mark = self.at, self.text[self.at]
        parts = []
        while True:
            end = self.text.find(mark, self.at + 1)
            if end < 0:
                raise self.bad(f"The {mark} is never closed", start)
            parts.append(self.text[self.at + 1 : end])
            self.at = end + 1
            if self.text[self.at : self.at + 1] != mark:
                return mark.join(parts)
