"""Ports for servers that the tests start, and that have to be told theirs."""

import os
import re
import socket
from itertools import count

# Below those that systems give to whoever asks for any: a connection of another process never takes one of ours.
_FIRST, _COUNT = 20_000, 1_000
_numbers = count(os.getpid())


def free_port() -> int:
    """Return a port that nobody listens on, and that no other process of these tests is given; plus 10000 it is a port too."""
    worker = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 9) % 10
    for _ in range(_COUNT):
        port = _FIRST + worker * _COUNT + next(_numbers) % _COUNT
        with socket.socket() as found:
            try:
                found.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("All ports of the tests are taken.")
