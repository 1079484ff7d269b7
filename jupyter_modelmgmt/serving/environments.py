"""The Python that workers run in: Jupyter's own, one built from a version's pinned packages, or a given interpreter.

Built environments lie in the user's cache folder, under the digest of their lock and Python's version;
uv links files there, so a second one with the same packages costs a second and little of the disk.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from jupyter_modelmgmt.domain.errors import ServingFailed
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.serving import packages
from jupyter_modelmgmt.serving.commands import Command, Failed

OWN, ISOLATED = "jupyter", "isolated"
_READY, _COMPILED = "modelmgmt-ready", "modelmgmt-compiled"
# Without byte code every start compiles all it imports anew: 30 s instead of 7 for scikit-learn.
_COMPILE = """
import compileall, os, pathlib, sys
os.nice(15)
compileall.compile_dir(sys.argv[1], quiet=2)
pathlib.Path(sys.argv[2]).touch()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Python:
    """An interpreter, and the folders that go in front of what it finds by itself."""

    executable: str = sys.executable
    path: tuple[str, ...] = ()

    def environ(self, own: Mapping[str, str] = os.environ) -> dict[str, str]:
        """Return the environment variables of a process that this interpreter runs."""
        kept = {name: value for name, value in own.items() if name != "PYTHONDONTWRITEBYTECODE"}
        if not self.path:
            return kept
        # What Jupyter's own Python finds beside its packages is not meant for another one.
        foreign = {name: value for name, value in kept.items() if name not in ("PYTHONHOME", "VIRTUAL_ENV")}
        return {**foreign, "PYTHONPATH": os.pathsep.join(self.path)}


class Environments:
    """Finds and builds environments; what was compiled when it is closed stays, the rest goes on next time."""

    def __init__(self, cache: Path | None = None) -> None:
        self._cache = cache or user_cache_path("jupyter_modelmgmt") / "environments"
        self._compiling: list[subprocess.Popen[bytes]] = []

    def python(self, wanted: str, version: ModelVersion, command: Command) -> Python:
        """Return the Python for `version`: `wanted` is "jupyter", "isolated" or the path of an interpreter.

        Builds what is missing; it blocks. Raises ServingFailed with the last lines of what uv wrote.
        """
        if wanted == OWN:
            return Python()
        isolated = wanted == ISOLATED
        executable = self._built(version, command) if isolated else _given(Path(wanted).expanduser(), command)
        return Python(executable=str(executable), path=(str(self._thin_path()),))

    def close(self) -> None:
        """End what compiles in the background."""
        for process in self._compiling:
            process.kill()
            process.wait()
        self._compiling.clear()

    def _built(self, version: ModelVersion, command: Command) -> Path:
        wanted = packages.lines(version)
        python = _base_python(version, command)
        with _held(self._cache / "lock"):
            lock = self._locked(wanted, python, command)
            digest = _digest(lock.read_text(encoding="utf-8"), python)
            folder = self._cache / digest
            if not (folder / _READY).exists():
                _install(folder, lock, python, command)
        executable = folder / "bin" / "python"
        self._compile(folder, executable)
        return executable

    def _locked(self, wanted: str, python: str, command: Command) -> Path:
        """Return the file that pins all of `wanted` and what they need, with digests."""
        file = self._cache / "locks" / f"{_digest(wanted, python)}.txt"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            asked = file.with_suffix(".in")
            asked.write_text(wanted, encoding="utf-8")
            command.say(f"Finding {wanted.count(chr(10))} packages for its environment")
            partial = file.with_suffix(".partial")
            _uv(command, "pip", "compile", str(asked), "-o", str(partial), "--python", python,
                "--generate-hashes", "--no-header", "--no-annotate", "--quiet")  # fmt: skip
            partial.replace(file)
        return file

    def _compile(self, folder: Path, executable: Path) -> None:
        self._compiling = [process for process in self._compiling if process.poll() is None]
        if (folder / _COMPILED).exists():
            return
        (found,) = folder.glob("lib/python3*/site-packages")
        arguments = [str(executable), "-c", _COMPILE, str(found), str(folder / _COMPILED)]
        environ = {"PATH": os.environ.get("PATH", "")}
        self._compiling.append(subprocess.Popen(arguments, env=environ, stdin=subprocess.DEVNULL))  # noqa: S603  # our own lines

    def _thin_path(self) -> Path:
        """Return a folder with this package and nothing else of Jupyter's environment."""
        package = Path(__file__).parents[1]
        folder = self._cache / f"path-{_digest(str(package), '')[:16]}"
        folder.mkdir(parents=True, exist_ok=True)
        for source in (package, packages.own_metadata()):
            link = folder / source.name
            if not link.exists():
                link.unlink(missing_ok=True)
                with suppress(FileExistsError):  # another host was faster
                    link.symlink_to(source)
        return folder


def _install(folder: Path, lock: Path, python: str, command: Command) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    command.say("Building its environment")
    _uv(command, "venv", str(folder), "--python", python, "--no-project")
    _uv(command, "pip", "sync", str(lock), "--python", str(folder / "bin" / "python"), "--require-hashes")
    (folder / _READY).touch()


def _base_python(version: ModelVersion, command: Command) -> str:
    """Return the interpreter to build with: of the minor version that the model was made with."""
    recorded = str(version.environment.get("python", "")).split(".")[:2]
    if not any(recorded) or recorded == [str(number) for number in sys.version_info[:2]]:
        return str(Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info[1]}")
    wanted = ".".join(recorded)
    try:
        return command.output(packages.uv(), "python", "find", wanted, "--no-python-downloads", "--system")
    except Failed:
        raise ServingFailed(
            f"{version.selector} was made with Python {wanted}, which is not on this machine. "
            "Install it, or deploy with environment='jupyter' or the path of another Python."
        ) from None


def _given(python: Path, command: Command) -> Path:
    if not os.access(python, os.X_OK) or python.is_dir():
        raise ServingFailed(f"{python} is no interpreter that can be run. Give the full path of a Python.")
    try:
        lacking = command.output(str(python), "-P", "-c", packages.PROBE, *packages.modules())
    except Failed as error:
        raise ServingFailed(f"{python} cannot run a worker, which needs Python 3.11 or newer: {error}") from None
    if lacking:
        names = " ".join(packages.distributions(lacking.split()))
        raise ServingFailed(
            f"{python} lacks what a worker needs. Run `{python} -m pip install {names}`, then start the deployment."
        )
    return python


def _uv(command: Command, *arguments: str) -> None:
    try:
        command.run(packages.uv(), *arguments, "--no-config", environ=packages.uv_environ())
    except Failed as error:
        raise ServingFailed(f"The environment could not be built: {error}") from None


def _digest(text: str, python: str) -> str:
    return hashlib.sha256(f"{python}\n{text}".encode()).hexdigest()[:32]


@contextmanager
def _held(file: Path) -> Iterator[None]:
    """Build one environment at a time, whoever asks."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
