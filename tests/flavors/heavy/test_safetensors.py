"""Weights alone: every kind of tensor comes back the same, streamed, and what is no safetensors file is refused."""

import json
import struct
import subprocess
import sys

import pytest

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NotLoadable, NotSavable
from jupyter_modelmgmt.flavors import flavor_for, flavor_of_file
from jupyter_modelmgmt.flavors import safetensors as flavor

pytestmark = pytest.mark.heavy

FRESH = """
import sys
from pathlib import Path
from jupyter_modelmgmt.flavors import safetensors
for name, tensor in sorted(safetensors.load(Path(sys.argv[1])).items()):
    print(name, tensor.dtype, tuple(tensor.shape), tensor.double().sum().item())
"""


@pytest.mark.filterwarnings("ignore:Casting complex values:UserWarning")
def test_tensors_of_every_kind_are_the_same_in_a_fresh_process(tmp_path):
    import torch

    kinds = ["float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]
    weights = {kind: torch.arange(6).reshape(2, 3).to(getattr(torch, kind)) for kind in kinds}
    weights |= {"empty": torch.zeros(0, 3), "scalar": torch.tensor(2.5), "turned": torch.arange(6.0).reshape(2, 3).T}
    assert flavor_for(weights) is flavor
    flavor.save(weights, tmp_path)
    done = subprocess.run([sys.executable, "-c", FRESH, tmp_path], cwd="/", capture_output=True, text=True, check=True)
    want = [f"{n} {t.dtype} {tuple(t.shape)} {t.double().sum().item()}" for n, t in sorted(weights.items())]
    assert done.stdout.splitlines() == want


STREAMED = """
import resource, sys
from pathlib import Path
import torch
from jupyter_modelmgmt.flavors import safetensors, torch as modules
module = torch.nn.Sequential(*[torch.nn.Linear(4096, 4096, bias=False) for _ in range(16)])
torch.nn.Linear(2, 2)(torch.ones(1, 2))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
save = {"weights": lambda folder: safetensors.save(module.state_dict(), folder), "parts": lambda f: modules.save(module, f)}
save[sys.argv[2]](Path(sys.argv[1]))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""


@pytest.mark.parametrize("kind", ["weights", "parts"])
def test_a_gigabyte_of_weights_is_saved_within_200_mib_beside_the_model(tmp_path, kind):
    done = subprocess.run(
        [sys.executable, "-c", STREAMED, tmp_path, kind], cwd="/", capture_output=True, text=True, check=True
    )
    assert (tmp_path / "weights.safetensors").stat().st_size > 1 << 30
    assert int(done.stdout) < 200


def test_a_state_dict_comes_back_with_tied_weights_written_once(tmp_path, users):
    import torch

    net = users("modules").Tied()
    flavor.save(net.state_dict(), tmp_path)
    assert (tmp_path / "weights.safetensors").stat().st_size < 600
    loaded = flavor.load(tmp_path)
    assert loaded.keys() == net.state_dict().keys()
    assert loaded["head.weight"].data_ptr() == loaded["embedding.weight"].data_ptr()
    assert torch.equal(loaded["head.weight"], net.head.weight)


def test_parts_of_one_memory_are_written_apart(tmp_path):
    import torch

    whole = torch.arange(10.0)
    flavor.save({"whole": whole, "part": whole[2:5], "other": whole[:0]}, tmp_path)
    assert flavor.load(tmp_path)["part"].tolist() == [2, 3, 4]


def test_the_same_tensors_give_the_same_bytes(tmp_path):
    import torch

    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        flavor.save({"b": torch.ones(3), "a": torch.zeros(2)}, tmp_path / name)
    one, two = (tmp_path / name / "weights.safetensors" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.filterwarnings("ignore:Sparse:UserWarning")
@pytest.mark.filterwarnings("ignore:torch.quantize:UserWarning")
def test_tensors_without_values_or_with_holes_are_refused(tmp_path):
    import torch

    for tensor, words in (
        (torch.zeros(2, device="meta"), "'meta'"),
        (torch.eye(3).to_sparse(), r"to_dense\(\)"),
    ):
        with pytest.raises(NotSavable, match=words):
            flavor.save({"w": tensor}, tmp_path)
    assert not list(tmp_path.iterdir())


def test_only_dicts_of_tensors_are_weights():
    import torch

    assert not flavor.handles({})
    assert not flavor.handles({"a": torch.ones(1), "epoch": 3})
    assert not flavor.handles({1: torch.ones(1)})
    assert flavor.describe({"a": torch.ones(2, 3)}).params == {"tensors": 1, "parameters": 6}


def test_weights_answer_nothing_and_say_why(tmp_path):
    import torch

    flavor.save({"a": torch.ones(1)}, tmp_path)
    with pytest.raises(BadTensor, match="Register the module"):
        flavor.runner(tmp_path).run({})


def test_a_damaged_file_is_not_loaded(tmp_path):
    import torch

    flavor.save({"a": torch.ones(100)}, tmp_path)
    path = tmp_path / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(NotLoadable, match=r"cannot load weights\.safetensors"):
        flavor.load(tmp_path)


def written(path, header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def test_a_file_is_recognised_by_its_header(tmp_path):
    whole = {"dtype": "U8", "shape": [4], "data_offsets": [0, 4]}
    assert flavor_of_file(written(tmp_path / "a.safetensors", {"w": whole}, b"abcd")) is flavor
    assert flavor.recognises(written(tmp_path / "empty.safetensors", {"__metadata__": {"format": "pt"}}))
    for header, data, words in (
        ({"w": whole}, b"abc", "cut off"),
        ({"w": whole}, b"abcde", "cut off"),
        (b"{no json", b"", "not a safetensors"),
        (b"[" * 200_000, b"", "not a safetensors"),
        ({"w": {"dtype": "U8"}}, b"", "not a safetensors"),
        ([], b"", "not a safetensors"),
    ):
        with pytest.raises(BadFile, match=words):
            flavor.recognises(written(tmp_path / "b.safetensors", header, data))
    for data in (b"", b"abc", struct.pack("<Q", 2**63)):
        (tmp_path / "c.safetensors").write_bytes(data)
        with pytest.raises(BadFile, match="not a safetensors"):
            flavor.recognises(tmp_path / "c.safetensors")
