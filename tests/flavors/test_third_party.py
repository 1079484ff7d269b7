"""A flavor that another package brings is found by its entry point and works as ours do."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.fresh import run

PACKAGE = Path(__file__).parent / "third_party"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Give the folder into which pip installed the package, without a network."""
    root = tmp_path_factory.mktemp("third-party")
    copied = root / "package"
    copied.mkdir()
    for path in [*PACKAGE.glob("*.toml"), *PACKAGE.glob("*/*.py")]:
        target = copied / path.relative_to(PACKAGE)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    target = root / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "--target", target, copied], check=True)
    return target


def test_a_package_adds_a_flavor(installed, tmp_path):
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    run(REGISTER, url, cwd=tmp_path, paths=[installed])
    assert run(LOAD, url, cwd=tmp_path, paths=[installed]) == "lookup lookup 2.5\n[2.5, 4.0]\n"


def test_without_the_package_its_versions_stay_and_say_what_is_missing(installed, tmp_path):
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    run(REGISTER, url, cwd=tmp_path, paths=[installed])
    said = run(MISSING, url, cwd=tmp_path)
    assert "No installed flavor is called 'lookup'" in said
    assert "model.table" in said


REGISTER = """
import sys
import jupyter_modelmgmt as mm
from modelmgmt_lookup import Table
reg = mm.connect(sys.argv[1])
reg.register(Table({1: 2.5, 2: 4.0}), "squares")
reg.close()
"""
LOAD = """
import sys
import jupyter_modelmgmt as mm
reg = mm.connect(sys.argv[1])
version = reg.get("squares")
print(version.flavor, version.framework, version.load().answer(1))
service = reg.deploy("squares", name="squares")
print(service.predict({"key": [1, 2]}).outputs["value"].tolist())
service.stop()
reg.running_host().shutdown()
reg.close()
"""
MISSING = """
import sys
import jupyter_modelmgmt as mm
reg = mm.connect(sys.argv[1])
version = reg.get("squares")
print([file.path for file in version.artifacts])
try:
    version.load()
except mm.ModelManagementError as error:
    print(error)
reg.close()
"""
