import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from blake3 import blake3

from jupyter_modelmgmt.capture.datasets import digest_of, fingerprint, shared_rows
from jupyter_modelmgmt.domain.errors import BadField, BadFile


def test_a_file_has_the_digest_of_its_bytes(tmp_path):
    data = os.urandom(3 * 2**20 + 7)
    (tmp_path / "x.bin").write_bytes(data)
    assert digest_of(tmp_path / "x.bin") == (f"blake3:{blake3(data).hexdigest()}", len(data))
    assert digest_of(str(tmp_path / "x.bin")) == digest_of(tmp_path / "x.bin")


def folder(path, files):
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return digest_of(path)


def test_a_folder_is_the_same_wherever_it_lies(tmp_path):
    files = {"a.csv": b"1", "inner/b.csv": b"22"}
    assert folder(tmp_path / "here", files) == folder(tmp_path / "there", dict(reversed(files.items())))
    assert folder(tmp_path / "here", files)[1] == 3


@pytest.mark.parametrize(
    "files",
    [
        {"a.csv": b"1", "inner/b.csv": b"23"},
        {"a.csv": b"1", "inner/c.csv": b"22"},
        {"a.csv": b"122", "inner/b.csv": b""},
        {"a.csv": b"1", "b.csv": b"22"},
        {"a.csv": b"1"},
    ],
)
def test_a_folder_that_differs_has_another_digest(tmp_path, files):
    first = folder(tmp_path / "first", {"a.csv": b"1", "inner/b.csv": b"22"})
    assert folder(tmp_path / "other", files)[0] != first[0]


def test_what_is_not_there_is_told(tmp_path):
    with pytest.raises(BadFile, match="no file"):
        digest_of(tmp_path / "nothing.csv")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "link").symlink_to(tmp_path / "gone")
    with pytest.raises(BadFile, match="link"):
        digest_of(tmp_path / "folder")


@pytest.mark.parametrize("name", ["age", None])
def test_a_series_is_a_column_of_its_name(name):
    found = fingerprint(pd.Series([1.5, 2.5], name=name))
    assert (found.rows, found.fields) == (2, {name or "values": "float64"})
    assert found.digest == fingerprint(pd.DataFrame({name or "values": [1.5, 2.5]})).digest


def test_other_objects_are_asked_for_a_digest():
    with pytest.raises(BadField, match="digest='...'"):
        digest_of(3)


def frame(**changed):
    columns = {
        "i": [1, 2, 3], "f": [0.5, np.nan, -1.0], "s": ["a", "bc", "d"], "m": ["a", None, "ü"], "b": [True, False, True],
        "t": pd.to_datetime(["2026-01-01", None, "2026-01-03"]), "c": pd.Categorical(["x", "y", "x"]),
        "n": pd.array([1, None, 3], "Int64"), "o": [1, "a", (2, None)],
        "z": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-03"], utc=True),
    }  # fmt: skip
    return pd.DataFrame(columns | changed)


def test_a_table_has_types_counts_and_statistics():
    found = fingerprint(frame())
    assert found.rows == 3
    assert (found.fields["i"], found.fields["f"], found.fields["s"], found.fields["m"]) == (
        "int64",
        "float64",
        "str",
        "str",
    )
    assert found.statistics["f"] == {"missing": 1, "least": -1.0, "greatest": 0.5, "mean": -0.25, "deviation": 0.75}
    assert found.statistics["m"] == {"missing": 1}
    assert found.size > 0


def test_equal_tables_have_one_digest_in_every_process_and_however_they_lie_in_memory():
    first = fingerprint(frame()).digest
    assert fingerprint(frame().copy()).digest == first
    assert fingerprint(pd.concat([frame(), frame()]).iloc[3:].reset_index(drop=True)).digest == first
    object_texts = frame(s=pd.Series(["a", "bc", "d"], dtype="string"))
    assert fingerprint(object_texts).digest == first
    code = (
        "import numpy as np, pandas as pd; from jupyter_modelmgmt.capture.datasets import fingerprint;"
        "print(fingerprint(pd.DataFrame({'x': [1, 2], 's': ['a', None]})).digest)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == fingerprint(pd.DataFrame({"x": [1, 2], "s": ["a", None]})).digest


@pytest.mark.parametrize(
    "other",
    [
        frame(i=[1, 2, 4]),
        frame(i=np.array([1, 2, 3], "int32")),
        frame(s=["ab", "c", "d"]),
        frame(m=["a", "", "ü"]),
        frame(o=[1, "a", (2, 0)]),
        frame(o=["1", "a", (2, None)]),
        frame(c=pd.Categorical(["x", "y", "y"])),
        frame(n=pd.array([1, 0, 3], "Int64")),
        frame().iloc[::-1],
        frame().iloc[:2],
        frame().rename(columns={"i": "j"}),
        frame()[["f", "i", "s", "m", "b", "t", "c", "n", "o", "z"]],
        frame().set_index("s"),
        frame(index_like=[1, 2, 3]),
    ],
)
def test_any_change_of_a_table_is_another_digest(other):
    assert fingerprint(other).digest != fingerprint(frame()).digest


def test_a_change_in_the_last_of_many_rows_is_seen():
    values = np.zeros(2_000_000)
    first = fingerprint(pd.DataFrame({"x": values})).digest
    values[-1] = 1
    assert fingerprint(pd.DataFrame({"x": values})).digest != first


def test_arrays_differ_by_values_type_and_shape_and_not_by_their_place_in_memory():
    x = np.arange(12.0).reshape(3, 4)
    found = fingerprint(x)
    assert (found.rows, found.fields, found.size) == (3, {"values": "float64 (3, 4)"}, 96)
    assert fingerprint(np.asfortranarray(x)).digest == fingerprint(x.astype(">f8")).digest == found.digest
    big = np.arange(4_000_000.0).reshape(1000, 4000)
    assert fingerprint(np.asfortranarray(big)).digest == fingerprint(big).digest
    for other in (x.reshape(4, 3), x.astype("f4"), x + 1, x.T, x[:2]):
        assert fingerprint(other).digest != found.digest
    texts = np.array(["a", "bc"])
    assert fingerprint(texts).digest != fingerprint(np.array(["ab", "c"])).digest
    assert fingerprint(texts.astype(object)).statistics == {}


@pytest.mark.parametrize("empty", [np.zeros((0, 3)), pd.DataFrame(), pd.DataFrame({"x": []}), np.array([], object)])
def test_empty_data_have_a_digest(empty):
    assert fingerprint(empty).rows == 0


def test_values_without_a_lasting_form_are_told():
    with pytest.raises(BadField, match="type object"):
        fingerprint(pd.DataFrame({"x": [object()]}))


def test_the_gaps_between_the_fields_of_records_do_not_count():
    kind = np.dtype({"names": ["a", "b"], "formats": ["u1", "f8"], "offsets": [0, 8], "itemsize": 16})
    one, other = np.zeros(2, kind), np.zeros(2, kind)
    other.view("u1")[3] = 7
    assert fingerprint(one).digest == fingerprint(other).digest


def test_rows_that_train_and_test_share_are_counted():
    rng = np.random.default_rng(0)
    x = rng.random((1000, 5))
    assert shared_rows(x[:900], x[863:]) == 37
    assert shared_rows(x[:900], x[900:]) == 0
    table = pd.DataFrame(x, columns=list("abcde")).assign(s=[f"t{n}" for n in range(1000)])
    assert shared_rows(table[:900], table[863:]) == 37
    assert shared_rows(table[:900], table[863:].assign(s="other")) == 0
    assert shared_rows(table[:900].drop(columns="s"), table[863:]) == 37
    with_gaps = pd.DataFrame({"x": [1.0, np.nan, 3.0]})
    assert shared_rows(with_gaps, with_gaps) == 3
    assert shared_rows(x.astype("f4")[:900], x[900:]) == 0


def test_labels_alone_are_no_rows():
    y = np.array([0, 1, 0])
    assert shared_rows(y, y) == 0
    assert shared_rows(pd.Series(y), pd.Series(y)) == 0
    assert shared_rows(pd.Series(["a text", "b"]), pd.Series(["a text"])) == 1
    assert shared_rows(y, "data.csv") == 0


def test_statistics_are_those_of_numpy_far_from_zero_too():
    values = np.random.default_rng(0).normal(1e9, 1.0, 200_000)
    found = fingerprint(values).statistics["values"]
    assert found["mean"] == pytest.approx(values.mean(), rel=1e-12)
    assert found["deviation"] == pytest.approx(values.std(), rel=1e-4)
    assert (found["least"], found["greatest"]) == (values.min(), values.max())


@pytest.mark.parametrize("kind", ["f8", "f4", "i8", "u8", "u1", "?"])
def test_statistics_of_any_kind_of_numbers_are_those_of_numpy(kind):
    values = (np.arange(100_000) % 200).astype(kind)
    found = fingerprint(values).statistics["values"]
    assert (found["missing"], found["least"], found["greatest"]) == (0, values.min(), values.max())
    assert found["mean"] == pytest.approx(values.mean(dtype="f8"))
    assert found["deviation"] == pytest.approx(values.std(dtype="f8"))


def test_what_is_missing_or_infinite_does_not_spoil_statistics():
    values = np.random.default_rng(0).normal(size=100_000)
    values[::3] = np.nan
    found = fingerprint(values).statistics["values"]
    assert found["missing"] == np.isnan(values).sum()
    assert found["mean"] == pytest.approx(np.nanmean(values))
    assert found["deviation"] == pytest.approx(np.nanstd(values))
    values[1], values[50_000] = -np.inf, np.inf
    assert fingerprint(values).statistics["values"] == {"missing": found["missing"]}
    values[1:] = np.nan
    assert fingerprint(values).statistics["values"] == {"missing": len(values)}


def test_a_table_in_memory_is_registered_with_its_schema(any_reg):
    found = any_reg.register_dataset("golden", data=frame(), source="warehouse")
    assert (found.rows, found.fields["s"], found.source) == (3, "str", "warehouse")
    assert any_reg.register_dataset("golden", data=frame()).version == 1
    assert any_reg.register_dataset("golden", data=frame().iloc[:2]).selector == "golden@2"
    assert any_reg.register_dataset("x", data=np.zeros((4, 2))).rows == 4
