"""BentoML's side, as its quickstart writes it: `bentoml serve peer_bentoml:Digits`; imports nothing of ours."""

import os

import bentoml
import numpy as np
from PIL.Image import Image, Resampling


@bentoml.service
class Digits:
    def __init__(self) -> None:
        from sklearn.datasets import load_digits
        from sklearn.linear_model import LogisticRegression

        self.model = LogisticRegression(C=0.01, max_iter=2000).fit(*load_digits(return_X_y=True))

    @bentoml.api
    def predict(self, x: np.ndarray) -> dict:
        return {"label": self.model.predict(x).tolist(), "probability": self.model.predict_proba(x).tolist()}


@bentoml.service
class Photos:
    def __init__(self) -> None:
        import onnxruntime

        self.session = onnxruntime.InferenceSession(os.environ["NET"])

    @bentoml.api
    def predict(self, image: Image) -> dict:
        pixels = np.asarray(image.convert("RGB").resize((224, 224), Resampling.BILINEAR), np.float32) / 255
        output = self.session.run(None, {"image": pixels.transpose(2, 0, 1)[None]})[0][0]
        best = np.argsort(-output)[:3]
        return {"classes": [{"label": int(i), "score": float(output[i])} for i in best]}
