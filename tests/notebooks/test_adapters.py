"""The notebook on adapters runs from top to bottom, and says what it promises."""

import re

import pytest

pytestmark = pytest.mark.heavy


def test_the_notebook_on_adapters_runs_and_says_what_it_promises(said_by, registry):
    said = said_by("adapters.ipynb")
    assert "adapter.py:Nearest" in said.of("reg.register_files")
    assert "'sharpness': 0.02" in said.of("reg.register_files")
    assert "green" in said.of("service = reg.deploy")
    assert re.search(r"1 of 3 items failed.*1: This is no known format", said.of("predict_items"))
    assert "{0: 'red', 2: 'blue'}" in said.of("predict_items")
    assert "train colours@1.1.0" in said.of("%model jobs")
    first, better = (registry.evaluations(f"colours@{version}")[0] for version in ("1.0.0", "1.1.0"))
    assert better.metrics["accuracy"] >= first.metrics["accuracy"] > 1 / 3
    assert registry.get("colours@1.1.0").status == "completed"
    assert all(d.state == "Stopped" for d in registry.deployments())
