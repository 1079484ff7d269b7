"""Kept tests from a terminal."""

import json

from PIL import Image

from tests.servers import nets


def test_a_test_is_kept_listed_run_and_removed(run, reg, tmp_path):
    Image.new("RGB", (8, 8), (200, 0, 0)).save(tmp_path / "red.png")
    net = nets.colours(tmp_path / "net.onnx")
    reg.register_files(net, "colours", adapter="image_classifier", labels=["red", "green", "blue"])
    code, out, err = run("keep-test", "colours", tmp_path / "red.png", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["expected"]["classes"][0]["label"] == "red"
    code, out, _ = run("tests", "colours")
    assert (code, "red.png" in out, "red 1.00" in out) == (0, True, True)
    code, out, _ = run("run-tests", "colours@1.0.0")
    assert (code, "passed" in out) == (0, True)
    assert "passed" in run("tests", "colours@1.0.0")[1]
    assert run("run-tests", "colours@1.0.0", "blue.png")[0] == 1
    code, _, err = run("remove-test", "colours", "red.png")
    assert (code, "Confirm with its name" in err) == (1, True)
    assert run("remove-test", "colours", "red.png", "--confirm", "red.png")[0] == 0
    code, _, err = run("run-tests", "colours@1.0.0")
    assert (code, "no kept tests" in err) == (1, True)
