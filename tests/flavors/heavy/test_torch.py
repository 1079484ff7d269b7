"""PyTorch: what is saved answers the same in a fresh process; what cannot be saved or loaded is told plainly."""

import hashlib
import io
import os
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NeedsYes, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.evidence import Safety
from jupyter_modelmgmt.flavors import flavor_for, flavor_of_file, safety, torch_structure, vendored
from jupyter_modelmgmt.flavors import torch as flavor

pytestmark = pytest.mark.heavy

ROWS = np.random.default_rng(0).normal(size=(5, 8)).astype(np.float32)


@pytest.fixture
def nets(users):
    import torch

    torch.manual_seed(0)
    return users("modules")


def expected(module, *args):
    import torch

    module.eval()
    with torch.no_grad():
        return module(*[torch.as_tensor(arg) for arg in args])


def digests(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_a_module_with_an_example_is_saved_as_a_graph_that_needs_no_class(nets, tmp_path, fresh):
    net = nets.Net()
    flavor.save(net, tmp_path, example=ROWS)
    assert [p.name for p in tmp_path.iterdir()] == ["model.pt2"]
    assert net.training
    answer = fresh.answer("torch", tmp_path, {"x": ROWS[:1]})
    np.testing.assert_allclose(answer["output"], expected(net, ROWS[:1]), rtol=1e-5, atol=1e-6)
    assert fresh.inputs == {"x": ("FP32", (-1, 8))}
    assert fresh.outputs == {"output": ("FP32", (-1, 3))}


def test_the_example_and_the_places_of_files_do_not_travel_with_the_graph(nets, tmp_path):
    flavor.save(nets.Net(), tmp_path, example=ROWS)
    with zipfile.ZipFile(tmp_path / "model.pt2") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert ROWS.tobytes() not in everything
    assert b"modules.py" not in everything


def test_a_module_without_an_example_is_saved_as_its_parts_and_loads_elsewhere(nets, tmp_path):
    net = nets.Net(3)
    flavor.save(net, tmp_path)
    assert {p.name for p in tmp_path.iterdir()} == {"structure.pickle", "weights.safetensors", "classes.py"}
    loaded = flavor.load(tmp_path, allow_code=True)
    assert type(loaded) is not nets.Net
    assert loaded.training
    assert loaded.depth == 3
    np.testing.assert_array_equal(expected(loaded, ROWS), expected(net, ROWS))
    assert not loaded.outside.requires_grad
    assert all(parameter.requires_grad for parameter in loaded.parameters())


def test_without_vendoring_classes_are_imported_where_they_are_loaded(nets, tmp_path, monkeypatch):
    flavor.save(nets.Net(3), tmp_path, vendor=False)
    assert {p.name for p in tmp_path.iterdir()} == {"structure.pickle", "weights.safetensors"}
    assert type(flavor.load(tmp_path, allow_code=True)) is nets.Net
    monkeypatch.delitem(sys.modules, "modules")
    with pytest.raises(NotLoadable, match=r"'modules'|'Net'"):
        flavor.load(tmp_path, allow_code=True)


def test_the_weights_have_the_names_of_the_state_dict(nets, tmp_path):
    from safetensors.torch import load_file

    net = nets.Net()
    flavor.save(net, tmp_path)
    weights = load_file(tmp_path / "weights.safetensors")
    assert net.state_dict().keys() <= weights.keys()
    assert len(weights) == len(net.state_dict()) + 3  # two buffers that are not kept, one plain tensor
    nets.Net().load_state_dict(weights, strict=False)


def test_a_module_that_cannot_be_drawn_is_served_from_its_parts(nets, tmp_path, fresh):
    net = nets.Deciding()
    flavor.save(net, tmp_path, example=pd.DataFrame(ROWS.astype(float)))
    assert "structure.pickle" in digests(tmp_path)
    answer = fresh.answer("torch", tmp_path, {"x": ROWS[:2]})
    want = expected(net, ROWS[:2])
    np.testing.assert_allclose(answer["logits"], want["logits"], rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(answer["best"], want["best"])
    assert fresh.inputs == {"x": ("FP32", (-1, 8))}
    assert fresh.outputs == {"logits": ("FP32", (-1, 3)), "best": ("INT64", (-1,))}


def test_a_module_of_parts_without_an_example_takes_what_the_module_takes(nets, tmp_path, fresh):
    net = nets.Net()
    flavor.save(net, tmp_path)
    answer = fresh.answer("torch", tmp_path, {"anything": ROWS.astype(float)})
    np.testing.assert_allclose(answer["output"], expected(net, ROWS), rtol=1e-5, atol=1e-6)
    assert fresh.inputs == fresh.outputs == {}
    with pytest.raises(BadTensor, match="refuses the input"):
        flavor.runner(tmp_path).run({"": np.zeros((2, 9))})


@pytest.mark.parametrize("kind", ["Net", "Deciding"])
@pytest.mark.parametrize("example", [None, ROWS])
def test_a_module_in_memory_is_served_like_the_saved_one(nets, tmp_path, kind, example):
    net = getattr(nets, kind)()
    flavor.save(net, tmp_path, example=example)
    here, there = (runner.run({"": ROWS.astype(float)}) for runner in (flavor.served(net), flavor.runner(tmp_path)))
    assert net.training
    assert here.keys() == there.keys()
    for name, value in here.items():
        np.testing.assert_allclose(value, there[name], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("example", [None, ROWS])
def test_the_same_module_gives_the_same_bytes(nets, tmp_path, example):
    net = nets.Net()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        flavor.save(net, tmp_path / name, example=example)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


@pytest.mark.parametrize("kind", ["Tied", "TiedToPair"])
@pytest.mark.parametrize("by_name", [True, False])
def test_several_inputs_may_have_any_length(nets, tmp_path, fresh, kind, by_name):
    net = getattr(nets, kind)()
    example = {"tokens": np.arange(6).reshape(2, 3), "mask": np.ones((2, 3), np.int64)}
    flavor.save(net, tmp_path, example=example if by_name else tuple(example.values()))
    assert (tmp_path / "model.pt2").exists() is (kind == "Tied")
    longer = {"tokens": np.arange(8).reshape(1, 8), "mask": np.ones((1, 8), np.int64)}
    answer = fresh.answer("torch", tmp_path, longer)
    logits, probability = expected(net, *longer.values())
    names = ("output_0", "output_1") if kind == "Tied" else ("logits", "probability")
    np.testing.assert_allclose(answer[names[0]], logits, rtol=1e-5)
    np.testing.assert_allclose(answer[names[1]], probability, rtol=1e-5)
    assert fresh.inputs == {"tokens": ("INT64", (-1, -1)), "mask": ("INT64", (-1, -1))}
    assert fresh.outputs == dict.fromkeys(names, ("FP32", (-1, -1, 10)))


def test_tied_weights_stay_tied(nets, tmp_path):
    flavor.save(nets.Tied(), tmp_path)
    loaded = flavor.load(tmp_path, allow_code=True)
    assert loaded.head.weight is loaded.embedding.weight


def test_an_example_of_one_row_leaves_the_number_of_rows_open(nets, tmp_path):
    flavor.save(nets.ResNetTiny(), tmp_path, example=np.zeros((1, 3, 8, 8)))
    runner = flavor.runner(tmp_path)
    assert runner.inputs[0].shape == (-1, 3, 8, 8)
    assert runner.run({"": np.zeros((3, 3, 8, 8), np.float32)})["output"].shape == (3, 2)
    with pytest.raises(BadTensor, match="takes"):
        runner.run({"": np.zeros((3, 3, 9, 9), np.float32)})


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float64"])
@pytest.mark.parametrize("example", [None, ROWS])
def test_the_precision_of_weights_is_kept(nets, tmp_path, dtype, example):
    import torch

    net = nets.Net().to(getattr(torch, dtype))
    net.outside = net.outside.to(getattr(torch, dtype))
    flavor.save(net, tmp_path, example=example)
    loaded = flavor.load(tmp_path, allow_code=True)
    assert {p.dtype for p in loaded.parameters()} == {getattr(torch, dtype)}
    if example is not None:
        answer = flavor.runner(tmp_path).run({"x": ROWS})["output"]
        want = expected(net, torch.as_tensor(ROWS).to(getattr(torch, dtype))).to(torch.float32)
        np.testing.assert_allclose(answer, want, rtol=1e-2)


def test_loading_asks_for_a_yes(nets, tmp_path):
    flavor.save(nets.Net(), tmp_path)
    with pytest.raises(NeedsYes, match=r"v\.load\(allow_code=True\)"):
        flavor.load(tmp_path)


def test_a_module_of_torch_alone_needs_no_source(tmp_path):
    from torch import nn

    flavor.save(nn.Sequential(nn.Linear(8, 2), nn.ReLU()), tmp_path)
    assert not (tmp_path / vendored.SOURCE).exists()
    assert flavor.load(tmp_path, allow_code=True)[0].out_features == 2


def test_a_module_without_weights_is_saved_too(tmp_path):
    from torch import nn

    flavor.save(nn.ReLU(), tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["structure.pickle"]
    assert isinstance(flavor.load(tmp_path, allow_code=True), nn.ReLU)


def test_a_loaded_graph_can_be_registered_again(nets, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    flavor.save(nets.Net(), tmp_path / "one", example=ROWS)
    again = flavor.load(tmp_path / "one", allow_code=True)
    flavor.save(again, tmp_path / "two", example=ROWS)
    first, second = (flavor.runner(tmp_path / name).run({"x": ROWS})["output"] for name in ("one", "two"))
    np.testing.assert_array_equal(first, second)


def test_a_loaded_module_of_parts_can_be_registered_again(nets, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    flavor.save(nets.Net(), tmp_path / "one")
    again = flavor.load(tmp_path / "one", allow_code=True)
    flavor.save(again, tmp_path / "two")
    np.testing.assert_array_equal(expected(again, ROWS), expected(flavor.load(tmp_path / "two", allow_code=True), ROWS))


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
def test_a_compiled_module_is_saved_as_what_was_compiled(nets, tmp_path):
    import torch

    net = nets.Net()
    flavor.save(torch.compile(net), tmp_path)
    assert type(flavor.load(tmp_path, allow_code=True)).__name__ == "Net"
    assert flavor.describe(torch.compile(net)).class_name == "Net"


def test_a_module_is_described(nets):
    told = flavor.describe(nets.Net())
    assert told.class_name == "Net"
    assert told.params["depth"] == 2
    assert told.params["parameters"] == sum(p.numel() for p in nets.Net().parameters())
    assert told.model_type == "custom"
    assert flavor.describe(nets.ResNetTiny()).model_type == "resnet"
    assert flavor_for(nets.Net()) is flavor
    assert not flavor.handles(nets.Net)


def test_a_module_without_values_is_refused(nets, tmp_path):
    import torch

    with torch.device("meta"):
        net = nets.Net()
    assert "meta" in flavor.problem(net)
    with pytest.raises(NotFitted, match="Load weights first"):
        flavor.save(net, tmp_path)
    with pytest.raises(NotFitted, match="no shape yet"):
        flavor.save(torch.nn.Sequential(torch.nn.LazyLinear(3)), tmp_path)


def test_an_open_file_and_a_lambda_inside_are_refused_with_what_helps(nets, tmp_path):
    with (tmp_path / "open").open("w") as file, pytest.raises(NotSavable, match="TextIOWrapper.*input_example"):
        flavor.save(nets.Holding(file), tmp_path)
    with pytest.raises(NotSavable, match=r"lambda"):
        flavor.save(nets.Activated(), tmp_path)
    flavor.save(nets.Activated(), tmp_path, example=np.zeros((2, 2)))
    assert (tmp_path / "model.pt2").is_file()


def test_an_example_that_the_module_refuses_is_told(nets, tmp_path):
    with pytest.raises(NotSavable, match="Net refuses the input example"):
        flavor.save(nets.Net(), tmp_path, example=np.zeros((2, 9)))
    with pytest.raises(NotSavable, match="arrays of numbers"):
        flavor.save(nets.Net(), tmp_path, example=np.array(["a"]))


def test_a_graph_for_a_device_that_is_not_here_is_told(nets, tmp_path, rewritten):
    flavor.save(nets.Net(), tmp_path, example=ROWS)
    rewritten(tmp_path / "model.pt2", b'"type": "cpu"', b'"type": "cuda"')
    with pytest.raises(NotLoadable, match=r"cannot load model\.pt2"):
        flavor.runner(tmp_path).run({"x": ROWS})


def test_a_graph_can_carry_code_so_it_is_of_the_class_code(nets, tmp_path):
    import torch

    flavor.save(nets.Net(), tmp_path, example=ROWS)
    path, ran, evil = tmp_path / "model.pt2", tmp_path / "ran", io.BytesIO()

    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(ran),)

    torch.save(Evil(), evil)
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    assert "model/models/model.json" in members
    members["model/data/sample_inputs/model.pt"] = evil.getvalue()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    assert [verdict.safety for verdict in safety.of_folder(tmp_path)] == [Safety.CODE]
    with pytest.raises(NeedsYes):
        flavor.load(tmp_path)
    assert not ran.exists()
    with pytest.raises(NotLoadable):
        flavor.load(tmp_path, allow_code=True)
    assert ran.exists()


def test_what_a_module_learned_and_is_built_of_is_told(nets):
    import torch

    net = nets.Net()
    first, weights = flavor.describe(net).architecture, flavor.weights(net)
    assert weights["head.weight"].shape == (3, 8)
    assert first.startswith("16 tensors, ")
    assert flavor.describe(nets.Net()).architecture == first
    assert flavor.describe(nets.Net(3)).architecture != first
    assert flavor.weights(net.to(torch.bfloat16))["head.weight"].dtype == np.uint8
    assert flavor.weights(nets.Net.__new__(nets.Net)) == {}


def test_a_structure_that_is_damaged_is_told(nets, tmp_path):
    flavor.save(nets.Net(), tmp_path)
    structure = tmp_path / torch_structure.STRUCTURE
    structure.write_bytes(structure.read_bytes()[:-40])
    with pytest.raises(NotLoadable, match="cannot rebuild"):
        flavor.load(tmp_path, allow_code=True)


def test_files_are_recognised_by_their_structure(nets, tmp_path):
    flavor.save(nets.Net(), tmp_path, example=ROWS)
    assert flavor_of_file(tmp_path / "model.pt2") is flavor
    flavor.save(nets.Net(), tmp_path)
    assert flavor_of_file(tmp_path / "structure.pickle") is flavor
    (tmp_path / "x.pt2").write_bytes(b"no zip")
    with pytest.raises(BadFile, match="not a PyTorch export file"):
        flavor.recognises(tmp_path / "x.pt2")
    with zipfile.ZipFile(tmp_path / "y.pt2", "w") as archive:
        archive.writestr("data", "x")
    with pytest.raises(BadFile, match="no exported program"):
        flavor.recognises(tmp_path / "y.pt2")


@pytest.fixture
def rewritten():
    def rewrite(path, old, new):
        with zipfile.ZipFile(path) as archive:
            members = [(info, archive.read(info)) for info in archive.infolist()]
        assert any(old in data for _, data in members)
        with zipfile.ZipFile(path, "w") as archive:
            for info, data in members:
                archive.writestr(info, data.replace(old, new))

    return rewrite
