"""The git repository that a notebook lies in: commit, branch, what is not committed."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from jupyter_modelmgmt.capture.secret_texts import without_secrets

MAX_DIFF = 1 << 20
_PATIENCE_S = 10.0
# Outputs of notebooks and files that hold secrets stay out of the diff.
_LEFT_OUT = (":(exclude)*.ipynb", ":(exclude)*.env", ":(exclude)*.env.*", ":(exclude)*.pem", ":(exclude)*.key")
# A repository's settings name programs; none of them is run for a look.
_SAFELY = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "--no-optional-locks", "--no-pager")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """`diff` is what the tracked files have over the commit, cut at 1 MiB; notebooks are left out of it."""

    commit: str
    branch: str
    dirty: bool
    diff: str


def repository(folder: Path) -> Repository | None:
    """Return the state of the repository around `folder`; None without one, or without git."""
    said = _git(folder, "rev-parse", "HEAD", "--abbrev-ref", "HEAD")
    if said is None:
        return None
    commit, _, branch = said.decode().strip().partition("\n")
    top = _git(folder, "rev-parse", "--show-toplevel")
    within = Path(os.fsdecode(top).strip()) if top else folder
    diff = _git(within, "diff", "HEAD", "--no-ext-diff", "--no-textconv", "--no-color", "--", ".", *_LEFT_OUT)
    text = without_secrets((diff or b"").decode("utf-8", "replace"))
    return Repository(commit=commit, branch=branch, dirty=bool(text), diff=_cut(text))


def _cut(text: str) -> str:
    if len(text) <= MAX_DIFF:
        return text
    kept = text[:MAX_DIFF].rpartition("\n")[0]
    return f"{kept}\n# Cut here: the whole diff has {len(text):,} characters.\n"


def _git(folder: Path, *words: str) -> bytes | None:
    program = which("git")
    if program is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, no shell
            [program, *_SAFELY, "-C", str(folder), *words], capture_output=True, check=False, timeout=_PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
