"""The OpenAPI document, made from the routes and the records; nothing is written twice."""

import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import msgspec

from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import Answer, RegistryHandler

VERBS = ("get", "post", "put", "patch", "delete")
Routes = Mapping[str, type[RegistryHandler]]
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def document(routes: Routes) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of `routes`."""
    said = [answer for handler in routes.values() for _, answer in verbs(handler)]
    kinds = [kind for answer in said for kind in (answer.answer, answer.body, answer.query) if _is_record(kind)]
    schemas, components = msgspec.json.schema_components(
        [*kinds, wire.Error], ref_template="#/components/schemas/{name}"
    )
    asked = [answer.body for answer in said] + [answer.query for answer in said]
    _require_all(components, _reached(components, asked) - _reached(components, [answer.answer for answer in said]))
    _close(components, [answer.body for answer in said])
    by_kind = dict(zip(map(repr, [*kinds, wire.Error]), schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {"title": "jupyter_modelmgmt", "version": version("jupyter_modelmgmt")},
        "paths": {
            path: {verb: _operation(path, verb, answer, by_kind, components) for verb, answer in verbs(handler)}
            for path, handler in routes.items()
        },
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "apiKey", "in": "header", "name": "Authorization"}},
        },
        "security": [{"token": []}],
    }


def _require_all(components: dict[str, Any], asked: set[str]) -> None:
    """Mark every field of what we answer as required: defaults are for those who ask."""
    for name, schema in components.items():
        if name not in asked and "properties" in schema:
            schema["required"] = list(schema["properties"])


def _reached(components: dict[str, Any], kinds: list[Any]) -> set[str]:
    """Return the names of the components that the records `kinds` are made of."""
    schemas, named = msgspec.json.schema_components([kind for kind in kinds if _is_record(kind)], ref_template="{name}")
    return {name for name in components if name in named or any(schema.get("$ref") == name for schema in schemas)}


def _close(components: dict[str, Any], bodies: list[Any]) -> None:
    """Say of the bodies that they take no other keys."""
    for body in bodies:
        if (name := getattr(body, "__name__", "")) in components:
            components[name]["additionalProperties"] = False


def verbs(handler: type[RegistryHandler]) -> list[tuple[str, Answer]]:
    """Return the verbs that a handler answers, with what it says of them."""
    return [(verb, getattr(handler, verb).answer) for verb in VERBS if hasattr(getattr(handler, verb), "answer")]


def _is_record(kind: Any) -> bool:
    return kind is not None and kind is not bytes


def _operation(
    path: str, verb: str, answer: Answer, by_kind: Mapping[str, Any], components: Mapping[str, Any]
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": verb + re.sub(r"[^a-z]+", "_", path).title().replace("_", ""),
        "summary": answer.summary,
        "parameters": [*_in_path(path), *_in_query(answer, components)],
        "responses": {
            str(answer.status): _response(answer, by_kind),
            "default": {"description": "Error", "content": {"application/json": {"schema": by_kind[repr(wire.Error)]}}},
        },
    }
    if answer.body is not None:
        json = {"application/json": {"schema": by_kind.get(repr(answer.body))}}
        operation["requestBody"] = {"required": True, "content": _BYTES if answer.body is bytes else json}
    return operation


def _response(answer: Answer, by_kind: Mapping[str, Any]) -> dict[str, Any]:
    if answer.status == 204:  # noqa: PLR2004 - HTTP
        return {"description": "Done"}
    if answer.answer is None:
        return {"description": answer.summary, "content": {answer.media: _BYTES["application/octet-stream"]}}
    content = {answer.media: {"schema": by_kind[repr(answer.answer)]}}
    if answer.or_text:
        content["text/plain"] = {"schema": {"type": "string"}}
    return {"description": answer.summary, "content": content}


def _in_path(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _in_query(answer: Answer, components: Mapping[str, Any]) -> list[dict[str, Any]]:
    if answer.query is None:
        return []
    schema = components[answer.query.__name__]
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": kind}
        for name, kind in schema["properties"].items()
    ]
