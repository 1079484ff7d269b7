"""A state dict of 1 GiB into the registry, against copying and hashing a file of its size; needs `make .venv/.heavy`."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from jupyter_modelmgmt.registry import Registry, connect
from tests.bench.measure import Figure, by_turns
from tests.bench.uploading import copied

LAYERS = 64
SIDE = 2048  # a layer of float32: 16 MiB
MIB = 1 << 20


def figures(folder: Path) -> Iterator[Figure]:
    if not find_spec("torch"):
        print("PyTorch is not here, so no state dict was measured. Run: make .venv/.heavy")  # noqa: T201
        return
    import torch

    state = {f"layer{n}.weight": torch.randn(SIDE, SIDE) for n in range(LAYERS)}
    registry = connect(f"sqlite:///{folder / 'registry.db'}")
    size_mib = LAYERS * SIDE * SIDE * 4 / MIB
    yield Figure(what=f"memory for registering {size_mib:.0f} MiB", ours=memory(registry, state), against="the model",
                 theirs=size_mib, at_most=0, extra=200, unit="MiB")  # fmt: skip
    file = registry.get("net").artifacts[0]
    plain = folder / "plain"
    registry.artifacts.materialise([file], plain)
    for what, options in (("captured and proven", {}), ("as it is", {"prove": False, "capture": False})):
        ours, theirs = by_turns(
            lambda options=options: registry.register(state, "net", allow_identical=True, **options),
            lambda: copied(plain / file.path, folder / "copy"),
            times=5,
        )
        yield Figure(what=f"register a state dict of {size_mib:.0f} MiB, {what}", ours=ours,
                     against="copy, blake3, fsync", theirs=theirs, at_most=2)  # fmt: skip
    registry.close()


def memory(registry: Registry, state: dict[str, object]) -> float:
    """Return how many MiB this process takes at its peak for registering, over what it has.

    The first time tells: later ones take what the first left to the allocator.
    """
    before = resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    registry.register(state, "net", allow_identical=True)
    return resident("VmHWM") - before


def resident(line: str) -> float:
    found = re.search(rf"^{line}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    assert found
    return int(found[1]) / 1024
