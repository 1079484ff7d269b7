"""What the tests of heavy frameworks share: a fresh process, and modules whose classes are the user's."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

FRESH = """
import json, sys
from pathlib import Path
import numpy as np
from jupyter_modelmgmt import flavors
flavor, folder, given, answered = sys.argv[1:]
with np.load(given, allow_pickle=True) as file:
    inputs = dict(file)
runner = flavors.get(flavor).runner(Path(folder))
np.savez(answered, **runner.run(inputs))
print(json.dumps([[[t.name, t.datatype, t.shape] for t in side] for side in (runner.inputs, runner.outputs)]))
"""


class Fresh:
    """`answer` is what a runner in a clean interpreter, started elsewhere, says to `inputs`."""

    def __init__(self, folder):
        self._folder = folder

    def answer(self, flavor, folder, inputs, **environment):
        given, answered = self._folder / "given.npz", self._folder / "answered.npz"
        np.savez(given, **inputs)
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", FRESH, flavor, folder, given, answered],
            cwd=self._folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        self.inputs, self.outputs = (
            {name: (datatype, tuple(shape)) for name, datatype, shape in side}
            for side in json.loads(done.stdout.splitlines()[-1])
        )
        with np.load(answered, allow_pickle=True) as file:
            return dict(file)


@pytest.fixture
def fresh(tmp_path_factory):
    return Fresh(tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture(scope="session")
def users():
    """Give what imports a file beside the tests as a module of the user's: `users("modules")`."""

    def imported(name):
        path = Path(__file__).parent / f"{name}.py"
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, path)
            sys.modules[name] = module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        # Another file of that name may have been imported before, by tests elsewhere.
        assert sys.modules[name].__file__ == str(path)
        return sys.modules[name]

    return imported
