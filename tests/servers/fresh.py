"""A clean interpreter, elsewhere, that serves what a test saved."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

_SERVE = """
import sys
from pathlib import Path
import numpy as np
from jupyter_modelmgmt import flavors
given = np.load("given.npz", allow_pickle=True)
answer = flavors.get(sys.argv[1]).runner(Path(sys.argv[2])).run({name: given[name] for name in given})
np.savez("answer.npz", **answer)
"""


def served(flavor, folder: Path, inputs, elsewhere: Path, *, code=_SERVE, paths=()):
    """Return what a runner answers in a process that knows nothing of this one."""
    elsewhere.mkdir(exist_ok=True)
    np.savez(elsewhere / "given.npz", **{name: np.asarray(value) for name, value in inputs.items()})
    run(code, flavor, str(folder), cwd=elsewhere, paths=paths)
    with np.load(elsewhere / "answer.npz", allow_pickle=True) as answer:
        return dict(answer)


def run(code, *arguments, cwd, paths=()):
    """Run Python source in a clean interpreter and return what it printed."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment |= {"PYTHONPATH": os.pathsep.join(map(str, paths))} if paths else {}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
