"""MLflow's side: `python peer_mlflow.py KIND FOLDER NET` saves what `mlflow models serve` serves; imports nothing of ours.

MLflow takes tables, so a picture comes as base64.
"""

import base64
import io
import sys

import mlflow
import numpy as np
import pandas as pd


class Photos(mlflow.pyfunc.PythonModel):
    def load_context(self, context: mlflow.pyfunc.PythonModelContext) -> None:
        import onnxruntime

        self.session = onnxruntime.InferenceSession(context.artifacts["net"])

    def predict(self, context: mlflow.pyfunc.PythonModelContext, model_input: pd.DataFrame) -> list[dict]:
        return [self._classes(text) for text in model_input["image"]]

    def _classes(self, text: str) -> dict:
        from PIL import Image

        image = (
            Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB").resize((224, 224), Image.Resampling.BILINEAR)
        )
        pixels = (np.asarray(image, np.float32) / 255).transpose(2, 0, 1)[None]
        output = self.session.run(None, {"image": pixels})[0][0]
        return {"classes": [{"label": int(i), "score": float(output[i])} for i in np.argsort(-output)[:3]]}


def main(kind: str, folder: str, net: str) -> None:
    if kind == "digits":
        from sklearn.datasets import load_digits
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=0.01, max_iter=2000).fit(*load_digits(return_X_y=True))
        mlflow.sklearn.save_model(model, folder, pip_requirements=[])
    else:
        mlflow.pyfunc.save_model(folder, python_model=Photos(), artifacts={"net": net}, pip_requirements=[])


if __name__ == "__main__":
    main(*sys.argv[1:])
