import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.records import Event
from jupyter_modelmgmt.domain.webhooks import (
    checked_body,
    checked_patterns,
    checked_secret,
    checked_url,
    rendered,
    signature,
    wants,
)


def event(action="version.promoted", model="digits", **details):
    return Event(id=7, at=datetime(2026, 11, 21, tzinfo=UTC), actor='Ada "L"', action=action, model=model,
                 version="1.0.0", details=details)  # fmt: skip


@pytest.mark.parametrize(
    ("patterns", "model", "heard"),
    [
        (("version.*",), "", True),
        (("version.promoted",), "DIGITS", True),
        (("alias.*", "*"), "", True),
        (("alias.*",), "", False),
        (("version",), "", False),
        (("version.*",), "words", False),
    ],
)
def test_patterns_and_a_model_choose_events(patterns, model, heard):
    assert wants(patterns, model, event()) is heard


def test_the_signature_is_an_hmac_of_time_and_body():
    expected = hmac.new(b"a-secret", b"1700000000.{}", hashlib.sha256).hexdigest()
    assert signature("a-secret", "1700000000", b"{}") == f"sha256={expected}"


def test_templates_are_filled_in():
    template = (
        '{"text": "${event_type} by ${event_author}: ${model}@${version} is ${stage}", "a": "${alias}", "t": "${tag}"}'
    )
    details = {"stage": ["staging", "production"], "alias": "champion", "changes": {"tags": [["a"], ["a", "b", "c"]]}}
    assert json.loads(rendered(checked_body(template), event(**details))) == {
        "text": 'version.promoted by Ada "L": digits@1.0.0 is production', "a": "champion", "t": "b, c",
    }  # fmt: skip
    assert json.loads(rendered(template, event(stage="staging")))["text"].endswith("is staging")
    assert json.loads(rendered(template, event()))["t"] == ""


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_value_breaks_out_of_its_text(text):
    assert json.loads(rendered('{"alias": "${alias}"}', event(alias=text))) == {"alias": text}


@pytest.mark.parametrize("body", ["", '{"text": "${model}"}', "[]", '"${tag}"', '{"cost": "$5"}'])
def test_templates_that_are_json_are_taken(body):
    assert checked_body(body) == body


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ('{"text": "${color}"}', r"\$\{color\} is no variable. There are \$\{event_type\}"),
        ('{"text": "${}"}', "is no variable"),
        ('{"text": ${model}}', "body is not JSON.*Put variables into texts"),
        ("hello", "body is not JSON"),
        ("[" * 9000, "body is not JSON"),
        ("x" * 10_001, "body may have at most"),
    ],
)
def test_other_templates_are_refused(body, line):
    with pytest.raises(BadField, match=line):
        checked_body(body)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/hook?x=1", "https://hooks.example.org", "http://[::1]/a"])
def test_addresses_are_taken(url):
    assert checked_url(url) == url


@pytest.mark.parametrize(
    "url",
    ["", "hook", "file:///etc/passwd", "ftp://a/b", "http://", "http://:80/", "http://a:0/", "http://a:99999/",
     "http://a:x/", "http://a/\r\nX: y", "http://a/ b", "http://ä/", "http://[::1/", "http://a/" + "x" * 2000],
)  # fmt: skip
def test_what_is_no_address_is_refused(url):
    with pytest.raises(BadField, match="is not the address of a webhook"):
        checked_url(url)


def test_a_password_in_an_address_is_refused_and_not_repeated():
    with pytest.raises(BadField) as raised:
        checked_url("https://me:hunter22@example.org/")
    assert "hunter22" not in str(raised.value)


def test_patterns_are_checked():
    assert checked_patterns("version.*, alias.set") == checked_patterns(["version.*", "alias.set"])
    for bad in ("", [], ["Version.*"], "a b", ["*"] * 21, ["x" * 61]):
        with pytest.raises(BadField, match="are not patterns of events"):
            checked_patterns(bad)


def test_secrets_are_checked_and_not_repeated():
    assert checked_secret("12345678") == "12345678"
    for bad in ("short", "x" * 201, "line\nbreak-of-it"):
        with pytest.raises(BadField) as raised:
            checked_secret(bad)
        assert bad not in str(raised.value)
