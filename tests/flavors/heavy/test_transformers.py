"""transformers: folders of data that answer the same in a fresh process, and never run code of their own."""

import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import BadTensor, NotFitted, NotLoadable
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors import flavor_for, flavor_of_file, torch
from jupyter_modelmgmt.flavors import transformers as flavor

pytestmark = [pytest.mark.heavy, pytest.mark.filterwarnings("ignore::DeprecationWarning")]

TEXTS = np.array(["good film", "a very very bad film", ""], object)
TOKENS = np.array([[2, 5, 7, 3], [2, 6, 3, 0]])


@pytest.fixture
def tiny(users):
    return users("tiny")


def digests(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_a_pipeline_classifies_texts_the_same_in_a_fresh_process(tiny, tmp_path, fresh):
    pipeline = tiny.classifying()
    assert flavor_for(pipeline) is flavor
    flavor.save(pipeline, tmp_path)
    answer = fresh.answer("transformers", tmp_path, {"text": TEXTS})
    assert answer["label"].tolist() == [part["label"] for part in pipeline(TEXTS.tolist())]
    here = flavor.served(pipeline).run({"": TEXTS})
    np.testing.assert_allclose(answer["probability"], here["probability"], rtol=1e-5)
    np.testing.assert_allclose(answer["probability"].sum(axis=1), 1, rtol=1e-5)
    assert len(set(answer["probability"].round(6).ravel())) > 3
    assert fresh.inputs == {"text": ("BYTES", (-1,))}
    assert fresh.outputs == {"label": ("BYTES", (-1,)), "probability": ("FP32", (-1, 3))}


def test_no_texts_give_no_answers(tiny, tmp_path):
    answer = flavor.served(tiny.classifying()).run({"text": np.array([], object)})
    assert answer["label"].shape == (0,)
    assert answer["probability"].shape == (0, 3)


@pytest.mark.parametrize(
    ("kind", "output", "shape"),
    [("classifier", "logits", (-1, 3)), ("regressor", "logits", (-1, 1)), ("writing", "logits", (-1, -1, 10))],
)
def test_a_model_takes_tokens_and_gives_logits_in_a_fresh_process(tiny, tmp_path, fresh, kind, output, shape):
    import torch as framework

    model = getattr(tiny, kind)()
    flavor.save(model, tmp_path)
    mask = (TOKENS > 0).astype(np.int64)
    answer = fresh.answer("transformers", tmp_path, {"input_ids": TOKENS, "attention_mask": mask})
    with framework.no_grad():
        want = model(framework.as_tensor(TOKENS), attention_mask=framework.as_tensor(mask)).logits
    np.testing.assert_allclose(answer[output], want, rtol=1e-4, atol=1e-6)
    assert fresh.inputs == {"input_ids": ("INT64", (-1, -1)), "attention_mask": ("INT64", (-1, -1))}
    assert fresh.outputs == {output: ("FP32", shape)}


def test_the_mask_may_be_left_out_and_a_wrong_token_is_refused(tiny):
    runner = flavor.served(tiny.classifier())
    assert runner.run({"": TOKENS})["logits"].shape == (2, 3)
    with pytest.raises(BadTensor, match="refuses the input"):
        runner.run({"": np.array([[99]])})
    with pytest.raises(BadTensor, match="takes"):
        runner.run({"": np.array([1])})


def test_a_model_for_images_takes_pixels(tiny, tmp_path, fresh):
    import torch as framework

    model = tiny.seeing()
    flavor.save(model, tmp_path)
    pixels = np.random.default_rng(0).normal(size=(2, 3, 32, 32)).astype(np.float32)
    answer = fresh.answer("transformers", tmp_path, {"pixel_values": pixels})
    with framework.no_grad():
        want = model(framework.as_tensor(pixels)).logits
    np.testing.assert_allclose(answer["logits"], want, rtol=1e-4, atol=1e-6)
    assert fresh.inputs == {"pixel_values": ("FP32", (-1, 3, 32, 32))}


def test_a_pipeline_for_images_comes_back_with_its_processor(tiny, tmp_path):
    from PIL import Image

    pipeline, photo = tiny.looking(), Image.new("RGB", (50, 40), "red")
    flavor.save(pipeline, tmp_path)
    loaded = flavor.load(tmp_path)
    assert loaded.task == "image-classification"
    assert [round(part["score"], 5) for part in loaded(photo)] == [round(part["score"], 5) for part in pipeline(photo)]


def test_a_model_that_wants_more_than_its_main_input_says_so(tiny):
    runner = flavor.served(tiny.translating())
    assert runner.outputs == ()
    with pytest.raises(BadTensor, match="refuses the input: You must specify"):
        runner.run({"": TOKENS})


def test_half_precision_is_kept(tiny, tmp_path):
    import torch as framework

    flavor.save(tiny.classifier().to(framework.bfloat16), tmp_path)
    assert flavor.load(tmp_path).dtype is framework.bfloat16
    assert flavor.runner(tmp_path).run({"": TOKENS})["logits"].dtype == np.float32


def test_the_same_model_gives_the_same_bytes(tiny, tmp_path):
    pipeline = tiny.classifying()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        flavor.save(pipeline, tmp_path / name)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_a_folder_with_a_tokenizer_serves_texts_without_having_been_a_pipeline(tiny, tmp_path):
    tiny.classifier().save_pretrained(tmp_path)
    tiny.tokenizer().save_pretrained(tmp_path)
    assert flavor_of_file(tmp_path / "config.json") is flavor
    assert [spec.name for spec in flavor.runner(tmp_path).inputs] == ["text"]


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_code_that_comes_with_a_model_never_runs(tiny, tmp_path, name):
    flavor.save(tiny.classifying(), tmp_path)
    (tmp_path / "evil.py").write_text("import pathlib\npathlib.Path('ran').touch()\nclass Evil: pass\n")
    autos = ("AutoConfig", "AutoModelForSequenceClassification", "AutoTokenizer")
    changed(
        tmp_path / name,
        auto_map={auto: ["evil.Evil", None] if auto == "AutoTokenizer" else "evil.Evil" for auto in autos},
    )
    code = (
        "import sys; from pathlib import Path; from jupyter_modelmgmt.flavors import transformers;"
        "transformers.load(Path(sys.argv[1])); assert not Path('ran').exists()"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code, tmp_path], cwd=tmp_path, check=True)


def test_a_class_that_transformers_does_not_have_is_not_loaded(tiny, tmp_path):
    flavor.save(tiny.classifier(), tmp_path)
    for name in ("EvilModel", "pipeline", "logging", "AutoModel"):
        changed(tmp_path / "config.json", architectures=[name])
        with pytest.raises(NotLoadable, match=f"'{name}' is no model of transformers"):
            flavor.load(tmp_path)


@pytest.mark.parametrize("key", ["_attn_implementation", "attn_implementation"])
def test_attention_from_a_hub_is_not_loaded(tiny, tmp_path, key):
    flavor.save(tiny.classifier(), tmp_path)
    changed(tmp_path / "config.json", text_config={key: "somebody/kernel"})
    with pytest.raises(NotLoadable, match="somebody/kernel"):
        flavor.load(tmp_path)


def test_weights_in_a_pickle_are_not_loaded(tiny, tmp_path):
    import torch as framework

    model = tiny.classifier()
    flavor.save(model, tmp_path)
    (tmp_path / "model.safetensors").unlink()
    framework.save(model.state_dict(), tmp_path / "pytorch_model.bin")
    with pytest.raises(NotLoadable, match="cannot load the model"):
        flavor.load(tmp_path)


def test_a_class_of_the_users_is_a_pytorch_module(tiny, tmp_path):
    import torch as framework

    model = tiny.mine().eval()
    assert flavor_for(model) is torch
    torch.save(model, tmp_path)
    loaded = torch.load(tmp_path, allow_code=True)
    with framework.no_grad():
        first, second = (m(framework.as_tensor(TOKENS)).last_hidden_state for m in (model, loaded))
    assert framework.equal(first, second)


def test_a_model_without_values_is_refused(tiny, tmp_path):
    import torch as framework

    with framework.device("meta"):
        model = tiny.classifier()
    with pytest.raises(NotFitted, match="'meta'"):
        flavor.save(model, tmp_path)


def test_only_configurations_of_models_are_recognised(tmp_path):
    path = tmp_path / "config.json"
    for text in ("{}", "[]", "no json", '{"model_type": "bert"}', "[" * 200_000):
        path.write_text(text)
        assert not flavor.recognises(path)
    path.write_text(json.dumps({"model_type": "bert", "architectures": ["BertModel"]}))
    assert flavor.recognises(path)
    with pytest.raises(NotLoadable, match="it has none"):
        flavor.load(tmp_path / "nothing")


def test_a_model_is_described(tiny):
    told = flavor.describe(tiny.classifying())
    assert (told.class_name, told.task, told.model_type) == (
        "BertForSequenceClassification",
        Task.CLASSIFICATION,
        "bert",
    )
    assert told.labels == ("neg", "so", "pos")
    assert told.params["hidden_size"] == 16
    assert told.params["architecture"] == "bert"
    assert "numbers" in told.architecture
    assert flavor.weights(tiny.classifying())["classifier.weight"].shape == (3, 16)
    assert flavor.describe(tiny.writing()).task is Task.OTHER
    assert flavor.describe(tiny.writing()).labels == ()


def changed(path, **more):
    path.write_text(json.dumps({**json.loads(path.read_text()), **more}))
