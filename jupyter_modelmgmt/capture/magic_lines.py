"""What magics and shell lines in cells do."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from jupyter_modelmgmt.capture import scopes
from jupyter_modelmgmt.capture.harmless import FILES, OURS

if TYPE_CHECKING:
    from jupyter_modelmgmt.capture.effects import Walk

_TIMES = ("time", "timeit", "prun", "memit", "mprun", "lprun", "capture", "snakeviz")
_QUIET = frozenset({
    "alias", "autoreload", "bookmark", "colors", "conda", "config", "debug", "dirs", "doctest_mode", "edit", "hist",
    "history", "html", "HTML", "javascript", "js", "killbgscripts", "latex", "logoff", "logon", "logstart", "logstate",
    "logstop", "ls", "lsmagic", "macro", "magic", "mamba", "markdown", "matplotlib", "notebook", "page", "pdb", "pdef",
    "pdoc", "pfile", "pinfo", "pinfo2", "pip", "precision", "psearch", "psource", "pwd", "pycat", "quickref", "recall",
    "reset_selective", "save", "sc", "SVG", "svg", "tb", "unalias", "uv", "who", "who_ls", "whos", "xmode",
})  # fmt: skip
_QUIET_COMMANDS = frozenset({
    "cat", "conda", "df", "du", "echo", "env", "free", "head", "hostname", "ls", "lscpu", "nproc", "nvidia-smi", "pip",
    "ps", "pwd", "tail", "uname", "uv", "wc", "which", "whoami",
})  # fmt: skip
_INTERPOLATED = re.compile(r"\{(\w+)|\$(\w+)")


def is_shell(func: ast.expr) -> bool:
    """Tell whether a call is one of those that magics and shell lines become."""
    return (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Call)
        and isinstance(func.value.func, ast.Name)
        and func.value.func.id == "get_ipython"
    )


def called(walk: Walk, node: ast.Call) -> None:
    """Note what `get_ipython().run_line_magic('time', 'clf.fit(x, y)')` and its like do."""
    texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    for text in texts:
        for name in _INTERPOLATED.findall(text):
            walk.read("".join(name))
    if len(texts) != len(node.args) or not texts:
        walk.always = walk.everything = True
    elif method in ("system", "getoutput"):
        _command(walk, texts[0], method)
    elif method in ("run_line_magic", "run_cell_magic"):
        _magic(walk, texts[0], *texts[1:])
    else:
        walk.always = True


def _command(walk: Walk, line: str, method: str) -> None:
    word = line.split(maxsplit=1)[0] if line.strip() else "echo"
    if method == "getoutput":
        walk.read(FILES)
    walk.always |= method == "system" and (word not in _QUIET_COMMANDS or ">" in line)


def _magic(walk: Walk, name: str, line: str = "", body: str = "") -> None:
    if name in _TIMES:
        _code(walk, name, line, body)
    elif name in ("model", "load_ext", "reload_ext"):
        _ours(walk, name, line, body)
    elif name == "reset":
        walk.resets = True
    elif name not in _QUIET:
        walk.always = True


def _ours(walk: Walk, name: str, line: str, body: str) -> None:
    if name == "model":
        walk.read(OURS)
        for word in re.findall(r"\w+", line):
            walk.read(word)
        if body:
            _statements(walk, body)
    elif line.strip() == "jupyter_modelmgmt":
        walk.bind(OURS)
    else:
        walk.always = True


def _code(walk: Walk, name: str, line: str, body: str) -> None:
    if name == "capture":
        for word in re.findall(r"(?<!\S)[A-Za-z_]\w*", line):
            walk.bind(word)
        line = ""
    before = walk.surely
    walk.surely = before and name in ("time", "capture")
    _statements(walk, body or re.sub(r"^(\s*-\w+(\s+\d+)?)+", "", line))
    if body and name == "timeit":
        _statements(walk, line)
    walk.surely = before


def _statements(walk: Walk, text: str) -> None:
    try:
        statements = scopes.parsed(walk.python(text.strip() + "\n"))
    except (SyntaxError, ValueError):
        walk.always = True
        return
    for statement in statements:
        walk.visit(statement)
