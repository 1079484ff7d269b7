"""The notebook on serving runs from top to bottom, and says what it promises."""

import re

import pytest

pytestmark = pytest.mark.heavy


def test_the_notebook_on_serving_runs_and_says_what_it_promises(said_by, registry):
    said = said_by("serving.ipynb")
    assert re.search(r"array\(\[\d, \d, \d\]\)", said.of('name="digits"'))
    assert "1.1.0" in said.of("try 1.1.0")
    assert re.search(r"1\.1\.0</td>\s*<td>shadow</td>.*\d+/\d+</td>", said.of("compare first"), re.DOTALL)
    assert "curl -sS -u" in said.of("add_client")
    assert said.of("service.logs").strip().endswith("Ready")
    assert re.search(r"Roll back to revision \d \(1\.0\.0\): the app cannot use it", said.of("service.history()"))
    assert "versions.1.1.0" in said.of("service.diff")
    assert registry.deployment("digits").state == "Stopped"
    assert [row.message for row in registry.deployment_history("digits")][-2:] == ["try 1.1.0", "first"]
