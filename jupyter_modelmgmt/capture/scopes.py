"""Code inside cells that has names of its own: functions, classes, comprehensions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from jupyter_modelmgmt.capture.names import Body, Names

if TYPE_CHECKING:
    from jupyter_modelmgmt.capture.effects import Walk

_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


def parsed(text: str) -> list[ast.stmt]:
    """Return the statements of a cell. Raises SyntaxError, ValueError."""
    module = compile(text, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    return module.body if isinstance(module, ast.Module) else []


def function(walk: Walk, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    """Note a function: its decorators and defaults run now, its body when its name is used."""
    for expression in (*node.decorator_list, *_defaults(node.args), *_annotations(node)):
        walk.visit(expression)
    body = _function_body(walk, node.args, node.body)
    walk.bind(node.name)
    walk.names.define(node.name, body, surely=walk.surely)
    if node.decorator_list:
        walk.read(node.name)


def of_lambda(walk: Walk, node: ast.Lambda) -> None:
    """Note a function without a name: it may run wherever the object goes, so it counts as run."""
    for expression in _defaults(node.args):
        walk.visit(expression)
    body = _function_body(walk, node.args, [ast.Expr(node.body)])
    walk.reads |= body.reads - walk.bound - walk.local
    walk.change(body.changes)
    walk.always |= body.always
    walk.everything |= body.everything


def of_class(walk: Walk, node: ast.ClassDef) -> None:
    """Note a class: its body runs now, its methods when its name is used."""
    for expression in (*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)):
        walk.visit(expression)
    inner = walk.inner(stored(node.body))
    inner.surely = walk.surely
    for statement in node.body:
        inner.visit(statement)
    walk.take(inner)
    methods = Body(is_class=True)
    for name, body in inner.names.bodies.items():
        if name in inner.own:
            methods = methods.joined(body)
            walk.names.methods.add(name)
    bases = carriers(walk.names, ast.Tuple(node.bases, ast.Load()))
    walk.bind(node.name)
    walk.names.define(node.name, methods, surely=walk.surely)
    walk.names.carry(node.name, bases - {node.name})


def comprehension(walk: Walk, node: Comprehension) -> None:
    """Note a comprehension: what its names hold comes from what it runs over."""
    inner = walk.inner(name for generator in node.generators for name in stored([generator.target]))
    inner.surely = False
    inner.perhaps(_as_loop(node), 2)
    walk.take(inner)


def _as_loop(node: Comprehension) -> list[ast.stmt]:
    """Return the loop that does what a comprehension does."""
    parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    body: list[ast.stmt] = [ast.Expr(part) for part in parts]
    for generator in reversed(node.generators):
        checks: list[ast.stmt] = [ast.Expr(check) for check in generator.ifs]
        body = [ast.For(target=generator.target, iter=generator.iter, body=checks + body, orelse=[])]
    return body


def carriers(names: Names, value: ast.expr) -> frozenset[str]:
    """Return the names whose code the object of `value` may run later.

    What a function returned does not run the function again; an instance runs its class.
    """
    called = {
        id(node.func)
        for node in ast.walk(value)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and not names.bodies.get(node.func.id, Body(is_class=True)).is_class
    }
    return frozenset(
        node.id
        for node in ast.walk(value)
        if isinstance(node, ast.Name)
        and id(node) not in called
        and (node.id in names.bodies or node.id in names.carried)
    )


def captured(pattern: ast.pattern) -> Iterator[str]:
    """Give the names that a pattern of `match` binds."""
    for node in ast.walk(pattern):
        name = getattr(node, "rest" if isinstance(node, ast.MatchMapping) else "name", None)
        if isinstance(name, str):
            yield name


def stored(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Return the names that statements bind in their own scope."""
    found: set[str] = set()
    given: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.Global | ast.Nonlocal):
            given.update(node.names)
        found.update(_named(node))
        if not isinstance(node, _INNER + _COMPREHENSIONS):
            waiting += ast.iter_child_nodes(node)
    return frozenset(found - given)


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name
    elif isinstance(node, ast.pattern):
        yield from captured(node)


def _function_body(walk: Walk, arguments: ast.arguments, statements: list[ast.stmt]) -> Body:
    parameters = tuple(a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))
    rest = tuple(a.arg for a in (arguments.vararg, arguments.kwarg) if a)
    inner = walk.inner({*stored(statements), *parameters, *rest})
    inner.names.know_no_values()  # It runs later, when its names hold something else.
    for statement in statements:
        inner.visit(statement)
    return Body(
        reads=frozenset(inner.reads), changes=frozenset(inner.changes) - inner.own,
        always=inner.always, everything=inner.everything, parameters=parameters,
        changed=None if inner.changes & set(rest) else frozenset(inner.changes) & frozenset(parameters),
    )  # fmt: skip


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *(default for default in arguments.kw_defaults if default is not None)]


def _annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    a = node.args
    every = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
    return [each.annotation for each in every if each.annotation] + ([node.returns] if node.returns else [])
