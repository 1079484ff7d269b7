"""What a clean kernel says of what it rebuilt. It runs there."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.capture import state, values


def judged(namespace: Mapping[str, object], question: str) -> str:
    """Return as JSON the digests of variables, and how far the rebuilt model lies from the saved one.

    `question` is JSON: `names` to digest, the `variable` of the model, its `flavor` and the `folder`
    with its files.
    """
    asked: dict[str, Any] = json.loads(question)
    digests = {name: values.of_value(namespace[name]) for name in asked["names"] if name in namespace}
    if asked["variable"] not in namespace:
        return json.dumps({"digests": digests, "problem": f"no cell makes the variable {asked['variable']!r}"})
    flavor = flavors.get(asked["flavor"])
    saved = flavor.load(Path(asked["folder"]), allow_code=True)
    apart = compared(flavor, namespace[asked["variable"]], saved)
    return json.dumps({"digests": digests, "largest": apart.largest, "where": apart.where})


def compared(flavor: flavors.Flavor, model: object, saved: object) -> state.Difference:
    """Return how far what two models learned lies apart."""
    weights = getattr(flavor, "weights", None)
    return state.difference(model, saved) if weights is None else state.difference(weights(model), weights(saved))
