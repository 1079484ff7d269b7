"""Callbacks log live: a second connection sees points of a training that still goes on. Source: N16."""

import importlib

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.store import Store, curves
from tests.servers.waiting import until

ROUNDS = 6
PAUSE = 3  # rounds that are over when the training waits for the onlooker
RNG = np.random.default_rng(0)
X = RNG.normal(size=(64, 4)).astype(np.float32)
Y = (X[:, 0] > 0).astype(np.int64)


class Onlooker:
    """Reads the registry over a connection of its own, which knows nothing of what waits in the training process."""

    def __init__(self, url, run):
        self.store = Store.open(url)
        self.run = run
        self.seen = {}

    def curve(self, figure):
        try:
            _, points = curves.of_run(self.store, self.run, figure, None)
        except NotFound:
            return []
        return points[0].tolist()

    def look(self, figure):
        """Called by the training: return once points of `figure` are stored."""
        until(lambda: self.curve(figure))
        self.seen[figure] = self.curve(figure)

    def check(self, figure, steps, ended):
        """Check that some steps were seen in the middle, and that all are there at the end."""
        assert self.seen[figure] == steps[: len(self.seen[figure])]
        assert 0 < len(self.seen[figure]) <= PAUSE
        assert len(steps) == ROUNDS
        assert ended.series(figure).x.tolist() == steps
        assert self.curve(figure) == steps


@pytest.fixture
def training(reg):
    """Give a run that goes on and somebody who looks at it from elsewhere."""
    with reg.run("train") as run:
        onlooker = Onlooker(reg.store.url, run.id)
        yield run, onlooker
    onlooker.store.close()


def test_xgboost(reg, training):
    import xgboost

    run, onlooker = training

    class Pause(xgboost.callback.TrainingCallback):
        def after_iteration(self, model, epoch, evals_log):
            if epoch + 1 == PAUSE:
                onlooker.look("validation_0-logloss")
            return False

    model = xgboost.XGBClassifier(n_estimators=ROUNDS, callbacks=[reg.callback("xgboost"), Pause()])
    model.fit(X, Y, eval_set=[(X, Y)], verbose=False)
    onlooker.check("validation_0-logloss", [*range(ROUNDS)], run)


def test_lightgbm(reg, training):
    import lightgbm

    run, onlooker = training

    def pause(env):
        if env.iteration + 1 == PAUSE:
            onlooker.look("held out-binary_logloss")

    data = lightgbm.Dataset(X, Y)
    lightgbm.train(
        {"objective": "binary", "verbosity": -1, "min_child_samples": 2}, data, ROUNDS,
        valid_sets=[data.create_valid(X, Y)], valid_names=["held out"], callbacks=[reg.callback("lightgbm"), pause],
    )  # fmt: skip
    onlooker.check("held out-binary_logloss", [*range(ROUNDS)], run)


@pytest.mark.heavy
def test_keras(reg, training):
    import keras

    run, onlooker = training

    class Pause(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch + 1 == PAUSE:
                onlooker.look("loss")
                onlooker.look("val_accuracy")

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    told = model.fit(X, Y, validation_data=(X, Y), epochs=ROUNDS, verbose=0, callbacks=[reg.callback("keras"), Pause()])
    for figure in ("loss", "val_accuracy"):
        onlooker.check(figure, [*range(ROUNDS)], run)
        assert run.series(figure).y.tolist() == pytest.approx(told.history[figure])


def lightning_net():
    """Return a module that logs the loss of training and of validation once an epoch."""
    lightning = importlib.import_module("lightning.pytorch")
    import torch

    class Net(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(4, 2)

        def loss(self, batch):
            return torch.nn.functional.cross_entropy(self.layer(batch[0]), batch[1])

        def training_step(self, batch, _):
            loss = self.loss(batch)
            self.log("train_loss", loss, on_step=False, on_epoch=True)
            return loss

        def validation_step(self, batch, _):
            self.log("val_loss", self.loss(batch))

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), 0.1)

    return Net()


@pytest.mark.heavy
@pytest.mark.filterwarnings("ignore:`isinstance:FutureWarning")  # Lightning asks PyTorch in the old way
def test_lightning(reg, training, tmp_path):
    lightning = importlib.import_module("lightning.pytorch")
    import torch

    run, onlooker = training
    told = {"train_loss": [], "val_loss": []}

    class Pause(lightning.Callback):
        def on_train_epoch_end(self, trainer, module):
            for name, values in told.items():
                values.append(float(trainer.callback_metrics[name]))
            if trainer.current_epoch + 1 == PAUSE:
                onlooker.look("train_loss")
                onlooker.look("val_loss")

    data = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(torch.as_tensor(X), torch.as_tensor(Y)), batch_size=16
    )
    trainer = lightning.Trainer(
        max_epochs=ROUNDS, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False, default_root_dir=tmp_path, callbacks=[reg.callback("lightning"), Pause()],
    )  # fmt: skip
    trainer.fit(lightning_net(), data, data)
    steps = [4 * epoch for epoch in range(1, ROUNDS + 1)]
    for figure, values in told.items():
        onlooker.check(figure, steps, run)
        assert run.series(figure).y.tolist() == pytest.approx(values)


@pytest.mark.heavy
def test_transformers(reg, training, tmp_path):
    import torch
    import transformers

    run, onlooker = training

    class Pause(transformers.TrainerCallback):
        def on_log(self, args, state, control, logs=None, **more):
            if state.global_step == PAUSE:
                onlooker.look("loss")

    config = transformers.BertConfig(
        vocab_size=16, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    rows = [{"input_ids": torch.tensor([1, n % 16]), "labels": n % 2} for n in range(8 * ROUNDS)]
    trainer = transformers.Trainer(
        model=transformers.BertForSequenceClassification(config),
        args=transformers.TrainingArguments(
            output_dir=tmp_path / "out", max_steps=ROUNDS, per_device_train_batch_size=8, logging_steps=1,
            report_to="none", save_strategy="no", disable_tqdm=True, use_cpu=True, seed=0,
        ),
        train_dataset=rows, callbacks=[reg.callback("transformers"), Pause()],
    )  # fmt: skip
    trainer.train()
    onlooker.check("loss", [*range(1, ROUNDS + 1)], run)
    told = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert run.series("loss").y.tolist() == pytest.approx(told)
