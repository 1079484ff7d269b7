"""podman for the tests: storage of its own, and an image built from files of this machine."""

import shutil
import subprocess
import time
from pathlib import Path

BUSYBOX = Path("/bin/busybox")
# On machines inside a container the usual runtime, cgroups and ulimits do not work; these do, elsewhere too.
_SETTINGS = """
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1000:1000"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
"""
_STORAGE = '[storage]\ndriver = "vfs"\ngraphroot = "{folder}/root"\nrunroot = "{folder}/run"\n'
_IMAGE = """FROM scratch
COPY busybox answer /bin/
CMD ["/bin/busybox", "nc", "-ll", "-p", "8080", "-e", "/bin/answer"]
"""
# Answers one request: its own health, whether it is told to be ill, and any inference.
_ANSWER = """#!/bin/busybox sh
b=/bin/busybox
read -r method path rest
length=0
while read -r name value; do
  value=${value%?}
  [ -z "${name%?}" ] && break
  case "$name" in [Cc]ontent-[Ll]ength:) length=$value ;; esac
done
[ "$length" -gt 0 ] && $b head -c "$length" >/dev/null
status="200 OK"
case "$path" in
  /health) body="well"; [ -e /ill ] && status="503 Ill" && body="ill" ;;
  /ill) : > /ill; body="ill from now on" ;;
  *) body="{\\"model_name\\":\\"$GREETING\\",\\"outputs\\":[{\\"name\\":\\"y\\",\\"datatype\\":\\"INT64\\",\\"shape\\":[1],\\"data\\":[7]}]}" ;;
esac
echo "$method $path" >&2
printf 'HTTP/1.1 %s\\r\\nContent-Type: application/json\\r\\nContent-Length: %s\\r\\nConnection: close\\r\\n\\r\\n%s' "$status" "${#body}" "$body"
"""


class Podman:
    """Runs podman with what lies below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "containers.conf").write_text(_SETTINGS)
        (folder / "storage.conf").write_text(_STORAGE.format(folder=folder))
        self.environment = {
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        }

    @staticmethod
    def lacking() -> str:
        """Return why there is no podman here, "" when there is."""
        if not shutil.which("podman"):
            return "There is no podman for the tests: run tests/ensure_podman.sh."
        if not BUSYBOX.exists():
            return "There is no static busybox for the tests: run tests/ensure_podman.sh."
        return ""

    def run(self, *words: str) -> str:
        done = subprocess.run(["podman", *words], capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def build(self, name: str) -> None:
        """Build an image that answers Open Inference Protocol v2 on port 8080, and /health."""
        folder = self.folder / "image"
        folder.mkdir(exist_ok=True)
        shutil.copy(BUSYBOX, folder / "busybox")
        (folder / "answer").write_text(_ANSWER)
        (folder / "answer").chmod(0o755)
        (folder / "Containerfile").write_text(_IMAGE)
        self.run("build", "--quiet", "--tag", name, str(folder))

    def containers(self) -> list[str]:
        return self.run("ps", "--all", "--format", "{{.Names}}").split()

    def images(self) -> list[str]:
        return self.run("images", "--format", "{{.Repository}}:{{.Tag}}").split()

    def gone(self, within_s: float) -> bool:
        """Tell whether no container is left after at most `within_s`."""
        deadline = time.monotonic() + within_s
        while self.containers():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True
