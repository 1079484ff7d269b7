"""Pickles that run something when they are loaded: most of them make the file `MARKER` where they are."""

import os
import pickle
import subprocess

import numpy as np


class Calls:
    """Pickles to a call of `function` with `arguments`."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


MARKER = "touched"
STACKED = b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93\x94\x8c\x0ctouch touched\x94\x85\x94R\x94."  # os.system by STACK_GLOBAL
HOSTILE = {
    "os.system": pickle.dumps(Calls(os.system, f"touch {MARKER}")),
    "protocol 0": pickle.dumps(Calls(os.system, f"touch {MARKER}"), protocol=0),
    "protocol 1": pickle.dumps(Calls(os.system, f"touch {MARKER}"), protocol=1),
    "protocol 2": pickle.dumps(Calls(os.system, f"touch {MARKER}"), protocol=2),
    "protocol 5": pickle.dumps(Calls(os.system, f"touch {MARKER}"), protocol=5),
    "stacked": STACKED,
    "eval": pickle.dumps(Calls(eval, f"open({MARKER!r}, 'w')")),
    "exec": pickle.dumps(Calls(exec, f"open({MARKER!r}, 'w')")),
    "open": pickle.dumps(Calls(open, MARKER, "w")),
    "compile": pickle.dumps(Calls(compile, "1", "x", "eval")),
    "subprocess": pickle.dumps(Calls(subprocess.Popen, ["touch", MARKER])),
    "check_output": pickle.dumps(Calls(subprocess.check_output, ["touch", MARKER])),
    "memmap": pickle.dumps(Calls(np.memmap, MARKER, "uint8", "w+", 0, (8,))),
    "importlib": b"\x80\x02cimportlib\nimport_module\nX\x02\x00\x00\x00os\x85R.",
    "runpy": b"\x80\x02crunpy\nrun_path\nX\x04\x00\x00\x00x.py\x85R.",
    "pty": b"\x80\x02cpty\nspawn\nX\x07\x00\x00\x00/bin/sh\x85R.",
    "socket": b"\x80\x02csocket\ncreate_connection\n(X\x09\x00\x00\x00127.0.0.1K\x50\x86\x85R.",
    "inst": b"(S'touch touched'\nios\nsystem\n.",
    "logging": b"\x80\x02clogging.config\ndictConfig\n}\x85R.",
    "pkgutil": b"\x80\x02cpkgutil\nresolve_name\nX\x09\x00\x00\x00os:system\x85R.",
    "numpy.load": b"\x80\x02cnumpy\nload\nX\x05\x00\x00\x00x.npy\x85R.",
    "posix": b"\x80\x02cposix\nsystem\nX\x0d\x00\x00\x00touch touched\x85R.",
    "builtin of Python 2": b"\x80\x02c__builtin__\neval\nX\x01\x00\x00\x001\x85R.",
    "computed name": b"\x80\x04\x8c\x02os\x94]\x93.",
    "memoised name": b"\x80\x04\x8c\x06system\x94\x8c\x02os\x94h\x01h\x00\x93\x8c\x01x\x85R.",
    "extension": b"\x80\x02\x82\x01.",
    "second pickle": pickle.dumps([1]) + pickle.dumps(Calls(os.system, f"touch {MARKER}")),
    "cut short": pickle.dumps(Calls(dict, [("a", "b" * 100)]))[:-20],
    "webbrowser": b"\x80\x02cwebbrowser\nopen\nX\x01\x00\x00\x00x\x85R.",
    "ctypes": b"\x80\x02cctypes\nCDLL\nX\x01\x00\x00\x00x\x85R.",
}
