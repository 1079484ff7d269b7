"""Rules of the house that no linter knows."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import jupyter_modelmgmt
from jupyter_modelmgmt.domain import errors
from jupyter_modelmgmt.verbs import VERBS

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "jupyter_modelmgmt"
README = (ROOT / "README.md").read_text(encoding="utf-8")
SOURCES = sorted(p for p in PACKAGE.rglob("*.py") if "migrations/versions" not in p.as_posix())


def test_the_root_import_is_light():
    heavy = ("numpy", "pandas", "sqlalchemy", "tornado", "starlette", "msgspec", "IPython", "sklearn", "PIL", "httpx")
    program = f"import sys, jupyter_modelmgmt; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_bench_starts_without_pytest():
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "--only" in done.stdout, done.stderr


def test_exported_names_are_sorted_and_complete():
    assert jupyter_modelmgmt.__all__ == sorted(jupyter_modelmgmt.__all__)
    for name in jupyter_modelmgmt.__all__:
        assert getattr(jupyter_modelmgmt, name) is not None
    with pytest.raises(AttributeError):
        jupyter_modelmgmt.nonsense  # noqa: B018 - the attribute's error is the test


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_files_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 340
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 40, node.name


def test_every_error_has_a_code_of_its_own_and_is_drawn():
    found = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.ModelManagementError)]
    codes = [c.code for c in found]
    assert len(codes) == len(set(codes))
    for error in found:
        assert error.__name__ in errors.__doc__, error


def test_every_verb_is_in_the_readme():
    for verb in VERBS:
        assert f"`{verb}`" in README, verb


def test_no_text_names_a_registry_or_a_machine():
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    bad = [".".join(parts) for parts in (("pypi", "org"), ("registry", "npmjs"), ("registry", "yarnpkg"))] + [
        "python" + "hosted"
    ]
    for name in filter(None, names):
        path = ROOT / name
        if path.suffix in (".png", ".jpg") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not [word for word in bad if word in text], name
