"""Many clients that ask a server at once, each as soon as it was answered, on a connection that stays open."""

import asyncio
import statistics
import time
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, always the same, to a port of this machine; `pid` leads the server's processes."""

    port: int
    path: str
    body: bytes
    content_type: str
    pid: int
    token: str = ""

    def encoded(self) -> bytes:
        said = f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: {self.content_type}\r\n"
        said += f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        return f"{said}Content-Length: {len(self.body)}\r\n\r\n".encode() + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Milliseconds: medians and 99th parts of answers, wall and CPU time of the server for each."""

    p50: float
    p99: float
    wall: float
    cpu: float


def crowd(asked: Asked, *, clients: int, seconds: float) -> Told:
    """Let `clients` ask for so long. Raises AssertionError for an answer that is none."""
    return asyncio.run(_crowd(asked, clients, seconds))


async def _crowd(asked: Asked, clients: int, seconds: float) -> Told:
    connections = [await asyncio.open_connection("127.0.0.1", asked.port) for _ in range(clients)]
    request, times = asked.encoded(), list[float]()
    used, begun = cpu_s(asked.pid), time.perf_counter()
    await asyncio.gather(*(_client(*pair, request, begun + seconds, times) for pair in connections))
    wall, used = time.perf_counter() - begun, cpu_s(asked.pid) - used
    for _, writer in connections:
        writer.close()
    times.sort()
    return Told(
        p50=statistics.median(times) * 1000,
        p99=times[int(len(times) * 0.99)] * 1000,
        wall=wall / len(times) * 1000,
        cpu=used / len(times) * 1000,
    )


async def _client(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, until: float, times: list[float]
) -> None:
    while (begun := time.perf_counter()) < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head[:20], head
        await _body(reader, head.lower())
        times.append(time.perf_counter() - begun)


async def _body(reader: asyncio.StreamReader, head: bytes) -> None:
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
        return
    _, _, rest = head.partition(b"content-length:")
    await reader.readexactly(int(rest.split(b"\r\n", 1)[0]))


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
