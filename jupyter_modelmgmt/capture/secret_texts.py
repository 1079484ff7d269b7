"""Passwords and tokens that people type into cells: they stay where they were typed."""

import re

HIDDEN = "***"
_SHAPES = re.compile(
    r"hf_[A-Za-z0-9]{20,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|sk-[\w-]{20,}"
    r"|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|pypi-[\w-]{40,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)",
    re.ASCII,
)
# A name that says it is secret, then = or : or a comma, then a text in quotes.
_NAMED = re.compile(
    r"""(?P<name>(?:pass(?:word|wd|phrase)?|secret|token|api_?key|access_?key|private_?key|credential)s?\w*["']?\]?\s*
    (?:=|:|,)\s*[rbuf]{0,2})(?P<quote>["'])(?P<value>(?:\\.|(?!(?P=quote)).)+)(?P=quote)""",
    re.IGNORECASE | re.VERBOSE,
)
_IN_URL = re.compile(r"(?P<start>\b[a-z][a-z0-9+.-]*://[^\s:/@\"']*:)[^\s@/\"']+(?=@)", re.IGNORECASE)
_SHELL = re.compile(r"(?P<start>(?:%env|%set_env|export)\s+\w*(?:pass|secret|token|key)\w*[ =]\s*)\S+", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """Return `text` with what looks like a password or token replaced by ***."""
    text = _SHAPES.sub(HIDDEN, text)
    text = _NAMED.sub(lambda found: f"{found['name']}{found['quote']}{HIDDEN}{found['quote']}", text)
    text = _IN_URL.sub(lambda found: found["start"] + HIDDEN, text)
    return _SHELL.sub(lambda found: found["start"] + HIDDEN, text)
