"""Requests made from the OpenAPI document, good ones and bad ones: no 500, every answer as the document says."""

import random

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from jupyter_modelmgmt.server.openapi import document, verbs
from jupyter_modelmgmt.server.routes import ROUTES

DOCUMENT = document(ROUTES)
EVERY = [(path, verb) for path, handler in ROUTES.items() for verb, _ in verbs(handler)]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
QUICK = 2  # `make test-heavy` sends ten times as many


@pytest.mark.parametrize(("path", "verb"), EVERY)
def test_no_request_breaks_a_route(served, path, verb):
    fuzz(served, path, verb, QUICK)


@pytest.mark.heavy
@pytest.mark.parametrize(("path", "verb"), EVERY)
def test_no_request_of_many_breaks_a_route(served, path, verb):
    fuzz(served, path, verb, 20)


def fuzz(served, path, verb, count):
    """Send `count` requests that fit the document and as many that do not."""
    operation = schemathesis.openapi.from_dict(DOCUMENT)[path][verb]
    for mode in GenerationMode:
        if mode is GenerationMode.NEGATIVE and not (operation.definition.raw.get("requestBody") or operation.query):
            continue

        @given(operation.as_strategy(generation_mode=mode), st.integers(0, 2**32))
        @settings(
            max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), database=None,
            phases=[Phase.generate], derandomize=True,
        )  # fmt: skip
        def sent(case, seed):
            choose = random.Random(seed)
            # Else nearly every request ends at a model that is not there.
            for name in case.path_parameters or {}:
                if choose.random() < 0.7:
                    case.path_parameters[name] = choose.choice(served.known[name])
            case.call_and_validate(
                base_url=served.address, session=served.session, checks=CHECKS,
                headers={"Authorization": f"token {served.token}"}, timeout=60,
            )  # fmt: skip

        sent()
