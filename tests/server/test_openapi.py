from openapi_spec_validator import validate

from jupyter_modelmgmt.server.openapi import VERBS, document
from jupyter_modelmgmt.server.routes import ROUTES, handlers


async def test_the_document_is_valid_and_served(ask):
    status, served = await ask("GET", "openapi.json")
    assert status == 200
    validate(served)
    assert set(served["paths"]) == set(ROUTES)


def test_every_verb_of_every_handler_is_described():
    from jupyter_server.base.handlers import APIHandler

    described = document(ROUTES)["paths"]
    for path, handler in ROUTES.items():
        own = {verb for verb in VERBS if getattr(handler, verb) is not getattr(APIHandler, verb, None)}
        assert own == set(described[path]), path
        assert own


def test_all_patterns_are_ours_alone():
    assert all(pattern.startswith("/modelmgmt/api/v1") for pattern, _ in handlers())
