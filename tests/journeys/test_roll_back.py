"""Story A10: what runs in production fails, one call brings back what was there, and history tells who and why."""

import io

import pytest
from PIL import Image

from jupyter_modelmgmt.domain.deployments import Outcome
from jupyter_modelmgmt.domain.errors import ModelManagementError, NotFound

SOURCE = """
import jupyter_modelmgmt as mm


class Lamp(mm.ModelAdapter):
    def load(self, local_path):
        self.bad = self.configuration.get("bad", False)

    def predict(self, batch):
        if self.bad:
            raise RuntimeError("the scale is missing")
        return [mm.Value(float(pixels.mean())) for pixels in batch]
"""


@pytest.fixture
def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (90, 90, 90)).save(buffer, "PNG")
    return buffer.getvalue()


def test_a_failing_version_goes_with_one_call_and_a_deleted_one_keeps_its_number(reg, picture, tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    (files / "lamp.py").write_text(SOURCE)
    for number, bad in (("1.1.0", False), ("1.2.0", True)):
        reg.register_files(files, "lamp", version=number, adapter="lamp.py:Lamp", config={"bad": bad})
    service = reg.deploy("lamp@1.1.0", name="lamp", message="first")
    assert service.predict(picture).value == 90
    reg.promote("lamp@1.2.0", "production")
    service = reg.deploy("lamp@production", name="lamp", message="new in production")
    assert (service.state, service.version) == ("Deployed", "1.2.0")
    with pytest.raises(ModelManagementError, match="RuntimeError: the scale is missing"):
        service.predict(picture)
    assert {row.version: row.failures for row in service.metrics()}["1.2.0"] == 1
    assert "the scale is missing" in service.logs(filter="scale")

    back = service.rollback(message="1.2.0 fails on every picture")
    assert (back.version, back.predict(picture).value) == ("1.1.0", 90)
    rolled, moved, first = back.history()
    assert (rolled.actor, rolled.outcome) == (reg.actor, Outcome.DEPLOYED)
    assert rolled.message == "Roll back to revision 1 (1.1.0): 1.2.0 fails on every picture"
    assert [moved.message, first.message] == ["new in production", "first"]
    assert [(d.field, d.before, d.after) for d in back.diff(2, 3)] == [
        ("versions.1.1.0", "", "100 %"), ("versions.1.2.0", "100 %", ""),
    ]  # fmt: skip

    reg.promote("lamp@1.1.0", "production")
    reg.delete("lamp@1.2.0")
    with pytest.raises(NotFound):
        reg.get("lamp@1.2.0")
    with pytest.raises(ModelManagementError, match="trash"):
        back.rollback(to=2)
    assert reg.restore("lamp@1.2.0").version == "1.2.0"
    back.stop()
