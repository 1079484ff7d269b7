"""A process that has imported everything and forks users of a registry, to kill each in the middle of its work.

Run as `python killing.py URL FOLDER`. It reads one JSON line per batch, `{slot: [seed, session]}`, and
writes one: for each slot what its user said before it was killed. A user works on the model `m<slot>` alone.
"""

import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import numpy as np
from sklearn.linear_model import LinearRegression

from jupyter_modelmgmt import registry
from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.domain.records import Artifact

PART = 2_000_000
PARTS = 3
FACTS = {"metrics": {"a": 0.5, "b": 1.5}, "params": {"p": 1, "q": "x"}, "properties": {"r": True}, "tags": "s,t"}
MINOR = {"bump": "minor", "reason": "a file after an object"}
STAGES = ("development", "staging", "production")


def content(session: str) -> bytes:
    """Return the bytes that the upload `session` is of."""
    return Random(session).randbytes(PARTS * 1000) * (PART // 1000)


class User:
    """Registers, uploads, promotes, deletes and restores at random, and says so before and after."""

    def __init__(self, reg, slot: str, seed: int, session: str | None, out: int) -> None:
        self.reg, self.model, self.random, self.session, self.out = reg, f"m{slot}", Random(seed), session, out
        self.uploads = reg.uploads()
        self.folder = Path(tempfile.mkdtemp(dir=reg.artifacts.folder.parent))

    def say(self, *words: object) -> None:
        os.write(self.out, json.dumps(words).encode() + b"\n")

    def work(self) -> None:
        while True:
            works = self.register, self.register_object, *[self.upload] * 3, self.promote, self.delete, self.restore
            self.random.choice(works)()

    def register(self) -> None:
        path = self.folder / "model.bin"
        path.write_bytes(self.random.randbytes(self.random.randrange(100, 200_000)))
        self.say("begin", "register")
        made = self.reg.register_files(path, self.model, **FACTS, **MINOR)
        self.say("end", made.version, made.artifacts[0].digest)

    def register_object(self) -> None:
        """Register a model that is in memory, which its flavor writes where the blobs are."""
        fitted = LinearRegression()
        fitted.coef_ = np.frombuffer(self.random.randbytes(self.random.randrange(100, 20_000)), np.uint8).astype(float)
        fitted.intercept_, fitted.n_features_in_ = 0.0, len(fitted.coef_)
        self.say("begin", "register")
        made = self.reg.register(fitted, self.model, prove=False, capture=False, **FACTS, **MINOR)
        self.say("end", made.version, made.artifacts[0].digest)

    def upload(self) -> None:
        """Take the upload one part further; register it when it is whole."""
        if self.session is None:
            self.session = self.uploads.start().id
            self.say("session", self.session)
        data = content(self.session)
        file = Artifact(path="upload.bin", digest=digest_of(data), size=len(data))
        try:
            offset = self.uploads.get(self.session).offset
        except NotFound:  # killed after its end, before it was registered
            self.register_upload(file)
            return
        if offset < len(data):
            self.say("begin", "append")
            self.say("end", self.uploads.append(self.session, offset, data[offset : offset + PART]))
            return
        self.say("begin", "finish")
        self.uploads.finish(self.session, file.digest, file.path)
        self.say("end", file.digest)
        self.register_upload(file)

    def register_upload(self, file: Artifact) -> None:
        self.say("begin", "register")
        made = self.reg.register_uploads(self.model, [file], allow_identical=True, **FACTS, **MINOR)
        self.session = None
        self.say("end", made.version, file.digest)
        self.say("session", None)

    def promote(self) -> None:
        if versions := [v.version for v in self.versions()]:
            version, stage = self.random.choice(versions), self.random.choice(STAGES)
            self.say("begin", "promote", version, stage)
            self.reg.promote(f"{self.model}@{version}", stage)
            self.say("end")

    def delete(self) -> None:
        if versions := [v.version for v in self.versions() if v.stage != "production"]:
            version = self.random.choice(versions)
            self.say("begin", "delete", version)
            self.reg.delete(f"{self.model}@{version}")
            self.say("end")

    def restore(self) -> None:
        if versions := [t.version for t in self.reg.trash(self.model)]:
            version = self.random.choice(versions)
            self.say("begin", "restore", version)
            self.reg.restore(f"{self.model}@{version}")
            self.say("end")

    def versions(self):
        try:
            return self.reg.versions(self.model)
        except NotFound:
            return []


def digest_of(data: bytes) -> str:
    from blake3 import blake3

    return "blake3:" + blake3(data).hexdigest()


def forked(reg, slot: str, seed: int, session: str | None) -> tuple[int, int]:
    """Return pid and reading end of a user that works until it is killed.

    The user of slot 0 opens the registry anew; the others go on with `reg`, which has no open connection.
    """
    reading, writing = os.pipe()
    if pid := os.fork():
        os.close(writing)
        return pid, reading
    status = 1
    try:
        if slot == "0":
            reg = registry.connect(reg.store.url, artifacts=reg.artifacts.folder)
        user = User(reg, slot, seed, session, writing)
        user.say("ready")
        user.work()
    except BaseException as error:  # noqa: BLE001 - the border of a process
        os.write(writing, json.dumps(["failed", repr(error)]).encode() + b"\n")
    finally:
        os._exit(status)


def killed(pid: int, reading: int, random: Random) -> list[list[object]]:
    """Kill a user at a random moment after up to three finished works; return all it said."""
    heard, wanted = b"", random.randrange(4)
    while heard.count(b'["end"') < wanted or not heard:
        if not (more := os.read(reading, 1 << 16)):
            break
        heard += more
    time.sleep(random.uniform(0, 0.02))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    with os.fdopen(reading, "rb") as pipe:
        heard += pipe.read()
    return [json.loads(line) for line in heard.split(b"\n")[:-1]]


def warmed(url: str, folder: str):
    """Return the registry, with all statements compiled that users need, and no open connection."""
    reg = registry.connect(url, artifacts=folder)
    with Path(os.devnull).open("w") as nowhere:
        user = User(reg, "warm", 0, None, nowhere.fileno())
        for work in (
            user.register,
            user.register,
            user.register_object,
            *[user.upload] * (PARTS + 1),
            user.promote,
            user.delete,
            user.restore,
        ):
            work()
    reg.store.close()
    return reg


def serve(url: str, folder: str) -> None:
    reg = warmed(url, folder)
    for line in sys.stdin:
        batch = json.loads(line)
        users = {slot: forked(reg, slot, *told) for slot, told in batch.items()}
        said = {slot: killed(pid, reading, Random(batch[slot][0])) for slot, (pid, reading) in users.items()}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(*sys.argv[1:])
