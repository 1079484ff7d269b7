"""Tensors to bytes and back."""

import contextlib
import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from jupyter_modelmgmt.domain.errors import BadInput, BadTensor
from jupyter_modelmgmt.serving import protocol

NUMBERS = st.sampled_from([*protocol.DATATYPES.values()]).flatmap(
    lambda dtype: hnp.arrays(
        dtype, hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4), elements=hnp.from_dtype(
            dtype, allow_nan=False, allow_infinity=False),
    )
)  # fmt: skip
TEXTS = hnp.arrays(object, hnp.array_shapes(max_dims=2, max_side=3), elements=st.binary(max_size=9), fill=st.nothing())


@given(array=NUMBERS | TEXTS, binary=st.booleans())
def test_a_tensor_survives_the_way(array, binary):
    message = protocol.encode_request({"x": array}, binary=binary)
    request = protocol.decode_request(message.body, message.headers.get(protocol.HEADER_LENGTH))
    assert request.binary_default is binary
    back = request.inputs["x"]
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.tolist() == array.tolist()


@given(array=NUMBERS, binary=st.booleans())
def test_an_answer_survives_the_way(array, binary):
    asked = protocol.encode_request({"x": array}, binary=binary)
    request = protocol.decode_request(asked.body, asked.headers.get(protocol.HEADER_LENGTH))
    message = protocol.encode_response(request, {"y": array}, model="m", version="1.0.0")
    back = protocol.decode_response(message.body, message.headers.get(protocol.HEADER_LENGTH))
    assert back["y"].tolist() == array.tolist()


@pytest.mark.parametrize("array", [np.array(["é", "b"]), np.array(["é", "b"], dtype=object)])
def test_texts_of_a_model_are_written_as_texts(array):
    request = protocol.decode_request(b'{"inputs": []}')
    message = protocol.encode_response(request, {"label": array}, model="m", version="1.0.0")
    (output,) = json.loads(message.body)["outputs"]
    assert (output["datatype"], output["data"]) == ("BYTES", ["é", "b"])


@pytest.mark.parametrize("data", [[2**63 + 5, 1], [[2**64 - 1], [0]]])
def test_large_integers_beside_small_ones_stay_exact(data):
    shape = list(np.shape(data))
    body = json.dumps({"inputs": [{"name": "x", "datatype": "UINT64", "shape": shape, "data": data}]}).encode()
    assert protocol.decode_request(body).inputs["x"].tolist() == data


def test_fractions_are_no_large_integers():
    body = b'{"inputs": [{"name": "x", "datatype": "UINT64", "shape": [2], "data": [1.5, 9223372036854775808]}]}'
    with pytest.raises(BadTensor, match="does not fit"):
        protocol.decode_request(body)


def test_big_endian_arrays_are_turned_round():
    message = protocol.encode_request({"x": np.array([1, 2], dtype=">i4")}, binary=True)
    back = protocol.decode_request(message.body, message.headers[protocol.HEADER_LENGTH]).inputs["x"]
    assert (back.dtype, back.tolist()) == (np.dtype(np.int32), [1, 2])


def test_texts_that_are_no_utf8_are_refused():
    array = np.array([b"\xff"], dtype=object)
    with pytest.raises(BadTensor, match="UTF-8"):
        protocol.texts(array)


def test_a_datatype_that_the_protocol_lacks_is_refused():
    with pytest.raises(BadTensor, match="float128"):
        protocol.encode_request({"x": np.array([1], dtype=np.longdouble)}, binary=False)


def _request(tail, **tensor):
    head = json.dumps({"inputs": [{"name": "x", "shape": [1], "datatype": "INT32", **tensor}]}).encode()
    return head + tail, str(len(head))


@pytest.mark.parametrize(
    ("tail", "tensor", "reason"),
    [
        (b"1234", {"parameters": {"binary_data_size": 9}}, "announces 9 bytes"),
        (b"1234", {"parameters": {"binary_data_size": -1}}, "announces -1 bytes"),
        (b"123", {"parameters": {"binary_data_size": 3}}, "no whole number"),
        (b"12345678", {"parameters": {"binary_data_size": 4}}, "belong to none"),
        (b"12345678", {"parameters": {"binary_data_size": 8}}, "but 2 values"),
        (b"\x09\0\0\0a", {"datatype": "BYTES", "parameters": {"binary_data_size": 5}}, "longer than"),
        (b"\x09\0", {"datatype": "BYTES", "parameters": {"binary_data_size": 2}}, "longer than"),
        (b"", {"datatype": "UINT8", "data": [256]}, "does not fit into UINT8"),
        (b"", {"datatype": "UINT8", "data": [-1]}, "does not fit into UINT8"),
        (b"", {"datatype": "INT64", "data": [1.5]}, "does not fit its datatype"),
        (b"", {"datatype": "INT64", "data": [10**30]}, "does not fit its datatype"),
        (b"", {"datatype": "BYTES", "data": ["?"], "parameters": {"content_type": "base64"}}, "not base64"),
    ],
)
def test_tensors_that_do_not_add_up_are_refused(tail, tensor, reason):
    body, length = _request(tail, **tensor)
    with pytest.raises(BadTensor, match=reason):
        protocol.decode_request(body, length)


@pytest.mark.parametrize(
    ("data", "numbers"), [([1.5, None], [1.5, np.nan]), ([None, None], [np.nan] * 2), ([[2], [None]], [2, np.nan])]
)
def test_a_number_that_is_missing_is_null_as_in_answers(data, numbers):
    body = json.dumps({"inputs": [{"name": "x", "datatype": "FP32", "shape": [2], "data": data}]}).encode()
    read = protocol.decode_request(body).inputs["x"]
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, numbers)
    assert b"[1.5,null]" in protocol.encode_request({"x": np.array([1.5, np.nan])}, binary=False).body


@pytest.mark.parametrize(
    ("datatype", "data"), [("INT64", [1, None]), ("BOOL", [True, None]), ("FP64", ["1", None]), ("FP16", [1e6, None])]
)
def test_nothing_else_may_be_missing(datatype, data):
    with pytest.raises(BadTensor, match="does not fit"):
        protocol.decode_request(*_request(b"", datatype=datatype, shape=[2], data=data))


@given(st.binary(max_size=40), st.none() | st.text(max_size=3))
def test_any_bytes_are_understood_or_refused(body, length):
    with contextlib.suppress(BadInput):
        assert protocol.decode_request(body, length).inputs == {}


def test_binary_and_json_tensors_stand_side_by_side_in_the_order_of_the_bytes():
    """Source: KServe, "Binary Tensor Data Extension": little-endian, row major; BOOL one byte, BYTES counted."""
    blobs = [struct.pack("<4h", 1, -2, 3, -4), b"\x00\x01\x07", struct.pack("<I", 2) + b"ab" + struct.pack("<I", 0)]
    tensors = [
        ("int", "INT16", [2, 2], blobs[0]), ("json", "FP32", [1], None), ("bool", "BOOL", [3], blobs[1]),
        ("text", "BYTES", [2], blobs[2]),
    ]  # fmt: skip
    inputs = [
        {"name": name, "datatype": datatype, "shape": shape}
        | ({"data": [0.5]} if blob is None else {"parameters": {"binary_data_size": len(blob)}})
        for name, datatype, shape, blob in tensors
    ]
    head = json.dumps({"inputs": inputs}).encode()
    found = protocol.decode_request(head + b"".join(blobs), str(len(head))).inputs
    assert found["int"].tolist() == [[1, -2], [3, -4]]
    assert found["json"].tolist() == [0.5]
    assert found["bool"].tolist() == [False, True, True]
    assert found["text"].tolist() == [b"ab", b""]


def test_a_tensor_without_rows_keeps_its_shape():
    body = b'{"inputs": [{"name": "x", "shape": [0, 64], "datatype": "FP64", "data": []}]}'
    assert protocol.decode_request(body).inputs["x"].shape == (0, 64)
