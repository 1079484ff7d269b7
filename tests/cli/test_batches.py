"""Batches in a terminal: run, listed, looked at, gone on with, and refused in one line."""

import json

import numpy as np
import pandas as pd
import pytest


def told(run, *words):
    """Return the JSON of a command that succeeds."""
    code, out, err = run(*words, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


@pytest.mark.heavy
def test_a_file_of_rows_goes_through_a_version(run, reg, classifier, digits, tmp_path):
    reg.register(classifier, "digits")
    rows = tmp_path / "rows.csv"
    np.savetxt(rows, digits[0][:40], fmt="%d", delimiter=",", header="x" + ",x" * 63, comments="")
    batch = told(run, "batch", "digits@1.0.0", rows, "out.parquet")
    assert (batch["state"], batch["total"], batch["successful"], batch["failed"]) == ("finished", 40, 40, 0)
    assert np.array_equal(pd.read_parquet("out.parquet").label, classifier.predict(digits[0][:40]))
    assert told(run, "show-batch", batch["id"])["output"] == str(tmp_path / "out.parquet")
    assert told(run, "batch", "digits@1.0.0", rows, "out.jsonl")["successful"] == 40
    assert told(run, "batch", "digits@1.0.0", rows, "out.jsonl", "--resume")["successful"] == 40
    assert batch["id"] in [each["id"] for each in told(run, "batches")]
    for words, said in (
        (("batch", "digits", rows, "out.parquet"), "there already"),
        (("batch", "digits", rows, "out.parquet", "--resume"), "nothing to resume"),
        (("batch", "digits", rows, "out.txt"), ".jsonl or .parquet"),
        (("batch", "digits", "nowhere.csv", "new.jsonl"), "nowhere.csv"),
        (("batch", "nobody", rows, "new.jsonl"), "nobody"),
        (("cancel-batch", batch["id"]), "nothing to cancel"),
        (("show-batch", "b-none"), "b-none"),
    ):
        code, out, err = run(*words)
        assert (code, out) == (1, "")
        assert said in err
        assert err.count("\n") == 1
