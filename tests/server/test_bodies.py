"""Requests that no client sends by accident: mistakes of whoever sends them, and never one of the server."""

DEEP = (b"[" * 20_000 + b"]" * 20_000, b'{"a":' * 20_000 + b"1" + b"}" * 20_000)
HUGE = "9" * 5000
ROUTES = [
    ("POST", ("models",), "name"),
    ("POST", ("models", "digits", "versions"), "config"),
    ("PATCH", ("models", "digits"), "description"),
    ("POST", ("deployments",), "selector"),
    ("PATCH", ("deployments", "svc"), "resources"),
    ("POST", ("imports",), "source"),
    ("POST", ("runs",), "source"),
    ("POST", ("approvals",), "comment"),
]


async def test_what_is_nested_without_end_or_is_no_text_is_refused(ask):
    for method, path, field in ROUTES:
        name = field.encode()
        nested = [body for value in DEEP for body in (value, b'{"%s":%s}' % (name, value))]
        for body in (*nested, b'{"%s":"\xff"}' % name, b'{"\xff":1}'):
            status, error = await ask(method, *path, body=body)
            assert (status, error["code"]) == (400, "bad_field"), (path, body[:40], error)


async def test_a_number_beyond_all_bounds_is_refused(ask):
    for field in ("resources", "limits", "autoscale"):
        status, error = await ask("PATCH", "deployments", "svc", body=b'{"%s":{"a":{"b":1e400}}}' % field.encode())
        assert (status, error["code"]) == (400, "bad_field"), error


async def test_what_a_deployment_is_asked_strangely_is_told(ask, registry, digits_version):
    registry.deploy("digits", name="svc")
    path = ("deployments", "svc", "predict")
    for media in ("multipart/form-data", "multipart/form-data; boundary=", "image/\xe9", "x" * 5000):
        status, error = await ask("POST", *path, body=b"\x00--\r\n", headers={"Content-Type": media})
        assert 400 <= status < 500, (media, error)
    for said in ("-1", "x", "\xb2", HUGE, "1, 2", ""):
        status, error = await ask("POST", *path, body=b"{}", headers={"Inference-Header-Content-Length": said})
        assert (status, error["code"]) == (400, "bad_input"), (said, error)
    for version in ("../../../../control/shutdown?", "1.0.0/../../../..", "%2e%2e", "1.0.0\r\nX: y", "é"):
        status, error = await ask("POST", *path, body=b"{}", params={"version": version})
        assert (status, error["code"]) == (404, "not_found"), (version, error)
    assert registry.running_host()


async def test_a_form_without_a_boundary_starts_no_worker(ask, extension, digits_version):
    path = ("models", "digits", "versions", "1.0.0", "predict")
    status, error = await ask("POST", *path, body=b"x", headers={"Content-Type": "multipart/form-data"})
    assert (status, error["code"]) == (400, "bad_image")
    assert not extension.trials._kept


async def test_numbers_of_thousands_of_digits_in_headers_are_told(ask, digits_version):
    _, session = await ask("POST", "uploads")
    status, error = await ask("PATCH", "uploads", session["id"], body=b"x", headers={"Upload-Offset": HUGE})
    assert (status, error["code"]) == (400, "bad_field")
    path = ("models", "digits", "versions", "1.0.0", "artifacts", "model.skops")
    for span in (f"bytes={HUGE}-", f"bytes=-{HUGE}", f"bytes=0-{HUGE}"):
        whole = await ask("GET", *path, headers={"Range": span}, raw=True)
        assert (whole.code, len(whole.body)) == (200, digits_version.artifacts[0].size)
