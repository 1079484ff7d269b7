"""What the host and its workers allow, as numbers that the command line can change."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from jupyter_modelmgmt.places import place


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes, times in seconds.

    A worker that stays up for `stable_s` forgets its failed starts; after `max_starts` starts
    that did not, with pauses of `backoff_s`, twice that, and so on, it is a crash loop.
    """

    max_body: int = 64 * 2**20
    max_queue: int = 256
    hold_s: float = 30.0
    answer_s: float = 60.0
    start_s: float = 300.0
    drain_s: float = 30.0
    grace_s: float = 5.0
    idle_s: float = 300.0
    probe_s: float = 1.0
    poll_s: float = 2.0
    stable_s: float = 10.0
    backoff_s: float = 0.5
    max_starts: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class HostOptions:
    """What a host is started with."""

    store: str
    artifacts: str
    runtime_dir: Path
    limits: Limits


def options(arguments: Sequence[str] | None = None) -> HostOptions:
    """Return the options of a host's command line, each limit is one of them; the environment says the registry."""
    parser = argparse.ArgumentParser(prog="jupyter_modelmgmt.serving.host", description="Serve deployed models.")
    parser.add_argument("--runtime-dir", type=Path, required=True, help="folder of the host's file, logs and workers")
    for limit in fields(Limits):
        parser.add_argument(f"--{limit.name.replace('_', '-')}", type=type(limit.default), default=limit.default)
    given = vars(parser.parse_args(arguments))
    limits = Limits(**{limit.name: given[limit.name] for limit in fields(Limits)})
    store, artifacts = place(None, None)
    return HostOptions(store=store, artifacts=artifacts, runtime_dir=given["runtime_dir"], limits=limits)
