"""Azure's Blob Storage for the tests: Azurite on the loopback, in memory, its own process."""

import base64
import contextlib
import hashlib
import hmac
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import requests

from tests.servers.ports import free_port

# Every Azurite has this account; its documentation tells the key.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
_VERSION = "2021-08-06"


class Azure:
    """One server with the container `models`; `new_location` gives a prefix of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._numbers = count()

    @classmethod
    @contextlib.contextmanager
    def running(cls):
        """Give a server that ends with the block. Raises NotInstalled."""
        program = Path(sys.prefix) / "azurite" / "node_modules" / ".bin" / "azurite-blob"
        if not program.exists():
            raise NotInstalled("There is no Blob Storage for the tests: Azurite could not be installed.")
        folder = Path(tempfile.mkdtemp(prefix="modelmgmt-azure-"))
        server = cls(folder)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [program, "--blobHost", "127.0.0.1", "--blobPort", str(server.port), "--inMemoryPersistence",
                 "--disableTelemetry"],
                cwd=folder, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            server._create(process)
            yield server
        finally:
            process.kill()
            process.wait(30)
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs to know."""
        return {
            "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
            "AZURE_STORAGE_ACCOUNT_KEY": KEY,
            "AZURE_STORAGE_ENDPOINT": f"http://127.0.0.1:{self.port}/{ACCOUNT}",
        }

    def new_location(self) -> str:
        return f"az://models/{next(self._numbers)}"

    def _create(self, process) -> None:
        """Create the container, as soon as the server answers."""
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(requests.ConnectionError):
                answer = requests.put(
                    f"http://127.0.0.1:{self.port}/{ACCOUNT}/models?restype=container", headers=_signed(), timeout=30
                )
                assert answer.status_code == 201, answer.text
                return
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self.folder / "log").read_text()[-3000:])
            time.sleep(0.1)


def _signed() -> dict[str, str]:
    """Return the headers of the request that creates the container, signed with the account's key."""
    headers = {"x-ms-date": datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT"), "x-ms-version": _VERSION}
    said = "".join(f"{name}:{value}\n" for name, value in headers.items())
    text = "PUT" + "\n" * 12 + f"{said}/{ACCOUNT}/{ACCOUNT}/models\nrestype:container"
    signature = hmac.new(base64.b64decode(KEY), text.encode(), hashlib.sha256).digest()
    return {**headers, "Authorization": f"SharedKey {ACCOUNT}:{base64.b64encode(signature).decode()}"}


class NotInstalled(Exception):
    """What keeps the tests from a server of their own."""
