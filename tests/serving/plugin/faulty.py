"""An adapter as another package would bring it, that does what a bad model can do."""

import os
import signal
import subprocess
import sys
import time

import numpy as np

from jupyter_modelmgmt.adapters import ModelAdapter
from jupyter_modelmgmt.domain.errors import NotLoadable
from jupyter_modelmgmt.flavors import TensorSpec

ECHO, CRASH, HANG, RAISE, HOLD_LOCK, EAT, GULP = range(7)
MIB = 2**20


class Runner:
    """Gives back the value `x` of each row, unless `order` says something else."""

    inputs = (
        TensorSpec(name="order", datatype="INT64", shape=(-1,)),
        TensorSpec(name="x", datatype="FP64", shape=(-1,)),
    )
    outputs = (
        TensorSpec(name="y", datatype="FP64", shape=(-1,)),
        TensorSpec(name="rows", datatype="INT64", shape=(-1,)),
    )

    def __init__(self, pause_s, plus=0, say=""):
        self.pause_s = pause_s
        self.plus = plus
        self.say = say

    def run(self, inputs):
        orders = set(inputs["order"].tolist())
        if self.say:
            sys.stdout.write(f"{self.say}\n")
        time.sleep(self.pause_s)
        if CRASH in orders:
            sys.stderr.write("going down\n")
            os._exit(3)
        if HANG in orders:
            time.sleep(3600)
        if EAT in orders:
            self.eaten = b"x" * (400 * MIB)
        if GULP in orders:
            self.eaten = bytes(6 * 1024 * MIB)  # reserved, and not touched
        if RAISE in orders:
            raise ValueError("this input is bad")
        if HOLD_LOCK in orders:
            os.kill(os.getpid(), signal.SIGSTOP)
        return {"y": inputs["x"] + self.plus, "rows": np.full(len(inputs["x"]), len(inputs["x"]))}


class Faulty(ModelAdapter):
    def load(self, local_path):
        fault = self.config.get("load")
        if fault == "crash":
            sys.stderr.write(f"no luck with {sorted(file.name for file in local_path.iterdir())}\n")
            os._exit(4)
        if fault == "eat":
            self.eaten = b"x" * (400 * MIB)
            time.sleep(3600)
        if fault == "hang":
            time.sleep(3600)
        if fault == "refuse":
            raise NotLoadable("The weights are of another model.")
        time.sleep(self.config.get("load_s", 0))
        if self.config.get("child"):
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
        if fault == "garbage":
            for _ in range(6):
                os.write(1, os.urandom(2**20))
        self.runner = Runner(self.config.get("pause_s", 0), self.config.get("plus", 0), self.config.get("say", ""))
