"""LitServe's side, as its quickstart writes it: `python peer_litserve.py KIND PORT NET`; imports nothing of ours."""

import base64
import io
import sys

import litserve
import numpy as np


class Digits(litserve.LitAPI):
    def setup(self, device: str) -> None:
        from sklearn.datasets import load_digits
        from sklearn.linear_model import LogisticRegression

        self.model = LogisticRegression(C=0.01, max_iter=2000).fit(*load_digits(return_X_y=True))

    def decode_request(self, request: dict) -> np.ndarray:
        return np.array(request["x"])

    def predict(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return self.model.predict(x), self.model.predict_proba(x)

    def encode_response(self, output: tuple[np.ndarray, np.ndarray]) -> dict:
        return {"label": output[0].tolist(), "probability": output[1].tolist()}


class Photos(litserve.LitAPI):
    def setup(self, device: str) -> None:
        import onnxruntime

        self.session = onnxruntime.InferenceSession(sys.argv[3])

    def decode_request(self, request: dict) -> np.ndarray:
        from PIL import Image

        image = (
            Image.open(io.BytesIO(base64.b64decode(request["image"])))
            .convert("RGB")
            .resize((224, 224), Image.Resampling.BILINEAR)
        )
        return (np.asarray(image, np.float32) / 255).transpose(2, 0, 1)[None]

    def predict(self, x: np.ndarray) -> np.ndarray:
        return self.session.run(None, {"image": x})[0][0]

    def encode_response(self, output: np.ndarray) -> dict:
        best = np.argsort(-output)[:3]
        return {"classes": [{"label": int(i), "score": float(output[i])} for i in best]}


if __name__ == "__main__":
    api = {"digits": Digits, "photos": Photos}[sys.argv[1]]()
    server = litserve.LitServer(api, accelerator="cpu")
    server.run(host="127.0.0.1", port=int(sys.argv[2]), log_level="error", generate_client_file=False)
