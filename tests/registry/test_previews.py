import json
import struct

import numpy as np
import pytest
from PIL import Image

from jupyter_modelmgmt.domain.previews import PreviewKind


@pytest.fixture
def seen(reg, tmp_path):
    """Register files and give what is seen of each."""
    folder = tmp_path / "files"
    folder.mkdir()

    def look(name, content):
        (folder / name).write_bytes(content)
        reg.register_files(folder / name, "m")
        return reg.preview("m@newest", name)

    return look


def safetensors(header, data=b""):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def test_texts_are_shown_by_their_kind(seen):
    assert seen("a.txt", "größer\n".encode()).text == "größer\n"
    assert seen("a.md", b"# Head").kind is PreviewKind.MARKDOWN
    assert seen("a.json", b'{"a": 1}').kind is PreviewKind.JSON
    assert seen("b.json", b"{no").kind is PreviewKind.TEXT


def test_a_long_text_is_cut_between_characters(seen):
    found = seen("a.txt", "ö".encode() * 200_000 + b"x")
    assert (found.cut, len(found.text), found.size) == (True, 131_072, 400_001)


def test_bytes_are_not_shown_and_said_why(seen):
    for content in (b"\x80\x04\x95pickle", b"a\0b"):
        found = seen("a.bin", content)
        assert (found.kind, found.text) == (PreviewKind.NONE, "")
        assert "neither text" in found.reason


def test_an_image_comes_as_a_smaller_picture(seen, tmp_path):
    path = tmp_path / "large.png"
    Image.fromarray(np.zeros((1500, 3000, 3), np.uint8)).save(path)
    found = seen("large.png", path.read_bytes())
    assert (found.kind, found.width, found.height) == (PreviewKind.IMAGE, 3000, 1500)
    assert found.png
    broken = seen("half.png", path.read_bytes()[:200])
    assert broken.kind is PreviewKind.NONE
    assert "truncated" in broken.reason


def test_a_safetensors_header_tells_its_tensors(seen):
    header = {
        "__metadata__": {"format": "pt"},
        "fc.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
    }
    found = seen("w.safetensors", safetensors(header, bytes(24)))
    assert (found.kind, found.count, dict(found.facts)) == (PreviewKind.TENSORS, 1, {"format": "pt"})
    assert (found.tensors[0].name, found.tensors[0].datatype, found.tensors[0].shape) == ("fc.weight", "F32", (2, 3))


def test_headers_that_lie_are_said_and_never_a_crash(tmp_path):
    from jupyter_modelmgmt.domain.errors import BadFile
    from jupyter_modelmgmt.flavors import headers

    lies = [
        b"", b"\xff" * 8, safetensors({"a": {"dtype": "F32"}}), safetensors({"a": {"dtype": "F32", "shape": [None]}}),
        safetensors(["a"]), struct.pack("<Q", 4) + b"nope",
    ]  # fmt: skip
    path = tmp_path / "lie"
    for content in lies:
        path.write_bytes(content)
        with pytest.raises(BadFile):
            headers.of_safetensors(path)
    for content in (b"", b"\x08", b"\x3a\xff\xff\xff\xff\x0f", b"\x0a\x05ab"):
        path.write_bytes(content)
        with pytest.raises(BadFile):
            headers.of_onnx(path)


def test_an_onnx_header_tells_inputs_outputs_weights_and_operators(reg, onnx_file):
    reg.register_files(onnx_file, "net")
    found = reg.preview("net", "digits.onnx")
    roles = {tensor.role: tensor for tensor in found.tensors}
    assert roles["input"].shape[-1] == 64
    assert roles["input"].datatype == "FLOAT32"
    assert roles["output"].name
    assert int(found.facts["Nodes"]) >= 1
    assert found.facts["Opset"]
    assert found.count == len(found.tensors)
