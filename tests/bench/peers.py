"""Deployments beside other servers, each as its quickstart has it: one process, one model, 1, 16 and 64 clients.

What a photo costs is mostly to decode, resize and infer, and the same for all: three times the throughput of anybody
is asked for digits, and for photos that we add little to that work.

All take turns, so that a noisy neighbour slows all, and all must find the same label. A request is one row of digits as
JSON, or one photo: the bytes themselves for us and for BentoML, base64 in JSON for the two that take JSON.
"""

import base64
import json
import statistics
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from jupyter_modelmgmt.registry import Registry, connect
from tests.bench import serving_peers
from tests.bench.clients import Asked, Told, crowd
from tests.bench.measure import Figure, told_by_turns
from tests.bench.photo_net import SIDE, photo_net
from tests.bench.photos import Bare, photo

Check = Callable[[bytes], None]
CLIENTS = (1, 16, 64)
TURNS = 3
TURN_S = 1.0
THROUGHPUT = 1 / 3  # of MLflow's time for a row of digits, with 16 clients
ADDED = 1.5  # times the CPU time of the bare work on a photo, with 16 clients
CLIENTS_SHARE = 0.5  # of the wall time of the quickest, at most: beyond, the clients would be measured
# What the peers' code does: a bilinear resize, then a division.
PHOTO_CONFIG = {
    "size": [SIDE, SIDE], "mean": 0, "std": 255, "layout": "NCHW", "resize": "squash", "top_k": 3,
}  # fmt: skip


def figures(folder: Path) -> Iterator[Figure]:
    folder.mkdir(parents=True)
    net = photo_net(folder / "net.onnx")
    registry = connect(f"sqlite:///{folder / 'registry.db'}")
    try:
        for kind, ours in (("digits", our_digits), ("photos", our_photos)):
            with ExitStack() as stack:
                check = finds("0" if kind == "digits" else Bare(net).label())
                asked = {"ours": ours(registry, net, check)}
                for peer in serving_peers.PEERS:
                    served = serving_peers.server(
                        peer, kind, folder, net, request=REQUESTS[kind][peer], check=check
                    )  # fmt: skip
                    asked[peer] = stack.enter_context(served)
                yield from beside(kind, asked)
                if kind == "photos":
                    yield added(asked["ours"], Bare(net))
            registry.stop(kind)
    finally:
        if host := registry.running_host():
            host.shutdown()
        registry.close()


def our_digits(registry: Registry, _net: Path, check: Check) -> Asked:
    x, y = load_digits(return_X_y=True)
    registry.register(LogisticRegression(C=0.01, max_iter=2000).fit(x, y), "digits")
    tensor = {"name": "input", "shape": [1, 64], "datatype": "FP64", "data": row()}
    return ours(registry, "digits", as_json({"inputs": [tensor]}), check)


def our_photos(registry: Registry, net: Path, check: Check) -> Asked:
    labels = [str(number) for number in range(10)]
    registry.register_files(net, "photos", adapter="image_classifier", config=PHOTO_CONFIG, labels=labels)
    return ours(registry, "photos", (photo(), "image/jpeg"), check)


def ours(registry: Registry, name: str, request: tuple[bytes, str], check: Check) -> Asked:
    registry.deploy(name, name=name)
    body, content_type = request
    host = registry.running_host()
    assert host
    return Asked(
        port=host.file.port, path=f"/v2/models/{name}/infer", body=body, content_type=content_type,
        pid=host.file.pid, check=check, token=host.file.token,
    )  # fmt: skip


def beside(kind: str, asked: dict[str, Asked]) -> Iterator[Figure]:
    for clients in CLIENTS:
        told: dict[str, list[Told]] = {server: [] for server in asked}
        for turn in range(TURNS + 1):
            for server, request in asked.items():
                found = crowd(request, clients=clients, seconds=TURN_S)
                if turn:
                    told[server].append(found)
        for peer in serving_peers.PEERS:
            yield from compared(kind, clients, peer, told["ours"], told[peer])
        quickest = min(told.values(), key=lambda of_one: statistics.median(t.wall for t in of_one))
        yield Figure(
            what=f"{kind}, {clients} clients: CPU of the clients", against="time of the quickest", at_most=CLIENTS_SHARE,
            ours=statistics.median(t.clients for t in quickest), theirs=statistics.median(t.wall for t in quickest),
        )  # fmt: skip


def added(ours: Asked, bare: Bare) -> Figure:
    """Hold all that serving a photo costs against the work on it alone."""
    told, alone = told_by_turns(
        lambda: [crowd(ours, clients=16, seconds=TURN_S).cpu], lambda: [bare.cpu(TURN_S)], turns=TURNS
    )
    what, against = "photos, 16 clients: CPU a request", "decode, resize, infer"
    return Figure(what=what, ours=told, against=against, theirs=alone, at_most=ADDED)


def compared(kind: str, clients: int, peer: str, ours: list[Told], theirs: list[Told]) -> Iterator[Figure]:
    """Give four figures; a second over the time a request is the requests in a second."""
    measures: dict[str, Callable[[Told], float]] = {
        "time a request": lambda t: t.wall, "CPU a request": lambda t: t.cpu,
        "p50": lambda t: t.p50, "p99": lambda t: t.p99,
    }  # fmt: skip
    for what, read in measures.items():
        goal = (kind, peer, clients, what) == ("digits", "MLflow", 16, "time a request")
        yield Figure(
            what=f"{kind}, {clients} clients: {what}", against=peer, at_most=THROUGHPUT if goal else 1.0,
            ours=statistics.median(map(read, ours)), theirs=statistics.median(map(read, theirs)),
        )  # fmt: skip


def finds(expected: str) -> Check:
    def check(body: bytes) -> None:
        assert label(json.loads(body)) == expected, body

    return check


def label(said: object) -> str:
    """Return the best label of an answer, whichever server gave it."""
    match said:
        case {"outputs": [{"name": "label", "data": [found]}, *_]} | {"label": [found]}:
            return str(found)
        case {"classes": [{"label": found}, *_]} | {"predictions": [{"classes": [{"label": found}, *_]}]}:
            return str(found)
        case {"predictions": [found]}:
            return str(found)
    raise AssertionError(said)


def row() -> list[float]:
    return load_digits().data[0].tolist()


def as_json(said: object) -> tuple[bytes, str]:
    return json.dumps(said).encode(), "application/json"


def as_form(data: bytes) -> tuple[bytes, str]:
    head = (
        b'--cut\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    return head + data + b"\r\n--cut--\r\n", "multipart/form-data; boundary=cut"


_TEXT = base64.b64encode(photo()).decode()
REQUESTS: dict[str, dict[str, tuple[bytes, str]]] = {
    "digits": {
        "MLflow": as_json({"inputs": [row()]}),
        "LitServe": as_json({"x": [row()]}),
        "BentoML": as_json({"x": [row()]}),
    },
    "photos": {
        "MLflow": as_json({"dataframe_records": [{"image": _TEXT}]}),
        "LitServe": as_json({"image": _TEXT}),
        "BentoML": as_form(photo()),
    },
}
