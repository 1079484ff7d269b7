"""A photo and what every server does with it: decode, resize, run the net. Nothing of anybody's server is in here."""

import io
import time
from pathlib import Path

import numpy as np
from PIL import Image

from tests.bench.photo_net import SIDE


def photo() -> bytes:
    """Return a photo-like JPEG of 640 x 480."""
    noise = np.random.default_rng(0).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).resize((640, 480), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


class Bare:
    """The model file in this process, on one thread."""

    def __init__(self, net: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(net, options)
        self._photo = photo()

    def label(self) -> str:
        image = Image.open(io.BytesIO(self._photo)).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        pixels = (np.asarray(image, np.float32) / 255).transpose(2, 0, 1)
        (logits,) = self._session.run(None, {"image": pixels[None]})
        return str(int(np.argmax(logits)))

    def cpu(self, seconds: float) -> float:
        """Return the milliseconds of CPU time that one photo takes, asked for so long."""
        used, count, until = time.process_time(), 0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            self.label()
            count += 1
        return (time.process_time() - used) / count * 1000
