import threading

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import (
    BadField,
    BadImage,
    BadTensor,
    DeployOnly,
    ModelDeployed,
    NotDeployed,
    NotFound,
    ServingFailed,
)


def test_predicting_before_deploying_says_what_to_do(reg, classifier, digits):
    reg.register(classifier, "digits")
    with pytest.raises(NotDeployed, match="^Need to deploy before predicting"):
        reg.predict("digits@1.0.0", digits[0][:1])
    with pytest.raises(NotFound):
        reg.predict("nothing", digits[0][:1])


def test_a_deployed_version_answers_until_it_is_stopped(reg, classifier, digits):
    x = digits[0]
    reg.register(classifier, "digits")
    deployment = reg.deploy("digits", name="digits")
    assert (deployment.state, deployment.available) == ("Deployed", 1)
    assert reg.get("digits").status == "deployed"
    answer = deployment.predict(x[:20])
    assert np.array_equal(answer.outputs["label"], classifier.predict(x[:20]))
    assert np.allclose(answer.outputs["probability"], classifier.predict_proba(x[:20]))
    assert np.array_equal(reg.predict("digits@1.0.0", x[:2]).outputs["label"], classifier.predict(x[:2]))
    with pytest.raises(BadTensor):
        deployment.predict(x[:2, :10])
    with pytest.raises(BadImage):
        deployment.predict("/nowhere.png")
    with pytest.raises(
        ModelDeployed, match="You cannot delete a model that is currently deployed. Stop all deployments first."
    ):
        reg.delete("digits@1.0.0")
    stopped = deployment.stop()
    assert stopped.state == deployment.refresh().state == "Stopped"
    assert reg.running_host().status()["workers"] == []
    with pytest.raises(NotDeployed):
        deployment.predict(x[:1])
    assert reg.start("digits").state == "Deployed"
    reg.stop("digits")
    reg.delete("digits@1.0.0")


def test_logs_are_read_followed_and_forgotten(reg, classifier, digits):
    reg.register(classifier, "digits")
    deployment = reg.deploy("digits", name="svc", replicas=2, wait=True)
    assert {line[:9] for line in deployment.logs().splitlines()} == {"[1.0.0-0]", "[1.0.0-1]"}
    assert deployment.logs(1, replica="1.0.0-1", filter="ready").endswith("1.0.0 INFO Ready")
    for wrong, said in (
        ({"replica": "7"}, "Choose one of 1.0.0-0, 1.0.0-1"),
        ({"lines": -1}, "from 0 on"),
        ({"replica": "1.0.0-"}, "no replica"),
    ):
        with pytest.raises((BadField, NotFound), match=said):
            deployment.logs(**wrong)
    followed = deployment.follow_logs(0, replica="0")
    asking = threading.Thread(target=deployment.stop)
    asking.start()
    assert [*followed] == []  # it ends with the deployment
    asking.join()
    assert [*deployment.follow_logs(1, filter="Ready")] == deployment.logs(1, filter="Ready").splitlines()
    deployment.delete(confirm="svc")
    with pytest.raises(NotFound):
        reg.logs("svc")
    assert reg.log_replicas("svc") == ()


def test_a_prediction_names_the_version_that_gave_it(reg, classifier, digits):
    for number in ("1.0.0", "1.1.0"):
        reg.register(classifier, "digits", version=number, allow_identical=True)
    deployment = reg.deploy("digits@1.0.0", name="digits").split({"1.0.0": 50, "1.1.0": 50})
    row = digits[0][:1]
    assert {deployment.predict(row).version for _ in range(4)} == {"1.0.0", "1.1.0"}
    assert deployment.predict(row, version="1.1.0").version == "1.1.0"


def test_a_version_that_cannot_be_loaded_fails_with_the_reason(reg, tmp_path, classifier):
    version = reg.register(classifier, "digits")
    blob = reg.artifacts.path(version.artifacts[0].digest)
    blob.chmod(0o600)
    blob.write_bytes(blob.read_bytes()[:-10])
    with pytest.raises(ServingFailed, match="damaged"):
        reg.deploy("digits", name="broken")
    assert reg.deployment("broken").state == "Failed"
    assert "model.skops" in reg.deployment("broken").message


def test_images_are_answered_with_a_picture(reg, classifier, digits):
    from PIL import Image

    config = {"size": [8, 8], "resize": "squash", "color": "GRAY", "layout": "flat", "mean": 0, "std": 255 / 16}
    reg.register(classifier, "digits", adapter="image_classifier", config=config)
    deployment = reg.deploy("digits", name="digits")
    right = 0
    for row, label in zip(digits[0][:10], digits[1][:10], strict=True):
        image = Image.fromarray((row.reshape(8, 8) * 255 / 16).astype(np.uint8))
        answer = deployment.predict(image)
        right += answer.classes[0].label == str(label)
    assert right >= 9
    assert "<img" in answer._repr_html_()
    with pytest.raises(BadImage):
        deployment.predict(b"no image")
    reg.stop("digits")


def test_a_model_deployed_from_memory_is_registered_and_not_given_out(reg, classifier, digits, tmp_path):
    with pytest.raises(BadField, match="Give a name"):
        reg.deploy(classifier)
    deployment = reg.deploy(classifier, name="digits")
    assert deployment.predict(digits[0][:2]).outputs["label"].tolist() == digits[1][:2].tolist()
    version = reg.get("digits")
    assert (version.selector, version.downloadable) == ("digits@1.0.0", False)
    for take in (lambda: version.download(tmp_path), version.load, lambda: reg.file("digits", "model.skops")):
        with pytest.raises(DeployOnly, match="may be deployed"):
            take()
    assert reg.deploy(classifier, name="digits").version == "1.0.0"
    deployment.stop()


def test_a_table_goes_by_its_columns_and_a_wrong_one_is_named(reg, proving):
    import pandas as pd
    from sklearn.linear_model import LogisticRegression

    table = pd.DataFrame({"age": [20.0, 30, 40, 50], "income": [3.0, 1, 4, 2]})
    model = LogisticRegression().fit(table, [0, 1, 0, 1])
    reg.register(model, "churn", input_example=table)
    deployment = reg.deploy("churn", name="churn")
    expected = model.predict(table).tolist()
    assert deployment.predict(table[["income", "age"]].assign(extra=1)).outputs["label"].tolist() == expected
    with pytest.raises(BadTensor, match=r"no column age; it has Age instead. The model takes age, income"):
        deployment.predict(table.rename(columns={"age": "Age"}))
    with pytest.raises(BadTensor, match=r"shape \[4, 3\]"):
        deployment.predict(np.ones((4, 3)))
    deployment.stop()
