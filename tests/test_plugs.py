"""Plugs of other packages are found, and never replace those of this one."""

import os
import subprocess
import sys


def test_another_package_brings_plugs_but_replaces_none(tmp_path):
    info = tmp_path / "aaa_other-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: aaa-other\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[jupyter_modelmgmt.flavors]\nextra = aaa_other\nsklearn = aaa_other\n")
    code = (
        "from jupyter_modelmgmt.plugs import plugs; found = plugs('flavors');"
        "assert found['extra'].value == 'aaa_other', found;"
        "assert found['sklearn'].value == 'jupyter_modelmgmt.flavors.sklearn', found"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, timeout=60, env={**os.environ, "PYTHONPATH": str(tmp_path)}
    )
