"""Texts that break programs, in every field that takes text: given back as they are, or refused; never a 500."""

import json
from itertools import count
from urllib.parse import quote

import pytest

from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.registry import connect
from jupyter_modelmgmt.server.openapi import verbs
from jupyter_modelmgmt.server.routes import ROUTES

WORDS = {
    "nfc": "caf\u00e9",
    "nfd": "cafe\u0301",
    "rtl": "\u0645\u0631\u062d\u0628\u0627 \u202eabc\u202c",
    "zero width": "a\u200bb\ufeffc\u2060",
    "emoji": "\U0001f469\u200d\U0001f52c\U0001f1e9\U0001f1ea",
    "plane 16": "\U0010fffd",
    "high surrogate": "a\ud800",
    "low surrogate": "\udfff",
    "nul": "a\x00b",
    "control": "a\x07\x1b[31m",
    "line ends": "a\nb\rc\u2028d",
    "spaces": " \u00a0\u3000 ",
    "empty": "",
    "long": "x" * 9_999,
    "too long": "x" * 10_001,
    "tab": "a\tb",
}
PAYLOADS = (
    "'; DROP TABLE models; --", '" OR 1=1 --', "%' AND 1=1", "x'); DELETE FROM versions; --", "$1", ":name", "%s", "%(x)s", "\\",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)", "{{7*7}}", "${7*7}", "&lt;b&gt;",
    "../../etc/passwd", "..\\..\\windows", "%2e%2e%2f", "/etc/passwd", "file:///etc/passwd", "C:\\con", "\\\\host\\share", "CON", "a/b",
    "null", "NaN", "true", "[]", '{"a": 1}', "=1+1", "-rf", "~", "*", "?x=1#y", "a@b@c",
)  # fmt: skip
QUICK = 5  # one payload of so many in the quick suite
TEXTS = [
    *(pytest.param(text, id=name) for name, text in WORDS.items()),
    *(pytest.param(text, marks=[pytest.mark.heavy] if i % QUICK else []) for i, text in enumerate(PAYLOADS)),
]
NUMBERS = count()
TEXT_FIELDS = ("description", "author", "license")


def body(value):
    """Return JSON with half characters in it as they are, for servers that take what browsers never send."""
    return json.dumps(value).encode()


def told(answer):
    """Return status and JSON of an answer that is no 500; all refusals have the one shape."""
    assert answer.status_code < 500, answer.text
    found = answer.json() if answer.content else None
    if answer.status_code >= 400:
        assert set(found) == {"code", "message"}
    return answer.status_code, found


@pytest.mark.parametrize("text", TEXTS)
def test_texts_come_back_through_rest_or_are_refused(served, text):
    for field in (*TEXT_FIELDS, "tags"):
        value = [text] if field == "tags" else text
        status, found = told(served.ask("PATCH", "models/digits/versions/1.0.0", data=body({field: value})))
        if status == 200:
            wanted = [text.strip()] if field == "tags" and text.strip() else [] if field == "tags" else text
            assert found[field] == wanted
            assert told(served.ask("GET", "models/digits/versions/1.0.0"))[1][field] == wanted
    run = {"name": text, "params": {text: text}, "tags": [text], "source": {"notebook": text}}
    for field, value in run.items():
        status, found = told(served.ask("POST", "runs", data=body({"name": "n", field: value})))
        assert status in (201, 400)
        if status == 201 and field != "tags":
            assert found[field] == value or found[field] == text.strip()
    key = served.known["run"][0]
    for sent in ({"metrics": {text: 1.0}}, {"samples": [{"figure": text, "legend": text, "x": 1, "y": 2}]}):
        told(served.ask("POST", f"runs/{key}/metrics", data=body(sent)))
    told(served.ask("POST", "stages", data=body({"name": text})))
    told(served.ask("PATCH", "stages/canary", data=body({"gates": [text], "transitions": [text]})))
    told(served.ask("POST", "approvals", data=body({"selector": text, "stage": text, "comment": text})))
    told(served.ask("POST", "models", data=body({"name": text, "description": text})))
    told(served.ask("POST", "models/digits/versions/1.0.0/clone", data=body({"name": text, "version": text})))
    told(served.ask("POST", "datasets", data=body({"name": text, "digest": text, "source": text})))
    told(served.ask("POST", "evaluations", data=body({"selector": text, "dataset": text, "metrics": {text: 1.0}})))
    told(served.ask("POST", "webhooks", data=body({"url": text, "events": [text], "body": text})))


@pytest.mark.parametrize("text", TEXTS)
def test_registered_texts_come_back_or_are_refused(served, text):
    fields = {
        "description": text, "author": text, "license": text, "model_type": text, "framework": text, "labels": [text], "tags": [text],
        "metrics": {text: 1.0}, "params": {text: text}, "properties": {text: text}, "config": {text: [text]},
        "code": {"notebook": text}, "environment": {text: text}, "datasets": {text: text}, "run": text, "adapter": text,
    }  # fmt: skip
    file = told(served.ask("GET", "models/digits/versions/1.0.0/artifacts"))[1]["items"][0]
    for field, value in fields.items():
        sent = {"artifacts": [file], "version": f"3.0.{next(NUMBERS)}", field: value}
        status, found = told(served.ask("POST", "models/texts/versions", data=body(sent)))
        assert status in (201, 400, 404, 409), found
        if status == 201 and field not in ("tags", "framework", "model_type"):
            assert found[field] == value, field
            selector = f"models/texts/versions/{found['version']}"
            assert told(served.ask("GET", selector))[1][field] == value, field
    told(served.ask("POST", "models/texts/versions", data=body({"artifacts": [{**file, "path": text}]})))
    told(served.ask("POST", "models/texts/versions", data=body({"artifacts": [{**file, "digest": text}]})))


@pytest.mark.parametrize("text", TEXTS)
def test_texts_in_addresses_are_found_or_not(served, text):
    part = quote(text[:2000].encode("utf-8", "surrogatepass"), safe="")
    if not part:
        return
    for path in (
        f"models/{part}", f"models/digits/versions/{part}", f"models/{part}/versions", f"runs/{part}", f"datasets/{part}",
        f"deployments/{part}", f"boards/{part}", f"models/digits/versions/1.0.0/artifacts/{part}", f"webhooks/{part}",
        f"models?search={part}", f"models?filter={part}", f"models?cursor={part}", f"models?sort={part}", f"versions?filter={part}",
        f"versions?cursor={part}", f"runs?name={part}", f"runs?tag={part}", f"runs?status={part}", f"approvals?model={part}",
        f"approvals?state={part}", f"trash?model={part}", f"trash?cursor={part}", f"deployments?model={part}",
        f"compare?version={part}&version=digits", f"models/digits/versions/1.0.0/metrics?figure={part}",
        f"runs/{served.known['run'][0]}/metrics/{part}", f"history?actor={part}", f"history?since={part}",
    ):  # fmt: skip
        told(served.ask("GET", path))
    for path in (
        f"models/digits/aliases/{part}",
        f"models/{part}/aliases/champion",
        f"stages/{part}",
        f"trash/{part}/{part}",
    ):
        told(served.ask("DELETE", path))
    status, found = told(served.ask("PUT", f"models/digits/aliases/{part}", data=body({"version": "1.0.0"})))
    assert status != 200 or text in found["aliases"]
    told(served.ask("PATCH", f"stages/{part}", data=body({"position": 1})))


BODIES = [
    (verb.upper(), path.strip("/"))
    for path, handler in ROUTES.items()
    for verb, answer in verbs(handler)
    if answer.body not in (None, bytes)
]


@pytest.mark.parametrize(("method", "path"), BODIES)
def test_keys_that_are_no_fields_are_refused(served, method, path):
    for name, values in served.known.items():
        path = path.replace(f"{{{name}}}", values[0])
    for key in ("self", "actor", "store", "registry", "changes", "__class__", "nonsense"):
        status, found = told(served.ask(method, path, data=body({key: "x"})))
        assert status == 400, found
        assert key in found["message"]


@pytest.mark.parametrize("key", ["selector", "name", "version"])
@pytest.mark.parametrize("path", ["models/digits/versions/1.0.0", "stages/staging", "settings", "webhooks/1"])
def test_keys_that_name_what_is_changed_are_refused(served, path, key):
    assert told(served.ask("PATCH", path, data=body({key: "x"})))[0] in (400, 404)


@pytest.mark.parametrize("text", TEXTS)
def test_texts_come_back_through_python_or_are_refused(any_reg, tmp_path, text):
    file = tmp_path / "notes.txt"
    file.write_text("x")
    reg = any_reg
    reg.register_files(file, "digits", version="1.0.0")
    verbs = {
        "name": lambda: reg.register_files(file, text).model,
        "description": lambda: reg.update("digits@1.0.0", description=text).description,
        "author": lambda: reg.update("digits@1.0.0", author=text).author,
        "model": lambda: reg.describe("digits", text).description,
        "alias": lambda: reg.set_alias("digits@1.0.0", text).aliases[-1],
        "stage": lambda: next(rule.name for rule in reg.configure_stage(text) if rule.name == text),
        "comment": lambda: reg.promote("digits@1.0.0", "development", comment=text) and text,
        "reason": lambda: reg.update("digits@1.0.0", status="completed", reason=text) and text,
        "run": lambda: reg.start_run(text).name,
        "labels": lambda: reg.register_files(file, "a", labels=[text]).labels[0],
        "metrics": lambda: next(iter(reg.register_files(file, "b", metrics={text: 1.0}).metrics)),
        "params": lambda: reg.get(reg.register_files(file, "c", params={"p": text}).selector).params["p"],
        "properties": lambda: reg.get(reg.register_files(file, "d", properties={"p": text}).selector).properties["p"],
        "property": lambda: next(iter(reg.register_files(file, "e", properties={text: 1}).properties)),
        "config": lambda: reg.get(reg.register_files(file, "f", config={"p": text}).selector).config["p"],
        "code": lambda: reg.get(reg.register_files(file, "g", code={"notebook": text}).selector).code["notebook"],
        "parent": lambda: reg.register_files(file, "h", parent=text).parent,
    }  # fmt: skip
    for field, verb in verbs.items():
        try:
            given = verb()
        except ModelManagementError as error:
            given, refused = None, error
        else:
            refused = None
        if refused is not None:
            assert 400 <= refused.status < 500, (field, refused)
            continue
        assert given in (text, text.strip()), field


def test_nothing_was_dropped(served):
    assert told(served.ask("GET", "models/digits"))[1]["version_count"] == 2


def test_connect_refuses_texts_that_are_no_address():
    for text in ("", "mysql://x", "sqlite", "\x00", "postgresql+psycopg://[", "http://x"):
        if text:
            with pytest.raises(ModelManagementError):
                connect(text)
