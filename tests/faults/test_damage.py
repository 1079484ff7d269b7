"""Stored bytes that change by themselves: each is found, named, and never given out."""

import random

import pytest

from jupyter_modelmgmt.domain.errors import Damaged
from jupyter_modelmgmt.registry import connect
from tests.servers.harm import flipped, spoil

COUNT = 200
SIZE = 3000


@pytest.fixture(params=["folder", "s3"])
def filled(request, tmp_path):
    """Give a registry with 200 versions of a file each, and the bytes of each by version."""
    place = request.getfixturevalue("s3") if request.param == "s3" else tmp_path / "registry"
    registry = connect(f"sqlite:///{tmp_path / 'registry' / 'registry.db'}", artifacts=place)
    chance, data, file = random.Random(0), {}, tmp_path / "model.bin"
    for _ in range(COUNT):
        file.write_bytes(chance.randbytes(SIZE))
        data[registry.register_files(file, "digits").selector] = file.read_bytes()
    yield registry, data
    registry.close()


def harm_all(registry, data, harm):
    for selector, content in data.items():
        spoil(registry.artifacts, registry.get(selector).artifacts[0].digest, harm(content))


def caught(registry, data, said):
    """Return how many reads were refused with an error that names the file."""
    count = 0
    for selector in data:
        with pytest.raises(Damaged, match=rf"model\.bin.*{said}"):
            registry.file(selector, "model.bin")
        count += 1
    return count


def test_every_flipped_bit_is_found_on_reading_and_by_verifying(filled):
    registry, data = filled
    chance = random.Random(1)
    harm_all(registry, data, lambda content: flipped(content, chance.randrange(SIZE * 8)))
    verified = {file.version for file in registry.verify().damaged}
    read = caught(registry, data, "damaged")
    print(f"\none flipped bit each: {len(verified)} of {COUNT} named by verify, {read} of {COUNT} refused on reading")  # noqa: T201
    assert verified == data.keys()
    assert read == COUNT


def test_every_cut_or_emptied_file_is_found(filled):
    registry, data = filled
    chance = random.Random(2)
    harm_all(registry, data, lambda content: content[: chance.choice([0, 1, SIZE - 1, chance.randrange(SIZE)])])
    verified = {file.version for file in registry.verify().damaged}
    print(f"\ncut short: {len(verified)} of {COUNT} named by verify")  # noqa: T201
    assert verified == data.keys()
    assert caught(registry, data, "damaged") == COUNT


def test_every_deleted_file_is_found(filled):
    registry, data = filled
    harm_all(registry, data, lambda _content: None)
    verified = {file.version for file in registry.verify().missing}
    print(f"\ndeleted: {len(verified)} of {COUNT} named by verify")  # noqa: T201
    assert verified == data.keys()
    assert caught(registry, data, "missing") == COUNT
