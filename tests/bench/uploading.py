"""Uploading a file through a real Jupyter server against copying and hashing it."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blake3 import blake3

from tests.bench.measure import Figure, by_turns

SIZE = 1 << 30
PIECE = 1 << 20
UPLOADS = "/modelmgmt/api/v1/uploads"
TOKEN = {"Authorization": "token bench"}


def figures(folder: Path) -> Iterator[Figure]:
    folder.mkdir()
    file = folder / "file"
    with file.open("wb") as target:
        for _ in range(SIZE >> 24):
            target.write(os.urandom(1 << 24))
    digest = copied(file, folder / "copy")
    with served(folder) as port:
        ours, theirs = by_turns(lambda: uploaded(port, file, digest), lambda: copied(file, folder / "copy"), times=5)
    yield Figure(
        what=f"upload {SIZE >> 30} GiB to the server", ours_ms=ours, against="copy, blake3, fsync", theirs_ms=theirs,
        at_most=2,
    )  # fmt: skip


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


def uploaded(port: int, file: Path, digest: str) -> None:
    session = json.loads(asked(port, "POST", UPLOADS, b"{}"))["id"]
    head = (
        f"PATCH {UPLOADS}/{session} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {TOKEN['Authorization']}\r\n"
        f"Upload-Offset: 0\r\nContent-Length: {SIZE}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port)) as connection, file.open("rb") as source:
        connection.sendall(head.encode())
        connection.sendfile(source)
        while connection.recv(PIECE):
            pass
    asked(port, "PUT", f"{UPLOADS}/{session}?digest={digest}")


def asked(port: int, method: str, path: str, body: bytes | None = None) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request(method, path, body, TOKEN)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    if answer.status >= 400:
        raise AssertionError(data)
    return data


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """Give the port of a Jupyter server with a registry in `folder`."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    places = {f"JUPYTER_{name.upper()}_DIR": str(folder / name) for name in ("data", "runtime", "config")}
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", "--allow-root", f"--port={port}", "--ServerApp.ip=127.0.0.1",
         "--ServerApp.port_retries=0", "--IdentityProvider.token=bench",
         '--ServerApp.jpserver_extensions={"jupyter_modelmgmt": True}'],
        env={**os.environ, **places}, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                asked(port, "GET", "/modelmgmt/api/v1/status")
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(30)
