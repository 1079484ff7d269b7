"""What is understood of a worker's answers, each written byte for byte by a server of this test."""

import asyncio

import pytest

from jupyter_modelmgmt.serving.backend import Backend, Cut, Forward, Unreachable

OK = b"HTTP/1.1 200 OK\r\n"
WHOLE = OK + b"Content-Length: 2\r\nX-Kind: b\r\n\r\nok"


def asked(folder, *answers, forward=None, times=1):
    """Return the answers to `times` requests, what the server read, and how many connections it saw."""
    read, connections = [], 0

    async def answer(reader, writer):
        nonlocal connections
        connections += 1
        for said in answers:
            if not (head := await reader.readuntil(b"\r\n\r\n")):
                break
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            read.append(head + await reader.readexactly(length))
            for part in said if isinstance(said, list) else [said]:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0)
        writer.close()

    async def journey():
        async with await asyncio.start_unix_server(answer, folder / "s"):
            backend = Backend(str(folder / "s"), "1.0.0", lambda path: f"/prefix{path}")
            try:
                return [await backend.send(forward or Forward(method="GET", path="/")) for _ in range(times)]
            finally:
                backend.close()

    return asyncio.run(journey()), read, connections


def test_a_request_goes_out_as_it_came(tmp_path):
    forward = Forward(method="POST", path="/v2?a=b", headers=[(b"content-type", b"image/png")], body=b"\x00\xff")
    _, (read,), _ = asked(tmp_path, WHOLE, forward=forward)
    head = b"POST /prefix/v2?a=b HTTP/1.1\r\nHost: worker\r\ncontent-type: image/png\r\nContent-Length: 2\r\n\r\n"
    assert read == head + b"\x00\xff"


def test_a_large_body_goes_out_whole(tmp_path):
    body = bytes(range(256)) * 8192
    _, (read,), _ = asked(tmp_path, WHOLE, forward=Forward(method="POST", path="/", body=body))
    assert read.partition(b"\r\n\r\n")[2] == body


def test_one_connection_carries_one_request_after_the_other(tmp_path):
    answers, _, connections = asked(tmp_path, WHOLE, WHOLE, WHOLE, times=3)
    assert [(a.status, a.body, dict(a.headers)[b"X-Kind"]) for a in answers] == [(200, b"ok", b"b")] * 3
    assert connections == 1


@pytest.mark.parametrize(
    "said",
    [
        [bytes([byte]) for byte in WHOLE],
        OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE,
        [b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", WHOLE],
        OK + b"Connection: close\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\n\r\nok",
    ],
    ids=["byte by byte", "chunked", "continue", "hints", "until the end", "1.0"],
)
def test_an_answer_is_read_however_its_end_is_told(tmp_path, said):
    (answer,), _, _ = asked(tmp_path, said)
    assert (answer.status, answer.body) == (200, b"ok")


def test_a_connection_that_the_worker_closes_is_not_used_again(tmp_path):
    said = OK + b"Content-Length: 2\r\nConnection: close\r\n\r\nok"
    answers, _, connections = asked(tmp_path, said, times=2)
    assert ([a.body for a in answers], connections) == ([b"ok", b"ok"], 2)


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", b"no HTTP\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"],
)
def test_an_answer_that_ends_too_early_is_cut(tmp_path, said):
    with pytest.raises(Cut):
        asked(tmp_path, said)


def test_a_worker_that_is_not_there_has_seen_nothing(tmp_path):
    with pytest.raises(Unreachable):
        asyncio.run(Backend(str(tmp_path / "none"), "1.0.0").send(Forward(method="GET", path="/")))
