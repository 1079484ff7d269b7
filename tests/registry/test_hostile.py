"""Hostile files are kept and never run: not in a kernel, a worker or a proof, whatever an archive says of them."""

import json
import zipfile

import pytest

from jupyter_modelmgmt.domain.errors import BadFile, NotLoadable
from jupyter_modelmgmt.domain.evidence import Safety
from jupyter_modelmgmt.flavors import python
from tests.servers.hostile import HOSTILE, MARKER

# What the flavor knows as no pickle of its own is refused before anything else.
OTHER_FORMAT = {name for name, data in HOSTILE.items() if not (data.startswith(b"\x80") and data.endswith(b"."))}


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    python.save(lambda x: x, tmp_path)
    yield tmp_path
    assert not (tmp_path / MARKER).exists()


def kept(reg, place, data, name="gift"):
    """Register a folder that has `data` in place of the object that the python flavor saved there."""
    folder = place / "files"
    folder.mkdir(exist_ok=True)
    (folder / "model.cloudpickle").write_bytes(data)
    (folder / "python.json").write_bytes((place / "python.json").read_bytes())
    return reg.register_files(folder, name, flavor="python")


def test_there_are_at_least_twenty():
    assert len(HOSTILE) - len(OTHER_FORMAT) >= 20


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pickle_is_kept_and_never_loaded(reg, place, name):
    if name in OTHER_FORMAT:
        with pytest.raises(BadFile):
            kept(reg, place, HOSTILE[name])
        return
    version = kept(reg, place, HOSTILE[name])
    verdict = {verdict.path: verdict for verdict in version.safety}["model.cloudpickle"]
    assert (verdict.safety, bool(verdict.reason)) == (Safety.REFUSED, True)
    for verb in (lambda: version.load(allow_code=True), lambda: reg.deploy("gift"), lambda: reg.get("gift").load()):
        with pytest.raises(NotLoadable, match=r"model\.cloudpickle of gift@1\.0\.0 is not loaded"):
            verb()
    assert reg.deployments() == ()


def test_an_archive_that_calls_a_hostile_file_data_is_not_believed(reg, place):
    kept(reg, place, HOSTILE["stacked"])
    path = reg.export("gift@1.0.0", place / "gift.zip")
    lying = place / "lying.zip"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(lying, "w") as target:
        for member in source.namelist():
            data = source.read(member)
            if member == "modelmgmt.json":
                said = json.loads(data)
                said["version"]["safety"] = [{"path": "model.cloudpickle", "safety": "data"}]
                data = json.dumps(said).encode()
            target.writestr(member, data)
    arrived = reg.import_archive(lying, name="other")
    assert {verdict.path: verdict.safety for verdict in arrived.safety}["model.cloudpickle"] is Safety.REFUSED
    with pytest.raises(NotLoadable, match="it would call os.system"):
        arrived.load(allow_code=True)


def test_verdicts_of_an_honest_archive_stay(reg, classifier, place):
    version = reg.register(classifier, "digits", prove=False)
    arrived = reg.import_archive(reg.export("digits@1.0.0", place / "digits.zip"), name="other")
    assert arrived.safety == version.safety
    assert arrived.load().C == 0.01
