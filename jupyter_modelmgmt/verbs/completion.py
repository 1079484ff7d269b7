"""What may come next in a line of `%model`: verbs, options, and names that the registry and the notebook have."""

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from types import ModuleType

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.domain.fields import FRAMEWORKS
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.plugs import plugs
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.verbs import GROUPS, VERBS
from jupyter_modelmgmt.verbs.base import Argument, Namespace, Verb

_MOST = 200
_HELP = "--help"
_SWITCHES = ("store_true", "store_false")
_SEVERAL = ("+", "*")


@dataclass(frozen=True, slots=True)
class Asked:
    """A line as far as it is written: the words behind the verb, and the one that is being written."""

    reg: Registry
    namespace: Namespace
    words: Sequence[str]
    token: str


def completions(text: str, namespace: Namespace, connect: Callable[[], Registry]) -> tuple[str, list[str]]:
    """Return the word that ends `text`, what follows `%model`, and all that it may become.

    Nothing while a quotation is open, and nothing from a registry that does not answer.
    """
    before, token = _split(text)
    if not before:
        return token, _starting(token, [] if before is None else [*VERBS, _HELP])
    verb, words = VERBS.get(before[0]), before[1:]
    if verb is None:
        return token, []
    option, equals, value = token.partition("=")
    if equals and option in _options(verb):
        words, token = [*words, option], value
    if token.startswith("-"):
        return token, _starting(token, [*_options(verb), _HELP])
    argument = _awaited(verb, words)
    return token, [] if argument is None else _values(before[0], argument, words, token, namespace, connect)


def cell_completions(text: str) -> tuple[str, list[str]]:
    """Return the word that ends `text`, what follows `%%model`, and all that it may become."""
    before, token = _split(text)
    if not before:
        return token, _starting(token, [] if before is None else ["run", _HELP])
    return token, _starting(token, ["--as", "--params", "--tags", _HELP]) if token.startswith("-") else []


def _split(text: str) -> tuple[list[str] | None, str]:
    """Return the words before the one that is being written, None inside a quotation, and that one."""
    token = "" if text[-1:].isspace() else (text.split() or [""])[-1]
    try:
        return shlex.split(text[: len(text) - len(token)]), token
    except ValueError:
        return None, token


def _options(verb: Verb) -> dict[str, Argument]:
    return {name: argument for argument in verb.arguments for name in argument.names if name.startswith("-")}


def _awaited(verb: Verb, words: Sequence[str]) -> Argument | None:
    """Return the argument whose value comes next, None where none does."""
    options, given = _options(verb), 0
    value_of: Argument | None = None
    for word in words:
        if value_of is not None:
            value_of = None
        elif word.startswith("-"):
            option = options.get(word)
            value_of = option if option and option.options.get("action") not in _SWITCHES else None
        else:
            given += 1
    if value_of is not None:
        return value_of
    positional = [argument for argument in verb.arguments if not argument.names[0].startswith("-")]
    if given < len(positional):
        return positional[given]
    return positional[-1] if positional and positional[-1].options.get("nargs") in _SEVERAL else None


def _values(
    verb: str,
    argument: Argument,
    words: Sequence[str],
    token: str,
    namespace: Namespace,
    connect: Callable[[], Registry],
) -> list[str]:
    if choices := argument.options.get("choices"):
        return _starting(token, map(str, choices))
    name = argument.names[0].lstrip("-").replace("-", "_")
    if name == "name" and verb in GROUPS["deployments"]:
        name = "deployment"
    source = _SOURCES.get(_OTHERWISE.get((verb, name), name))
    if source is None:
        return []
    try:
        with closing(connect()) as reg:
            return _starting(token, source(Asked(reg, namespace, words, token)))
    except ModelManagementError:
        return []


def _starting(token: str, found: Iterable[str]) -> list[str]:
    lower = token.lower()
    return [word for word in dict.fromkeys(found) if word.lower().startswith(lower)]


def _models(asked: Asked) -> Iterable[str]:
    return [model.name for model in asked.reg.models_page(asked.token, limit=_MOST).items]


def _selectors(asked: Asked) -> Iterable[str]:
    """Give models, and behind an @ what points at their versions: aliases, stages, numbers, the newest first."""
    name, at, _ = asked.token.partition("@")
    return [f"{name}@{ending}" for ending in _endings(asked.reg, name)] if at else _models(asked)


def _compared(asked: Asked) -> Iterable[str]:
    """Give selectors, or numbers of the model that stands first."""
    first = next((word for word in asked.words if not word.startswith("-")), "")
    numbers = _numbers(asked.reg, first) if first and "@" not in first else ()
    return [*numbers, *_selectors(asked)]


def _endings(reg: Registry, name: str) -> Iterable[str]:
    versions = reg.versions_page(name, limit=_MOST).items
    aliases = [alias.alias for alias in reg.model(name).aliases]
    stages = dict.fromkeys(str(version.stage) for version in versions)
    return ["latest", "newest", *aliases, *stages, *(version.version for version in versions)]


def _numbers(reg: Registry, name: str) -> Iterable[str]:
    return [version.version for version in reg.versions_page(name, limit=_MOST).items]


def _runs(asked: Asked) -> Iterable[str]:
    return [run.id for run in asked.reg.runs_page(limit=_MOST).items]


def _deployments(asked: Asked) -> Iterable[str]:
    return [deployment.name for deployment in asked.reg.deployments()]


def _targets(asked: Asked) -> Iterable[str]:
    return [*_deployments(asked), *_selectors(asked)]


def _stages(asked: Asked) -> Iterable[str]:
    return [stage.name for stage in asked.reg.stages()]


def _aliases(asked: Asked) -> Iterable[str]:
    """Give the aliases that the model of the first word has."""
    name = asked.words[0].partition("@")[0] if asked.words else ""
    return [alias.alias for alias in asked.reg.model(name).aliases] if name else ()


def _entries(asked: Asked) -> Iterable[str]:
    return [*(entry.name for entry in asked.reg.library()), *_selectors(asked)]


def _variables(asked: Asked) -> Iterable[str]:
    kinds = (type, ModuleType)
    return sorted(n for n, value in asked.namespace.items() if not n.startswith("_") and not isinstance(value, kinds))


def _savable(asked: Asked) -> Iterable[str]:
    return [name for name in _variables(asked) if flavors.find(asked.namespace[name])]


def _tests(asked: Asked) -> Iterable[str]:
    """Give the kept tests of the model of the first word; only those without a space are one word."""
    name = asked.words[0].partition("@")[0] if asked.words else ""
    return [test.name for test in asked.reg.kept_tests(name) if " " not in test.name] if name else ()


def _adapters(asked: Asked) -> Iterable[str]:
    mine = [name for name, value in asked.namespace.items() if isinstance(value, type) and hasattr(value, "predict")]
    return [*sorted(plugs("adapters")), *sorted(mine)]


# By the names that arguments have: one word means one thing in all verbs.
_SOURCES: Mapping[str, Callable[[Asked], Iterable[str]]] = {
    "adapter": _adapters,
    "alias": _aliases,
    "config": _variables,
    "data": _variables,
    "datasets": _variables,
    "dataset": lambda asked: [f"{found.name}@{found.version}" for found in asked.reg.datasets_page(limit=_MOST).items],
    "deployment": _deployments,
    "engine": lambda _: ("local", "container", "ray"),
    "entry": _entries,
    "flavor": lambda _: sorted(plugs("flavors")),
    "framework": lambda _: FRAMEWORKS,
    "id": _runs,
    "input": _variables,
    "input_example": _variables,
    "inputs": _variables,
    "labels": _variables,
    "metrics": _variables,
    "model": _models,
    "name": _models,
    "params": _variables,
    "run": _runs,
    "search": _models,
    "selector": _selectors,
    "selectors": _compared,
    "stage": _stages,
    "status": lambda _: ("draft", "training", "completed", "archived"),
    "target": _targets,
    "test": _tests,
    "tests": _tests,
    "task": lambda _: [str(task) for task in Task],
    "variable": _savable,
    "what": _selectors,
}
_OTHERWISE = {
    ("dataset", "name"): "dataset", ("datasets", "name"): "dataset", ("runs", "name"): "", ("runs", "status"): "",
    ("jobs", "status"): "", ("start-run", "name"): "", ("edit-run", "status"): "", ("board", "datasets"): "",
    ("keep-test", "name"): "", ("tests", "target"): "selector", ("templates", "engine"): "", ("evaluate", "target"): "",
    ("board", "metrics"): "",
}  # fmt: skip
