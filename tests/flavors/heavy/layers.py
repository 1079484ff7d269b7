"""Keras layers and models as users write them."""

import keras
from keras import ops

FACTOR = 2.0


def leaning(x):
    return ops.maximum(x, 0.1 * x)


class Scaled(keras.layers.Layer):
    def __init__(self, times=3, **options):
        super().__init__(**options)
        self.times = times

    def call(self, x):
        return x * self.times * FACTOR

    def get_config(self):
        return {**super().get_config(), "times": self.times}


class Doubled(Scaled):
    def call(self, x):
        return 2 * super().call(x)


class Subclassed(keras.Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.inner = keras.layers.Dense(4, activation=leaning)
        self.scaled = Doubled(times=2)

    def call(self, x):
        return {"a": self.scaled(self.inner(x)), "b": x}


def scale_free(y_true, y_pred):
    return ops.mean(ops.abs(y_true - y_pred))


def plain():
    keras.utils.set_random_seed(0)
    rows = keras.Input((4,), name="rows")
    hidden = keras.layers.Dense(3, activation="relu")(rows)
    kind = keras.layers.Dense(2, activation="softmax", name="kind")(hidden)
    return keras.Model(rows, kind, name="plain")


def forked():
    first, second = keras.Input((4,), name="first"), keras.Input((2,), dtype="int32", name="second")
    both = keras.layers.Concatenate()([first, keras.ops.cast(second, "float32")])
    return keras.Model(
        {"first": first, "second": second},
        [keras.layers.Dense(2, name="left")(both), keras.layers.Dense(1, name="right")(both)],
    )


def custom():
    rows = keras.Input((4,), name="rows")
    hidden = keras.layers.Dense(3, activation=leaning)(rows)
    inner = keras.Sequential([keras.Input((3,)), Doubled(times=5)])
    model = keras.Model(rows, keras.layers.Dense(2, name="out")(inner(hidden)))
    model.compile("sgd", loss=scale_free, metrics=[scale_free])
    return model
