"""Registering and predicting each cross at most twelve of our files."""

import sys
from pathlib import Path

import jupyter_modelmgmt

ROOT = str(Path(jupyter_modelmgmt.__file__).parent)
AT_MOST = 12


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

    sys.setprofile(profile)
    try:
        action()
    finally:
        sys.setprofile(None)
    return sorted(files)


def test_registering_is_a_straight_line(reg, classifier):
    reg.register(classifier, "warm-up")
    files = crossed(lambda: reg.register(classifier, "digits", metrics={"accuracy": 0.9}, tags="a"))
    assert len(files) <= AT_MOST, files


def test_predicting_is_a_straight_line(reg, classifier, digits):
    reg.register(classifier, "digits")
    deployment = reg.deploy("digits", name="digits")
    deployment.predict(digits[0][:1])
    files = crossed(lambda: deployment.predict(digits[0][:1]))
    assert len(files) <= AT_MOST, files
    deployment.stop()
