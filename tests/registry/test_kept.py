"""Kept tests through real workers: kept, run with another version, run by itself, refused, collected."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from PIL import Image

from jupyter_modelmgmt.domain.errors import BadField, BadImage, BadName, Conflict, NotConfirmed, NotFound
from jupyter_modelmgmt.domain.predictions import Mask
from jupyter_modelmgmt.registry import connect, kept_inputs
from jupyter_modelmgmt.serving.trials import Cancellation
from tests.servers import nets

LABELS = ["red", "green", "blue"]


@pytest.fixture
def picture(tmp_path):
    Image.new("RGB", (8, 8), (200, 0, 0)).save(tmp_path / "stop sign.png")
    return tmp_path / "stop sign.png"


@pytest.fixture
def colours(reg, tmp_path):
    """Give a registry with a classifier of colours in two versions: the second one has the labels in another order."""
    net = nets.colours(tmp_path / "net.onnx")
    for version, labels in (("1.0.0", LABELS), ("1.1.0", LABELS[::-1])):
        reg.register_files(
            net, "colours", adapter="image_classifier", labels=labels, task="classification", version=version,
            reason="a test",
        )  # fmt: skip
    return reg


def test_a_picture_is_kept_and_asked_of_the_next_version(colours, picture):
    kept = colours.keep_test("colours@1.0.0", picture)
    assert (kept.name, kept.media, kept.expected.classes[0].label) == ("stop sign.png", "image/png", "red")
    assert colours.artifacts.has(kept.digest)
    steps = []
    (failed,) = colours.run_tests("colours@1.1.0", progress=lambda done, total: steps.append((done, total)))
    assert (failed.state, failed.difference[:20]) == ("failed", "expected red (1.00),")
    assert failed.latency_ms > 0
    assert steps == [(1, 1)]
    assert colours.test_results("colours@1.1.0") == (failed,)
    (passed,) = colours.run_tests("colours@1.0.0", "Stop Sign.PNG")
    assert passed.state == "passed"
    tallies = colours.tests_of("colours").tallies
    assert [(t.version, t.passed, t.failed) for t in tallies] == [("1.1.0", 0, 1), ("1.0.0", 1, 0)]
    event = colours.events()[-1]
    assert (event.action, event.version, event.details) == ("tests.run", "1.0.0", {"passed": 1, "total": 1})


def test_rows_are_kept_as_a_request_and_a_deployment_answers_where_one_runs(reg, classifier, digits):
    reg.register(classifier, "digits")
    kept = reg.keep_test("digits", digits[0][:2], name="two rows")
    assert (kept.media, kept.tolerance) == ("application/json", 0.1)
    assert kept.expected.outputs[0]["name"] == "label"
    reg.deploy("digits@1.0.0", name="digits")
    (result,) = reg.run_tests("digits")
    assert result.state == "passed"
    assert reg.deployment_metrics("digits").versions[0].calls == 1


def test_what_gives_no_answer_is_an_error_that_says_why(colours, picture):
    colours.keep_test("colours@1.0.0", picture, name="a")
    colours.register_files(picture, "colours", version="2.0.0")
    (result,) = colours.run_tests("colours@2.0.0")
    assert (result.state, "Deploy it first" in result.difference) == ("error", True)
    with pytest.raises(Conflict, match="already"):
        colours.keep_test("colours@1.0.0", picture, name="A")
    with pytest.raises(BadName):
        colours.keep_test("colours@1.0.0", picture, name="a/b")
    with pytest.raises(BadImage):
        colours.keep_test("colours@1.0.0", b"no picture", name="b")
    with pytest.raises(NotFound):
        colours.run_tests("colours@1.0.0", ["b"])


def test_a_cancelled_run_keeps_nothing_more(colours, picture):
    with pytest.raises(Conflict, match="no kept tests"):
        colours.run_tests("colours")
    colours.keep_test("colours@1.0.0", picture)
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Conflict, match="cancelled"):
        colours.run_tests("colours@1.1.0", cancellation=cancellation)
    assert colours.test_results("colours@1.1.0") == ()


def test_versions_that_wait_are_run_one_after_the_other(colours, picture, tmp_path):
    colours.keep_test("colours@1.0.0", picture)
    assert not colours.run_waiting_tests(Cancellation())
    net = nets.colours(tmp_path / "other.onnx")
    colours.register_files(
        net, "colours", adapter="image_classifier", labels=LABELS, task="classification", version="1.2.0",
        allow_identical=True, reason="a test",
    )  # fmt: skip
    assert colours.run_waiting_tests(Cancellation())
    assert [result.state for result in colours.test_results("colours@1.2.0")] == ["passed"]
    assert not colours.run_waiting_tests(Cancellation())


def test_two_servers_on_one_database_run_the_tests_of_a_version_once(any_reg, database_url, picture, tmp_path):
    said = {"adapter": "image_classifier", "labels": LABELS, "task": "classification", "allow_identical": True}
    net = nets.colours(tmp_path / "net.onnx")
    any_reg.register_files(net, "colours", **said)
    any_reg.keep_test("colours", picture)
    for _ in range(2):
        any_reg.register_files(net, "colours", **said)
    both = [connect(database_url, artifacts=tmp_path / "registry") for _ in range(2)]
    together = Barrier(2)

    def server(registry):
        together.wait()
        ran = 0
        while registry.run_waiting_tests(Cancellation()):
            ran += 1
        registry.close()
        return ran

    with ThreadPoolExecutor(2) as pool:
        ran = [*pool.map(server, both)]
    runs = [event.version for event in any_reg.events() if event.action == "tests.run"]
    assert (sum(ran), sorted(runs)) == (2, ["1.1.0", "1.2.0"])
    assert not any_reg.tests_wait()


def test_inputs_are_collected_after_their_test_and_verified_before(colours, picture):
    kept = colours.keep_test("colours@1.0.0", picture)
    assert colours.collect_garbage(grace_s=0).count == 0
    colours.artifacts.path(kept.digest).write_bytes(b"spoilt")
    (damaged,) = colours.verify().damaged
    assert (damaged.version, damaged.path) == ("colours", "test stop sign.png")
    (result,) = colours.run_tests("colours@1.0.0")
    assert result.state == "error"
    with pytest.raises(NotConfirmed):
        colours.remove_test("colours", "stop sign.png")
    colours.remove_test("colours", "stop sign.png", confirm="stop sign.png")
    assert colours.collect_garbage(grace_s=0).count == 1


@pytest.mark.parametrize(
    "expected",
    [
        {},
        {"classes": [{"label": "a", "score": 7}]},
        {"classes": 3},
        {"boxes": [{"label": "a", "score": 1, "box": [1]}]},
    ],
)
def test_an_answer_that_is_none_is_refused(colours, expected):
    digest, size = colours.artifacts.add_file(colours_file(colours), "x").digest, 1
    with pytest.raises(BadField):
        colours.keep_answer("colours", name="a", digest=digest, size=size, media="image/png", expected=expected)


def test_an_input_is_uploaded_first(colours):
    told = {"name": "a", "media": "image/png", "expected": {"text": "x"}, "size": 3}
    for digest in ("blake3:" + "0" * 64, "../../x", ""):
        with pytest.raises(BadField, match="Upload"):
            colours.keep_answer("colours", digest=digest, **told)


def colours_file(reg):
    return reg.artifacts.path(reg.get("colours").artifacts[0].digest)


def mask(rows, labels):
    from base64 import b64encode
    from io import BytesIO

    buffer = BytesIO()
    array = np.array(rows, np.uint8)
    Image.fromarray(array).convert("P").save(buffer, "PNG")
    share = {labels[i]: float((array == i).mean()) for i in np.unique(array)}
    return Mask(labels=labels, png=b64encode(buffer.getvalue()).decode(), share=share)


def test_masks_overlap_by_label_whatever_their_sizes_and_numbers():
    one = mask([[0, 1], [0, 1]], ("none", "cat"))
    assert kept_inputs.overlap(one, one) == {"none": 1.0, "cat": 1.0}
    other = mask([[1, 1, 0, 0], [1, 1, 1, 1], [1, 1, 0, 0], [1, 1, 1, 1]], ("cat", "none"))
    assert kept_inputs.overlap(one, other) == {"none": pytest.approx(1.0), "cat": pytest.approx(1.0)}
    gone = mask([[0, 0], [0, 0]], ("none",))
    assert kept_inputs.overlap(one, gone) == {"none": 0.5, "cat": 0.0}
