"""A deployed version against the same model in this process."""

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

from jupyter_modelmgmt.registry import Registry, connect
from tests.bench.measure import Figure, by_turns, taken, told_by_turns

MEGAPIXELS_12 = (4000, 3000)


def figures(folder: Path) -> Iterator[Figure]:
    registry = connect(f"sqlite:///{folder / 'registry.db'}")
    try:
        yield digits(registry)
        yield photo(registry)
        yield cold_start(registry)
    finally:
        if host := registry.running_host():
            host.shutdown()
        registry.close()


def digits(registry: Registry) -> Figure:
    x, y = load_digits(return_X_y=True)
    model = LogisticRegression(C=0.01, max_iter=2000).fit(x, y)
    registry.register(model, "digits")
    deployment = registry.deploy("digits", name="digits")
    row = x[:1]
    ours, theirs = by_turns(
        lambda: deployment.predict(row), lambda: (model.predict(row), model.predict_proba(row)), times=300
    )
    return Figure(what="predict one digit, 1 client", ours=ours, against="in process", theirs=theirs, extra=2)


def photo(registry: Registry) -> Figure:
    """Hold a 12 MP JPEG against draft decoding and bare inference in this process."""
    registry.clone("efficientnet-lite0", "photos")
    deployment = registry.deploy("photos", name="photos")
    data = jpeg()
    bare = Bare(registry)
    ours, theirs = by_turns(lambda: deployment.predict(data), lambda: bare(data), times=15)
    return Figure(
        what="predict on a 12 MP photo",
        ours=ours,
        against="decode and infer in process",
        theirs=theirs,
        at_most=1.5,
    )


def cold_start(registry: Registry) -> Figure:
    """Hold the start of a deployment, until it answers, against importing the model's library in a process of its own."""
    words = [sys.executable, "-c", "import sklearn.linear_model, skops.io"]

    def ours() -> list[float]:
        registry.stop("digits")
        return [taken(lambda: registry.start("digits"))]

    started, imported = told_by_turns(ours, lambda: [taken(lambda: subprocess.run(words, check=True))], turns=5)
    return Figure(
        what="cold start of a deployment", ours=started, against="importing its library", theirs=imported, extra=600
    )


def jpeg() -> bytes:
    """Return a photo-like JPEG of 12 megapixels, quality 90."""
    noise = np.random.default_rng(0).integers(0, 255, (75, 100, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).resize(MEGAPIXELS_12, Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


class Bare:
    """The model file and nothing of ours: Pillow, one crop, one call."""

    def __init__(self, registry: Registry) -> None:
        from ai_edge_litert.interpreter import Interpreter

        folder = registry.get("photos").download(mkdtemp())
        (file,) = folder.glob("*.tflite")
        self.interpreter = Interpreter(str(file), num_threads=2)
        self.interpreter.allocate_tensors()

    def __call__(self, data: bytes) -> np.ndarray:
        image = Image.open(io.BytesIO(data))
        image.draft("RGB", (448, 448))
        image = image.convert("RGB")
        side = min(image.size) * 224 / 256
        left, top = (image.width - side) / 2, (image.height - side) / 2
        pixels = image.resize((224, 224), Image.Resampling.BICUBIC, box=(left, top, left + side, top + side))
        self.interpreter.set_tensor(self.interpreter.get_input_details()[0]["index"], np.asarray(pixels)[None])
        self.interpreter.invoke()
        return self.interpreter.get_tensor(self.interpreter.get_output_details()[0]["index"])
