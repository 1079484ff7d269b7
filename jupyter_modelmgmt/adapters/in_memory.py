"""An object in memory, asked as a version of its model is asked: through the same adapter, configuration and labels."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.adapters import kinds
from jupyter_modelmgmt.adapters.base import ModelAdapter
from jupyter_modelmgmt.adapters.predictor import Predictor
from jupyter_modelmgmt.domain.errors import NotFitted, NotLoadable
from jupyter_modelmgmt.domain.records import ModelVersion, Task


@contextmanager
def held(model: object, like: ModelVersion | None, namespace: Mapping[str, object]) -> Iterator[Predictor]:
    """Give `model` ready to answer what the version `like` answers, while the block runs; tensors where there is none.

    Nothing that travels with the version runs: an adapter of the user's own is taken from `namespace`, or
    from a module that is imported. It gets the object written into a folder, as it would be registered.
    Raises NotSavable, NotFitted, NotLoadable, and BadField where adapter and object do not fit.
    """
    if isinstance(model, ModelAdapter):
        yield Predictor(runner=model.runner, adapter=model, task=like.task if like else Task.OTHER)
        return
    flavor = flavors.flavor_for(model)
    if problem := flavor.problem(model):
        raise NotFitted(problem)
    runner = flavor.served(model)
    if like is None or not like.adapter:
        yield Predictor(runner=runner, adapter=None, task=flavor.describe(model).task)
        return
    adapter = _class(like, namespace)()
    adapter.flavor, adapter.configuration = flavor.NAME, like.config
    adapter.signature, adapter.labels = like.signature, _labels(like, flavor.describe(model).labels)
    with TemporaryDirectory(prefix="modelmgmt-") as folder:
        if ":" in like.adapter:
            flavor.save(model, Path(folder))
        else:
            adapter.held = runner
        adapter.load(Path(folder))
        yield Predictor(runner=adapter.runner, adapter=adapter, task=like.task)


def _labels(like: ModelVersion, own: tuple[str, ...]) -> tuple[str, ...]:
    """Return the version's labels, which answers are compared by; the object's own where it has another number."""
    return own if own and len(own) != len(like.labels) else like.labels


def _class(like: ModelVersion, namespace: Mapping[str, object]) -> type[ModelAdapter]:
    if ":" not in like.adapter:
        return kinds.find(like.adapter, Path())
    home, _, qualname = like.adapter.partition(":")
    first, *rest = qualname.split(".")
    found: Any = namespace.get(first) or getattr(sys.modules.get(home), first, None)
    for part in rest:
        found = getattr(found, part, None)
    if not (isinstance(found, type) and issubclass(found, ModelAdapter)):
        raise NotLoadable(
            f"{like.selector} is asked through the adapter {qualname}, which this notebook does not have. "
            "Run the cell that defines or imports it, then ask again."
        )
    return found
