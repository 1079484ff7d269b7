"""Where the values of expressions come from: which package made them, and of what."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from typing import TYPE_CHECKING

from jupyter_modelmgmt.capture import harmless, scopes

if TYPE_CHECKING:
    from jupyter_modelmgmt.capture.effects import Walk

ALL_NAMES = ("globals", "locals", "vars", "exec", "eval", "__import__")
_BUILTINS = frozenset(dir(builtins))
_GIVE_PLAIN = frozenset(
    f"builtins.{name}" for name in ("bool", "bytes", "complex", "float", "hash", "input", "int", "len", "repr", "str")
)
_OURS = "jupyter_modelmgmt"
# What is read from somewhere else may be an object of any class.
_ANYTHING = frozenset({"from_pretrained", "load", "load_model", "model_from_json", "read_pickle", *ALL_NAMES})
_SETTLED = harmless.FITTING - {"set_params"}


def dotted(walk: Walk, expression: ast.expr) -> str:
    """Return where what is used comes from, `numpy.random.seed`; "" for objects of the notebook's own."""
    parts: list[str] = []
    while isinstance(expression, ast.Attribute):
        parts.append(expression.attr)
        expression = expression.value
    if isinstance(expression, ast.Call) and (origin := dotted(walk, expression.func)):
        return ".".join([f"{origin}()", *reversed(parts)]) if harmless.stays_inside(origin) else ""
    if not isinstance(expression, ast.Name) or expression.id in walk.local:
        return ""
    origin = walk.names.origins.get(expression.id, "")
    if not origin and _is_builtin(walk, expression.id):
        origin = f"builtins.{expression.id}"
    return ".".join([origin, *reversed(parts)]) if origin else ""


def _is_builtin(walk: Walk, name: str) -> bool:
    known = walk.names
    rebound = name in walk.bound or name in known.bodies or name in known.groups or name in walk.changes
    return not rebound and name in _BUILTINS


def is_plain(walk: Walk, value: ast.expr | None) -> bool:
    """Tell whether an expression gives a number or a text, which nothing can change."""
    match value:
        case ast.Constant() | ast.JoinedStr():
            return True
        case ast.UnaryOp():
            return is_plain(walk, value.operand)
        case ast.BinOp():
            return is_plain(walk, value.left) and is_plain(walk, value.right)
        case ast.Name():
            return value.id in walk.names.plain
        case ast.Call():
            return dotted(walk, value.func) in _GIVE_PLAIN
    return False


def is_packaged(walk: Walk, value: ast.expr | None) -> bool:
    """Tell whether a package that is known here made the value, of numbers, texts and such objects alone.

    `make_pipeline(SVC())` is such a value, `GridSearchCV(Net())` is not: what the pipeline calls is not known to
    be scikit-learn's.
    """
    match value:
        case ast.Name():
            return value.id in walk.names.packaged or is_plain(walk, value) or _is_known(walk, value)
        case ast.Call():
            return _is_made(walk, value)
        case ast.Attribute() | ast.Subscript():
            return is_packaged(walk, value.value)
        case (
            ast.Constant() | ast.JoinedStr() | ast.List() | ast.Tuple() | ast.Set() | ast.Dict()
            | ast.UnaryOp() | ast.BinOp() | ast.Starred()
        ):  # fmt: skip
            return _all(walk, [each for each in ast.iter_child_nodes(value) if isinstance(each, ast.expr)])
    return False


def stays(walk: Walk, node: ast.Call) -> bool:
    """Tell whether an object that a package made is still such after this call of a method of its own."""
    if not isinstance(node.func, ast.Attribute) or not is_packaged(walk, node.func.value):
        return False
    arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
    return node.func.attr in _SETTLED and not _brings_code(walk, arguments)


def _is_made(walk: Walk, node: ast.Call) -> bool:
    arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
    if _is_known(walk, node.func):
        return _all(walk, arguments)
    if not isinstance(node.func, ast.Attribute) or not is_packaged(walk, node.func.value):
        return False
    known = node.func.attr in harmless.READING or node.func.attr in harmless.VIEWING
    return stays(walk, node) or (known and not _brings_code(walk, arguments))


def _is_known(walk: Walk, expression: ast.expr) -> bool:
    """Tell whether an expression names something of a package whose functions run no code but what they are given."""
    origin = dotted(walk, expression)
    root, _, rest = origin.partition(".")
    return root != _OURS and rest.rpartition(".")[2] not in _ANYTHING and harmless.leaves_arguments(origin)


def _brings_code(walk: Walk, arguments: Iterable[ast.expr]) -> bool:
    """Tell whether arguments are functions or objects of the user's classes."""
    given = ast.Tuple([*arguments], ast.Load())
    return bool(scopes.carriers(walk.names, given)) or any(isinstance(node, ast.Lambda) for node in ast.walk(given))


def _all(walk: Walk, expressions: Iterable[ast.expr]) -> bool:
    return all(is_packaged(walk, each) for each in expressions)
