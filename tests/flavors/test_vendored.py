"""Source that travels: what a class of a cell or module leans on comes along, what cannot is named."""

import collections.abc
import json
import os
import string as letters
import subprocess
import sys
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.preprocessing import StandardScaler as Scaler

from jupyter_modelmgmt.domain.errors import NotLoadable, NotSavable
from jupyter_modelmgmt.flavors import vendored

FACTOR = 3
Pair = namedtuple("Pair", ["a", "b"])  # noqa: PYI024
NAMES = {"a": [1, 2.5, None]}
OPENED = object()


def doubled(x):
    return 2 * x


again = doubled


@dataclass
class Point:
    x: int = FACTOR
    names: ClassVar = NAMES

    class Inner:
        def three(self):
            return FACTOR


class Model(BaseEstimator, collections.abc.Sized):
    def __init__(self, start=1):
        self.start = start

    def __len__(self):
        return again(self.start)

    def predict(self, x):
        FACTOR_OF_NOBODY = np.asarray(x)  # noqa: N806
        return again(FACTOR_OF_NOBODY) + Point().x + json.loads("1") + len(letters.octdigits[:3]) + Scaler().copy


class Leader:
    pass


class Leaning:
    def predict(self, x):
        return OPENED


def elsewhere(folder, code, cwd):
    """Run `code` in a clean interpreter, with `module` the source of `folder`."""
    start = (
        "from pathlib import Path; from jupyter_modelmgmt.flavors import vendored;"
        f"module = vendored.opened(Path({str(folder)!r}));"
    )
    done = subprocess.run([sys.executable, "-c", start + code], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_class_runs_in_a_fresh_process_with_all_that_it_uses(tmp_path):
    vendored.write([Model], tmp_path)
    text = (tmp_path / vendored.SOURCE).read_text()
    assert "Leaning" not in text
    assert "from sklearn.preprocessing" in text
    assert elsewhere(tmp_path, "print(module.Model(2).predict(5), len(module.Model(4)))", "/") == "18 8"
    assert Model(2).predict(5) == 18


def test_the_same_classes_give_the_same_text_in_any_order(tmp_path):
    vendored.write([Model, Leader], tmp_path)
    text = (tmp_path / vendored.SOURCE).read_text()
    vendored.write([Leader, Model], tmp_path)
    assert (tmp_path / vendored.SOURCE).read_text() == text


def test_a_dataclass_and_a_class_inside_a_class_come_along(tmp_path):
    vendored.write([Point.Inner], tmp_path)
    code = "print(module.Point(), vendored.found(module, 'Point.Inner')().three(), module.Point.names)"
    assert elsewhere(tmp_path, code, "/") == "Point(x=3) 3 {'a': [1, 2.5, None]}"


def test_a_named_tuple_comes_along(tmp_path):
    vendored.write([Pair], tmp_path)
    assert elsewhere(tmp_path, "print(module.Pair(1, 2))", "/") == "Pair(a=1, b=2)"


def test_what_was_loaded_is_taken_along_again(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    vendored.write([Model], tmp_path / "one")
    loaded = vendored.opened(tmp_path / "one").Model
    assert vendored.is_own(loaded)
    vendored.write([loaded], tmp_path / "two")
    assert vendored.opened(tmp_path / "two").Model(2).predict(5) == 18


def test_the_same_source_is_run_once_so_that_classes_stay_the_same(tmp_path):
    vendored.write([Model], tmp_path)
    assert vendored.opened(tmp_path).Model is vendored.opened(tmp_path).Model


CELLS = """
import sys
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
from ipykernel.compiler import XCachingCompiler
from jupyter_modelmgmt.flavors import vendored
InteractiveShell.compiler_class = XCachingCompiler
shell = InteractiveShell.instance()
sys.modules["__main__"] = shell.user_module
def cell(text):
    assert shell.run_cell(text).success
cell("import math\\nRADIUS = 2\\n")
cell("class Ring:\\n    def area(self):\\n        return round(math.pi * RADIUS ** 2)\\n")
cell("class Mark(Exception):\\n    weight = 3\\n")
cell("first = Ring()\\nclass Ring:\\n    def area(self):\\n        return 0\\n")
vendored.write([type(shell.user_ns["first"]), shell.user_ns["Mark"]], Path(sys.argv[1]))
"""


def test_classes_of_cells_come_along_even_when_the_name_was_defined_again(tmp_path):
    subprocess.run([sys.executable, "-c", CELLS, tmp_path], check=True, cwd="/", env=_own_ipython(tmp_path))
    assert elsewhere(tmp_path, "print(module.Ring().area(), module.Mark.weight)", "/") == "13 3"


def _own_ipython(folder):
    return {**os.environ, "IPYTHONDIR": str(folder / "ipython")}


def test_installed_classes_are_not_the_users():
    assert not vendored.is_own(Scaler)
    assert not vendored.is_own(Path)
    assert not vendored.is_own(vendored.NotSavable)
    assert not vendored.is_own(Model())
    assert vendored.is_own(Model)
    assert vendored.is_own(doubled)


def test_a_live_object_around_a_class_is_refused_by_name():
    with pytest.raises(NotSavable, match="Leaning uses 'OPENED', a object"):
        vendored.closure([Leaning])


def test_a_class_inside_a_function_and_a_lambda_are_refused():
    class Hidden:
        pass

    with pytest.raises(NotSavable, match="inside a function"):
        vendored.closure([Hidden])
    with pytest.raises(NotSavable, match="lambda"):
        vendored.closure([lambda x: x])


def test_a_class_without_text_is_refused():
    space = {"__name__": __name__}
    exec("class Typed:\n    def predict(self, x): return x", space)
    with pytest.raises(NotSavable, match="cannot be read"):
        vendored.closure([space["Typed"]])


def test_two_things_of_one_name_are_refused(tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text("def doubled(x):\n    return x\n")
    monkeypatch.syspath_prepend(tmp_path)
    import mine

    with pytest.raises(NotSavable, match="two different things called 'doubled'"):
        vendored.closure([doubled, mine.doubled])


def test_a_module_of_the_users_is_refused_with_how_to_import_from_it(tmp_path, monkeypatch):
    (tmp_path / "mine2.py").write_text("import mine2\ndef f(x):\n    return mine2.f(x)\n")
    monkeypatch.syspath_prepend(tmp_path)
    import mine2

    with pytest.raises(NotSavable, match=r"from mine2 import \.\.\."):
        vendored.closure([mine2.f])


def test_source_that_does_not_run_here_is_told_in_one_line(tmp_path):
    (tmp_path / vendored.SOURCE).write_text("import no_such_package_at_all\n")
    with pytest.raises(NotLoadable, match="No module named 'no_such_package_at_all'"):
        vendored.opened(tmp_path)


def test_a_folder_without_source_has_no_module(tmp_path):
    vendored.write([], tmp_path)
    assert vendored.opened(tmp_path) is None
    with pytest.raises(NotLoadable, match="does not define 'Net'"):
        vendored.found(None, "Net")
