"""What leaves one registry and arrives in another one."""

import dataclasses
from pathlib import Path

import pytest

from jupyter_modelmgmt.registry import connect

# What is this registry's own: when and by whom the record came in, and its place in the model's line.
OWN = ("created_at", "updated_at", "created_by", "sequence", "notice")
KEPT = Path(__file__).parent / "net-1.2.0.zip"  # as the first release wrote it


@pytest.fixture
def other(tmp_path):
    registry = connect(f"sqlite:///{tmp_path / 'other' / 'registry.db'}")
    yield registry
    registry.close()


def said(version, *, without=OWN):
    return {f.name: getattr(version, f.name) for f in dataclasses.fields(version) if f.name not in without}
