"""What the sidebar asks of a kernel: the models in memory, and registering one of them."""

import json
from typing import Any

import msgspec

from jupyter_modelmgmt.capture import notebook
from jupyter_modelmgmt.domain.errors import BadField, NotFound
from jupyter_modelmgmt.registry import connect

_FIELDS = frozenset(
    {"description", "framework", "task", "model_type", "tags", "author", "license", "public", "status"}
    | {"version", "bump", "reason"}
)


def notebook_is(path: str) -> None:
    """Note what the front end says the notebook's path is: the server's word is stale after a rename."""
    notebook.notebook_is(path)


def in_memory_json() -> str:
    """Return the models in the kernel's memory as a JSON list of `MemoryModel`."""
    return msgspec.json.encode(connect().in_memory()).decode()


def register_from_form(model: object, form: str) -> str:
    """Register `model` as the JSON `form` says and return the version as JSON.

    The form has `name`, `version` or `bump`, and fields of a version. Raises what `register` raises.
    """
    name, said = _read(form)
    return msgspec.json.encode(connect().register(model, name, **said)).decode()


def advice_from_form(model: object, form: str) -> str:
    """Return the advice on the number that `model` should get as JSON, `null` for a first version."""
    name, said = _read(form)
    said.pop("bump", None)
    try:
        return msgspec.json.encode(connect().advise(model, name, **said)).decode()
    except NotFound:
        return "null"


def _read(form: str) -> tuple[str, dict[str, Any]]:
    """Return the name and what else a form says. Raises BadField."""
    said: dict[str, Any] = {key: value for key, value in json.loads(form).items() if value is not None}
    name = said.pop("name", "")
    if unknown := said.keys() - _FIELDS:
        raise BadField(f"The form has no field {', '.join(sorted(unknown))}.")
    return name, said
