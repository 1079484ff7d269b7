"""What a call in a cell may change, and what its result may share."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from jupyter_modelmgmt.capture import harmless, magic_lines, origins, scopes
from jupyter_modelmgmt.capture.harmless import FILES
from jupyter_modelmgmt.capture.origins import ALL_NAMES, dotted

if TYPE_CHECKING:
    from jupyter_modelmgmt.capture.effects import Walk

_NOTHING: frozenset[str] = frozenset()
_INTO = ("out", "inplace", "into")


def sources(walk: Walk, value: ast.expr | None) -> frozenset[str]:
    """Return the names that share objects with the value of an expression."""
    match value:
        case ast.Name():
            return frozenset({value.id}) if _is_shared(walk, value.id) else _NOTHING
        case ast.Attribute() | ast.Subscript() | ast.Starred() | ast.Await() | ast.NamedExpr():
            return sources(walk, value.value)
        case ast.Call():
            return _result_of(walk, value)
        case None | ast.Constant() | ast.JoinedStr() | ast.Compare() | ast.Lambda():
            return _NOTHING
    children = (child for child in ast.walk(value) if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Load))
    return frozenset(child.id for child in children if _is_shared(walk, child.id))


def _is_shared(walk: Walk, name: str) -> bool:
    return name not in walk.names.origins and name not in walk.names.plain


def call(walk: Walk, node: ast.Call) -> None:
    """Note what a call reads and may change."""
    if magic_lines.is_shell(node.func):
        magic_lines.called(walk, node)
        return
    walk.generic_visit(node)
    origin = dotted(walk, node.func)
    name = node.func.attr if isinstance(node.func, ast.Attribute) else origin.rpartition(".")[2]
    _hidden(walk, node, origin, name)
    changed = _changed(walk, node, origin)
    settled = changed & walk.names.packaged if origins.stays(walk, node) else _NOTHING
    walk.change(changed)
    walk.names.packaged |= settled
    if not origin:
        _keep(walk, node)


def _hidden(walk: Walk, node: ast.Call, origin: str, name: str) -> None:
    """Note what a call does to files, random numbers and the process."""
    if origin:
        walk.changes |= harmless.hidden_changes(origin)
    if origin.removeprefix("builtins.") in ALL_NAMES and not (name == "vars" and node.args):
        _unknown_names(walk, node, name)
    if name in harmless.WRITES_FILES or (name == "open" and _mode(node)[:1] in ("w", "a", "x")):
        walk.changes.add(FILES)
    if name in harmless.READS_FILES or name.startswith("read_"):
        walk.read(FILES)


def _unknown_names(walk: Walk, node: ast.Call, name: str) -> None:
    """Note `exec` and its like: a text that is written there is read as code, any other may do everything."""
    first = node.args[0] if node.args else None
    if name in ("exec", "eval") and isinstance(first, ast.Constant) and isinstance(first.value, str):
        try:
            walk.perhaps(scopes.parsed(first.value))
        except (SyntaxError, ValueError):
            return
    else:
        walk.always = walk.everything = True


def _mode(node: ast.Call) -> str:
    said = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    return next((each.value for each in said if isinstance(each, ast.Constant) and isinstance(each.value, str)), "r")


def _changed(walk: Walk, node: ast.Call, origin: str) -> frozenset[str]:
    """Return the names whose objects a call may change."""
    into = [keyword.value for keyword in node.keywords if keyword.arg in _INTO]
    found = _of(walk, into)
    if isinstance(node.func, ast.Attribute) and any(keyword.arg == "inplace" for keyword in node.keywords):
        found |= sources(walk, node.func.value)
    if origin:
        spared = harmless.stays_inside(origin) or harmless.leaves_arguments(origin)
        return found if spared else found | _arguments(walk, node)
    if isinstance(node.func, ast.Attribute):
        return found | _changed_by_method(walk, node, node.func)
    return found | _changed_by_function(walk, node)


def _changed_by_method(walk: Walk, node: ast.Call, func: ast.Attribute) -> frozenset[str]:
    if _is_users(walk, func):
        return sources(walk, func.value) | _arguments(walk, node)
    if func.attr in harmless.READING or func.attr in harmless.VIEWING:
        return _NOTHING
    if func.attr in harmless.FITTING or func.attr in _KEEPING:
        return sources(walk, func.value)
    return sources(walk, func.value) | _arguments(walk, node)


def _is_users(walk: Walk, func: ast.expr) -> bool:
    """Tell whether a call may be one of a method that a class of the user's defines."""
    return (
        isinstance(func, ast.Attribute)
        and func.attr in walk.names.methods
        and not origins.is_packaged(walk, func.value)
    )


_KEEPING = frozenset({"add", "append", "appendleft", "extend", "insert", "setdefault", "update", "remove", "discard"})


def _changed_by_function(walk: Walk, node: ast.Call) -> frozenset[str]:
    if not isinstance(node.func, ast.Name):
        return sources(walk, node.func) | _arguments(walk, node)
    body = walk.names.bodies.get(node.func.id)
    if body is None:
        return frozenset({node.func.id}) | _arguments(walk, node)
    if body.is_class:
        return _arguments(walk, node)
    starred = any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords)
    if body.changed is None or starred:
        return _arguments(walk, node)
    given = [*zip(body.parameters, node.args, strict=False), *((k.arg or "", k.value) for k in node.keywords)]
    return _of(walk, [value for parameter, value in given if parameter in body.changed])


def _keep(walk: Walk, node: ast.Call) -> None:
    """Note that an object may hold on to the arguments of its methods, or arguments to each other."""
    changed = _changed(walk, node, "")
    fits = isinstance(node.func, ast.Attribute) and node.func.attr in harmless.FITTING
    if changed and not (fits and not _is_users(walk, node.func)):
        walk.names.share([*changed, *_arguments(walk, node)])


def _result_of(walk: Walk, node: ast.Call) -> frozenset[str]:
    """Return the names that may share objects with the result of a call."""
    if origin := dotted(walk, node.func):
        fresh = harmless.stays_inside(origin) or (harmless.leaves_arguments(origin) and harmless.gives_fresh(origin))
        return _NOTHING if fresh else _arguments(walk, node)
    if not isinstance(node.func, ast.Attribute):
        return sources(walk, node.func) | _arguments(walk, node)
    method, owner = node.func.attr, sources(walk, node.func.value)
    if _is_users(walk, node.func):
        return owner | _arguments(walk, node)
    if method in harmless.READING or harmless.fit_is_fresh(method):
        return _NOTHING
    return owner if method in harmless.FITTING or method in harmless.VIEWING else owner | _arguments(walk, node)


def _arguments(walk: Walk, node: ast.Call) -> frozenset[str]:
    return _of(walk, [*node.args, *(keyword.value for keyword in node.keywords)])


def _of(walk: Walk, expressions: Iterable[ast.expr]) -> frozenset[str]:
    return _NOTHING.union(*map(partial(sources, walk), expressions))
