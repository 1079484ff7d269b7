"""What a cell reads, binds and may change, from its text alone. When in doubt, it changes."""

import ast
import builtins
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from jupyter_modelmgmt.capture import calls, origins, scopes
from jupyter_modelmgmt.capture.harmless import PROCESS, stays_inside
from jupyter_modelmgmt.capture.names import Names

_LOOPS = 2  # What a loop changes in its first turn may be shared in its second.
_SWALLOWS = ("suppress", "raises", "assertRaises")
_BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """`reads`: names whose earlier value is used; `writes`: names that are surely bound anew.

    `changes`: names that may be bound, or whose objects may change. `always`: may do what the text
    does not tell; `everything`: may read what the text does not tell; `resets`: forgets all names.
    """

    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    always: bool = False
    everything: bool = False
    resets: bool = False


@dataclass(slots=True, eq=False)
class Walk(ast.NodeVisitor):
    """Reads statements in order. `surely` is false where code may not run.

    `own` are the names of the scope that is read, `local` those of the scopes around it too; none for a cell.
    """

    names: Names
    python: Callable[[str], str]
    local: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    surely: bool = True
    reads: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    always: bool = False
    everything: bool = False
    resets: bool = False

    def effects(self) -> Effects:
        return Effects(
            reads=frozenset(self.reads), writes=frozenset(self.bound), changes=frozenset(self.changes),
            always=self.always, everything=self.everything, resets=self.resets,
        )  # fmt: skip

    # What the walk learns.

    def read(self, name: str) -> None:
        """Note that `name` is used, and with it the code behind it."""
        behind = self.names.code_behind(name)
        self.reads |= behind.reads - self.bound - self.local
        self.change(behind.changes)
        self.names.plain -= behind.changes
        if behind.changes:  # Code that changes something may keep there what it reads.
            self.names.share([*behind.changes, *(behind.reads - self.names.origins.keys())])
        self.always |= behind.always
        self.everything |= behind.everything

    def change(self, names: Iterable[str]) -> None:
        """Note that the objects of `names`, and of all that share with them, may change."""
        for name in names:
            group = self.names.group(name)
            self.changes |= group
            self.names.packaged -= group  # Whatever changed it may have put the user's objects there.

    def bind(self, name: str, value: ast.expr | None = None, sources: Iterable[str] = ()) -> None:
        """Note that `name` is bound to what may share with `sources`."""
        origin = origins.dotted(self, value.func) if isinstance(value, ast.Call) else ""
        carriers = scopes.carriers(self.names, value) if value is not None else frozenset()
        made = origins.is_packaged(self, value)
        self.names.bind(name, sources, surely=self.surely, plain=origins.is_plain(self, value), packaged=made)
        self.changes.add(name)
        if origin and stays_inside(origin):
            self.names.origins[name] = f"{origin}()"
        self.names.carry(name, carriers - {name})
        if self.surely:
            self.bound.add(name)

    def bind_target(self, target: ast.expr, value: ast.expr | None, sources: frozenset[str]) -> None:
        """Note that an assignment puts something that may share with `sources` into `target`."""
        match target:
            case ast.Name():
                self.bind(target.id, value, sources)
            case ast.Tuple() | ast.List():
                for element in target.elts:
                    self.bind_target(element, value, sources)
            case ast.Starred():
                self.bind_target(target.value, value, sources)
            case ast.Attribute() | ast.Subscript():
                self._store_into(target, sources)

    def _store_into(self, target: ast.Attribute | ast.Subscript, sources: frozenset[str]) -> None:
        self.visit(target)
        owners = calls.sources(self, target)
        origin = origins.dotted(self, target.value)
        if origin and not stays_inside(origin):
            self.changes.add(PROCESS)
        self.change(owners)
        if owners:
            self.names.share([*owners, *sources])

    def inner(self, local: Iterable[str]) -> "Walk":
        """Return the walk of a scope inside this one."""
        own = frozenset(local)
        return Walk(self.names.inside(own), self.python, self.local | own, own)

    def take(self, inner: "Walk") -> None:
        """Note what a scope did that runs here and now."""
        self.reads |= inner.reads - self.bound
        self.change(inner.changes - inner.own)
        self.always |= inner.always
        self.everything |= inner.everything

    def perhaps(self, statements: Iterable[ast.stmt], times: int = 1) -> None:
        """Read statements that may not run."""
        before, self.surely = self.surely, False
        body = list(statements)
        for _ in range(times):
            for statement in body:
                self.visit(statement)
        self.surely = before

    # Statements.

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        sources = calls.sources(self, node.value)
        for target in node.targets:
            self.bind_target(target, node.value, sources)
            # In `a = b = []` both hold the same.
            sources |= calls.sources(self, target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self.bind_target(node.target, node.value, calls.sources(self, node.value))

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if not isinstance(node.target, ast.Name):
            self.bind_target(node.target, node.value, calls.sources(self, node.value))
            return
        self.read(node.target.id)
        self.change([node.target.id])
        if not origins.is_plain(self, node.value):
            self.names.plain.discard(node.target.id)
        self.names.share([node.target.id, *calls.sources(self, node.value)])

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        before, self.surely = self.surely, False
        self.bind_target(node.target, node.value, calls.sources(self, node.value))
        self.surely = before

    def visit_Delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            self.bind_target(target, None, frozenset())

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            root = alias.name.partition(".")[0]
            self._import(alias.asname or root, alias.name if alias.asname else root)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.always |= node.module == "__future__"
        for alias in node.names:
            if alias.name == "*":
                self.always = True
            else:
                self._import(alias.asname or alias.name, f"{'.' * node.level}{node.module or ''}.{alias.name}")

    def _import(self, name: str, origin: str) -> None:
        self.bind(name)
        self.names.origins[name] = origin

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        self.perhaps(node.body)
        self.perhaps(node.orelse)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        before, self.surely = self.surely, False
        self.bind_target(node.target, None, calls.sources(self, node.iter))
        self.surely = before
        self.perhaps(node.body, _LOOPS)
        self.perhaps(node.orelse)

    visit_AsyncFor = visit_For  # noqa: N815 - ast's names

    def visit_While(self, node: ast.While) -> None:
        self.visit(node.test)
        self.perhaps([*node.body, ast.Expr(node.test)], _LOOPS)
        self.perhaps(node.orelse)

    def visit_Try(self, node: ast.Try | ast.TryStar) -> None:
        self.perhaps([*node.body, *node.orelse])
        for handler in node.handlers:
            if handler.type:
                self.visit(handler.type)
            self.perhaps(handler.body)
        for statement in node.finalbody:
            self.visit(statement)

    visit_TryStar = visit_Try  # noqa: N815 - ast's names

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        swallows = False
        for item in node.items:
            self.visit(item.context_expr)
            swallows |= self._may_swallow(item.context_expr)
            if item.optional_vars:
                self.bind_target(item.optional_vars, item.context_expr, calls.sources(self, item.context_expr))
        if swallows:
            self.perhaps(node.body)
        else:
            for statement in node.body:
                self.visit(statement)

    visit_AsyncWith = visit_With  # noqa: N815 - ast's names

    def _may_swallow(self, context: ast.expr) -> bool:
        """Tell whether a block may go on after an error: those of installed packages say so by their names."""
        called = context.func if isinstance(context, ast.Call) else context
        origin = origins.dotted(self, called)
        return not origin or origin.rpartition(".")[2] in _SWALLOWS

    def visit_Match(self, node: ast.Match) -> None:
        self.visit(node.subject)
        sources = calls.sources(self, node.subject)
        before, self.surely = self.surely, False
        for case in node.cases:
            for captured in scopes.captured(case.pattern):
                self.bind(captured, None, sources)
            self.visit(case.pattern)
            if case.guard:
                self.visit(case.guard)
            self.perhaps(case.body)
        self.surely = before

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        scopes.function(self, node)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - ast's names

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        scopes.of_class(self, node)

    # Expressions.

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            return
        self.everything |= node.id == "Out"
        if node.id not in _BUILTINS or node.id in self.names.groups or node.id in self.bound:
            self.read(node.id)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        scopes.of_lambda(self, node)

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        scopes.comprehension(self, node)

    visit_SetComp = visit_GeneratorExp = visit_DictComp = visit_ListComp  # noqa: N815 - ast's names

    def visit_Call(self, node: ast.Call) -> None:
        calls.call(self, node)
