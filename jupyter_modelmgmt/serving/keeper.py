"""Keeps one container: `python -m jupyter_modelmgmt.serving.keeper NAME TOOL run ... IMAGE`.

It runs the command line behind NAME and ends with it. When its standard input ends, the host is
gone: then the container goes too, which would otherwise outlive them both. The standard library alone.
"""

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
    threading.Thread(target=_end_with_host, args=(command[0], name), daemon=True).start()
    os._exit(process.wait())  # not by sys.exit: it would wait for who reads standard input


def _end_with_host(tool: str, name: str) -> None:
    sys.stdin.buffer.read()
    for words in ("kill", name), ("rm", "--force", name):
        subprocess.run([tool, *words], capture_output=True, check=False, timeout=_TOOL_S)  # noqa: S603  # as above
    os._exit(0)


if __name__ == "__main__":
    main()
