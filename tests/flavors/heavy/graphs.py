"""TensorFlow modules as users write them."""

import tensorflow as tf


class Sums(tf.Module):
    def __init__(self):
        super().__init__()
        self.weights = tf.Variable(tf.reshape(tf.range(8, dtype=tf.float32), (4, 2)))
        self.names = tf.lookup.StaticHashTable(
            tf.lookup.KeyValueTensorInitializer(tf.constant([0, 1], tf.int64), tf.constant(["low", "high"])), "?"
        )

    @tf.function
    def __call__(self, rows):
        sums = rows @ self.weights
        return {"sums": sums, "name": self.names.lookup(tf.argmax(sums, -1))}


class Signed(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec((None, 2), tf.int32, "left"), tf.TensorSpec((None, 2), tf.int32)])
    def add(self, left, right):
        return left + right, left - right


class Fixed(tf.Module):
    @tf.function
    def __call__(self, rows):
        return tf.reshape(rows, (3, 2, 2))


class Plain(tf.Module):
    def __call__(self, rows):
        return rows


class Several(tf.Module):
    @tf.function
    def first(self, rows):
        return rows

    @tf.function
    def second(self, rows):
        return rows
