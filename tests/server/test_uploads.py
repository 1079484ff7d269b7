"""Uploads over real connections that break."""

import asyncio
import json
import random
import socket
import struct

import pytest
from blake3 import blake3


def digest(data):
    return "blake3:" + blake3(data).hexdigest()


@pytest.fixture
def limit_mib():
    return 64


@pytest.fixture
def jp_server_config(jp_server_config, limit_mib):
    jp_server_config["ModelManagement"]["upload_limit"] = limit_mib * 2**20
    return jp_server_config


@pytest.fixture
def patch_and_cut(jp_serverapp, jp_auth_header, jp_base_url):
    """Give a function that sends the head of a PATCH and a part of its body, and resets the connection."""

    def send(session, offset, promised, part):
        connection = socket.create_connection(("127.0.0.1", jp_serverapp.port))
        lines = [
            f"PATCH {jp_base_url}modelmgmt/api/v1/uploads/{session} HTTP/1.1", "Host: 127.0.0.1",
            f"Authorization: {jp_auth_header['Authorization']}", f"Upload-Offset: {offset}",
            f"Content-Length: {promised}", "", "",
        ]  # fmt: skip
        connection.sendall("\r\n".join(lines).encode() + part)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 0, 0))
        return connection

    return send


async def offset_of(ask, session):
    return (await ask("GET", "uploads", session))[1]["offset"]


async def settled(ask, session, uploads):
    """Return the offset once the server has written what it got."""
    last, same = -1, 0
    while same < 3:
        now = await offset_of(ask, session)
        with uploads._state(session).turn:
            pass  # whoever still writes has it
        same = same + 1 if now == last else 0
        last = now
        await asyncio.sleep(0.01)
    return last


async def test_an_upload_goes_on_after_its_connection_was_cut_at_fifty_places(ask, extension, patch_and_cut):
    data = random.Random(0).randbytes(6_000_000)
    _, session = await ask("POST", "uploads")
    randomly, cuts, offset = random.Random(1), 0, 0
    while cuts < 50:
        part = data[offset : offset + randomly.choice([1, 300, 65_536, 100_000, 240_000])]
        connection = await asyncio.to_thread(patch_and_cut, session["id"], offset, len(data) - offset, part)
        await asyncio.sleep(randomly.random() * 0.02)
        connection.close()  # a reset: the server gets no end
        cuts += 1
        kept = await settled(ask, session["id"], extension.uploads)
        assert offset <= kept <= offset + len(part)
        offset = kept
    status, _ = await ask("PATCH", "uploads", session["id"], body=data[offset:], headers={"Upload-Offset": str(offset)})
    assert status == 200
    status, artifact = await ask("PUT", "uploads", session["id"], params={"digest": digest(data)})
    assert (status, artifact["size"]) == (200, len(data))
    print(f"\ncut {cuts} times, {offset:,} of {len(data):,} bytes came by connections that were cut")  # noqa: T201
    assert offset > 0


async def test_two_clients_in_one_session_spoil_nothing(ask):
    data = random.Random(0).randbytes(2_000_000)
    _, session = await ask("POST", "uploads")
    path = ("uploads", session["id"])
    answers = await asyncio.gather(*(ask("PATCH", *path, body=data, headers={"Upload-Offset": "0"}) for _ in range(2)))
    assert sorted(status for status, _ in answers) == [200, 409]
    assert (await ask("PUT", *path, params={"digest": digest(data)}))[0] == 200


async def test_the_same_file_uploaded_by_many_at_once_is_one_blob(ask, registry):
    data = random.Random(0).randbytes(3_000_000)

    async def upload():
        _, session = await ask("POST", "uploads")
        await ask("PATCH", "uploads", session["id"], body=data, headers={"Upload-Offset": "0"})
        return (await ask("PUT", "uploads", session["id"], params={"digest": digest(data)}))[0]

    assert await asyncio.gather(*(upload() for _ in range(8))) == [200] * 8
    assert [blob.digest for blob in registry.artifacts.digests()] == [digest(data)]


async def test_finishing_again_gives_the_same_answer(ask):
    _, session = await ask("POST", "uploads")
    path = ("uploads", session["id"])
    await ask("PATCH", *path, body=b"data", headers={"Upload-Offset": "0"})
    first = await ask("PUT", *path, params={"digest": digest(b"data")})
    assert first[0] == 200
    assert await ask("PUT", *path, params={"digest": digest(b"data")}) == first
    assert (await ask("PUT", *path, params={"digest": digest(b"other")}))[0] == 404


async def test_an_upload_goes_on_after_the_server_forgot_its_digest(ask, extension):
    _, session = await ask("POST", "uploads")
    path = ("uploads", session["id"])
    await ask("PATCH", *path, body=b"first", headers={"Upload-Offset": "0"})
    extension.uploads._states.clear()  # as a new server process does
    await ask("PATCH", *path, body=b"second", headers={"Upload-Offset": "5"})
    status, artifact = await ask("PUT", *path, params={"digest": digest(b"firstsecond")})
    assert (status, artifact["size"]) == (200, 11)


async def test_an_empty_file_is_a_file(ask):
    _, session = await ask("POST", "uploads")
    status, artifact = await ask("PUT", "uploads", session["id"], params={"digest": digest(b"")})
    assert (status, artifact["size"]) == (200, 0)


async def test_forty_megabytes_go_up_in_parts_that_tell_how_far(ask, registry, limit_mib):
    """Story A11."""
    data = random.Random(0).randbytes(40 * 2**20)
    _, session = await ask("POST", "uploads")
    told, part = [], 8 * 2**20
    for offset in range(0, len(data), part):
        headers = {"Upload-Offset": str(offset)}
        status, now = await ask("PATCH", "uploads", session["id"], body=data[offset : offset + part], headers=headers)
        assert status == 200
        told.append(now["offset"])
    assert told == [part * (i + 1) for i in range(5)]
    over = {"Upload-Offset": str(limit_mib * 2**20)}
    status, error = await ask("PATCH", "uploads", session["id"], body=b"x", headers=over)
    assert (status, error["code"]) == (413, "too_large")
    assert str(limit_mib * 2**20) in error["message"]
    _, file = await ask("PUT", "uploads", session["id"], params={"digest": digest(data)})
    body = {"artifacts": [{**file, "path": "photos.zip"}], "framework": "other"}
    status, version = await ask("POST", "models", "photos", "versions", body=body)
    assert (status, version["size"]) == (201, len(data))
    (kept,) = registry.get("photos").artifacts
    assert registry.artifacts.path(kept.digest).stat().st_size == len(data)


async def test_a_body_that_lies_about_its_length_is_refused(ask, extension, patch_and_cut, limit_mib):
    _, session = await ask("POST", "uploads")
    connection = await asyncio.to_thread(patch_and_cut, session["id"], 0, limit_mib * 2**20 + 1, b"x" * 100)
    connection.close()
    assert await settled(ask, session["id"], extension.uploads) == 0


async def test_parts_without_a_length_stop_at_the_limit(ask, limit_mib, jp_serverapp, jp_auth_header, jp_base_url):
    """Chunked encoding says no length: the limit holds all the same."""
    _, session = await ask("POST", "uploads")

    def send():
        with socket.create_connection(("127.0.0.1", jp_serverapp.port)) as connection:
            head = (
                f"PATCH {jp_base_url}modelmgmt/api/v1/uploads/{session['id']} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                f"Authorization: {jp_auth_header['Authorization']}\r\nUpload-Offset: 0\r\n"
                "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            )
            connection.sendall(head.encode())
            block = b"%x\r\n" % 2**20 + bytes(2**20) + b"\r\n"
            for _ in range(limit_mib + 3):
                connection.sendall(block)
            connection.sendall(b"0\r\n\r\n")
            answer = b""
            while more := connection.recv(65_536):
                answer += more
        return answer

    head, _, body = (await asyncio.to_thread(send)).partition(b"\r\n\r\n")
    assert b" 413 " in head.splitlines()[0]
    assert json.loads(body)["code"] == "too_large"
    assert await offset_of(ask, session["id"]) <= limit_mib * 2**20


async def test_an_upload_that_lacks_bytes_is_not_finished_and_goes_on(ask):
    _, session = await ask("POST", "uploads")
    path = ("uploads", session["id"])
    await ask("PATCH", *path, body=b"first", headers={"Upload-Offset": "0"})
    status, error = await ask("PUT", *path, params={"size": "11"})
    assert (status, error["code"]) == (400, "bad_file")
    assert error["message"] == "5 of 11 bytes were uploaded. Send the rest from byte 5 on."
    await ask("PATCH", *path, body=b"second", headers={"Upload-Offset": "5"})
    status, artifact = await ask("PUT", *path, params={"size": "11"})
    assert (status, artifact["digest"]) == (200, digest(b"firstsecond"))
