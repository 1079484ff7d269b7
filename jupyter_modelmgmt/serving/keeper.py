"""Keeps one container: `python -m jupyter_modelmgmt.serving.keeper NAME TOOL run ... IMAGE`.

It runs the command line behind NAME and ends with it. When its standard input ends, the host is
gone, or wants the container gone: then it goes, which would otherwise outlive them both, also where
it is only being made. The standard library alone.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading

_TOOL_S = 30


def main() -> None:
    """Run the container until it ends."""
    name, *command = sys.argv[1:]
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the host ends the container, and this ends with it
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  # the host's own words
    is_alone = threading.Event()
    ending = threading.Thread(target=_end_with_pipe, args=(process, is_alone, command[0], name), daemon=True)
    ending.start()
    code = process.wait()
    if is_alone.is_set():
        ending.join()
    os._exit(code & 0xFF)  # not by sys.exit: it would wait for who reads standard input


def _end_with_pipe(process: "subprocess.Popen[bytes]", is_alone: threading.Event, tool: str, name: str) -> None:
    sys.stdin.buffer.read()
    is_alone.set()
    # The tool first: one that has only begun would make the container after it was looked for.
    process.kill()
    process.wait()
    for words in ("kill", name), ("rm", "--force", name):
        with contextlib.suppress(subprocess.TimeoutExpired):  # what takes longer may still do its work
            subprocess.run([tool, *words], capture_output=True, check=False, timeout=_TOOL_S)  # noqa: S603  # as above


if __name__ == "__main__":
    main()
