"""A file into a real Jupyter server and out of it, against copying and hashing it."""

import http.client
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from blake3 import blake3

from tests.bench.measure import Figure, by_turns
from tests.bench.processes import API, TOKEN, Rest, jupyter

SIZE = 1 << 30
PIECE = 1 << 20
UPLOADS = f"{API}/uploads"


def figures(folder: Path) -> Iterator[Figure]:
    folder.mkdir()
    file = folder / "file"
    with file.open("wb") as target:
        for _ in range(SIZE >> 24):
            target.write(os.urandom(1 << 24))
    digest = copied(file, folder / "copy")
    with jupyter(folder / "server") as server, Rest(server.port) as rest:
        yield against(file, "upload {} GiB to the server", lambda: uploaded(rest, server.port, file, digest))
        artifact = {"path": "model.bin", "digest": digest, "size": SIZE}
        rest.ask("POST", f"{API}/models/big/versions", {"artifacts": [artifact]})
        yield against(file, "download {} GiB from the server", lambda: downloaded(server.port, folder / "downloaded"))


def against(file: Path, what: str, action: Callable[[], object]) -> Figure:
    ours, theirs = by_turns(action, lambda: copied(file, file.with_name("copy")), times=4)
    return Figure(what=what.format(SIZE >> 30), ours=ours, against="copy, blake3, fsync", theirs=theirs, at_most=2)


def copied(file: Path, target: Path) -> str:
    """Copy a file as durably as a blob is written, and return its digest."""
    hasher = blake3()
    with file.open("rb") as source, target.open("wb") as copy:
        while chunk := source.read(PIECE):
            hasher.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    return "blake3:" + hasher.hexdigest()


def uploaded(rest: Rest, port: int, file: Path, digest: str) -> None:
    session = rest.ask("POST", UPLOADS, {})["id"]
    head = (
        f"PATCH {UPLOADS}/{session} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {TOKEN['Authorization']}\r\n"
        f"Upload-Offset: 0\r\nContent-Length: {SIZE}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as connection, file.open("rb") as source:
        connection.sendall(head.encode())
        connection.sendfile(source)
        while connection.recv(PIECE):
            pass
    rest.ask("PUT", f"{UPLOADS}/{session}?digest={digest}")


def downloaded(port: int, target: Path) -> None:
    """Write what the server sends into a file, as durably as `copied`, and hash it."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"{API}/models/big/versions/1.0.0/artifacts/model.bin", headers=TOKEN)
    answer, hasher = connection.getresponse(), blake3()
    with target.open("wb") as file:
        while chunk := answer.read(PIECE):
            hasher.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    connection.close()
    assert target.stat().st_size == SIZE
