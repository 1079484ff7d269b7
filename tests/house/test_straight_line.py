"""Predicting crosses at most twelve of our files, registering fourteen; what is found out besides adds its own."""

import gc
import sys
from pathlib import Path

import jupyter_modelmgmt

ROOT = str(Path(jupyter_modelmgmt.__file__).parent)
PREDICTING = 12
REGISTERING = 14
# Proof, signature, environment, learned state, cells, curves: a leaf each, called from one place (capture/evidence.py).
FINDING_OUT = 26


def crossed(action):
    """Return our files whose functions `action` enters; module bodies that are imported do not count."""
    files = set()

    def profile(frame, event, _arg):
        if (
            event == "call"
            and frame.f_code.co_name not in ("<module>", "<lambda>")
            and frame.f_code.co_filename.startswith(ROOT)
        ):
            files.add(frame.f_code.co_filename.removeprefix(ROOT))

    # What other tests left is collected now: its finalizers would count as ours.
    gc.collect()
    gc.disable()
    sys.setprofile(profile)
    try:
        action()
    finally:
        sys.setprofile(None)
        gc.enable()
    return sorted(files)


def test_registering_is_a_straight_line(reg, classifier):
    reg.register(classifier, "warm-up")
    said = {"metrics": {"accuracy": 0.9}, "tags": "a"}
    files = crossed(lambda: reg.register(classifier, "digits", prove=False, capture=False, **said))
    assert len(files) <= REGISTERING, files


def test_finding_out_adds_leaves(reg, classifier, proving):
    reg.register(classifier, "warm-up")
    files = crossed(lambda: reg.register(classifier, "digits", metrics={"accuracy": 0.9}, tags="a"))
    assert len(files) <= FINDING_OUT, files


def test_predicting_is_a_straight_line(reg, classifier, digits):
    reg.register(classifier, "digits")
    deployment = reg.deploy("digits", name="digits")
    deployment.predict(digits[0][:1])
    files = crossed(lambda: deployment.predict(digits[0][:1]))
    assert len(files) <= PREDICTING, files
    deployment.stop()
