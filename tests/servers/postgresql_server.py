"""A real PostgreSQL for the tests: its own data, its own port on the loopback, its own process."""

import getpass
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from jupyter_modelmgmt.store import Store
from tests.servers.ports import free_port

PASSWORD = "a-secret-word"
UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root
SETTINGS = {"fsync": "off", "shared_buffers": "64MB", "max_connections": "200", "log_min_messages": "fatal"}


class PostgreSQL:
    """One server. `new_url` gives an empty registry, `empty_url` a database without any table."""

    def __init__(self, folder: Path, binaries: Path, user: str) -> None:
        self.folder = folder
        self.port = free_port()
        self._binaries = binaries
        self._user = user
        self._numbers = count()

    @classmethod
    @contextmanager
    def running(cls):
        """Give a server that ends with the block. Raises NotInstalled."""
        binaries, user = _binaries(), _unprivileged()
        folder = Path(tempfile.mkdtemp(prefix="modelmgmt-pg-"))
        shutil.chown(folder, user)
        server = cls(folder, binaries, user)
        try:
            server.prepare()
            server.start()
            yield server
        finally:
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)

    def prepare(self) -> None:
        """Make the data folder."""
        secret = self.folder / "secret"
        secret.write_text(PASSWORD)
        shutil.chown(secret, self._user)
        options = ["--auth=scram-sha-256", "--username=registry", f"--pwfile={secret}", "--encoding=UTF8", "--no-sync"]
        subprocess.run(
            [self._binaries / "initdb", "--pgdata", self.folder / "data", "--locale=C.UTF-8", *options],
            user=self._switch(), cwd=self.folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def start(self) -> None:
        """Start the server and return when it answers."""
        settings = {**SETTINGS, "listen_addresses": "127.0.0.1", "port": str(self.port),
                    "unix_socket_directories": str(self.folder)}  # fmt: skip
        given = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self.folder / "data", *given],
                user=self._switch(), cwd=self.folder, stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((self.folder / "log").read_text())
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End the server: SIGQUIT as a crash does, SIGINT in good order."""
        process = getattr(self, "process", None)
        if process is not None and process.poll() is None:
            process.send_signal(how)
            process.wait(30)

    def new_url(self) -> str:
        """Return the URL of a new database with the newest schema."""
        if not hasattr(self, "_template"):
            self._template = self.empty_url()
            Store.open(self._template).close()
        return self._create(f"TEMPLATE {self._template.rpartition('/')[2]}")

    def empty_url(self) -> str:
        """Return the URL of a new, empty database."""
        return self._create("")

    def drop(self, url: str) -> None:
        self._run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def _create(self, options: str) -> str:
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} {options}")
        return f"postgresql+psycopg://registry:{PASSWORD}@127.0.0.1:{self.port}/{name}"

    def _run(self, statement: str) -> None:
        with self._connected(autocommit=True) as connection:
            connection.execute(statement)

    def _connected(self, **options):
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="registry", password=PASSWORD, dbname="postgres", **options
        )

    def _answers(self) -> bool:
        try:
            self._connected().close()
        except psycopg.OperationalError:
            return False
        return True

    def _switch(self) -> str | None:
        return self._user if os.geteuid() == 0 else None


class NotInstalled(Exception):
    """What keeps the tests from a server of their own."""


def _binaries() -> Path:
    if found := shutil.which("pg_ctl"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda p: int(p.parts[-3]))
    if not folders:
        raise NotInstalled("PostgreSQL is not installed; tests/ensure_postgresql.sh installs it.")
    return folders[-1].parent


def _unprivileged() -> str:
    if os.geteuid() != 0:
        return getpass.getuser()
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    found = next((name for name in UNPRIVILEGED if name in known), None)
    if found is None:
        raise NotInstalled("PostgreSQL does not run as root, and there is no user to run it as.")
    return found
