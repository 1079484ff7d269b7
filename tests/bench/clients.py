"""Many clients that ask a server at once, each as soon as it was answered, on a connection that stays open.

One thread with plain sockets: clients share the cores with the server, so they shall use little of them, and it is told.
"""

import re
import selectors
import socket
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

_LENGTH = re.compile(rb"content-length: *(\d+)\r", re.IGNORECASE)
_OK = b" 200 "
_SEND_BUFFER = 2**20  # a photo goes out at once
_READ = 2**18


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, always the same, to a port of this machine; `pid` leads the server's processes.

    `check` reads the body of an answer. Raises AssertionError for one that says something else than it shall.
    """

    port: int
    path: str
    body: bytes
    content_type: str
    pid: int
    check: Callable[[bytes], None]
    token: str = ""

    def encoded(self) -> bytes:
        said = f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: {self.content_type}\r\n"
        said += f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        return f"{said}Content-Length: {len(self.body)}\r\n\r\n".encode() + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Milliseconds: medians and 99th parts of answers; wall time and CPU time of server and clients for each."""

    p50: float
    p99: float
    wall: float
    cpu: float
    clients: float


class _Client:
    """One connection. `answer` is what came of the last answer, all of it when `take` says so."""

    def __init__(self, asked: Asked) -> None:
        self.socket = socket.create_connection(("127.0.0.1", asked.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        self.answer = b""
        self.asked_at = 0.0

    def ask(self, request: bytes) -> None:
        self.answer, self.asked_at = b"", time.perf_counter()
        self.socket.sendall(request)

    def take(self) -> bool:
        """Read what came and tell whether the answer is whole."""
        data = self.socket.recv(_READ)
        assert data, "The server closed the connection."
        self.answer += data
        if (end := self.answer.find(b"\r\n\r\n")) < 0:
            return False
        if length := _LENGTH.search(self.answer, 0, end + 2):
            return len(self.answer) == end + 4 + int(length[1])
        return self.answer.endswith(b"\r\n0\r\n\r\n")

    def body(self) -> bytes:
        """Return the body of a whole answer. Raises AssertionError for one that is no success."""
        head, _, body = self.answer.partition(b"\r\n\r\n")
        assert _OK in head[:20], self.answer
        return body if _LENGTH.search(head + b"\r") else b"".join(body.split(b"\r\n")[1::2])


def crowd(asked: Asked, *, clients: int, seconds: float) -> Told:
    """Let `clients` ask for so long. Raises AssertionError for an answer that is none."""
    them = [_Client(asked) for _ in range(clients)]
    used, own, begun = cpu_s(asked.pid), time.process_time(), time.perf_counter()
    times = sorted(_asking(them, asked.encoded(), begun + seconds))
    wall, own, used = time.perf_counter() - begun, time.process_time() - own, cpu_s(asked.pid) - used
    for client in them:
        asked.check(client.body())
        client.socket.close()
    return Told(
        p50=statistics.median(times) * 1000,
        p99=times[int(len(times) * 0.99)] * 1000,
        wall=wall / len(times) * 1000,
        cpu=used / len(times) * 1000,
        clients=own / len(times) * 1000,
    )


def _asking(them: list[_Client], request: bytes, until: float) -> list[float]:
    """Return the seconds that each answer took."""
    times = list[float]()
    with selectors.DefaultSelector() as selector:
        for client in them:
            selector.register(client.socket, selectors.EVENT_READ, client)
            client.ask(request)
        while selector.get_map():
            for key, _ in selector.select():
                client = key.data
                if not client.take():
                    continue
                now = time.perf_counter()
                times.append(now - client.asked_at)
                assert _OK in client.answer[:20], client.answer
                if now < until:
                    client.ask(request)
                else:
                    selector.unregister(client.socket)
    return times


def cpu_s(pid: int) -> float:
    """Return the CPU time of a process and all below it."""
    total = 0.0
    for process in [(leader := psutil.Process(pid)), *leader.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total
